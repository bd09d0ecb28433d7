"""The feed: what is in it, and one page of it."""
