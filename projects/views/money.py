"""Project > Money: budget against spending, and the lists behind it."""

from decimal import Decimal
from functools import cached_property, partial
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kmop.shared import charts, formats
from kmop.shared.access import ask
from kmop.shared.charts import Line
from kmop.shared.tables import Badge, Link
from projects.choices import DonorObligationState
from projects.models import BudgetLine, DonorObligation
from projects.queries.burn import burn
from projects.queries.money import MoneySummary, money
from projects.queries.money_lines import Spending, by_partner, lines_with_spending, spending_of
from projects.views.part import ProjectPage, ProjectPart

SHOWN_LINES = 12
LABELS = 4
VIEWS = (
    ("", gettext_lazy("Budget and spending")),
    ("lines/", gettext_lazy("Budget lines")),
    ("expenses/", gettext_lazy("Expenses")),
    ("grants/", gettext_lazy("Grants")),
    ("owed/", gettext_lazy("Owed to funders")),
    ("transactions/", gettext_lazy("Transactions")),
)
OWN = ("", "expenses/")
STATES = {
    DonorObligationState.DRAFT: ("", "circle-dashed"),
    DonorObligationState.SENT: ("info", "send"),
    DonorObligationState.QUESTIONS: ("warn", "circle-question-mark"),
    DonorObligationState.ACCEPTED: ("ok", "circle-check"),
}


class MoneyPart(ProjectPart):
    """Mixin: the head and the views of the money."""

    part = "money"
    view = ""

    @cached_property
    def may_see(self) -> bool:
        """May this person see budget and spending?"""
        return bool(ask(self.user, "projects.view_money", self.project))

    @cached_property
    def may_manage(self) -> bool:
        """May this person change the money?"""
        return bool(ask(self.user, "projects.manage_money", self.project))

    def segments(self) -> list[Link]:
        """The overview and its lists, as far as they may be seen."""
        url = f"{self.base}money/"
        seen = [(path, label) for path, label in VIEWS if self.may_see or path in OWN]
        return [Link(label, f"{url}{path}", path == self.view) for path, label in seen]

    def head_acts(self) -> list[dict[str, Any]]:
        """Add a line, add an expense."""
        url = f"{self.base}money/"
        rule = "projects.manage_money"
        return [
            self.act_button(_("Add a budget line"), f"{url}lines/new/", rule, icon="plus"),
            self.act_button(_("Add an expense"), f"{url}expenses/new/", rule, icon="plus", kind="main"),
        ]


class MoneyView(MoneyPart, ProjectPage):
    """Budget against spending by line and by partner, burn against time, what is owed to funders."""

    template_name = "projects/money/page.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The figures, for those who may see them; the reason for others."""
        verdict = ask(self.me, "projects.view_money", self.project)
        shown = self._figures() if verdict else {"refused": str(verdict.reason)}
        return super().get_context_data(**shown, **kwargs)

    def _figures(self) -> dict[str, Any]:
        rows = BudgetLine.objects.visible_to(self.me).filter(project=self.project)
        lines = list(lines_with_spending(rows, day=self.day).order_by("code", "pk"))
        summary = money([self.project], day=self.day)[self.project.pk]
        owed = DonorObligation.objects.visible_to(self.me).filter(grant__project=self.project).unmet()
        spendings = [spending_of(one) for one in lines]
        is_named = any(one.organisation_id for one in lines)
        partners = by_partner(lines, self.project, _("No partner named")) if is_named else []
        return {
            "stats": self._stats(summary),
            "chart": self._chart(summary),
            "without_rate": summary.without_rate,
            "lines": [spending_row(one) for one in spendings[:SHOWN_LINES]],
            "more_lines": len(spendings) > SHOWN_LINES,
            "partners": [spending_row(one) for one in partners],
            "owed": [self._owed_row(one) for one in owed.select_related("grant__funder", "owner")[:8]],
        }

    def _stats(self, summary: MoneySummary) -> list[dict[str, str]]:
        shown = partial(formats.money_short, currency=summary.currency)
        budget = shown(summary.budget) if summary.budget is not None else "–"
        spent = shown(summary.spent) if summary.spent is not None else "–"
        share = formats.percent(summary.share) if summary.share is not None else "–"
        passed = formats.percent(summary.planned) if summary.planned is not None else "–"
        return [
            {"label": _("Budget"), "shown": budget, "under": _("in %(currency)s") % {"currency": summary.currency}},
            {"label": _("Spent"), "shown": spent, "under": _("%(share)s of the budget") % {"share": share}},
            {"label": _("Time"), "shown": passed, "under": _("has passed")},
        ]

    def _chart(self, summary: MoneySummary) -> str:
        if summary.budget is None:
            return ""
        points = burn(self.project, budget=summary.budget, day=self.day)
        if len(points) < 2:
            return ""
        begun = sum(1 for one in points if one.until <= self.day)
        every = -(-len(points) // LABELS)
        return charts.line_chart(
            [
                Line([one.planned for one in points], _("planned"), "l5"),
                Line([one.spent for one in points], _("spent"), "l1"),
            ],
            [formats.month(one.until) if number % every == 0 else "" for number, one in enumerate(points)],
            title=_("Spent and planned along time"),
            shown=partial(formats.money_short, currency=summary.currency),
            now=(begun - 1, _("today")) if 0 < begun <= len(points) else None,
        )

    def _owed_row(self, one: DonorObligation) -> dict[str, Any]:
        return {
            "badge": owed_badge(one, self.day),
            "title": one.title,
            "url": f"{self.base}money/owed/{one.pk}/" if self.may_manage else "",
            "sub": " · ".join(
                filter(
                    None, [one.grant.funder.name, one.grant.reference, formats.day(one.due_on), str(one.owner or "")]
                )
            ),
        }


def spending_row(one: Spending) -> dict[str, Any]:
    """A line of the table of budget against spending."""
    told = None if one.spent is None else formats.money(one.spent, one.currency)
    return {
        "name": one.name,
        "pk": one.pk,
        "budget": formats.money(one.budget, one.currency),
        "spent": told,
        "without_rate": one.without_rate,
        "share": one.share,
        "share_shown": "–" if one.share is None else formats.percent(one.share),
        "is_over": one.share is not None and one.share > Decimal(1),
    }


def owed_badge(one: DonorObligation, day: Any) -> Badge:
    """Where something owed stands; overdue where it was not sent in time."""
    if one.state == DonorObligationState.DRAFT and one.due_on < day:
        return Badge(_("Overdue"), "bad", "calendar-x")
    state, icon = STATES[DonorObligationState(one.state)]
    return Badge(DonorObligationState(one.state).label, state, icon)


def amount(value: Decimal | None, currency: str) -> str:
    """An amount with its currency; a dash for none."""
    return "" if value is None else formats.money(value, currency)
