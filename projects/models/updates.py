"""What partners report: updates, their values and evidence; what is owed; and the stored totals."""

import uuid
from datetime import date, datetime
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Value, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from kmop.accounts.choices import PortalRole
from kmop.shared.fields import MillionthsField
from kmop.shared.files import PathOf
from kmop.shared.models import Versioned
from partners.models import ApiClient, Membership, Organisation
from projects.choices import ApprovalStep, CellState, ObligationState, ProjectRoleName, UpdateSource, UpdateState
from projects.models.places import Place
from projects.models.projects import Project
from projects.models.results import Indicator, Period

READS_UPDATES = (PortalRole.PORTFOLIO_MANAGER, PortalRole.DATA_PROTECTION_OFFICER)
OPEN_STATES = (UpdateState.DRAFT, UpdateState.SUBMITTED, UpdateState.RETURNED)


class UpdateQuerySet(models.QuerySet["Update"]):
    """Spoken adjectives of updates."""

    def visible_to(self, user: Any) -> "UpdateQuerySet":
        """Project and M&E officers see those of their projects (no drafts of others); a partner its own."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        own = Q(organisation__in=Membership.objects.filter(user=user).values("organisation_id"))
        if user.has_role(*READS_UPDATES):
            return self.filter(own | ~Q(state=UpdateState.DRAFT))
        officer = Project.objects.managed_by(user, ProjectRoleName.PROJECT_MANAGER, ProjectRoleName.ME_OFFICER)
        return self.filter(
            own | (~Q(state=UpdateState.DRAFT) & Exists(officer.filter(pk=OuterRef("indicator__project_id"))))
        )

    def approved(self) -> "UpdateQuerySet":
        """Counted: approved and not superseded by a later revision."""
        return self.filter(state=UpdateState.APPROVED, superseded_at=None)

    def counted_at(self, moment: datetime) -> "UpdateQuerySet":
        """Counted then: approved by that moment and not superseded yet."""
        standing = Q(superseded_at=None) | Q(superseded_at__gt=moment)
        return self.filter(standing, state=UpdateState.APPROVED, decided_at__lte=moment)

    def live(self) -> "UpdateQuerySet":
        """Not superseded."""
        return self.filter(superseded_at=None)

    def open(self) -> "UpdateQuerySet":
        """Draft, submitted or returned."""
        return self.filter(state__in=OPEN_STATES)

    def waiting(self) -> "UpdateQuerySet":
        """Submitted, waiting for a decision."""
        return self.filter(state=UpdateState.SUBMITTED)


class Update(Versioned):
    """What one partner submits for one indicator, period and place. A correction is a further revision.

    `step` is the step of approval that a submitted one waits for; `round` counts how often it was handed in. `flags`
    are open, `answered_flags` were answered; `flag_answers` maps the code of a rule to [{text, by, at}], oldest first.
    """

    # Indexes that begin with these two are among those below.
    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="updates", db_index=False)
    period = models.ForeignKey(Period, on_delete=models.PROTECT, related_name="updates", db_index=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="updates")
    place = models.ForeignKey(Place, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    state = models.CharField(max_length=10, choices=UpdateState, default=UpdateState.DRAFT)
    step = models.CharField(max_length=20, choices=ApprovalStep, default=ApprovalStep.ME_OFFICER)
    round = models.PositiveSmallIntegerField(default=1)
    source = models.CharField(max_length=10, choices=UpdateSource, default=UpdateSource.FORM)
    client = models.ForeignKey(ApiClient, on_delete=models.SET_NULL, null=True, blank=True, related_name="updates")
    external_id = models.CharField(max_length=100, blank=True)
    narrative = models.TextField(_("In words"), blank=True)
    language = models.CharField(max_length=10, blank=True)
    is_incomplete = models.BooleanField(_("The breakdown is incomplete"), default=False)
    revision = models.PositiveSmallIntegerField(default=1)
    revises = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="revisions")
    revision_reason = models.TextField(blank=True)
    flags = models.JSONField(default=list, blank=True)
    answered_flags = models.JSONField(default=list, blank=True)
    flag_answers = models.JSONField(default=dict, blank=True)
    flag_answer = models.TextField(_("Why it is right"), blank=True)
    note = models.TextField(_("Note to the partner"), blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    submitted_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    superseded_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[Any] = UpdateQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                F("period"), F("organisation"), Coalesce("place", 0), F("revision"), name="update_revision_once"
            ),
            models.UniqueConstraint(
                fields=["client", "external_id"],
                condition=~Q(external_id="") & Q(superseded_at=None),
                name="update_external_id_once",
            ),
        ]
        indexes = [
            models.Index(fields=["indicator", "state"], name="update_indicator_state"),
            models.Index(fields=["state", "submitted_at"], name="update_state_submitted"),
        ]

    def __str__(self) -> str:
        return f"{self.indicator_id} {self.period_id} {self.organisation_id}"


class UpdateValue(models.Model):
    """One value of an update: of the total (cell "") or of a cell such as "age:18-24|sex:female".

    `numerator` is the value itself unless the indicator is reported by parts; `text` keeps words and scores.
    """

    update = models.ForeignKey(Update, on_delete=models.CASCADE, related_name="values", db_index=False)  # see below
    cell = models.CharField(max_length=500, blank=True)
    numerator = MillionthsField(null=True, blank=True)
    denominator = MillionthsField(null=True, blank=True)
    text = models.TextField(blank=True)
    state = models.CharField(max_length=15, choices=CellState, default=CellState.REPORTED)

    class Meta:
        ordering = ["update_id", "cell", "id"]
        constraints = [models.UniqueConstraint(fields=["update", "cell"], name="update_value_cell_once")]

    def __str__(self) -> str:
        return f"{self.update_id} {self.cell}"


class Evidence(models.Model):
    """A file that shows what an update says."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    update = models.ForeignKey(Update, on_delete=models.CASCADE, related_name="evidence")
    file = models.FileField(max_length=300, upload_to=PathOf("evidence"))
    name = models.CharField(max_length=255)
    content_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["added_at", "id"]

    def __str__(self) -> str:
        return self.name


