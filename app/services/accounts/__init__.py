"""Signing in, the devices that are signed in, and each person's preferences."""
