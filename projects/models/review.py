"""What the review leaves behind: who decided which step of an update, and which quality rules spoke up."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from projects.choices import ApprovalStep, DecisionVerdict
from projects.models.updates import Update


class UpdateDecision(models.Model):
    """One step taken by one person; `round` is that of the update, which begins anew when it was returned."""

    update = models.ForeignKey(Update, on_delete=models.CASCADE, related_name="decisions")
    round = models.PositiveSmallIntegerField(default=1)
    step = models.CharField(max_length=20, choices=ApprovalStep)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    verdict = models.CharField(max_length=10, choices=DecisionVerdict)
    note = models.TextField(blank=True)

    class Meta:
        ordering = ["at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["update", "round", "step"], name="update_decision_step_once"),
            models.UniqueConstraint(fields=["update", "round", "by"], name="update_decision_person_once"),
        ]

    def __str__(self) -> str:
        return f"{self.update_id} {self.step} {self.verdict}"


class RaisedFlag(models.Model):
    """A quality rule that spoke up when an update was handed in; kept when the flag itself is gone.

    `answered_at`: somebody said why the figure is right. `corrected_at`: the figure was changed after it came back, or
    a revision took its place.
    """

    update = models.ForeignKey(Update, on_delete=models.CASCADE, related_name="raised_flags")
    round = models.PositiveSmallIntegerField(default=1)
    code = models.CharField(max_length=40)
    raised_at = models.DateTimeField(default=timezone.now)
    answered_at = models.DateTimeField(null=True, blank=True)
    corrected_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["update", "round", "code"], name="raised_flag_once")]
        indexes = [models.Index(fields=["code", "raised_at"], name="raised_flag_code")]

    def __str__(self) -> str:
        return f"{self.update_id} {self.code}"
