"""Looking at what was flagged, deciding about it, and telling those concerned."""
