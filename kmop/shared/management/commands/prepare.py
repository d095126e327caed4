"""`manage.py prepare`: bring every database of the settings to the state that this code needs."""

from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    """Migrates all databases and makes the table of the cache where the cache lives in a database."""

    help = "Migrate all databases and make the cache table. Safe to run again. Example: manage.py prepare"

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it for each database of the settings."""
        verbosity = options["verbosity"]
        for alias in settings.DATABASES:
            # Beside the main database lie sessions and cache entries only: the router would skip all else, slowly.
            apps = [] if alias == "default" else ["sessions"]
            call_command("migrate", *apps, database=alias, interactive=False, verbosity=verbosity)
            call_command("createcachetable", database=alias, verbosity=verbosity)
