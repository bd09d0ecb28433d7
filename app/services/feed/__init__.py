"""What stands in the feed, and a page of it."""
