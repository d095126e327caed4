"""The library of indicators: what is accepted, what is changed, and what a framework takes from it."""

from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from kmop.accounts.choices import PortalRole
from kmop.accounts.models import User
from kmop.audit.models import Entry
from kmop.shared.errors import NotAllowed, RuleBroken, Stale
from projects.choices import ProjectRoleName
from projects.models import FocusArea, IndicatorDefinition
from projects.queries.library import library, schemes, uses_of
from projects.services.library import add_definition, add_from_library, change_definition
from tests.factories import Cast, make_cast, make_dimension, make_indicator, make_result, make_role, make_user
from tests.factories_library import make_definition

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def max_(cast: Cast) -> User:
    return make_user("Max", PortalRole.PORTFOLIO_MANAGER)


def added(by: User, **more: Any) -> IndicatorDefinition:
    return add_definition(by=by, **{"code": "EMP-1", "titles": {"en": "People in work", "el": "Σε εργασία"}, **more})


def test_a_definition_is_added_with_what_others_call_it(max_: User) -> None:
    sex, area = make_dimension("sex"), FocusArea.objects.first()
    codes = [("sdg", "8.5.2"), ("ESF+", "EECR01"), ("sdg", "8.5.2")]
    row = added(max_, codes=codes, dimensions=[sex], focus_areas=[area])
    assert list(row.codes.values_list("scheme", "code")) == [("ESF+", "EECR01"), ("sdg", "8.5.2")]
    assert (list(row.dimensions.all()), list(row.focus_areas.all())) == ([sex], [area])
    assert row.search_text == "emp-1 people in work σε εργασια 8.5.2 eecr01 8.5.2"
    assert "EMP-1" in Entry.objects.get(action="library.changed").content
    assert schemes() == ["ESF+"]


@pytest.mark.parametrize("code", ["5.2.1", "17.b.1", "1.a.2", "16.10.2"])
def test_codes_of_sdg_indicators_are_taken(max_: User, code: str) -> None:
    assert added(max_, codes=[("sdg", code)]).codes.get().code == code


@pytest.mark.parametrize(
    "facts, field",
    [
        ({"codes": [("sdg", "18.1.1")]}, "codes"),
        ({"codes": [("sdg", "5.2")]}, "codes"),
        ({"codes": [("sdg", "0.1.1")]}, "codes"),
        ({"codes": [("sdg", "5.2.1 ")]}, "codes"),
        ({"codes": [("ESF+", "")]}, "codes"),
        ({"codes": [("", "x")]}, "codes"),
        ({"codes": [("E" * 41, "x")]}, "codes"),
        ({"titles": {}}, "titles"),
        ({"measure": "percentage", "across_partners": "sum", "across_time": "latest"}, "across_partners"),
        ({"measure": "yes_no", "across_partners": "sum", "across_time": "sum"}, "across_time"),
        ({"code": ""}, "code"),
    ],
)
def test_what_is_wrong_is_told_at_its_field(max_: User, facts: dict[str, Any], field: str) -> None:
    with pytest.raises(ValidationError) as caught:
        added(max_, **facts)
    assert list(caught.value.error_dict) == [field]
    assert IndicatorDefinition.objects.count() == 0


def test_four_dimensions_are_the_most(max_: User) -> None:
    four = [make_dimension(one) for one in ("sex", "age", "disability", "migration")]
    assert added(max_, dimensions=four).dimensions.count() == 4
    with pytest.raises(ValidationError) as caught:
        added(max_, code="EMP-2", dimensions=[*four, make_dimension("fifth", "a")])
    assert list(caught.value.error_dict) == ["dimensions"]


def test_a_code_is_there_once(max_: User) -> None:
    added(max_)
    with pytest.raises(ValidationError) as caught:
        added(max_)
    assert list(caught.value.error_dict) == ["code"]


def test_portfolio_managers_and_officers_alone_change_it(cast: Cast, max_: User) -> None:
    officer, manager = make_user("Otto"), make_user("Mona")
    make_role(officer, ProjectRoleName.ME_OFFICER, country="IT")
    make_role(manager, ProjectRoleName.PROJECT_MANAGER, cast.other)
    row = added(officer)
    for user in (cast.bob, cast.carol, cast.dora, manager):
        with pytest.raises(NotAllowed):
            added(user, code="EMP-2")
        with pytest.raises(NotAllowed):
            change_definition(definition=row, changes={"is_active": False}, by=user)


