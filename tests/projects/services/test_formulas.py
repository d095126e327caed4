"""Acts on formulas: what is refused at save, with where and why; nobody reports a formula."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from pytest_django import DjangoAssertNumQueries

from kmop.accounts.models import User
from kmop.audit.models import Entry
from kmop.shared.errors import NotAllowed
from kmop.shared.models import Tombstone
from projects.calculation.definition import Change
from projects.models import Indicator, IndicatorVersion, Obligation, Period
from projects.services.definitions import change_indicator
from projects.services.inputs import IndicatorInput, UpdateInput, ValueInput
from projects.services.library import add_definition
from projects.services.periods import open_project_periods
from projects.services.results import add_indicator, add_indicators
from projects.services.updates.entry import NewUpdate, create_update, create_updates
from tests.factories import Cast, fresh, make_cast, make_indicator, make_obligation, make_period, make_result

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    """With people, money, a percentage and a formula beside."""
    made = make_cast()
    people = make_indicator(made.project, "1.2", units={"en": "people"})
    make_indicator(made.project, "1.2.a", units={"en": "People ", "el": "άτομα"})
    make_indicator(made.project, "1.3", units={"en": "EUR"}, measure="amount")
    make_indicator(made.project, "P-1", measure="percentage", across_partners="weighted_ratio")
    for month in (1, 2):
        make_period(people, month)
    return made


def added(cast: Cast, formula: str, code: str = "F", **more: Any) -> Indicator:
    facts = {"result": make_result(cast.project), "titles": {"en": code}, "by": cast.alice, **more}
    return add_indicator(code=code, measure="formula", formula=formula, **facts)


def refused(cast: Cast, formula: str, code: str = "F") -> list[str]:
    with pytest.raises(ValidationError) as error:
        added(cast, formula, code)
    assert set(error.value.message_dict) == {"formula"}
    return error.value.message_dict["formula"]


def test_a_formula_is_added_with_the_periods_of_an_input(cast: Cast) -> None:
    row = added(cast, "[1.2] * max([P-1], 0) / 100")
    assert (row.across_partners, row.across_time) == ("none", "latest")
    assert [one.code for one in row.periods.all()] == ["2026-01/2026-01", "2026-02/2026-02"]
    assert Entry.objects.latest("position").action == "indicator.created"


def test_inputs_without_periods_give_none(cast: Cast) -> None:
    assert list(added(cast, "[1.3] * 2").periods.all()) == []


@pytest.mark.parametrize(
    "formula, said",
    [
        ("", ["Write a formula over other indicators, such as [1.1] / [1.2]."]),
        ("[1.2] +", ["Sign 8: a number, an indicator, a function or an opening parenthesis is expected here."]),
        ("1.2.a 1.2.a", ["Sign 7: one of + - * / or the end is expected before “1.2.a”."]),
        ("avg([1.2])", ["Sign 1: there is no “avg”. There are sum, min, max and round."]),
        (
            "[9.9] + x",
            [
                "Sign 1: there is no indicator 9.9 in this project.",
                "Sign 9: there is no indicator x in this project.",
            ],
        ),
        (
            "1.2 + [1.2] * 0.5",
            ["Sign 1: write [1.2] for the indicator 1.2, or 1.20 for the number."],
        ),
        ("F + 1", ["The formulas run in a circle: F > F."]),
        (
            "[1.2] + [1.3]",
            ["Sign 7: what is added or compared has one unit; here it is people and EUR."],
        ),
        (
            "sum([1.2], [1.2] / [1.2.a])",
            ["Sign 1: what is added or compared has one unit; here it is people and none."],
        ),
        ("[P-1] + [1.2]", ["Sign 7: what is added or compared has one unit; here it is % and people."]),
    ],
)
def test_what_is_wrong_is_told_with_its_place(cast: Cast, formula: str, said: list[str]) -> None:
    assert refused(cast, formula) == said
    assert not Indicator.objects.filter(measure="formula").exists()


def test_a_circle_is_told_with_its_path(cast: Cast) -> None:
    first = added(cast, "[1.2] * 2", "2.1")
    added(cast, "[2.1] + 1", "2.2")
    third = added(cast, "[2.2] + [1.2]", "2.3")
    with pytest.raises(ValidationError) as error:
        set_formula(first, "[2.3] / 2", cast.alice)
    assert error.value.messages == ["The formulas run in a circle: 2.1 > 2.3 > 2.2 > 2.1."]
    assert set_formula(third, "[2.1]", cast.alice).formula == "[2.1]"


def set_formula(row: Indicator, formula: str, by: User, **more: Any) -> Indicator:
    change_indicator(indicator=row, change=Change({"formula": formula, **more}), reason="Better", by=by)
    row.refresh_from_db()
    return row


def test_a_formula_is_changed_as_a_version_of_its_definition(cast: Cast) -> None:
    row = added(cast, "[1.2] * 2")
    assert set_formula(row, "[1.2] * 3", cast.alice).formula == "[1.2] * 3"
    kept = IndicatorVersion.objects.filter(indicator=row).order_by("number")
    assert [one.snapshot["facts"]["formula"] for one in kept] == ["[1.2] * 2", "[1.2] * 3"]
    for formula, said in (
        ("[1.2] +", "Sign 8: a number, an indicator, a function or an opening parenthesis is expected here."),
        ("", "A formula belongs to the measure “Formula”, and to no other."),
    ):
        with pytest.raises(ValidationError) as error:
            set_formula(row, formula, cast.alice)
        assert error.value.message_dict == {"formula": [said]}


def test_only_officers_change_formulas(cast: Cast) -> None:
    row = added(cast, "[1.2] * 2")
    for user in (cast.bob, cast.carol):
        with pytest.raises(NotAllowed):
            set_formula(row, "[1.2]", user)


def test_what_becomes_a_formula_is_owed_no_more(cast: Cast) -> None:
    make_obligation(cast.period, cast.a)
    set_formula(cast.indicator, "[1.2] * 3", cast.alice, measure="formula", across_partners="none")
    assert not Obligation.objects.filter(indicator=cast.indicator).exists()
    assert Tombstone.objects.filter(kind="projects.obligation", scope=str(cast.a.pk)).count() == 1
    back = set_formula(cast.indicator, "", cast.alice, measure="count", across_partners="sum")
    assert back.measure == "count"


def test_a_formula_belongs_to_its_measure(cast: Cast) -> None:
    with pytest.raises(ValidationError) as error:
        added(cast, "[1.2]", result=make_result(cast.project), across_partners="sum")
    assert set(error.value.message_dict) == {"across_partners"}
    with pytest.raises(ValidationError):
        add_indicator(result=make_result(cast.project), code="G", titles={"en": "G"}, formula="[1.2]", by=cast.alice)
    for fields in ({"measure": "formula"}, {"formula": "[1.2]"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            make_indicator(cast.project, "H", **fields)


def test_the_library_holds_no_formulas(cast: Cast) -> None:
    officer = fresh(cast.alice)
    with pytest.raises(ValidationError) as error:
        add_definition(code="F", titles={"en": "F"}, measure="formula", across_partners="none", by=officer)
    assert set(error.value.message_dict) == {"measure"}


def test_many_formulas_may_name_each_other(cast: Cast, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    result = make_result(cast.project)

    def row(code: str, formula: str) -> IndicatorInput:
        facts = {"measure": "formula", "across_partners": "none", "across_time": "latest", "titles": {"en": code}}
        return IndicatorInput(Indicator(project=cast.project, result=result, code=code, formula=formula, **facts))

    made = add_indicators(project=cast.project, rows=[row("A", "B + 1"), row("B", "[1.2] * 2")], by=cast.alice)
    assert [one.code for one in made] == ["A", "B"]
    with pytest.raises(ValidationError) as error:
        add_indicators(project=cast.project, rows=[row("C", "D"), row("D", "C")], by=cast.alice)
    assert error.value.message_dict["formula"] == [
        "C: The formulas run in a circle: C > D > C.",
        "D: The formulas run in a circle: D > C > D.",
    ]


def test_nobody_owes_a_formula_and_its_periods_are_not_opened(cast: Cast) -> None:
    row = added(cast, "[1.2] * 2")
    opened = open_project_periods(projects=[cast.project], day=date(2026, 2, 5), by=cast.alice)
    assert (opened.periods, opened.obligations) == (3, 3)  # January of 1.1; January and February of 1.2
    assert not Obligation.objects.filter(indicator=row).exists()
    assert not Period.objects.filter(indicator=row).exclude(opened_at=None).exists()
    again = open_project_periods(projects=[cast.project], day=date(2026, 2, 5), by=cast.alice)
    assert (again.periods, again.obligations) == (0, 0)


def test_an_update_of_a_formula_is_refused(cast: Cast) -> None:
    row = added(cast, "[1.2] * 2")
    period = row.periods.first()
    content = UpdateInput(total=ValueInput(numerator=None))
    said = ["This figure is computed from other indicators: nobody reports it."]
    with pytest.raises(ValidationError) as error:
        create_update(indicator=row, period=period, organisation=cast.a, content=content, by=cast.bob)
    assert error.value.message_dict == {"indicator": said}
    with pytest.raises(ValidationError) as error:
        create_updates(rows=[NewUpdate(row, period, cast.a, content=content)], by=cast.bob)
    assert error.value.message_dict == {"rows/0/indicator": said}
