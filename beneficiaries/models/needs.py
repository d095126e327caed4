"""What groups of people say they need, how they ranked it, and what was decided about it."""

import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from beneficiaries.choices import ConfirmedBy, NeedState, Outcome, Right
from beneficiaries.models.feedback import Feedback
from kmop.shared.fields import TextsField
from kmop.shared.models import Versioned
from kmop.shared.text import FALLBACK, in_language
from partners.models import Organisation
from projects.models import Activity, BudgetLine, Indicator, Place, Project


class InProjectQuerySet(models.QuerySet[Any]):
    """Rows seen with their project."""

    def visible_to(self, user: Any) -> "InProjectQuerySet":
        """Those of the projects a person sees."""
        return self.filter(project__in=Project.objects.visible_to(user))


class RightsHolderGroup(Versioned):
    """Whom a project is for."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="groups")
    titles = TextsField(_("Group"))
    size = models.PositiveIntegerField(_("About how many people"), null=True, blank=True)

    objects: ClassVar[Any] = InProjectQuerySet.as_manager()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return in_language(self.titles)


class Need(Versioned):
    """What a group says it needs in a place. Only the people make it met."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="needs")
    place = models.ForeignKey(Place, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    group = models.ForeignKey(RightsHolderGroup, on_delete=models.SET_NULL, null=True, blank=True, related_name="needs")
    titles = TextsField(_("Need"))
    right = models.CharField(_("The right it stands on"), max_length=12, choices=Right, blank=True)
    duty_bearer = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Duty-bearer")
    )
    state = models.CharField(_("State"), max_length=10, choices=NeedState, default=NeedState.VOICED)
    activity = models.ForeignKey(Activity, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    indicators = models.ManyToManyField(Indicator, blank=True, related_name="+")
    refused_because = models.TextField(_("Refused because"), blank=True)
    external_id = models.CharField(max_length=100, blank=True)

    objects: ClassVar[Any] = InProjectQuerySet.as_manager()

    class Meta:
        ordering = ["project_id", "id"]

    def __str__(self) -> str:
        return in_language(self.titles)


class NeedsRound(Versioned):
    """A round in which people ranked their needs themselves."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="needs_rounds")
    place = models.ForeignKey(Place, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    held_on = models.DateField(_("Held on"))
    method = models.CharField(_("Method"), max_length=200)
    people_asked = models.PositiveIntegerField(_("People asked"))
    people_answering = models.PositiveIntegerField(_("People answering"))

    objects: ClassVar[Any] = InProjectQuerySet.as_manager()

    class Meta:
        ordering = ["-held_on", "-id"]

    def __str__(self) -> str:
        return f"{self.project_id} {self.held_on}"


class NeedRank(models.Model):
    """The rank of a need in a round: people who named it at all, and people who put it first."""

    round = models.ForeignKey(NeedsRound, on_delete=models.CASCADE, related_name="ranks")
    need = models.ForeignKey(Need, on_delete=models.CASCADE, related_name="ranks")
    rank = models.PositiveSmallIntegerField()
    people = models.PositiveIntegerField(_("People"))
    people_first = models.PositiveIntegerField(_("People who put it first"), default=0)

    class Meta:
        ordering = ["round_id", "rank", "id"]
        constraints = [models.UniqueConstraint(fields=["round", "need"], name="need_rank_once")]

    def __str__(self) -> str:
        return f"{self.round_id} {self.rank}"


class NeedConfirmation(models.Model):
    """One person's word that a need is met (or, taken back, that it is not), by receipt, round or panel."""

    need = models.ForeignKey(Need, on_delete=models.CASCADE, related_name="confirmations")
    way = models.CharField(max_length=10, choices=ConfirmedBy)
    key = models.CharField(max_length=64)
    is_met = models.BooleanField()
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["need", "key"], name="need_confirmation_once")]

    def __str__(self) -> str:
        return f"{self.need_id} {self.way}"


class Decision(Versioned):
    """What was decided about feedback or a need, with the very thing that changed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="decisions")
    need = models.ForeignKey(Need, on_delete=models.SET_NULL, null=True, blank=True, related_name="decisions")
    feedback = models.ForeignKey(Feedback, on_delete=models.SET_NULL, null=True, blank=True, related_name="decisions")
    you_said = TextsField(_("You said"))
    outcome = models.CharField(_("We decided"), max_length=10, choices=Outcome)
    reason = models.TextField(_("Reason"))
    reasons = TextsField(_("Reason in other languages"), blank=True)
    we_changed = TextsField(_("We changed"), blank=True)
    activity = models.ForeignKey(Activity, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    indicator = models.ForeignKey(Indicator, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    budget_line = models.ForeignKey(BudgetLine, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    people = models.PositiveIntegerField(_("People behind it"), default=0)
    decided_on = models.DateField(_("Decided on"))
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    is_public = models.BooleanField(_("On the public board"), default=True)

    objects: ClassVar[Any] = InProjectQuerySet.as_manager()

    class Meta:
        ordering = ["-decided_on", "id"]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def told_reason(self) -> str:
        """The reason in the reader's language where somebody wrote it, else as it was first written."""
        return in_language({FALLBACK: self.reason, **self.reasons})
