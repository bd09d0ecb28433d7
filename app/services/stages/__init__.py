"""A stage from phase to phase, and a person's way through it."""
