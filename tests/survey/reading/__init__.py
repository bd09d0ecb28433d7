"""Reads every number and every withheld mark about a survey from what the application really sends.

Pages are read by rules of a closed world: what stands in a place where something of a survey is shown, and is neither
read as a fact nor known to be the same whatever was answered, is an `UnreadError`. So a figure more, in a text, an
attribute, a class or a shape, is never overlooked.
"""
