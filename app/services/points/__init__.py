"""The points policy, the ledger and the places that follow from it."""
