"""Composed reading of projects, frameworks and updates: typed answers in a fixed number of statements."""
