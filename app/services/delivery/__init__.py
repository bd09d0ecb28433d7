"""Sending pushes and mail: claimed from the outbox, sent, and settled by the answer."""
