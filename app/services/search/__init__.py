"""What can be found, by which words. The index is written in the transaction of whatever changes a thing, so this wing
lies below all that does; it knows the models and nothing else."""
