"""What lists of projects' things may be narrowed by."""
