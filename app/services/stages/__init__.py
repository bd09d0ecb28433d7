"""A stage from phase to phase."""
