"""Formats of other systems: IATI activity files and framework workbooks, parsed or written; no rules of their own."""
