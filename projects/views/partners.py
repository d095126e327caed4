"""Project > Partners: who gives what, of which sector, and whether figures come in time."""

from functools import cached_property
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kmop.shared import formats
from kmop.shared.charts import stacked
from kmop.shared.tables import Badge, Column, Link
from partners.choices import Sector
from projects.choices import PartnershipRole
from projects.filters.parts import PartnershipFilter
from projects.forms.projects import PartnershipForm
from projects.models import Partnership
from projects.queries.punctuality import Punctuality, punctuality
from projects.services.projects import add_partnership
from projects.views.part import ProjectFormPage, ProjectListPage

KINDS = ("figure", "second", "place", "voice", "quiet")
ENOUGH = 90
NOTHING_DUE = Punctuality()


def punctual_badge(told: Punctuality) -> Badge | str:
    """How much came in time; empty where nothing was due."""
    if told.share is None:
        return ""
    words = formats.percent(told.share)
    if told.missing:
        words = _("%(share)s, %(n)d missing") % {"share": words, "n": told.missing}
    is_fine = told.share * 100 >= ENOUGH and not told.missing
    return Badge(words, "ok" if is_fine else "warn")


class PartnersView(ProjectListPage):
    """The partners of a project, above them the mix of sectors with those that are missing."""

    part = "partners"
    template_name = "projects/partners/page.html"
    title = gettext_lazy("Partners")
    filterset_class = PartnershipFilter
    default_sort = "name"
    export_name = "partners"
    empty_title = gettext_lazy("No partner yet.")
    columns = (
        Column("name", gettext_lazy("Organisation"), lambda row: row.organisation.name, ("organisation__name", "role")),
        Column("role", gettext_lazy("What it does"), lambda row: row.get_role_display(), ("role",)),
        Column(
            "sector",
            gettext_lazy("Sector"),
            lambda row: row.organisation.get_sector_display(),
            ("organisation__sector",),
        ),
        Column(
            "share",
            gettext_lazy("Share of the money"),
            lambda row: "" if row.share is None else formats.percent(row.share / 100),
            ("share",),
            True,
            lambda row: row.share,
        ),
        Column("reports", gettext_lazy("Reports figures"), lambda row: row.reports, ("reports",)),
        Column("due", gettext_lazy("Figures due so far"), lambda row: row.told.due or None, (), True),
        Column("on_time", gettext_lazy("In time"), lambda row: punctual_badge(row.told), (), False),
    )

    def get_queryset(self) -> QuerySet[Any]:
        """The partnerships of this project."""
        rows: QuerySet[Any] = Partnership.objects.filter(project=self.project).select_related("organisation")
        return rows

    @cached_property
    def punctual(self) -> dict[int, Punctuality]:
        """How each partner keeps its days."""
        return punctuality(self.project, day=self.day)

    def prepare(self, rows: list[Any]) -> list[Any]:
        """How each keeps its days; nothing of a funder, who reports no figures."""
        for row in rows:
            row.told = self.punctual.get(row.organisation_id, NOTHING_DUE) if row.reports else NOTHING_DUE
        return rows

    def row_url(self, row: Any) -> str:
        """To the organisation."""
        return f"/partners/{row.organisation_id}/"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds the mix of sectors."""
        return super().get_context_data(mix=self._mix(), **kwargs)

    def head_acts(self) -> list[dict[str, Any]]:
        """Bring one in."""
        url = f"{self.base}partners/new/"
        return [self.act_button(_("Add a partner"), url, "projects.manage_partners", icon="plus", kind="main")]

    def _mix(self) -> dict[str, Any]:
        giving = {
            one.organisation_id: one.organisation.sector
            for one in self.frame.partnerships
            if one.role != PartnershipRole.FUNDING
        }
        counts = {sector: sum(1 for one in giving.values() if one == sector) for sector in Sector}
        present = [(sector, count) for sector, count in counts.items() if count]
        kinds = [KINDS[min(number, len(KINDS) - 1)] for number in range(len(present))]
        words = ", ".join(f"{sector.label} {count}" for sector, count in present)
        return {
            "drawing": stacked([(count, kind) for (_s, count), kind in zip(present, kinds, strict=True)], title=words),
            "present": [
                {"label": sector.label, "count": count, "kind": kind}
                for (sector, count), kind in zip(present, kinds, strict=True)
            ],
            "missing": ", ".join(str(sector.label) for sector, count in counts.items() if not count),
        }

    def empty_action(self) -> Link | None:
        """Bring the first one in."""
        return None


class AddPartnerView(ProjectFormPage):
    """Bring an organisation into the project."""

    permission = "projects.manage_partners"
    part = "partners"
    form_class = PartnershipForm
    heading = gettext_lazy("Add a partner")
    lead = gettext_lazy("An organisation that reports owes figures of every indicator from the next period on.")
    back = "partners/"

    def form_options(self) -> dict[str, Any]:
        """Organisations of the directory, places of the project."""
        return {"project": self.project, "user": self.me}

    def save(self, form: Any) -> str:
        """Call the service."""
        add_partnership(project=self.project, by=self.me, **form.cleaned_data)
        messages.success(self.request, _("The partner was added."))
        return self.back_url
