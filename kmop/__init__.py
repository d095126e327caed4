"""Basement and roof of the portal: what every app stands on, and what puts the apps together. No words of the field."""

from kmop.celery import app as celery_app

__all__ = ["celery_app"]