def test_a_definition_is_changed_and_lost_races_are_told(max_: User) -> None:
    row = added(max_, codes=[("ESF+", "EECR01")])
    changes = {"titles": {"en": "In work"}, "codes": [("sdg", "8.5.2")], "dimensions": [make_dimension("sex")]}
    change_definition(definition=row, changes=changes, expected_version=1, by=max_)
    row = IndicatorDefinition.objects.get()
    assert (row.titles, row.version, row.search_text) == ({"en": "In work"}, 2, "emp-1 in work 8.5.2")
    assert ([one.code for one in row.codes.all()], row.dimensions.count()) == (["8.5.2"], 1)
    with pytest.raises(Stale):
        change_definition(definition=row, changes={"decimals": 1}, expected_version=1, by=max_)
    with pytest.raises(ValidationError):
        change_definition(definition=row, changes={"measure": "percentage"}, by=max_)
    with pytest.raises(ValidationError):
        change_definition(definition=row, changes={"code": "other"}, by=max_)
    change_definition(definition=row, changes={"is_active": False}, by=max_)
    assert IndicatorDefinition.objects.get().search_text == "emp-1 in work 8.5.2"


def test_a_framework_takes_an_indicator_as_the_library_says(cast: Cast) -> None:
    definition = make_definition(
        "EMP-1",
        measure="percentage",
        across_partners="weighted_ratio",
        across_time="latest",
        decimals=1,
        units={"en": "%"},
        verification="Register",
        scale_maximum=Decimal(9),
        dimensions=[make_dimension("sex")],
    )
    result = make_result(cast.project)
    row = add_from_library(definition=definition, result=result, code="1.7", by=cast.alice, evidence_required=True)
    assert (row.code, row.definition, row.measure, row.decimals, row.source) == (
        "1.7",
        definition,
        "percentage",
        1,
        "Register",
    )
    assert (row.evidence_required, [str(one) for one in row.dimensions.all()]) == (True, ["Sex"])
    assert [(one.indicator, one.differences) for one in uses_of(definition, user=cast.alice)] == [(row, ())]
    assert add_from_library(definition=definition, result=result, by=cast.alice).code == "EMP-1"
    with pytest.raises(ValidationError):
        add_from_library(definition=definition, result=result, by=cast.alice)
    with pytest.raises(NotAllowed):
        add_from_library(definition=definition, result=result, code="1.8", by=cast.bob)
    IndicatorDefinition.objects.update(is_active=False)
    definition.refresh_from_db()
    with pytest.raises(RuleBroken):
        add_from_library(definition=definition, result=result, code="1.9", by=cast.alice)


def test_an_indicator_says_where_it_differs_from_the_library(cast: Cast) -> None:
    definition = make_definition(dimensions=[make_dimension("sex")])
    make_indicator(
        cast.project, "7", definition=definition, titles=definition.titles, decimals=2, units={"en": "hours"}
    )
    [use] = uses_of(definition, user=cast.bob)
    assert [str(name) for name in use.differences] == ["Unit", "Decimals shown", "Broken down by"]


def test_uses_are_counted_and_told_in_visible_projects_alone(cast: Cast, max_: User) -> None:
    definition = make_definition(codes=[("sdg", "5.2.1"), ("ESF+", "1")])
    definition.focus_areas.set(FocusArea.objects.all()[:2])
    for project, code in ((cast.project, "7"), (cast.project, "8"), (cast.other, "7")):
        make_indicator(project, code, definition=definition)
    counted = {user.name: library(user).get().used for user in (max_, cast.bob, cast.carol, cast.dora)}
    assert counted == {"Max": 2, "Bob": 1, "Carol": 1, "Dora": 0}
    told = {user.name: len(uses_of(definition, user=user)) for user in (max_, cast.bob, cast.carol, cast.dora)}
    assert told == {"Max": 3, "Bob": 2, "Carol": 1, "Dora": 0}
