"""Pure arithmetic of voice and needs; knows no database, clock or settings."""
