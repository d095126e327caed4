"""Organisations of every sector, their people, API clients and offers. Knows no project and no rights-holder."""
