"""The demo portfolio: what it holds, that seed and day alone decide it, and that it is built once.

It is built twice for this file, in one transaction that is rolled back; passwords are hashed plainly meanwhile.
"""

import hashlib
import json
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.db.models import Count
from django.test import override_settings

from beneficiaries.models import Decision, Feedback, Need, NeedsRound, Receipt
from kmop.accounts.models import User
from kmop.accounts.services.users import command_line
from kmop.audit.models import Entry
from kmop.audit.queries.chain import verified_chain
from kmop.notifications.models import Notice
from kmop.shared.access import ask
from kmop.shared.errors import RuleBroken
from partners.choices import Sector
from partners.models import Offer, Organisation
from projects.choices import Measure, ObligationState, ProjectStatus, UpdateState
from projects.models import (
    Actual,
    Expense,
    FocusArea,
    Indicator,
    LegacyCheck,
    Period,
    Project,
    Risk,
    Update,
)
from projects.queries.obligations import obligations
from projects.services.periods import open_project_periods
from projects.services.projects import activate_project
from projects.services.recomputation import compare
from reports.models import DemoBuild
from reports.services.demo import build_demo
from reports.services.demo.content import Stage, month_start, texts
from reports.services.demo.people import add_organisations, add_people, logins, password_of
from reports.services.demo.projects import DUE_DAYS, add_places, add_project

DAY = date(2026, 11, 24)
PLAIN = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def digest() -> str:
    """Everything that was built, by names and codes instead of ids, and without what is drawn at random by design."""
    told = {
        "projects": Project.objects.order_by("code").values_list("code", "titles", "status", "starts_on", "ends_on"),
        "indicators": Indicator.objects.order_by("project__code", "code").values_list(
            "project__code", "code", "titles"
        ),
        "periods": Period.objects.order_by("indicator__project__code", "indicator__code", "starts_on").values_list(
            "indicator__project__code", "indicator__code", "starts_on", "ends_on", "due_on"
        ),
        "updates": Update.objects.order_by(
            "indicator__project__code", "indicator__code", "period__starts_on", "organisation__code"
        ).values_list(
            "indicator__code", "period__starts_on", "organisation__code", "state", "submitted_at", "decided_at"
        ),
        "actuals": Actual.objects.order_by(
            "indicator__project__code", "indicator__code", "period__starts_on", "cell"
        ).values_list("indicator__code", "period__starts_on", "cell", "numerator", "denominator", "count"),
        "expenses": Expense.objects.order_by("line__project__code", "line__code", "on").values_list("on", "amount"),
        "risks": Risk.objects.order_by("project__code", "title").values_list("title", "owner__email", "review_on"),
        "needs": Need.objects.order_by("project__code", "pk").values_list("project__code", "titles", "state"),
        "messages": Feedback.objects.order_by("received_at", "text").values_list(
            "project__code", "text", "language", "channel", "received_at", "answered_at", "state", "assigned_to__email"
        ),
        "decisions": Decision.objects.order_by("project__code", "decided_on").values_list("outcome", "decided_on"),
        "offers": Offer.objects.order_by("title").values_list("title", "starts_on"),
    }
    plain = {name: [[str(value) for value in row] for row in rows] for name, rows in told.items()}
    return hashlib.sha256(json.dumps(plain, sort_keys=True).encode()).hexdigest()


class Built:
    """What the builder answered, and the digests of two buildings of it."""

    def __init__(self, answer: dict[str, Any], digests: list[str]) -> None:
        self.answer = answer
        self.digests = digests


@pytest.fixture(scope="module")
def built(django_db_setup: None, django_db_blocker: Any) -> Iterator[Built]:
    digests = []
    with django_db_blocker.unblock(), override_settings(PASSWORD_HASHERS=PLAIN):
        with transaction.atomic():
            build_demo(day=DAY)
            digests.append(digest())
            transaction.set_rollback(True)
        with transaction.atomic():
            answer = build_demo(day=DAY)
            digests.append(digest())
            yield Built(answer, digests)
            transaction.set_rollback(True)


def by_email(email: str) -> User:
    return User.objects.get(email=email)


def first(role: str) -> dict[str, str]:
    return next(one for one in logins(1) if one["role"] == role)


# ---------------------------------------------------------------- what it holds
def test_the_same_seed_and_day_give_the_same_portfolio(built: Built) -> None:
    assert built.digests[0] == built.digests[1]


