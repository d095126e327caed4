"""The basement as an installed app: its rows are jobs, idempotency keys and tombstones."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class SharedConfig(AppConfig):
    """Loads every app's rules and system checks, so that what they register is known before the first request."""

    name = "kmop.shared"
    label = "shared"

    def ready(self) -> None:
        """Import `rules` and `checks` of all installed apps."""
        autodiscover_modules("rules", "checks")
