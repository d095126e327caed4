"""The pages on which a partner enters figures: what is due, who may enter, what the page shows."""

from datetime import date
from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from projects.choices import UpdateState
from projects.models import Obligation, Update
from tests.factories import (
    Cast,
    make_cast,
    make_dimension,
    make_obligation,
    make_period,
    make_place,
    make_target,
    make_update,
)
from tests.factories_entry import ENTER, address, as_user, band, crossed, gender, owe, typed

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def test_what_is_due_stands_first_the_most_urgent_above(cast: Cast) -> None:
    make_obligation(cast.period, cast.a)
    later = owe(cast, "1.2", month=2)
    done = make_period(cast.indicator, 3)
    make_obligation(done, cast.a, update=make_update(done, cast.a, 3))
    page = as_user(cast.bob).get(ENTER)
    assert [(one["done"], one["total"]) for one in page.context["owed"]] == [(0, 1), (0, 1)]
    assert [one["url"] for one in page.context["owed"]][1] == address(later)
    assert [(one["done"], one["total"]) for one in page.context["done"]] == [(1, 1)]


def test_a_returned_figure_is_named(cast: Cast) -> None:
    make_obligation(cast.period, cast.a, update=make_update(cast.period, cast.a, 3, state=UpdateState.RETURNED))
    [row] = as_user(cast.bob).get(ENTER).context["owed"]
    assert str(row["badge"]) == "1 came back"


def test_nothing_due_says_so(cast: Cast) -> None:
    page = as_user(cast.bob).get(ENTER)
    assert "Nothing is due." in page.content.decode()


def test_due_words_name_the_day_and_the_distance(cast: Cast) -> None:
    due = timezone.localdate()
    make_obligation(cast.period, cast.a, due_on=due)
    [row] = as_user(cast.bob).get(ENTER).context["owed"]
    assert row["due"] == "Due today"


@pytest.mark.parametrize("left,said", [(1, "tomorrow"), (7, "in 7 days"), (-1, "yesterday"), (-9, "9 days ago")])
def test_due_words(cast: Cast, left: int, said: str) -> None:
    make_obligation(cast.period, cast.a, due_on=timezone.localdate() + (date(2026, 1, 2) - date(2026, 1, 1)) * left)
    [row] = as_user(cast.bob).get(ENTER).context["owed"]
    assert row["due"].endswith(said)


def test_the_address_of_a_period_leads_to_its_first_figure(cast: Cast) -> None:
    owed = make_obligation(cast.period, cast.a)
    client = as_user(cast.bob)
    assert client.get("/enter/2026-01/2026-01/").headers["Location"] == address(owed)
    assert client.get("/enter/2026-01/2026-01/?project=STR-25").headers["Location"] == address(owed)
    assert client.get("/enter/2026-01/2026-01/?project=OTH-25").headers["Location"] == ENTER
    assert client.get("/enter/2026-05/2026-05/").headers["Location"] == ENTER
    assert client.get("/enter/nothing/").headers["Location"] == ENTER


@pytest.mark.parametrize("who", ["carol", "dora"])
def test_carol_and_a_stranger_see_nothing_of_a(cast: Cast, who: str) -> None:
    owed = make_obligation(cast.period, cast.a)
    update = make_update(make_period(cast.indicator, 2), cast.a, 77, state=UpdateState.DRAFT)
    client = as_user(getattr(cast, who))
    assert client.get(address(owed)).status_code == 404
    assert client.post(address(owed), {"kind": "number", "n.": "5", "version": 0}).status_code == 404
    assert client.get(f"/updates/{update.pk}/").status_code == 404
    assert Update.objects.count() == 1


def test_carol_has_an_entry_page_of_her_own_without_a(cast: Cast) -> None:
    make_obligation(cast.period, cast.a)
    page = as_user(cast.carol).get(ENTER)
    assert (page.status_code, page.context["owed"]) == (200, [])


def test_an_officer_is_told_who_enters(cast: Cast) -> None:
    owed = make_obligation(cast.period, cast.a)
    page = as_user(cast.alice).get(address(owed))
    assert page.status_code == 403
    assert "Figures are entered by contributors" in page.content.decode()


def test_nobody_signed_in_goes_to_the_door(cast: Cast) -> None:
    owed = make_obligation(cast.period, cast.a)
    assert Client().get(address(owed)).headers["Location"] == f"/accounts/login/?next={address(owed)}"


