"""Many projects beside each other, and the two halves of one."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from beneficiaries.choices import NeedState
from kmop.accounts.choices import PortalRole
from kmop.accounts.models import User
from projects.choices import PartnershipRole, ProjectRoleName, ProjectStatus
from projects.models import BudgetLine, Expense, Legacy, Project, Risk, Update, UpdateValue
from projects.services.rollup import roll_up_all
from reports.queries.overview import MissingPartner, Overview, overview
from reports.queries.portfolio import (
    PortfolioRow,
    countries_of,
    in_country,
    in_worst_order,
    own_projects,
    portfolio,
    portfolio_rows,
    with_partner,
    worst_first,
)
from reports.services.standings import refresh_standings
from tests.factories import (
    Cast,
    fresh,
    make_cast,
    make_indicator,
    make_obligation,
    make_organisation,
    make_partnership,
    make_period,
    make_project,
    make_role,
    make_target,
    make_update,
    make_user,
)
from tests.factories_voices import make_answered, make_decision, make_need, make_round

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 24)
TODAY = timezone.localdate()


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def planned(project: Project, code: str, actual: int, target: int = 10) -> None:
    """An outcome indicator with the plan and the figure of January."""
    period = make_period(make_indicator(project, code))
    make_target(period.indicator, target, period)
    make_target(period.indicator, target)
    [one] = [one.organisation for one in project.partnerships.filter(reports=True)[:1]]
    make_update(period, one, actual)
    make_obligation(period, one, update=period.updates.get())


def asked(project: Project, met: int, of: int) -> None:
    """A round in which `met` of `of` people put a need first that is met now."""
    make_round(project, (make_need(project, "A", state=NeedState.MET), met, met), (make_need(project), of, of - met))


def spent(project: Project, amount: int, budget: int = 1000) -> None:
    line = BudgetLine.objects.create(
        project=project,
        code="1",
        titles={"en": "Staff"},
        amount=Decimal(budget),
        currency="EUR",
        starts_on=date(2026, 1, 1),
        ends_on=date(2026, 12, 31),
    )
    Expense.objects.create(
        line=line, on=date(2026, 3, 5), amount=Decimal(amount), amount_project=Decimal(amount), rate=1, currency="EUR"
    )


def rows(user: User) -> list[PortfolioRow]:
    user = fresh(user)
    return portfolio_rows(list(portfolio(user).order_by("code")), user=user, day=DAY)


# ---------------------------------------------------------------- portfolio
def test_a_row_holds_plan_people_and_money(cast: Cast) -> None:
    planned(cast.project, "2", 10)
    planned(cast.project, "3", 4)
    roll_up_all()
    asked(cast.project, 3, 12)
    spent(cast.project, 250)
    [row] = rows(cast.alice)
    assert (row.project, row.is_running, row.plan_share, row.met_share) == (
        cast.project,
        True,
        Decimal("0.5"),
        Decimal("0.25"),
    )
    assert row.money is not None
    assert (row.money.budget, row.money.spent, row.money.share) == (Decimal(1000), Decimal(250), Decimal("0.25"))


def test_a_project_without_plan_or_round_has_no_shares(cast: Cast) -> None:
    [row] = rows(cast.alice)
    assert (row.plan_share, row.met_share, row.money.share if row.money else 0) == (None, None, None)


def test_money_is_kept_from_who_may_not_see_it(cast: Cast) -> None:
    spent(cast.project, 250)
    assert [row.money for row in rows(cast.bob)] == [None]
    funder = make_user("Fay")
    make_role(funder, ProjectRoleName.FUNDER_VIEWER, cast.project)
    assert [row.money is None for row in rows(funder)] == [False]


def test_each_person_sees_her_own_projects(cast: Cast) -> None:
    found = {
        name: [row.project.code for row in rows(getattr(cast, name))] for name in ("alice", "bob", "carol", "dora")
    }
    assert found == {"alice": ["STR-25"], "bob": ["STR-25"], "carol": ["OTH-25"], "dora": []}
    assert [row.project.code for row in rows(make_user("Max", PortalRole.PORTFOLIO_MANAGER))] == ["OTH-25", "STR-25"]


def test_the_worst_comes_first_and_what_does_not_run_last(cast: Cast) -> None:
    manager = make_user("Max", PortalRole.PORTFOLIO_MANAGER)
    Project.objects.filter(pk=cast.other.pk).update(status=ProjectStatus.CLOSED)
    for code, actual, met in (("DRIFT", 10, 1), ("GOOD", 10, 9), ("LATE", 1, 9), ("UNHEARD", 1, 1)):
        project = make_project(code)
        make_partnership(project, cast.a)
        planned(project, "1", actual)
        asked(project, met, 10)
    roll_up_all()
    expected = ["UNHEARD", "DRIFT", "LATE", "GOOD", "STR-25", "OTH-25"]
    assert [row.project.code for row in worst_first(rows(manager))] == expected
    assert ordered() == expected, "worked out now"
    assert (refresh_standings(day=TODAY), refresh_standings(day=TODAY)) == (5, 0)
    assert ordered() == expected, "as it was kept"


def ordered() -> list[str]:
    """All projects, the worst first."""
    return [one.code for one in in_worst_order(Project.objects.all(), day=TODAY)]


def test_a_kept_place_is_worked_out_again_where_something_changed(cast: Cast) -> None:
    for code, actual in (("GOOD", 10), ("LATE", 1)):
        project = make_project(code)
        make_partnership(project, cast.a)
        planned(project, "1", actual)
    roll_up_all()
    refresh_standings(day=TODAY)
    good = Project.objects.filter(code="GOOD")
    assert ordered()[:2] == ["LATE", "GOOD"]
    good.update(standing=0)
    assert ordered()[:2] == ["GOOD", "LATE"], "what is kept is taken"
    good.update(updated_at=timezone.now())
    assert ordered()[:2] == ["LATE", "GOOD"]
    good.update(updated_at=timezone.now() - timedelta(days=2), standing_at=timezone.now() - timedelta(days=1))
    assert ordered()[:2] == ["LATE", "GOOD"]
    refresh_standings(day=TODAY)
    updates = Update.objects.filter(indicator__project__code="GOOD")
    UpdateValue.objects.filter(update__in=updates).update(numerator=Decimal(1))
    roll_up_all()
    assert ordered()[:2] == ["LATE", "GOOD"], "nothing tells of a change behind the acts"
    updates.update(updated_at=timezone.now())
    assert ordered()[:2] == ["GOOD", "LATE"]
    assert refresh_standings(day=TODAY) == 1


def test_countries_partners_and_own_projects(cast: Cast) -> None:
    every = portfolio(make_user("Max", PortalRole.PORTFOLIO_MANAGER))
    make_project("GR-2")
    fund = make_organisation("FUND")
    make_partnership(cast.other, fund, role=PartnershipRole.FUNDING, reports=False)
    assert countries_of(every) == [("GR", 2), ("IT", 1)]
    assert list(in_country(every, "IT")) == [cast.other]
    assert list(with_partner(every, cast.a)) == [cast.project]
    assert [list(with_partner(every, fund, role)) for role in ("funding", "coordinator")] == [[cast.other], []]
    own = [set(own_projects(fresh(one))) for one in (cast.alice, cast.bob, cast.carol, cast.dora)]
    assert own == [{cast.project.pk}, {cast.project.pk}, {cast.other.pk}, set()]


@pytest.mark.parametrize("count", [1, 4])
def test_statements_of_the_portfolio_do_not_grow(cast: Cast, count: int, django_assert_num_queries: Any) -> None:
    for number in range(count):
        project = make_project(f"P-{number}")
        make_partnership(project, cast.a)
        planned(project, "1", 5)
        asked(project, 3, 10)
        spent(project, 10)
        make_answered(project)
        make_role(cast.alice, ProjectRoleName.PROJECT_MANAGER, project)
    roll_up_all()
    user = fresh(cast.alice)
    seen = list(portfolio(user))
    with django_assert_num_queries(15):
        portfolio_rows(seen, user=user, day=DAY)


# ---------------------------------------------------------------- overview
def look(cast: Cast, user: User) -> Overview:
    return overview(cast.project, user=fresh(user), day=DAY)


def test_figures_and_voices_stand_side_by_side(cast: Cast) -> None:
    planned(cast.project, "2", 10)
    roll_up_all()
    asked(cast.project, 3, 12)
    make_decision(cast.project, cast.alice)
    spent(cast.project, 250)
    seen = look(cast, cast.alice)
    assert [(one.indicator.code, one.actual.value) for one in seen.outcomes] == [("1.1", None), ("2", Decimal(10))]
    assert (seen.tree.verdict.at_or_above, seen.tree.verdict.of) == (1, 1)
    assert [(one.rank, one.people) for one in seen.voices.needs] == [(1, 12), (2, 3)]
    assert [one.said for one in seen.voices.ledger] == ["We need shoes."]
    assert seen.money is not None
    assert (seen.money.spent, len(seen.burn)) == (Decimal(250), 13)


def test_partners_that_owe_figures_of_closed_periods_are_named_with_the_oldest_day(cast: Cast) -> None:
    for month in (2, 3):
        make_obligation(make_period(cast.indicator, month), cast.a)
    make_obligation(make_period(cast.indicator, 12), cast.a)
    assert look(cast, cast.alice).missing == [MissingPartner("Organisation A", 2, date(2026, 3, 30))]


def test_legacy_without_owner_and_checks_are_counted(cast: Cast) -> None:
    Legacy.objects.create(project=cast.project, kind="service", titles={"en": "Clinic"})
    Legacy.objects.create(project=cast.project, kind="service", titles={"en": "Pool"}, future_owner=cast.a)
    assert (look(cast, cast.alice).legacy_without_owner, look(cast, cast.alice).legacy_checks_due) == (1, 0)


def test_a_partner_sees_no_money_and_no_burn(cast: Cast) -> None:
    spent(cast.project, 250)
    seen = look(cast, cast.bob)
    assert (seen.money, seen.burn) == (None, [])


@pytest.mark.parametrize("count", [1, 4])
def test_statements_of_the_overview_do_not_grow(cast: Cast, count: int, django_assert_num_queries: Any) -> None:
    for number in range(count):
        planned(cast.project, f"2.{number}", 5)
        make_obligation(make_period(cast.indicator, number + 2), cast.a)
        make_decision(cast.project, cast.alice)
        make_answered(cast.project, may_quote=True)
        Risk.objects.create(project=cast.project, title="Rain", likelihood=2, impact=2, owner=cast.alice)
    make_round(cast.project, *[(make_need(cast.project, f"Need {number}"), 10, 5) for number in range(count)])
    roll_up_all()
    spent(cast.project, 10)
    user = fresh(cast.alice)
    with django_assert_num_queries(34):
        overview(cast.project, user=user, day=DAY)
