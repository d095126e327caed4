"""Composed reading for reports and for the pages that show facts of several floors."""
