"""Programmes, projects, their partners, countries, funders' words and people."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from kmop.accounts.choices import PortalRole
from kmop.shared.fields import MillionthsField, TextsField
from kmop.shared.models import Versioned
from kmop.shared.text import in_language
from partners.models import Membership, Organisation
from projects.choices import Frequency, PartnershipRole, ProjectRoleName, ProjectStatus, first_steps
from projects.models.places import Place

SEES_ALL_PROJECTS = (
    PortalRole.PORTAL_ADMINISTRATOR,
    PortalRole.PORTFOLIO_MANAGER,
    PortalRole.DATA_PROTECTION_OFFICER,
)


class FocusArea(Versioned):
    """What a project is about: an editable list."""

    code = models.SlugField(_("Code"), max_length=60, unique=True)
    titles = TextsField(_("Title"))
    order = models.PositiveSmallIntegerField(_("Order"), default=0)
    is_active = models.BooleanField(_("Offered"), default=True)

    class Meta:
        ordering = ["order", "id"]

    def __str__(self) -> str:
        return in_language(self.titles)


class Programme(Versioned):
    """Holds projects."""

    code = models.CharField(_("Code"), max_length=60, unique=True)
    titles = TextsField(_("Title"))

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return in_language(self.titles)


class ProjectQuerySet(models.QuerySet["Project"]):
    """Spoken adjectives of projects."""

    def visible_to(self, user: Any) -> "ProjectQuerySet":
        """Portfolio people see all; others the projects of their role, their country, or their organisation."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        if user.has_role(*SEES_ALL_PROJECTS):
            return self
        roles = ProjectRole.objects.filter(user=user)
        by_role = roles.filter(project=OuterRef("pk"))
        by_country = ProjectCountry.objects.filter(
            project=OuterRef("pk"), country__in=roles.exclude(country="").values("country")
        )
        by_partner = Partnership.objects.filter(
            project=OuterRef("pk"), organisation__in=Membership.objects.filter(user=user).values("organisation_id")
        )
        return self.filter(Exists(by_role) | Exists(by_country) | Exists(by_partner))

    def published(self) -> "ProjectQuerySet":
        """Shown to the public."""
        return self.filter(is_published=True)

    def running(self) -> "ProjectQuerySet":
        """Active, suspended or closing."""
        return self.filter(status__in=[ProjectStatus.ACTIVE, ProjectStatus.SUSPENDED, ProjectStatus.CLOSING])

    def managed_by(self, user: Any, *roles: str) -> "ProjectQuerySet":
        """Projects in which `user` has one of `roles`, by project or by country."""
        held = ProjectRole.objects.filter(user=user, role__in=roles)
        return self.filter(
            Exists(held.filter(project=OuterRef("pk")))
            | Exists(
                ProjectCountry.objects.filter(
                    project=OuterRef("pk"), country__in=held.exclude(country="").values("country")
                )
            )
        )


