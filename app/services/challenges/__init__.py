"""Challenges: what is called for, taking it on as an activity, and looking at what was sent in."""
