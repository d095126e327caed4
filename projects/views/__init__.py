"""Pages of projects, one subject a file."""