def test_the_page_shows_steps_matrix_and_last_values(cast: Cast) -> None:
    owed = crossed(cast)
    earlier = make_period(owed.indicator, 12, year=2025)
    make_update(earlier, cast.a, {"": 7, "band:young|gender:women": 4, "band:young|gender:men": 3})
    make_target(owed.indicator, 100)
    context = as_user(cast.bob).get(address(owed)).context
    breakdown = context["breakdowns"][0]
    assert breakdown["is_matrix"] is True
    assert breakdown["heads"] == ["Young", "Old"]
    assert [row["label"] for row in breakdown["rows"]] == ["Women", "Men", "Unsaid"]
    cell = breakdown["rows"][0]["cells"][0]
    assert (cell["name"], cell["last"], cell["label"]) == (
        "n.band:young|gender:women",
        4,
        "Young, Women; last period 4",
    )
    assert (breakdown["rows"][0]["last_sum"], breakdown["sums"][0]["last"], breakdown["sums"][-1]["last"]) == (4, 7, 7)
    assert (context["course"]["before"], context["course"]["share"]) == ("7", Decimal("0.07"))
    assert [step["current"] for step in context["steps"]] == [True]


def test_one_dimension_lies_as_rows_and_parts_as_two_columns(cast: Cast) -> None:
    plain = owe(cast, "1.2", dimensions=[gender()])
    parts = owe(cast, "1.3", dimensions=[gender()], measure="percentage", across_partners="weighted_ratio")
    client = as_user(cast.bob)
    one = client.get(address(plain)).context["breakdowns"][0]
    assert (one["is_matrix"], one["heads"], len(one["rows"]), len(one["sums"])) == (False, ["Number"], 3, 1)
    two = client.get(address(parts)).context
    assert two["breakdowns"][0]["heads"] == ["How many", "Of how many"]
    assert [cell["name"] for cell in two["breakdowns"][0]["rows"][0]["cells"]] == ["n.gender:women", "d.gender:women"]
    assert [cell["name"] for cell in two["single"]["cells"]] == ["n.", "d."]


def test_three_dimensions_cross_in_rows(cast: Cast) -> None:
    third = make_dimension("status", "refugee", "host")
    owed = owe(cast, "1.2", dimensions=[gender(), band(), third])
    breakdown = as_user(cast.bob).get(address(owed)).context["breakdowns"][0]
    assert breakdown["heads"] == ["Young", "Old"]
    assert (len(breakdown["rows"]), breakdown["rows"][1]["label"]) == (6, "Refugee, Men")


def test_too_many_crossings_are_asked_for_apart(cast: Cast) -> None:
    wide = [make_dimension(code, *(f"{code}{at}" for at in range(21))) for code in ("p", "q")]
    owed = owe(cast, "1.2", dimensions=wide)
    breakdown = as_user(cast.bob).get(address(owed)).context["breakdowns"][0]
    assert (breakdown["is_matrix"], len(breakdown["rows"]), breakdown["sums"]) == (False, 42, [])


def test_the_place_stands_in_the_name_of_the_step(cast: Cast) -> None:
    owed = make_obligation(cast.period, cast.a, place=make_place("GR-I"))
    [step] = as_user(cast.bob).get(address(owed)).context["steps"]
    assert step["title"].startswith("Indicator 1.1, ")


def begun(cast: Cast, client: Client, code: str) -> Obligation:
    """A figure with a draft and a period before it."""
    owed = crossed(cast, code)
    typed(client, owed, **{"n.band:young|gender:men": "3"})
    make_update(make_period(owed.indicator, 12, year=2025), cast.a, {"": 2, "band:young|gender:men": 2})
    return owed


def test_the_page_costs_the_same_at_one_and_at_four_figures(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = as_user(cast.bob)
    owed = begun(cast, client, "2.0")
    client.get(address(owed))
    with django_assert_num_queries(STATEMENTS):
        client.get(address(owed))
    for number in range(1, 4):
        begun(cast, client, f"2.{number}")
    with django_assert_num_queries(STATEMENTS):
        client.get(address(owed))


STATEMENTS = 35


def test_what_is_due_costs_the_same_at_one_and_at_four(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = as_user(cast.bob)
    owe(cast, "2.0")
    client.get(ENTER)
    with django_assert_num_queries(DUE_STATEMENTS):
        client.get(ENTER)
    for number in range(1, 4):
        owe(cast, f"2.{number}", month=number + 1)
    with django_assert_num_queries(DUE_STATEMENTS):
        client.get(ENTER)


DUE_STATEMENTS = 9
