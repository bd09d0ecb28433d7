"""What moved: the figures of a stage."""
