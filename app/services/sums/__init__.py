"""What follows from an activity and is kept as a running figure, counted anew after everything that happens to it."""
