"""What keeps an installation's data correct and small: audit, retention, scheduled jobs."""
