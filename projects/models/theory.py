"""Theory of change: what must hold for one result to lead to another; and change that nobody had planned."""

from datetime import date
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from kmop.accounts.choices import PortalRole
from kmop.shared.files import PathOf
from kmop.shared.models import Versioned
from partners.models import Membership, Organisation
from projects.choices import AssumptionOutcome, ChangeKind, ProjectRoleName
from projects.models.projects import Project
from projects.models.results import Result
from projects.models.workplan import InProjectQuerySet

SEES_CHANGES = (PortalRole.PORTFOLIO_MANAGER, PortalRole.DATA_PROTECTION_OFFICER)


class AssumptionQuerySet(InProjectQuerySet):
    """Spoken adjectives of assumptions."""

    def due_on(self, day: date) -> "AssumptionQuerySet":
        """Those whose next test is due by `day`."""
        return self.filter(due_on__lte=day)


class Assumption(Versioned):
    """What must hold for `cause` to lead to `effect`, how that is tested, and what the last test found."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="assumptions")
    cause = models.ForeignKey(Result, on_delete=models.CASCADE, related_name="+", verbose_name=_("From"))
    effect = models.ForeignKey(Result, on_delete=models.CASCADE, related_name="+", verbose_name=_("To"))
    text = models.TextField(_("What must hold"))
    test = models.TextField(_("How it is tested"), blank=True)
    due_on = models.DateField(_("Next test"), null=True, blank=True)
    outcome = models.CharField(
        _("Outcome"), max_length=10, choices=AssumptionOutcome, default=AssumptionOutcome.UNTESTED
    )
    tested_on = models.DateField(_("Tested on"), null=True, blank=True)
    evidence = models.TextField(_("What shows it"), blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    objects: ClassVar[Any] = AssumptionQuerySet.as_manager()

    class Meta:
        ordering = ["project_id", "id"]
        indexes = [models.Index(fields=["due_on"], name="assumption_due")]

    def __str__(self) -> str:
        return self.text

    def is_overdue_on(self, day: date) -> bool:
        """Did the day of its next test pass before `day`?"""
        return self.due_on is not None and self.due_on < day


class UnplannedChangeQuerySet(models.QuerySet["UnplannedChange"]):
    """Spoken adjectives of unplanned change."""

    def visible_to(self, user: Any) -> "UnplannedChangeQuerySet":
        """The project's officers see all of it; a partner what it recorded itself and what the officers recorded."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        if user.has_role(*SEES_CHANGES):
            return self
        officer = Project.objects.managed_by(user, ProjectRoleName.PROJECT_MANAGER, ProjectRoleName.ME_OFFICER)
        organisations = Membership.objects.filter(user=user).values("organisation_id")
        takes_part = Project.objects.filter(pk=OuterRef("project_id"), partnerships__organisation__in=organisations)
        return self.filter(
            Exists(officer.filter(pk=OuterRef("project_id")))
            | Q(organisation__in=organisations)
            | (Q(organisation=None) & Exists(takes_part))
        )


class UnplannedChange(Versioned):
    """A change, good or bad, that no target names. `organisation` is the partner that told it; None: an officer."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="unplanned_changes")
    result = models.ForeignKey(Result, on_delete=models.CASCADE, related_name="unplanned_changes")
    kind = models.CharField(_("Good or bad"), max_length=5, choices=ChangeKind)
    what = models.TextField(_("What changed"))
    noticed_by = models.CharField(_("Who noticed it"), max_length=300)
    noticed_on = models.DateField(_("When"))
    contribution = models.TextField(_("Whose contribution it is"), blank=True)
    link = models.URLField(_("Link to what shows it"), max_length=2000, blank=True)
    file = models.FileField(_("File that shows it"), max_length=300, upload_to=PathOf("changes"), blank=True)
    file_name = models.CharField(max_length=255, blank=True, editable=False)
    file_type = models.CharField(max_length=100, blank=True, editable=False)
    file_sha256 = models.CharField(max_length=64, blank=True, editable=False)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Told by")
    )
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    objects: ClassVar[Any] = UnplannedChangeQuerySet.as_manager()

    class Meta:
        ordering = ["-noticed_on", "-id"]
        indexes = [models.Index(fields=["project", "noticed_on"], name="unplanned_change_project")]

    def __str__(self) -> str:
        return self.what
