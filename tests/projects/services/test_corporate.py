"""Corporate indicators: what is declared, what is refused, and the figure over the projects a person sees."""

from datetime import date
from decimal import Decimal as D
from fractions import Fraction as F
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from kmop.accounts.choices import PortalRole
from kmop.accounts.models import User
from kmop.shared.errors import NotAllowed, Stale
from projects.models import CorporateIndicator, CorporateMapping, Indicator, Project
from projects.queries.corporate import CorporateFigure, corporate_figures
from projects.services.corporate import add_corporate, add_mapping, change_corporate, remove_mapping
from projects.services.rollup import roll_up_all
from tests.factories import Cast, make_cast, make_indicator, make_obligation, make_period, make_update, make_user
from tests.factories_library import make_corporate, make_definition

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 24)


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def max_(cast: Cast) -> User:
    return make_user("Max", PortalRole.PORTFOLIO_MANAGER)


def counted(project: Project, organisation: Any, code: str, *numbers: int, year: int = 2026, **more: Any) -> Indicator:
    """An indicator with a figure a month."""
    found = Indicator.objects.filter(project=project, code=code).first()
    indicator = found or make_indicator(project, code, **{"units": {"en": "people"}, **more})
    for month, number in enumerate(numbers, 1):
        make_update(make_period(indicator, month, year=year), organisation, number)
    return indicator


def told(corporate: CorporateIndicator, user: User, year: int | None = None) -> CorporateFigure:
    roll_up_all()
    return corporate_figures([corporate], user=user, day=DAY, year=year)[corporate.pk]


def refused(call: Any, **facts: Any) -> list[str]:
    with pytest.raises(ValidationError) as caught:
        call(**facts)
    return list(caught.value.error_dict)


def test_a_corporate_indicator_is_added_and_changed(max_: User) -> None:
    facts: dict[str, Any] = {"code": "C-1", "titles": {"en": "People reached", "el": "Άνθρωποι"}, "by": max_}
    row = add_corporate(**facts)
    assert row.search_text == "c-1 people reached ανθρωποι"
    assert refused(add_corporate, **facts) == ["code"]
    assert refused(add_corporate, **{**facts, "code": "C-2", "measure": "formula"}) == ["measure"]
    wrong = {**facts, "code": "C-2", "across_projects": "weighted_ratio"}
    assert refused(add_corporate, **wrong) == ["across_projects"]
    change_corporate(obj=row, changes={"titles": {"en": "Reached"}}, expected_version=1, by=max_)
    assert CorporateIndicator.objects.get().search_text == "c-1 reached"
    with pytest.raises(Stale):
        change_corporate(obj=row, changes={"decimals": 1}, expected_version=1, by=max_)
    assert refused(change_corporate, obj=row, changes={"measure": "percentage"}, by=max_) == ["across_projects"]


def test_portfolio_managers_alone_declare(cast: Cast, max_: User) -> None:
    corporate = make_corporate()
    mapping = CorporateMapping.objects.create(corporate=corporate, indicator=cast.indicator)
    for user in (cast.alice, cast.bob, cast.carol, cast.dora):
        acts: list[tuple[Any, dict[str, Any]]] = [
            (add_corporate, {"code": "X", "titles": {"en": "X"}}),
            (change_corporate, {"obj": corporate, "changes": {}}),
            (add_mapping, {"corporate": corporate, "indicator": cast.indicator}),
            (remove_mapping, {"mapping": mapping}),
        ]
        for act, facts in acts:
            with pytest.raises(NotAllowed):
                act(by=user, **facts)


@pytest.mark.parametrize(
    "source, more, field",
    [
        ({"units": {"en": "hours"}}, {}, "note"),
        ({"units": {"en": "people"}}, {"factor": F(2)}, "factor"),
        ({"measure": "amount"}, {}, "indicator"),
        ({"across_partners": "none"}, {}, "indicator"),
        ({"across_partners": "average"}, {}, "indicator"),
        ({"across_time": "none"}, {}, "indicator"),
    ],
)
def test_unlike_things_are_refused_in_words(
    cast: Cast, max_: User, source: dict[str, Any], more: dict[str, Any], field: str
) -> None:
    indicator = make_indicator(cast.project, "7", **{"units": {"en": "people"}, **source})
    assert refused(add_mapping, corporate=make_corporate(), indicator=indicator, by=max_, **more) == [field]
    assert CorporateMapping.objects.count() == 0


def test_between_known_units_the_factor_is_told(cast: Cast, max_: User) -> None:
    corporate = make_corporate(measure="amount", units={"en": "h"})
    indicator = make_indicator(cast.project, "7", measure="amount", units={"en": "day"})
    with pytest.raises(ValidationError) as caught:
        add_mapping(corporate=corporate, indicator=indicator, factor=F(8), by=max_)
    assert caught.value.messages == ["1 day is 24 h: the factor is 24."]
    assert add_mapping(corporate=corporate, indicator=indicator, factor=F(24), by=max_).factor == 24


