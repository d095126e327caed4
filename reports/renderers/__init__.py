"""Renderers: one module for each file format. A module with a `RENDERER` is a format; deleting the file deletes it."""
