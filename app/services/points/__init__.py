"""Awarding points by the programme's policy, the ledger of them, and the standings."""
