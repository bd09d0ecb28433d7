"""Challenges: who sees which, how they are made, opened and closed, what fits whom, and how far each has come."""
