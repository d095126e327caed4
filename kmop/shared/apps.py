"""The basement as an installed app: its rows are jobs, idempotency keys and tombstones."""

import gc

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules

# Answers hold tens of thousands of small objects that all live until they are sent; looking for circles among them
# after every 700 new ones (Python's default) took a fifth of the time of a large framework.
COLLECT_AFTER = 20_000


class SharedConfig(AppConfig):
    """Loads every app's rules and system checks, so that what they register is known before the first request."""

    name = "kmop.shared"
    label = "shared"

    def ready(self) -> None:
        """Import `rules` and `checks` of all installed apps."""
        gc.set_threshold(COLLECT_AFTER, *gc.get_threshold()[1:])
        autodiscover_modules("rules", "checks")
