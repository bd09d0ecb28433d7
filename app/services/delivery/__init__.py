"""Pushes and mail on their way out: claimed from the outbox, sent, and settled."""
