"""Allowed words of reports, and the audit actions of this app."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from kmop.notifications.choices import kind


class RunState(models.TextChoices):
    """Where the making of a report stands."""

    QUEUED = "queued", _("Waiting")
    RUNNING = "running", _("Being made")
    DONE = "done", _("Ready")
    FAILED = "failed", _("Failed")


class Every(models.TextChoices):
    """How often a scheduled report is made."""

    WEEK = "week", _("Every week")
    MONTH = "month", _("Every month")
    QUARTER = "quarter", _("Every quarter")


class Action(models.TextChoices):
    """What the audit trail calls the acts of this app."""

    REPORT_ASKED = "report.asked", _("Report asked for")
    REPORT_MADE = "report.made", _("Report made")
    REPORT_FAILED = "report.failed", _("Report failed")
    REPORT_VOICE_ERASED = "report.voice_erased", _("Voice erased from a report")
    REPORT_DOWNLOADED = "report.downloaded", _("Report downloaded")
    DEMO_BUILT = "demo.built", _("Demo portfolio built")
    SCHEDULE_CHANGED = "schedule.changed", _("Schedule changed")


REPORT_READY = kind("reports.report_ready", _("%(report)s of %(subject)s is ready."))
