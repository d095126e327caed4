"""The demo portfolio that stands here, if one does."""

from django.db import models
from django.utils import timezone


class DemoBuild(models.Model):
    """What the builder answered, kept so that it answers the same again. No password is in it."""

    seed = models.IntegerField()
    size = models.CharField(max_length=10)
    day = models.DateField()
    answer = models.JSONField(default=dict)
    built_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.size} {self.seed}"