def test_a_part_is_declared_once(cast: Cast, max_: User) -> None:
    corporate, definition = make_corporate(), make_definition(units={"en": "people"})
    taken = make_indicator(cast.project, "7", definition=definition, units={"en": "people"})
    add_mapping(corporate=corporate, definition=definition, by=max_)
    assert refused(add_mapping, corporate=corporate, indicator=taken, by=max_) == ["indicator"]
    assert refused(add_mapping, corporate=corporate, definition=definition, by=max_) == ["__all__"]
    assert refused(add_mapping, corporate=corporate, by=max_) == ["__all__"]
    assert refused(add_mapping, corporate=corporate, indicator=taken, definition=definition, by=max_) == ["__all__"]


def test_the_figure_takes_what_was_declared_in_the_projects_one_sees(cast: Cast, max_: User) -> None:
    corporate, definition = make_corporate(), make_definition(units={"en": "people"})
    own = counted(cast.project, cast.a, "7", 10, 20)
    families = counted(cast.other, cast.b, "7", 3, units={"en": "families"})
    counted(cast.project, cast.a, "8", 5, definition=definition)
    counted(cast.project, cast.a, "9", 1000, titles={"en": "People reached"})
    add_mapping(corporate=corporate, indicator=own, by=max_)
    add_mapping(corporate=corporate, indicator=families, factor=F(7, 2), note="3.5 people each", by=max_)
    add_mapping(corporate=corporate, definition=definition, by=max_)
    found = {user.name: told(corporate, user) for user in (max_, cast.alice, cast.carol, cast.dora)}
    assert {name: one.figure.value for name, one in found.items()} == {
        "Max": D("45.5"),
        "Alice": D(35),
        "Carol": D("10.5"),
        "Dora": None,
    }
    assert [(one.indicator.code, one.own.value, one.figure.value) for one in found["Max"].parts] == [
        ("7", D(3), D("10.5")),
        ("7", D(30), D(30)),
        ("8", D(5), D(5)),
    ]
    assert (found["Max"].reported, found["Max"].of, found["Dora"].parts) == (3, 3, [])


def test_a_year_is_told_apart_and_what_is_missing_is_named(cast: Cast, max_: User) -> None:
    corporate = make_corporate()
    running = counted(cast.project, cast.a, "7", 10, 40, year=2025, is_cumulative=True, across_time="latest")
    counted(cast.project, cast.a, "7", 50, 65)
    silent = make_indicator(cast.other, "7", units={"en": "people"})
    make_obligation(make_period(silent, 3), cast.b)
    make_period(running, 12, months=2)
    for one in (running, silent):
        add_mapping(corporate=corporate, indicator=one, by=max_)
    values = {year: told(corporate, max_, year).figure.value for year in (2024, 2025, 2026, None)}
    assert values == {2024: None, 2025: D(40), 2026: D(25), None: D(65)}
    found = told(corporate, max_, 2026)
    assert (found.reported, found.of) == (1, 2)
    assert {one.indicator.project.code: (one.missing, one.across) for one in found.parts} == {
        "OTH-25": (("Organisation B",), 0),
        "STR-25": ((), 1),
    }


def test_what_does_not_fit_any_more_is_left_out_and_says_why(cast: Cast, max_: User) -> None:
    corporate = make_corporate()
    one, other = counted(cast.project, cast.a, "7", 10), counted(cast.project, cast.a, "8", 5)
    for indicator in (one, other):
        add_mapping(corporate=corporate, indicator=indicator, by=max_)
    Indicator.objects.filter(pk=other.pk).update(units={"en": "visits"})
    found = told(corporate, max_)
    assert (found.figure.value, [part.indicator for part in found.counted]) == (D(10), [one])
    assert [(part.indicator, str(part.why_not)) for part in found.left_out] == [
        (other, "The units differ: say in the note why one is the other, times the factor.")
    ]
    remove_mapping(mapping=CorporateMapping.objects.get(indicator=one), by=max_)
    assert told(corporate, max_).figure.value is None


def test_percentages_are_added_by_parts(cast: Cast, max_: User) -> None:
    methods = {"measure": "percentage", "across_partners": "weighted_ratio", "across_time": "latest"}
    corporate = make_corporate(measure="percentage", across_projects="weighted_ratio")
    for project, organisation, parts in ((cast.project, cast.a, (80, 200)), (cast.other, cast.b, (40, 100))):
        indicator = make_indicator(project, "7", **methods)
        make_update(make_period(indicator), organisation, {"": parts})
        add_mapping(corporate=corporate, indicator=indicator, by=max_)
    assert told(corporate, max_).figure.value == 40


def test_statements_do_not_grow(cast: Cast, max_: User, django_assert_num_queries: Any) -> None:
    rows = []
    for count in (1, 3):
        for number in range(count):
            corporate = make_corporate()
            rows.append(corporate)
            add_mapping(corporate=corporate, indicator=counted(cast.project, cast.a, f"{count}{number}", 1), by=max_)
        with django_assert_num_queries(6):
            corporate_figures(rows, user=max_, day=DAY)