def test_it_is_as_large_as_told(built: Built) -> None:
    assert (Project.objects.count(), Organisation.objects.count()) == (8, 20)
    assert Project.objects.values("countries__country").distinct().count() == 6
    assert set(Organisation.objects.values_list("sector", flat=True)) == set(Sector.values)
    assert (Feedback.objects.count(), Receipt.objects.count()) == (300, 20)
    assert set(Feedback.objects.values_list("language", flat=True)) == {"en", "el", "ar", "uk", "fr"}
    counted = {name: built.answer["counts"][name] for name in ("projects", "organisations", "updates")}
    assert counted == {"projects": 8, "organisations": 20, "updates": Update.objects.count()}


def test_updates_stand_in_every_state_over_three_years_of_periods(built: Built) -> None:
    states = set(Update.objects.values_list("state", flat=True))
    assert states == {UpdateState.DRAFT, UpdateState.SUBMITTED, UpdateState.RETURNED, UpdateState.APPROVED}
    days = Period.objects.order_by("starts_on").values_list("starts_on", flat=True)
    assert (days[0] <= DAY - timedelta(days=3 * 365), Update.objects.filter(submitted_at__date__gt=DAY).count()) == (
        True,
        0,
    )
    assert compare().differences == ()


def test_messages_are_answered_waiting_and_late_and_none_is_of_tomorrow(built: Built) -> None:
    states = dict(Feedback.objects.order_by().values_list("state").annotate(Count("pk")))
    assert states["answered"] > 200
    assert states["new"] > 0
    assert Feedback.objects.filter(received_at__date__gte=DAY).count() == 0
    assert Feedback.objects.filter(answered_at__date__gt=DAY).count() == 0


def test_needs_are_ranked_and_decided_in_every_running_project(built: Built) -> None:
    assert NeedsRound.objects.values("project").distinct().count() == 8
    assert set(Need.objects.values_list("state", flat=True)) >= {"confirmed", "answered", "met", "refused"}
    decided = set(Decision.objects.values_list("project__code", flat=True))
    assert decided == set(Project.objects.exclude(status=ProjectStatus.DESIGN).values_list("code", flat=True))
    for one in Decision.objects.select_related("project"):
        assert {"en", "el", *one.project.languages} <= set(one.reasons) & set(one.we_changed)


def test_a_page_in_arabic_has_its_words_in_arabic(built: Built) -> None:
    spoken = [one for one in Project.objects.all() if "ar" in one.languages]
    assert sorted(one.code for one in spoken) == ["ATH-26", "IRI-24", "STR-25"]
    for project in spoken:
        told = [project.titles, project.descriptions, project.funding_statement]
        told += [each.titles for rows in (project.needs.all(), project.indicators.all()) for each in rows]
        assert [texts for texts in told if "ar" not in texts] == []


def test_nobody_comes_back_to_a_heap_of_news(built: Built) -> None:
    heaps = Notice.objects.unread().values("user").annotate(count=Count("pk"))
    assert max(heap["count"] for heap in heaps) == 3


def test_one_closed_project_is_followed_up(built: Built) -> None:
    [closed] = Project.objects.filter(status=ProjectStatus.CLOSED)
    checks = LegacyCheck.objects.filter(legacy__project=closed)
    assert sorted(set(checks.values_list("months", flat=True))) == [6, 12, 24, 60]
    assert checks.filter(months=6).exclude(result="").count() > 0
    assert checks.due_on(DAY).count() > 0


def test_every_project_has_its_money_risks_focus_areas_and_readable_code(built: Built) -> None:
    for project in Project.objects.all():
        assert set(project.code) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-")
        assert (project.risks.count(), project.budget_lines.count() > 0, project.focus_areas.count() > 0) == (
            3,
            True,
            True,
        )
    known = set(FocusArea.objects.values_list("code", flat=True))
    assert {code for one in texts("projects") for code in one["focus"]} <= known
    assert Organisation.objects.exclude(code__regex=r"^[A-Za-z0-9-]+$").count() == 0


def test_every_act_stands_in_the_trail_and_the_chain_holds(built: Built) -> None:
    assert Entry.objects.filter(action="demo.built").count() == 9
    assert verified_chain().broken == []


