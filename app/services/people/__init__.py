"""Who takes part: joining, leaving, roles, and people from a CSV file."""
