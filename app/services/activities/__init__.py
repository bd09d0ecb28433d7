"""Activities from plan to report: who sees them, photos, cheers, lists and lessons."""
