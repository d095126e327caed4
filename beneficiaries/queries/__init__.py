"""Composed reading of voices and needs."""
