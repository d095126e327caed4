"""Composed reading about organisations."""
