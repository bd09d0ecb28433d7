"""Getting in, the devices that are signed in, and what each person wants."""
