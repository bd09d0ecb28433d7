"""From a plan to its report, and who sees what of it."""
