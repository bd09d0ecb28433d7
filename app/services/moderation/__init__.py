"""Looking at what was reported, deciding, and telling those concerned."""
