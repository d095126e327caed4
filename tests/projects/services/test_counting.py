"""People counted over partners and periods: method, known overlaps, and what is refused."""

from decimal import Decimal as D

import pytest
from django.core.exceptions import ValidationError

from kmop.shared.errors import NotAllowed, Stale
from projects.choices import PeopleMethod
from projects.models import Overlap, PeopleCount
from projects.queries.counting import people_of, told_to
from projects.services.counting import keep_overlap, remove_overlap, set_people_count
from tests.factories import Cast, make_cast, make_indicator, make_period, make_place, make_update

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def counted(cast: Cast, method: str = PeopleMethod.DEDUCT) -> PeopleCount:
    """A reached 100 in January and 30 in February, B 40 in January."""
    make_update(cast.period, cast.a, 100, decided_by=cast.alice)
    make_update(make_period(cast.indicator, 2), cast.a, 30, decided_by=cast.alice)
    make_update(cast.period, cast.b, 40, decided_by=cast.alice)
    row = set_people_count(indicator=cast.indicator, method=method, by=cast.alice)
    assert row is not None
    return row


def bounds(cast: Cast) -> tuple[D | None, D | None]:
    told = people_of([cast.indicator])[cast.indicator.pk]
    return told.counted.lower, told.counted.upper


@pytest.mark.parametrize(
    ("method", "expected"),
    [
        (PeopleMethod.DEDUCT, (100, 170)),
        (PeopleMethod.UNIQUE, (100, 170)),
        (PeopleMethod.UMBRELLA, (100, 100)),
        (PeopleMethod.ENGAGEMENTS, (170, 170)),
    ],
)
def test_each_method_over_partners_and_periods(cast: Cast, method: str, expected: tuple[int, int]) -> None:
    counted(cast, method)
    assert bounds(cast) == expected


def test_a_known_overlap_narrows_the_range_until_it_is_taken_out(cast: Cast) -> None:
    row = counted(cast)
    overlap = keep_overlap(count=row, first=cast.b, second=cast.a, people=15, source="A shared list", by=cast.alice)
    assert (overlap.first_id, overlap.second_id) == tuple(sorted((cast.a.pk, cast.b.pk)))
    assert bounds(cast) == (125, 155)
    keep_overlap(count=row, first=cast.a, second=cast.b, people=10, source="A better list", by=cast.alice)
    assert (bounds(cast), Overlap.objects.count()) == ((130, 160), 1)
    remove_overlap(overlap=Overlap.objects.get(), by=cast.alice)
    assert bounds(cast) == (100, 170)


def test_of_a_running_total_the_newest_of_each_place_stands(cast: Cast) -> None:
    indicator = make_indicator(cast.project, "2.1", is_cumulative=True)
    north, south = make_place("NORTH"), make_place("SOUTH")
    first, second = make_period(indicator, 1), make_period(indicator, 2)
    make_update(first, cast.a, 10, place=north, decided_by=cast.alice)
    make_update(first, cast.a, 4, place=south, decided_by=cast.alice)
    make_update(second, cast.a, 25, place=north, decided_by=cast.alice)
    set_people_count(indicator=indicator, method=PeopleMethod.DEDUCT, by=cast.alice)
    told = people_of([indicator])[indicator.pk].counted
    assert (told.lower, told.upper) == (25, 29)


def test_waiting_figures_are_not_counted_and_nothing_reported_has_no_people(cast: Cast) -> None:
    make_update(cast.period, cast.a, 100, state="submitted")
    set_people_count(indicator=cast.indicator, method=PeopleMethod.DEDUCT, by=cast.alice)
    assert bounds(cast) == (None, None)


@pytest.mark.parametrize(
    ("second", "people", "source", "field"),
    [("a", 5, "A list", "second"), ("b", 41, "A list", "people"), ("b", 5, "  ", "source")],
)
def test_an_overlap_that_cannot_be(cast: Cast, second: str, people: int, source: str, field: str) -> None:
    row = counted(cast)
    with pytest.raises(ValidationError) as caught:
        keep_overlap(count=row, first=cast.a, second=getattr(cast, second), people=people, source=source, by=cast.alice)
    assert list(caught.value.error_dict) == [field]
    assert Overlap.objects.count() == 0


def test_the_method_is_changed_and_taken_back(cast: Cast) -> None:
    row = counted(cast)
    set_people_count(
        indicator=cast.indicator, method=PeopleMethod.UMBRELLA, note="One register", expected_version=1, by=cast.alice
    )
    row.refresh_from_db()
    assert (row.method, row.note, row.version) == ("umbrella", "One register", 2)
    with pytest.raises(Stale):
        set_people_count(indicator=cast.indicator, method=PeopleMethod.UNIQUE, expected_version=1, by=cast.alice)
    assert set_people_count(indicator=cast.indicator, method="", by=cast.alice) is None
    assert set_people_count(indicator=cast.indicator, method="", by=cast.alice) is None
    assert people_of([cast.indicator]) == {}


def test_only_what_counts_and_only_by_the_projects_officers(cast: Cast) -> None:
    share = make_indicator(cast.project, "2.2", measure="percentage", across_partners="weighted_ratio")
    with pytest.raises(ValidationError) as caught:
        set_people_count(indicator=share, method=PeopleMethod.DEDUCT, by=cast.alice)
    assert list(caught.value.error_dict) == ["method"]
    row = counted(cast)
    for somebody in (cast.bob, cast.dora):
        with pytest.raises(NotAllowed):
            set_people_count(indicator=cast.indicator, method="", by=somebody)
        with pytest.raises(NotAllowed):
            keep_overlap(count=row, first=cast.a, second=cast.b, people=1, source="A list", by=somebody)


def test_a_partner_is_told_of_itself_only(cast: Cast) -> None:
    row = counted(cast)
    keep_overlap(count=row, first=cast.a, second=cast.b, people=15, source="A shared list", by=cast.alice)
    told = people_of([cast.indicator])[cast.indicator.pk]
    assert [one.organisation for one in told_to(cast.alice, told).parts] == [cast.a.name, cast.b.name]
    own = told_to(cast.carol, told)
    assert ([one.organisation for one in own.parts], own.overlaps) == ([cast.b.name], [])
