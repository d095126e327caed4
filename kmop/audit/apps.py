"""The audit trail as an installed app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AuditConfig(AppConfig):
    """Label `audit`."""

    name = "kmop.audit"
    label = "audit"
    verbose_name = _("Audit trail")
