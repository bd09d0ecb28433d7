"""Challenges: who sees which, how they are made, what fits whom; taking one on, and looking at what was sent in."""
