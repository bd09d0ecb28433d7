"""The demonstration: about three hundred people, a closed stage and a running one, made by calling the services.

Deterministic for a given day: the same seed, the same people, the same activities. Nobody in it is a real person.
"""