class ObligationQuerySet(models.QuerySet["Obligation"]):
    """Spoken adjectives of obligations."""

    def visible_to(self, user: Any) -> "ObligationQuerySet":
        """A partner sees its own; officers those of their projects."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        if user.has_role(*READS_UPDATES):
            return self
        own = Q(organisation__in=Membership.objects.filter(user=user).values("organisation_id"))
        officer = Project.objects.managed_by(user, ProjectRoleName.PROJECT_MANAGER, ProjectRoleName.ME_OFFICER)
        return self.filter(own | Exists(officer.filter(pk=OuterRef("indicator__project_id"))))

    def with_state(self, day: date) -> "ObligationQuerySet":
        """Annotate `state` as it stands on `day`: the update's, else whether it is due."""
        return self.annotate(
            state=Case(
                When(update__state__in=["submitted", "returned", "approved"], then=F("update__state")),
                When(due_on__lt=day, then=Value(ObligationState.OVERDUE)),
                When(period__ends_on__lt=day, then=Value(ObligationState.DUE)),
                default=Value(ObligationState.NOT_DUE),
                output_field=models.CharField(),
            )
        )

    def unmet(self) -> "ObligationQuerySet":
        """Nothing submitted, or returned."""
        return self.filter(Q(update=None) | Q(update__state__in=[UpdateState.DRAFT, UpdateState.RETURNED]))


class Obligation(Versioned):
    """A figure owed: indicator x period x partner, x place where the partnership names places."""

    indicator = models.ForeignKey(Indicator, on_delete=models.CASCADE, related_name="obligations")
    period = models.ForeignKey(Period, on_delete=models.CASCADE, related_name="obligations")
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="obligations")
    place = models.ForeignKey(Place, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    due_on = models.DateField()
    update = models.ForeignKey(Update, on_delete=models.SET_NULL, null=True, blank=True, related_name="obligations")
    reminded_on = models.DateField(null=True, blank=True, editable=False)

    objects: ClassVar[Any] = ObligationQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "id"]
        constraints = [
            models.UniqueConstraint(F("period"), F("organisation"), Coalesce("place", 0), name="obligation_once"),
        ]
        indexes = [models.Index(fields=["organisation", "due_on"], name="obligation_organisation_due")]

    def __str__(self) -> str:
        return f"{self.period_id} {self.organisation_id}"


class Actual(models.Model):
    """Stored components of the approved updates of a period and cell, across partners and places.

    Written by one service in one set-based statement (`projects.services.rollup`), read through `projects.queries`.
    `count` is how many updates reported a number; `latest` is the value of the update whose period ends last. `stamp`
    says which roll-up wrote the row, so that the same roll-up can clear away the cells it no longer found.
    """

    # Indexes that begin with these two are among those below; each more would cost every approval.
    indicator = models.ForeignKey(Indicator, on_delete=models.CASCADE, related_name="actuals", db_index=False)
    period = models.ForeignKey(Period, on_delete=models.CASCADE, related_name="actuals", db_index=False)
    cell = models.CharField(max_length=500, blank=True)
    numerator = MillionthsField(null=True, blank=True)
    denominator = MillionthsField(null=True, blank=True)
    count = models.PositiveIntegerField(default=0)
    minimum = MillionthsField(null=True, blank=True)
    maximum = MillionthsField(null=True, blank=True)
    latest = MillionthsField(null=True, blank=True)
    latest_denominator = MillionthsField(null=True, blank=True)
    stamp = models.BigIntegerField(default=0, editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["period", "cell"], name="actual_cell_once")]
        indexes = [models.Index(fields=["indicator", "period"], name="actual_indicator_period")]

    def __str__(self) -> str:
        return f"{self.period_id} {self.cell}"
