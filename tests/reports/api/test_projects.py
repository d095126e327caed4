"""`/projects/`: plan and people side by side, in a fixed number of statements, for those who may see them."""

from datetime import date
from typing import Any

import pytest

from kmop.accounts.choices import PortalRole
from projects.choices import PartnershipRole
from projects.models import FocusArea
from projects.services.rollup import roll_up_all
from tests.api_client import Api, counted, problem, signed_in
from tests.factories import (
    Cast,
    make_cast,
    make_indicator,
    make_partnership,
    make_period,
    make_project,
    make_target,
    make_update,
    make_user,
)
from tests.factories_partners import token_of
from tests.factories_voices import make_need, make_round

pytestmark = pytest.mark.django_db

STATEMENTS = 15


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def api(cast: Cast) -> Api:
    return Api(token_of(cast.a, "projects:read"))


def test_a_project_with_its_plan_and_its_people(cast: Cast, api: Api) -> None:
    area = FocusArea.objects.first()
    assert area is not None
    cast.project.focus_areas.set([area])
    make_target(cast.indicator, 10, cast.period)
    make_update(cast.period, cast.a, 12)
    roll_up_all()
    told = api.get("projects/STR-25/").json()
    assert (told["id"], told["code"], told["titles"], told["status"]) == (
        cast.project.pk, "STR-25", {"en": "Project STR-25", "el": "Έργο STR-25"}, "active",
    )  # fmt: skip
    assert (told["starts_on"], told["ends_on"], told["closed_on"], told["countries"]) == (
        "2026-01-01", "2026-12-31", None, ["GR"],
    )  # fmt: skip
    assert told["focus_areas"] == [{"id": area.pk, "code": area.code, "titles": area.titles}]
    assert told["partnerships"] == [
        {
            "organisation": cast.a.pk,
            "organisation_code": "A",
            "organisation_name": "Organisation A",
            "role": "implementing",
            "share": None,
            "reports": True,
        }
    ]
    assert told["progress"] == {"answer": "yes", "at_or_above": 1, "of": 1, "incomplete": 0}
    assert told["needs"] == {
        "people_asked": 0, "people_answering": 0, "answered": None, "met": None, "round_on": None,
    }  # fmt: skip
    assert api.get("projects/STR-25/")["ETag"] == '"1"'
    assert api.get(f"projects/{cast.project.pk}/").json() == told
    assert api.get("projects/").json()["results"] == [told]


def test_both_shares_of_the_people(cast: Cast, api: Api) -> None:
    people = {"met": 25, "answered": 50, "voiced": 25}
    ranks = [(make_need(cast.project, state, state=state), first, first) for state, first in people.items()]
    make_round(cast.project, *ranks, held_on=date(2026, 6, 1))
    told = api.get("projects/STR-25/").json()["needs"]
    assert told == {
        "people_asked": 200, "people_answering": 100, "answered": "0.75", "met": "0.25", "round_on": "2026-06-01",
    }  # fmt: skip


FILTERS: dict[str, str] = {
    "code": "STR-25", "titles": "Έργο STR-25", "short_titles": "Strong", "descriptions": "Long", "status": "active",
    "starts_on": "2026-01-01", "ends_on": "2026-12-31", "closed_on": "2027-01-31", "countries": "GR",
    "focus_areas": "first", "partnerships": "A", "currency": "EUR", "iati_identifier": "GR-1", "is_published": "true",
    "search": "STRONG",
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(FILTERS))
def test_every_field_can_be_filtered(cast: Cast, name: str) -> None:
    for column, value in {
        "short_titles": {"en": "Strong"}, "descriptions": {"en": "Long"}, "closed_on": date(2027, 1, 31),
        "iati_identifier": "GR-1", "is_published": True, "search_text": "strong",
    }.items():  # fmt: skip
        setattr(cast.project, column, value)
    cast.project.save()
    cast.project.focus_areas.set([FocusArea.objects.create(code="first", titles={"en": "First"})])
    make_partnership(cast.project, cast.a, role=PartnershipRole.FUNDING)
    for column, value in {"status": "design", "currency": "USD", "starts_on": None, "ends_on": None}.items():
        setattr(cast.other, column, value)
    cast.other.save()
    manager = signed_in(make_user("Maria", PortalRole.PORTFOLIO_MANAGER))
    found = manager.get(f"projects/?{name}={FILTERS[name]}").json()["results"]
    assert [one["code"] for one in found] == ["STR-25"]


def test_orderings_files_and_what_is_not_known(cast: Cast) -> None:
    manager = signed_in(make_user("Maria", PortalRole.PORTFOLIO_MANAGER))
    assert [one["code"] for one in manager.get("projects/").json()["results"]] == ["OTH-25", "STR-25"]
    assert [one["code"] for one in manager.get("projects/?ordering=-code").json()["results"]] == ["STR-25", "OTH-25"]
    text = b"".join(manager.get("projects/?format=csv&fields=code,countries,progress").streaming_content).decode()
    assert text.splitlines() == [
        "code,countries,progress",
        'OTH-25,IT,"answer=no_plan, at_or_above=0, of=0, incomplete=0"',
        'STR-25,GR,"answer=no_plan, at_or_above=0, of=0, incomplete=0"',
    ]
    problem(manager.get("projects/?ordering=starts_on"), 400, "unknown_ordering")
    problem(manager.get("projects/?colour=red"), 400, "unknown_parameter")
    problem(manager.post("projects/", {}), 405, "method_not_allowed")
    problem(manager.patch("projects/STR-25/", {}), 405, "method_not_allowed")


def test_carol_sees_nothing_of_a(cast: Cast) -> None:
    carol = Api(token_of(cast.b, "projects:read"))
    assert [one["code"] for one in carol.get("projects/").json()["results"]] == ["OTH-25"]
    for path in ("projects/STR-25/", f"projects/{cast.project.pk}/"):
        problem(carol.get(path), 404, "not_found")
    for query in ("code=STR-25", "partnerships=A", f"id={cast.project.pk}"):
        assert carol.get(f"projects/?{query}").json()["results"] == []
    assert b"STR-25" not in b"".join(carol.get("projects/?format=csv").streaming_content)
    problem(Api().get("projects/"), 401, "not_authenticated")
    problem(Api(token_of(cast.a, "updates:write")).get("projects/"), 403, "scope_missing")


@pytest.mark.parametrize("number", [1, 4])
def test_the_list_has_a_fixed_number_of_statements(cast: Cast, api: Api, number: int) -> None:
    cast.project.partnerships.all().delete()
    for count in range(number):
        project = make_project(f"P-{count}")
        make_partnership(project, cast.a)
        make_partnership(project, cast.b, role=PartnershipRole.FUNDING)
        indicator = make_indicator(project)
        period = make_period(indicator)
        make_target(indicator, 10, period)
        make_update(period, cast.a, 5)
        make_round(project, (make_need(project, state="met"), 25, 25))
    roll_up_all()
    api.get("me/")
    statements, answer = counted(lambda: api.get("projects/"))
    rows: list[Any] = answer.json()["results"]
    assert (statements, len(rows)) == (STATEMENTS, number)
