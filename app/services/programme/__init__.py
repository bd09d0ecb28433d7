"""The strategy as data: its file and its clock."""
