"""What people say about one indicator: linked needs, near ones, and the words that the reader may read."""

from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from beneficiaries.choices import Outcome
from beneficiaries.queries.beside import beside, need_links
from tests.factories import Cast, fresh, make_cast, make_indicator, make_place, make_result
from tests.factories_voices import make_activity, make_answered, make_decision, make_feedback, make_need, make_round

pytestmark = pytest.mark.django_db
STATEMENTS = 8


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def _names(said: Any) -> list[str]:
    return [str(one.need) for one in said.needs]


# ---------------------------------------------------------------- links
def test_a_need_is_linked_by_itself_by_its_activity_and_by_decisions(cast: Cast) -> None:
    second = make_result(cast.project, "2")
    other = make_indicator(cast.project, "2.1", result=second)
    named, acted, decided, changed, refused = (make_need(cast.project, word) for word in "abcde")
    named.indicators.add(cast.indicator)
    acted.activity = make_activity(cast.project, "A1", result=second)
    acted.save()
    make_decision(cast.project, cast.alice, need=decided, indicator=other)
    make_decision(cast.project, cast.alice, need=changed, activity=acted.activity)
    make_decision(cast.project, cast.alice, need=refused, indicator=other, outcome=Outcome.NO)
    links = need_links(cast.project)
    assert links.by_indicator == {cast.indicator.pk: {named.pk}, other.pk: {decided.pk}}
    assert links.by_result == {
        cast.indicator.result_id: {named.pk},
        second.pk: {acted.pk, decided.pk, changed.pk},
    }


def test_another_projects_needs_are_none_of_them(cast: Cast) -> None:
    make_need(cast.other).indicators.add(cast.indicator)
    assert need_links(cast.project).by_indicator == {}


# ---------------------------------------------------------------- beside a figure
def test_linked_needs_stand_first_most_wanted_above(cast: Cast) -> None:
    bus, care, _shoes = (make_need(cast.project, word) for word in ("Bus", "Care", "Shoes"))
    make_round(cast.project, (bus, 40, 30), (care, 60, 46))
    for need in (bus, care):
        need.indicators.add(cast.indicator)
    said = beside(cast.indicator, place=None, user=cast.alice)
    assert (said.is_linked, _names(said)) == (True, ["Care", "Bus"])


def test_without_a_link_those_of_the_place_are_told(cast: Cast) -> None:
    town, village = make_place("TOWN"), make_place("VILLAGE")
    for place in (town, village, None):
        make_need(cast.project, str(place), place=place)
    said = beside(cast.indicator, place=town, user=cast.alice)
    assert (said.is_linked, _names(said)) == (False, ["TOWN", "None"])


def test_a_figure_of_a_place_leaves_out_the_linked_needs_of_others(cast: Cast) -> None:
    for place in (make_place("TOWN"), make_place("VILLAGE")):
        make_need(cast.project, place.code, place=place).indicators.add(cast.indicator)
    assert _names(beside(cast.indicator, place=make_place("VILLAGE"), user=cast.alice)) == ["VILLAGE"]


# ---------------------------------------------------------------- words
def _messages(cast: Cast) -> Any:
    need = make_need(cast.project)
    need.indicators.add(cast.indicator)
    make_answered(cast.project, "My boy was sick.", need=need, may_quote=True, kind="praise")
    make_feedback(cast.project, "Not to be quoted.", need=need)
    make_feedback(cast.project, "Taken back.", need=need, state="withdrawn", may_quote=True)
    make_feedback(cast.project, "About something else.", may_quote=True)
    return need


def test_staff_read_the_quotes_and_count_the_messages(cast: Cast) -> None:
    _messages(cast)
    said = beside(cast.indicator, place=None, user=cast.alice)
    assert [one.text for one in said.quotes] == ["My boy was sick."]
    assert said.messages == {"": 1, "praise": 1}


@pytest.mark.parametrize("who", ["bob", "carol", "dora"])
def test_others_see_needs_but_no_word_of_anybody(cast: Cast, who: str) -> None:
    _messages(cast)
    said = beside(cast.indicator, place=None, user=getattr(cast, who))
    assert (_names(said), said.quotes, said.messages) == (["Childcare"], (), {})


def test_a_partner_reads_what_was_shared_with_it_unless_it_is_about_conduct(cast: Cast) -> None:
    need = _messages(cast)
    make_feedback(cast.project, "Shared.", need=need, may_quote=True, kind="request").shared_with.add(cast.a)
    make_feedback(cast.project, "Rude.", need=need, may_quote=True, is_about_conduct=True).shared_with.add(cast.a)
    told = [beside(cast.indicator, place=None, user=one) for one in (cast.bob, cast.carol)]
    assert [[one.text for one in said.quotes] for said in told] == [["Shared."], []]
    assert [said.messages for said in told] == [{"request": 1}, {}]


def test_statements_do_not_grow(cast: Cast, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    _messages(cast)
    for more in (0, 3):
        for number in range(more):
            need = make_need(cast.project, str(number))
            need.indicators.add(cast.indicator)
            make_feedback(cast.project, need=need, may_quote=True)
        alice = fresh(cast.alice)
        with django_assert_num_queries(STATEMENTS):
            beside(cast.indicator, place=None, user=alice)
