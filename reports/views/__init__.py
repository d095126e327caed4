"""Pages that show facts of several floors, and the reports themselves."""
