"""Badges: the rules, what counts toward each, and whose they are; they show what one did, not how much."""
