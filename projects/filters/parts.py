"""Filters of the lists within a project."""

from typing import Any

import django_filters
from django.contrib.auth import get_user_model
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from kmop.audit.models import Entry
from kmop.shared.forms import day_input
from kmop.shared.text import fold
from partners.choices import Sector
from partners.models import Organisation
from projects.choices import Action, DonorObligationState, LegacyKind, LegacyResult, PartnershipRole, WorkState
from projects.models import (
    Activity,
    BudgetLine,
    Deliverable,
    DocumentLink,
    DonorObligation,
    Expense,
    FocusArea,
    Grant,
    Legacy,
    LegacyCheck,
    Milestone,
    Partnership,
    Risk,
    Transaction,
)

ALL = _("All")
KINDS = (
    ("1", _("Incoming funds")),
    ("2", _("Outgoing commitment")),
    ("3", _("Disbursement")),
    ("4", _("Expenditure")),
    ("5", _("Interest payment")),
    ("6", _("Loan repayment")),
    ("7", _("Reimbursement")),
    ("8", _("Purchase of equity")),
    ("9", _("Sale of equity")),
    ("10", _("Credit guarantee")),
    ("11", _("Incoming commitment")),
    ("12", _("Outgoing pledge")),
    ("13", _("Incoming pledge")),
)


def partners(request: Any) -> QuerySet[Organisation]:
    """The organisations of the project of the address."""
    project_id = request.resolver_match.kwargs["pk"] if request is not None else 0
    return Organisation.objects.filter(partnerships__project_id=project_id).distinct().order_by("name")


def by_texts(*paths: str) -> Any:
    """A search in these columns; those of texts in several languages too. SQLite's LIKE folds no Greek."""

    def search(rows: QuerySet[Any], name: str, text: str) -> QuerySet[Any]:
        words = fold(text)
        ids = [pk for pk, *said in rows.order_by().values_list("pk", *paths) if words in fold(*_flat(said))]
        return rows.filter(pk__in=ids)

    return search


def _flat(said: list[Any]) -> list[str]:
    found: list[str] = []
    for one in said:
        found += [str(text) for text in one.values()] if isinstance(one, dict) else [str(one or "")]
    return found


class WorkFilter(django_filters.FilterSet):  # type: ignore[misc]  # the package publishes no types
    """Words and state of what has a planned day."""

    search = django_filters.CharFilter(label=_("Search"), method=by_texts("code", "titles"))
    state = django_filters.ChoiceFilter(label=_("State"), choices=WorkState.choices, empty_label=ALL)
    until = django_filters.DateFilter(
        label=_("Planned until"), field_name="ends_on", lookup_expr="lte", widget=day_input()
    )


class ActivityFilter(WorkFilter):
    """Activities, also by partner."""

    organisation = django_filters.ModelChoiceFilter(label=_("Partner"), queryset=partners, empty_label=ALL)

    class Meta:
        model = Activity
        fields: tuple[str, ...] = ()


class DeliverableFilter(WorkFilter):
    """Deliverables, also by partner."""

    organisation = django_filters.ModelChoiceFilter(label=_("Partner"), queryset=partners, empty_label=ALL)

    class Meta:
        model = Deliverable
        fields: tuple[str, ...] = ()


class MilestoneFilter(WorkFilter):
    """Milestones."""

    class Meta:
        model = Milestone
        fields: tuple[str, ...] = ()


class RiskFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Risks by words, and whether they are open."""

    search = django_filters.CharFilter(label=_("Search"), method=by_texts("title", "mitigation"))
    open = django_filters.ChoiceFilter(
        label=_("State"),
        choices=(("true", _("Open")), ("false", _("Closed"))),
        method="by_open",
        empty_label=ALL,
    )

    class Meta:
        model = Risk
        fields: tuple[str, ...] = ()

    def by_open(self, rows: QuerySet[Risk], name: str, value: str) -> QuerySet[Risk]:
        """Open ones, or closed ones."""
        return rows.filter(closed_on__isnull=value == "true")


class BudgetFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Budget lines."""

    search = django_filters.CharFilter(label=_("Search"), method=by_texts("code", "titles"))
    organisation = django_filters.ModelChoiceFilter(label=_("Partner"), queryset=partners, empty_label=ALL)

    class Meta:
        model = BudgetLine
        fields: tuple[str, ...] = ()


def lines(request: Any) -> QuerySet[BudgetLine]:
    """The budget lines of the project of the address."""
    project_id = request.resolver_match.kwargs["pk"] if request is not None else 0
    rows: QuerySet[BudgetLine] = BudgetLine.objects.filter(project_id=project_id)
    return rows


class ExpenseFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Expenses by words, line, partner, days, and whether they have a rate."""

    search = django_filters.CharFilter(label=_("Search"), method=by_texts("title", "line__code", "line__titles"))
    line = django_filters.ModelChoiceFilter(label=_("Budget line"), queryset=lines, empty_label=ALL)
    organisation = django_filters.ModelChoiceFilter(label=_("Partner"), queryset=partners, empty_label=ALL)
    since = django_filters.DateFilter(label=_("From"), field_name="on", lookup_expr="gte", widget=day_input())
    until = django_filters.DateFilter(label=_("To"), field_name="on", lookup_expr="lte", widget=day_input())
    rate = django_filters.ChoiceFilter(
        label=_("Rate"),
        choices=(("true", _("With a rate")), ("false", _("Without a rate"))),
        method="by_rate",
        empty_label=ALL,
    )

    class Meta:
        model = Expense
        fields: tuple[str, ...] = ()

    def by_rate(self, rows: QuerySet[Expense], name: str, value: str) -> QuerySet[Expense]:
        """Those that are in the totals, or those that are in none."""
        return rows.filter(amount_project__isnull=value == "false")


class GrantFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Grants."""

    search = django_filters.CharFilter(label=_("Search"), method=by_texts("reference", "programme", "funder__name"))

    class Meta:
        model = Grant
        fields: tuple[str, ...] = ()


class DonorObligationFilter(django_filters.FilterSet):  # type: ignore[misc]
    """What is owed to funders."""

    search = django_filters.CharFilter(label=_("Search"), method=by_texts("title", "grant__reference"))
    state = django_filters.ChoiceFilter(label=_("State"), choices=DonorObligationState.choices, empty_label=ALL)

    class Meta:
        model = DonorObligation
        fields: tuple[str, ...] = ()


class TransactionFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Transactions as files told them."""

    search = django_filters.CharFilter(
        label=_("Search"), method=by_texts("reference", "descriptions", "provider__name", "receiver__name")
    )
    kind = django_filters.ChoiceFilter(label=_("Kind"), choices=KINDS, empty_label=ALL)
    since = django_filters.DateFilter(label=_("From"), field_name="on", lookup_expr="gte", widget=day_input())
    until = django_filters.DateFilter(label=_("To"), field_name="on", lookup_expr="lte", widget=day_input())

    class Meta:
        model = Transaction
        fields: tuple[str, ...] = ()


class PartnershipFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Partners of a project by words, role and sector."""

    search = django_filters.CharFilter(label=_("Search"), method=by_texts("organisation__name", "organisation__code"))
    role = django_filters.ChoiceFilter(label=_("Role"), choices=PartnershipRole.choices, empty_label=ALL)
    sector = django_filters.ChoiceFilter(
        label=_("Sector"), choices=Sector.choices, field_name="organisation__sector", empty_label=ALL
    )

    class Meta:
        model = Partnership
        fields: tuple[str, ...] = ()


class LegacyFilter(django_filters.FilterSet):  # type: ignore[misc]
    """What is to remain, by words and kind."""

    search = django_filters.CharFilter(label=_("Search"), method=by_texts("titles", "future_owner__name"))
    kind = django_filters.ChoiceFilter(label=_("Kind"), choices=LegacyKind.choices, empty_label=ALL)

    class Meta:
        model = Legacy
        fields: tuple[str, ...] = ()


class CheckFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Checks by what was found, and whether they are done."""

    search = django_filters.CharFilter(label=_("Search"), method=by_texts("legacy__titles", "note"))
    result = django_filters.ChoiceFilter(label=_("Result"), choices=LegacyResult.choices, empty_label=ALL)
    open = django_filters.ChoiceFilter(
        label=_("State"),
        choices=(("true", _("Not done yet")), ("false", _("Done"))),
        method="by_open",
        empty_label=ALL,
    )

    class Meta:
        model = LegacyCheck
        fields: tuple[str, ...] = ()

    def by_open(self, rows: QuerySet[LegacyCheck], name: str, value: str) -> QuerySet[LegacyCheck]:
        """Those to be done, or those done."""
        return rows.filter(done_on__isnull=value == "true")


class DocumentFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Documents."""

    search = django_filters.CharFilter(label=_("Search"), method=by_texts("titles", "url"))
    since = django_filters.DateFilter(label=_("From"), field_name="on", lookup_expr="gte", widget=day_input())

    class Meta:
        model = DocumentLink
        fields: tuple[str, ...] = ()


class HistoryFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Acts on a project by person, kind and day."""

    search = django_filters.CharFilter(label=_("Person"), method="by_person")
    action = django_filters.ChoiceFilter(label=_("Act"), choices=Action.choices, empty_label=ALL)
    since = django_filters.DateFilter(label=_("From"), field_name="at", lookup_expr="date__gte", widget=day_input())
    until = django_filters.DateFilter(label=_("To"), field_name="at", lookup_expr="date__lte", widget=day_input())

    class Meta:
        model = Entry
        fields: tuple[str, ...] = ()

    def by_person(self, rows: QuerySet[Entry], name: str, value: str) -> QuerySet[Entry]:
        """Part of the name of who acted."""
        people = get_user_model().objects.filter(name__icontains=value).values_list("pk", flat=True)
        return rows.filter(actor_id__in=[str(pk) for pk in people])


class FocusAreaFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Focus areas."""

    search = django_filters.CharFilter(label=_("Search"), method=by_texts("code", "titles"))

    class Meta:
        model = FocusArea
        fields: tuple[str, ...] = ()
