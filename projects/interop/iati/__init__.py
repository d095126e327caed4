"""IATI activity files 2.01 to 2.03: read as a stream, one normalised activity at a time; no database here."""
