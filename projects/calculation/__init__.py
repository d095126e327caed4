"""Pure arithmetic of results: combines and compares values; knows no database, clock or settings."""
