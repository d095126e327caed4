"""The portfolio: where do we stand? Cards or a table, and two drawings over what is filtered."""

from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from kmop.shared import charts, formats
from kmop.shared.access import ask
from kmop.shared.charts import Mark
from kmop.shared.countries import country_name
from kmop.shared.tables import Badge, Column, Link
from kmop.shared.text import in_language
from kmop.shared.views import ListPage
from projects.models import Project
from projects.queries.course import course_words
from projects.queries.frame import project_name, status_badge
from projects.queries.money import time_passed
from reports.filters import PortfolioFilter
from reports.queries.portfolio import (
    PortfolioRow,
    in_worst_order,
    portfolio,
    portfolio_rows,
)
from reports.views import wording

HALF = Decimal("0.5")
DRAWN = 60


def _share(share: Decimal | None) -> str:
    return wording.share_shown(share)


def card_badge(row: PortfolioRow) -> Badge:
    """Drift or plan for running projects; the status for all others."""
    return (row.is_running and wording.course_badge(row.verdict, row.voices.drift)) or status_badge(row.project.status)


class PortfolioView(ListPage):
    """All projects a person sees; unless another order is asked for, those that need a look first."""

    permission = "shared.signed_in"
    template_name = "reports/portfolio/page.html"
    title = gettext_lazy("Portfolio")
    filterset_class = PortfolioFilter
    page_size = 24
    export_name = "projects"
    empty_title = gettext_lazy("No project yet.")
    empty_text = gettext_lazy("Projects appear here when you have a role in them or your organisation takes part.")
    columns = (
        Column("code", gettext_lazy("Code"), lambda row: row.project.code, sort=("code",)),
        Column("name", gettext_lazy("Project"), lambda row: project_name(row.project)),
        Column("state", gettext_lazy("State"), card_badge, sort=("status",)),
        Column("plan", gettext_lazy("Outcomes at plan"), lambda row: course_words(row.verdict)),
        Column("met", gettext_lazy("First need met"), lambda row: _share(row.met_share), numeric=True),
        Column(
            "spent",
            gettext_lazy("Spent"),
            lambda row: _share(row.money.share if row.money else None),
            numeric=True,
        ),
        Column("ends", gettext_lazy("Ends"), lambda row: row.project.ends_on, sort=("ends_on",)),
    )

    def get_queryset(self) -> "QuerySet[Project]":
        """What this person sees."""
        return portfolio(self.me)

    def filtered(self, filterset: Any) -> "QuerySet[Project]":
        """In the order asked for, else worst first."""
        rows: QuerySet[Project] = super().filtered(filterset)
        return rows if self.current_sort() else in_worst_order(rows, day=timezone.localdate())

    def prepare(self, rows: list[Any]) -> list[Any]:
        """Facts, voices and money of one page."""
        return portfolio_rows(rows, user=self.me, day=timezone.localdate())

    def row_url(self, row: Any) -> str:
        """The project."""
        return f"/projects/{row.project.pk}/"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds cards, drawings, and the switch between cards and table."""
        context = super().get_context_data(**kwargs)
        rows: list[PortfolioRow] = [one.source for one in context["rows"]]
        as_table = self.request.GET.get("view") == "table"
        day = timezone.localdate()
        return {
            **context,
            "as_table": as_table,
            "views": [
                Link(_("Cards"), self.address(view=None), not as_table, "layout-grid"),
                Link(_("Table"), self.address(view="table"), as_table, "table-2"),
            ],
            "cards": [card(one, day) for one in rows],
            "plane": plane(rows),
            "countries": self._countries(context["filterset"]),
            "sub": self._sub(context["page_obj"].paginator.count),
            "acts": self._acts(),
        }

    def _countries(self, filterset: Any) -> list[dict[str, Any]]:
        found = filterset.shown_countries()
        most = found[0][1] if found else 0
        return [
            {
                "name": country_name(code),
                "count": count,
                "share": Decimal(count) / most,
                "url": self.address(country=code, page=None),
            }
            for code, count in found
        ]

    def _sub(self, count: int) -> str:
        return ngettext("%(n)d project", "%(n)d projects", count) % {"n": count}

    def _acts(self) -> list[dict[str, Any]]:
        may_import, may_create = ask(self.me, "projects.import_iati"), ask(self.me, "projects.create_project")
        return [
            {
                "label": _("Import an IATI file"),
                "url": "/imports/",
                "icon": "upload",
                "refused": "" if may_import else str(may_import.reason),
            },
            {
                "label": _("New project"),
                "url": "/projects/new/",
                "icon": "plus",
                "kind": "main",
                "refused": "" if may_create else str(may_create.reason),
            },
        ]


def card(row: PortfolioRow, day: Any) -> dict[str, Any]:
    """One project as a card."""
    project, money = row.project, row.money
    sectors = {one.organisation.sector for one in row.facts.partnerships if one.role != "funding"}
    partners = {one.organisation_id for one in row.facts.partnerships if one.role != "funding"}
    told = [
        formats.money_short(money.budget, money.currency) if money and money.budget else "",
        ngettext("%(n)d partner", "%(n)d partners", len(partners)) % {"n": len(partners)},
        ngettext("%(n)d sector", "%(n)d sectors", len(sectors)) % {"n": len(sectors)},
    ]
    rows = [
        {
            "label": _("at plan"),
            "share": row.plan_share,
            "mark": None,
            "kind": "figure",
            "shown": _("%(n)d of %(m)d") % {"n": row.verdict.at_or_above, "m": row.verdict.of}
            if row.verdict.of
            else "–",
        },
        {
            "label": _("needs met"),
            "share": row.met_share,
            "mark": HALF if row.met_share is not None else None,
            "kind": "voice",
            "shown": _share(row.met_share),
        },
    ]
    if money:
        rows.append(
            {
                "label": _("spent"),
                "share": money.share,
                "mark": time_passed(project, day),
                "kind": "quiet",
                "shown": _share(money.share),
            }
        )
    return {
        "title": project_name(project),
        "code": project.code,
        "url": f"/projects/{project.pk}/",
        "about": in_language(project.titles) if project.short_titles else "",
        "badge": card_badge(row),
        "rows": rows,
        "foot": [", ".join(country_name(code) for code in row.facts.countries), " · ".join(one for one in told if one)],
    }


def plane(rows: list[PortfolioRow]) -> dict[str, Any] | None:
    """Plan against people: each project a mark; None where nothing can be compared yet."""
    compared = [one for one in rows if one.plan_share is not None and one.met_share is not None][:DRAWN]
    if not compared:
        return None
    flagged = [one for one in compared if one.voices.drift.value != "none"]
    heading = ngettext(
        "%(n)d project is paced by its targets or unheard",
        "%(n)d projects are paced by their targets or unheard",
        len(flagged),
    ) % {"n": len(flagged)}
    marks = [
        Mark(project_name(one.project), one.plan_share or 0, one.met_share or 0, one.voices.drift.value != "none")
        for one in compared
    ]
    return {
        "heading": heading if flagged else _("No project is flagged"),
        "drawing": charts.plane(
            marks,
            across=_("Outcome indicators at or above plan"),
            up=_("First need met"),
            corner=_("paced by targets"),
            title=heading,
        ),
    }
