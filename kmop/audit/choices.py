"""Audit actions of the machine room itself; every app names its own in its `choices`."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Action(models.TextChoices):
    """What the audit trail calls the acts of this app."""

    JOB_RETRIED = "job.retried", _("Job tried again")
