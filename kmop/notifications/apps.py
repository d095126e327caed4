"""Notices and mails as an installed app."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class NotificationsConfig(AppConfig):
    """Loads every app's `choices`, where the kinds of notices are registered."""

    name = "kmop.notifications"
    label = "notifications"
    verbose_name = _("Notices")

    def ready(self) -> None:
        """Import `choices` of all installed apps."""
        autodiscover_modules("choices")