class Project(Versioned):
    """A project with its dates, places, focus and people.

    The columns `people_asked`, `people_answered`, `people_met` and `needs_named` are facts of the floor above
    (needs), pushed down by `projects.services.needs`; `people_round_on` says of which round they are. So is `standing`,
    the place in the order worst first as it was at `standing_at` (`projects.services.standings`).
    """

    code = models.CharField(_("Code"), max_length=60, unique=True)
    titles = TextsField(_("Title"))
    short_titles = TextsField(_("Short title"), blank=True)
    descriptions = TextsField(_("Description"), blank=True)
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, null=True, blank=True, related_name="projects")
    status = models.CharField(_("Status"), max_length=10, choices=ProjectStatus, default=ProjectStatus.DESIGN)
    starts_on = models.DateField(_("Start"), null=True, blank=True)
    ends_on = models.DateField(_("End"), null=True, blank=True)
    closed_on = models.DateField(_("Closed on"), null=True, blank=True)
    frequency = models.CharField(_("Periods"), max_length=10, choices=Frequency, default=Frequency.QUARTER)
    due_days = models.PositiveSmallIntegerField(_("Days to report after a period"), default=30)
    answer_days = models.PositiveSmallIntegerField(_("Promised days to answer"), default=7)
    currency = models.CharField(_("Currency"), max_length=3, default="EUR")
    focus_areas = models.ManyToManyField(FocusArea, blank=True, related_name="projects", verbose_name=_("Focus areas"))
    places = models.ManyToManyField(Place, blank=True, related_name="projects", verbose_name=_("Places"))
    languages = models.JSONField(_("Languages of its people"), default=list, blank=True)
    contact_phone = models.CharField(_("Number to call"), max_length=40, blank=True)
    funding_statement = TextsField(_("Funding statement"), blank=True)
    is_published = models.BooleanField(_("Published"), default=False)
    iati_identifier = models.CharField(_("IATI identifier"), max_length=300, blank=True)
    approval_steps = models.JSONField(_("Steps of approval"), default=first_steps, editable=False)
    gate_reason = models.TextField(_("Reason why no ranked need is answered"), blank=True)
    needs_named = models.PositiveIntegerField(default=0, editable=False)
    people_asked = models.PositiveIntegerField(default=0, editable=False)
    people_answered = models.PositiveIntegerField(default=0, editable=False)
    people_met = models.PositiveIntegerField(default=0, editable=False)
    people_round_on = models.DateField(null=True, blank=True, editable=False)
    standing = models.PositiveSmallIntegerField(null=True, editable=False)
    standing_at = models.DateTimeField(null=True, editable=False)
    search_text = models.TextField(editable=False, default="")

    objects: ClassVar[Any] = ProjectQuerySet.as_manager()

    class Meta:
        ordering = ["code", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["iati_identifier"], condition=~Q(iati_identifier=""), name="project_iati_identifier_once"
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(starts_on=None) | Q(ends_on__gte=models.F("starts_on")),
                name="project_ends_after_start",
                violation_error_message=_("The end lies before the start."),
            ),
        ]
        indexes = [models.Index(fields=["status", "code"], name="project_status_code")]

    def __str__(self) -> str:
        return f"{self.code} {in_language(self.short_titles) or in_language(self.titles)}"


class ProjectCountry(models.Model):
    """A country a project works in, with its share in percent where it is known."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="countries")
    country = models.CharField(max_length=2)
    percentage = MillionthsField(null=True, blank=True)

    class Meta:
        ordering = ["country"]
        constraints = [models.UniqueConstraint(fields=["project", "country"], name="project_country_once")]
        indexes = [models.Index(fields=["country", "project"], name="project_country_country")]

    def __str__(self) -> str:
        return self.country


class ProjectSector(models.Model):
    """A sector of a code list (DAC and others): vocabulary, code, percentage within the vocabulary."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="sectors")
    vocabulary = models.CharField(max_length=20, default="1")
    code = models.CharField(max_length=200)
    titles = TextsField(blank=True)
    percentage = MillionthsField(null=True, blank=True)

    class Meta:
        ordering = ["vocabulary", "id"]

    def __str__(self) -> str:
        return f"{self.vocabulary}:{self.code}"


class Partnership(Versioned):
    """An organisation's role in a project, its share of the money, and where it reports from."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="partnerships")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="partnerships")
    role = models.CharField(_("Role"), max_length=20, choices=PartnershipRole)
    share = MillionthsField(_("Share of the money, percent"), null=True, blank=True)
    reports = models.BooleanField(_("Reports figures"), default=False)
    places = models.ManyToManyField(Place, blank=True, related_name="+", verbose_name=_("Places it reports for"))

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["project", "organisation", "role"], name="partnership_once"),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} in {self.project_id}"


class ProjectRole(models.Model):
    """A user's role in one project, or in all projects of one country."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="project_roles")
    role = models.CharField(max_length=30, choices=ProjectRoleName)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, null=True, blank=True, related_name="roles")
    country = models.CharField(max_length=2, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "role", "project"], condition=~Q(project=None), name="project_role_once"
            ),
            models.UniqueConstraint(
                fields=["user", "role", "country"], condition=~Q(country=""), name="project_role_country_once"
            ),
            models.CheckConstraint(
                condition=(Q(project=None) & ~Q(country="")) | (~Q(project=None) & Q(country="")),
                name="project_role_one_reach",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.role}"
