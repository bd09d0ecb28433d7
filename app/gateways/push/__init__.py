"""Web push, end to end: who sends, what is encrypted, where it may go, and what the answer means."""
