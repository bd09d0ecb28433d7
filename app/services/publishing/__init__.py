"""Publishing: what leaves the circle of those who are signed in, and who may see it."""