# ---------------------------------------------------------------- what a newcomer finds
def test_the_first_contributor_finds_plain_counts_that_the_first_officer_may_approve(built: Built) -> None:
    login, officer = first("partner_contributor"), by_email(first("me_officer")["email"])
    person = by_email(login["email"])
    owed = obligations(person, day=DAY).filter(organisation__code=login["organisation"], update=None)
    due = list(owed.select_related("indicator__project").order_by("due_on", "pk")[:4])
    assert [one.indicator.measure for one in due] == [Measure.COUNT] * 4
    assert [one.state for one in due] == [ObligationState.DUE] * 4
    waiting = Update(indicator=due[0].indicator, organisation=due[0].organisation, state=UpdateState.SUBMITTED)
    assert bool(ask(officer, "projects.approve_update", waiting))
    assert not ask(person, "projects.approve_update", waiting)


def test_the_first_project_is_published_and_all_but_the_one_in_design(built: Built) -> None:
    first_code = built.answer["projects"][0]["code"]
    assert Project.objects.get(code=first_code).is_published
    assert set(Project.objects.filter(is_published=False).values_list("status", flat=True)) == {ProjectStatus.DESIGN}


def test_every_login_is_told_with_a_password_that_is_kept_nowhere(built: Built) -> None:
    assert [sorted(one) for one in built.answer["logins"]] == [["email", "organisation", "password", "role"]] * 23
    for one in built.answer["logins"][:3]:
        assert by_email(one["email"]).check_password(one["password"])
        assert one["password"] not in json.dumps(DemoBuild.objects.get().answer)
    roles = {one["role"] for one in built.answer["logins"]}
    assert len(roles) == 10
    assert password_of("a@b.example", 1) != password_of("a@b.example", 2)


# ---------------------------------------------------------------- asked again
def test_asked_again_it_answers_the_same_and_changes_nothing(built: Built) -> None:
    before = (Entry.objects.count(), digest())
    assert build_demo(day=DAY + timedelta(days=9)) == built.answer
    assert (Entry.objects.count(), digest()) == before


@pytest.mark.parametrize("other", [{"seed": 2}, {"size": "large"}])
def test_another_seed_or_size_is_refused(built: Built, other: dict[str, Any]) -> None:
    with pytest.raises(RuleBroken) as error:
        build_demo(day=DAY, **other)
    assert (error.value.code, Project.objects.count()) == ("duplicate", 8)


# ---------------------------------------------------------------- on any day
@pytest.mark.django_db
@pytest.mark.parametrize(
    "day",
    [
        date(2027, 1, 1),
        date(2027, 1, 31),
        date(2028, 2, 29),
        date(2027, 3, 31),
        date(2026, 12, 31),
        date(2027, 6, 15),
    ],
    ids=str,
)
def test_on_any_day_something_is_due(day: date, settings: Any) -> None:
    settings.PASSWORD_HASHERS = PLAIN
    by, stage = command_line(), Stage(day, 1)
    cast = add_people(add_organisations(by), stage.seed, by)
    planned = add_project(texts("projects")[0], cast, add_places(by), stage, by)
    activate_project(project=planned.project, reason="A test.", by=cast.fresh().manager)
    open_project_periods(projects=[planned.project], day=day, by=by)
    assert (planned.starts_on < day < planned.ends_on, planned.project.ends_on == planned.ends_on) == (True, True)
    person = by_email(first("partner_contributor")["email"])
    ended = day.replace(day=1) - timedelta(days=1)
    due = [one for one in obligations(person, day=day) if one.state == ObligationState.DUE]
    assert {(one.period.ends_on, one.due_on) for one in due} == {(ended, ended + timedelta(days=DUE_DAYS))}


@pytest.mark.parametrize(
    "day, months, first_day",
    [
        (date(2026, 11, 24), 0, date(2026, 11, 1)),
        (date(2026, 1, 31), 1, date(2025, 12, 1)),
        (date(2028, 2, 29), 24, date(2026, 2, 1)),
        (date(2026, 11, 24), -2, date(2027, 1, 1)),
    ],
)
def test_month_start(day: date, months: int, first_day: date) -> None:
    assert month_start(day, months) == first_day


@pytest.mark.django_db
def test_an_unknown_focus_area_is_an_error(settings: Any) -> None:
    settings.PASSWORD_HASHERS = PLAIN
    by, stage = command_line(), Stage(DAY, 1)
    cast = add_people(add_organisations(by), stage.seed, by)
    with pytest.raises(KeyError, match="nonsense"):
        add_project({**texts("projects")[0], "focus": ["nonsense"]}, cast, add_places(by), stage, by)
