"""Workplan, risks, money, places, focus areas: thin acts, each with its rule, its trail and its version."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from kmop.audit.models import Entry
from kmop.shared.errors import NotAllowed, Stale
from projects.models import Activity, BudgetLine, Deliverable, Expense, FocusArea, Risk
from projects.services.focus_areas import add_focus_area, change_focus_area
from projects.services.money import add_budget_line, add_donor_obligation, add_expense, add_grant, add_money
from projects.services.places import add_place
from projects.services.workplan import add_activity, add_deliverable, add_milestone, add_risk, add_work, change_work
from tests.factories import Cast, make_cast

pytestmark = pytest.mark.django_db
ACTIVITY = {"code": "A1", "titles": {"en": "Train"}, "starts_on": date(2026, 1, 1), "ends_on": date(2026, 2, 1)}


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def test_work_is_added_and_changed(cast: Cast) -> None:
    activity = add_activity(project=cast.project, by=cast.alice, **ACTIVITY)
    day: dict[str, Any] = {"titles": {"en": "Book"}, "ends_on": date(2026, 3, 1)}
    add_deliverable(project=cast.project, code="D1", activity=activity, by=cast.alice, **day)
    add_milestone(project=cast.project, code="M1", by=cast.alice, **day)
    risk = add_risk(project=cast.project, title="Staff leave", likelihood=3, impact=4, by=cast.alice)
    changed = change_work(obj=activity, changes={"progress": 40, "state": "running"}, expected_version=1, by=cast.alice)
    assert (changed.version, Activity.objects.get().progress) == (2, 40)
    with pytest.raises(Stale):
        change_work(obj=risk, changes={"impact": 5}, expected_version=9, by=cast.alice)
    with pytest.raises(ValidationError) as error:
        change_work(obj=risk, changes={"project": cast.other}, by=cast.alice)
    assert list(error.value.message_dict) == ["project"]
    with pytest.raises(ValidationError):
        change_work(obj=risk, changes={"impact": 6}, by=cast.alice)
    with pytest.raises(NotAllowed):
        change_work(obj=risk, changes={"impact": 2}, by=cast.bob)
    actions = list(Entry.objects.order_by("position").values_list("action", flat=True))
    assert actions == ["workplan.changed"] * 3 + ["risk.changed", "workplan.changed"]


def test_many_are_added_at_once(cast: Cast) -> None:
    rows = [
        Activity(project=cast.project, **ACTIVITY),
        Activity(project=cast.project, **{**ACTIVITY, "code": "A2"}),
        Deliverable(project=cast.project, code="D1", titles={"en": "Book"}, ends_on=date(2026, 3, 1)),
        Risk(project=cast.project, title="Rain", likelihood=1, impact=2),
    ]
    assert add_work(project=cast.project, rows=rows, by=cast.alice) == rows
    assert (Activity.objects.count(), Deliverable.objects.count(), Risk.objects.count()) == (2, 1, 1)


def test_money_in_another_currency_counts_by_its_own_rate_alone(cast: Cast) -> None:
    grant = add_grant(project=cast.project, funder=cast.kmop, reference="G-1", amount=Decimal(1000), by=cast.alice)
    add_donor_obligation(grant=grant, title="Report", due_on=date(2026, 6, 1), by=cast.alice)
    line = add_budget_line(
        project=cast.project, code="1", titles={"en": "Staff"}, amount=Decimal(900), currency="EUR", by=cast.alice
    )
    values: dict[str, Any] = {"line": line, "on": date(2026, 2, 2), "by": cast.alice}
    same = add_expense(amount=Decimal("10.5"), currency="EUR", **values)
    by_rate = add_expense(amount=Decimal(100), currency="USD", rate=Decimal("0.914077"), **values)
    without = add_expense(amount=Decimal(100), currency="USD", **values)
    assert (same.amount_project, same.rate) == (Decimal("10.5"), Decimal(1))
    assert (by_rate.amount_project, without.amount_project) == (Decimal("91.4077"), None)
    more = [
        BudgetLine(project=cast.project, code="2", titles={"en": "Travel"}, amount=Decimal(5), currency="EUR"),
        Expense(line=line, on=date(2026, 3, 3), amount=Decimal(7), currency="EUR"),
    ]
    add_money(project=cast.project, rows=more, by=cast.alice)
    assert Expense.objects.get(amount=Decimal(7)).amount_project == Decimal(7)
    with pytest.raises(NotAllowed):
        add_expense(**{**values, "by": cast.bob}, amount=Decimal(1), currency="EUR")


def test_lists_are_kept_by_officers(cast: Cast) -> None:
    place = add_place(code="IT-RM", name="Roma", names={"en": "Rome", "el": "Ρώμη"}, country="IT", by=cast.alice)
    assert place.search_text == "it-rm roma rome ρωμη"
    area = add_focus_area(code="sport", titles={"en": "Sport"}, order=20, by=cast.alice)
    change_focus_area(focus_area=area, changes={"is_active": False}, expected_version=1, by=cast.alice)
    assert FocusArea.objects.get(code="sport").is_active is False
    with pytest.raises(NotAllowed):
        add_place(code="X", name="X", by=cast.bob)
    with pytest.raises(ValidationError):
        change_focus_area(focus_area=area, changes={"code": "x"}, by=cast.alice)
