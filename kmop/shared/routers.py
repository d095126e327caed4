"""Which database holds which table: sessions and cache entries may lie apart from the portal's own rows."""

from typing import Any

from django.conf import settings

APART = {"sessions", "django_cache"}


class CacheRouter:
    """Sends sessions and cache entries to `settings.CACHE_DATABASE`, all else to the main database."""

    def db_for_read(self, model: Any, **hints: Any) -> str:
        """The database to read `model` from."""
        return settings.CACHE_DATABASE if model._meta.app_label in APART else "default"

    db_for_write = db_for_read

    def allow_relation(self, obj1: Any, obj2: Any, **hints: Any) -> bool | None:
        """Relations stay inside one database."""
        return None

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        """Each table is made in one database only."""
        return db == (settings.CACHE_DATABASE if app_label in APART else "default")
