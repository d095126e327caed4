"""Project > Results: the tree, its filters, a figure explained, files; and the locks of periods."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from kmop.accounts.models import User
from projects.choices import ResultLevel
from projects.models import Indicator, LockException, Period, Project
from projects.services.rollup import roll_up_indicators
from tests.factories import (
    Cast,
    make_cast,
    make_dimension,
    make_indicator,
    make_obligation,
    make_period,
    make_place,
    make_result,
    make_target,
    make_update,
)

pytestmark = pytest.mark.django_db
JANUARY, FEBRUARY = "2026-01/2026-01", "2026-02/2026-02"


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def as_user(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def url(project: Project, path: str = "results/") -> str:
    return f"/projects/{project.pk}/{path}"


def told(cast: Cast, code: str, *, organisation: Any = None, **fields: Any) -> Indicator:
    """An indicator with two months of figures by sex, each against 10 of 40."""
    indicator = make_indicator(cast.project, code, dimensions=[make_dimension("sex")], units={"en": "people"}, **fields)
    make_target(indicator, 40)
    for month in (1, 2):
        period = make_period(indicator, month)
        make_target(indicator, 10, period)
        update = make_update(
            period,
            organisation or cast.a,
            {"": 9 + month, "sex:female": 6, "sex:male": 3 + month},
            decided_by=cast.alice,
        )
        make_obligation(period, organisation or cast.a, update=update)
    roll_up_indicators([indicator.pk])
    return indicator


def rows(context: Any) -> dict[str, dict[str, Any]]:
    """The rows of the tree by the code of their indicator."""
    return {row["code"]: row for card in context["cards"] for row in card["indicators"] if "code" in row}


def test_the_tree_has_target_plan_actual_and_trend(cast: Cast) -> None:
    impact = make_result(cast.project, "0", level=ResultLevel.IMPACT, order=0)
    outcome = make_result(cast.project, "1")
    outcome.order = 1
    outcome.save()
    output = make_result(cast.project, "1.1", level=ResultLevel.OUTPUT, parent=outcome, order=3)
    told(cast, "2.a")
    make_indicator(cast.project, "3.a", result=output)
    context = as_user(cast.alice).get(url(cast.project)).context
    assert [(card["level"], card["title"], card["is_line"]) for card in context["cards"]] == [
        ("Impact", impact.titles["en"], True),
        ("Outcome 1", "Result 1", False),
    ]
    assert [row.get("heading") or row["code"] for row in context["cards"][1]["indicators"]] == [
        "1.1",
        "2.a",
        "Output 1.1: Result 1.1",
        "3.a",
    ]
    row = rows(context)["2.a"]
    assert (row["target"], row["plan"], row["actual"], row["state"]) == (40, 20, 21, "reported")
    assert (row["share"], row["progress_text"]) == (Decimal("0.525"), "105% of plan")
    assert (row["trend"], row["trend_plan"]) == ([Decimal(10), Decimal(11)], [Decimal(10), Decimal(10)])
    assert context["cards"][1]["plan_head"] == "Plan, Feb 2026"
    assert str(context["cards"][1]["badge"]) == "1 of 1 at or above plan"
    assert context["counted"]["indicators"] == "3 indicators"
    assert context["counted"]["silent"] == "2 not reported"
    assert rows(context)["3.a"]["progress_text"] == "Nobody owes a figure yet"


def test_a_running_total_shows_what_came_each_period(cast: Cast) -> None:
    told(cast, "2.a", is_cumulative=True, across_time="latest")
    assert rows(as_user(cast.alice).get(url(cast.project)).context)["2.a"]["trend"] == [Decimal(10), Decimal(1)]


def test_the_four_kinds_of_empty_and_words(cast: Cast) -> None:
    silent = make_indicator(cast.project, "S")
    make_obligation(make_period(silent, 1), cast.a)
    nobody = make_indicator(cast.project, "N", measure="percentage")
    make_update(make_period(nobody, 1), cast.a, {"": "not_applicable"})
    zero = make_indicator(cast.project, "Z")
    make_update(make_period(zero, 1), cast.a, 0)
    part = make_indicator(
        cast.project, "P", measure="percentage", across_partners="weighted_ratio", across_time="weighted_ratio"
    )
    make_update(make_period(part, 1), cast.a, {"": (1, 4)})
    roll_up_indicators([one.pk for one in (silent, nobody, zero, part)])
    found = rows(as_user(cast.alice).get(url(cast.project)).context)
    assert {code: (row["actual"], row["state"]) for code, row in found.items() if code != "1.1"} == {
        "S": (None, "not_reported"),
        "N": (None, "not_applicable"),
        "Z": (0, "reported"),
        "P": (Decimal("0.25"), "reported"),
    }
    assert found["S"]["progress_text"] == "1 partner, due 2 Mar 2026"
    assert found["Z"]["progress_text"] == "No target was set"
    assert "25%" in as_user(cast.alice).get(url(cast.project)).content.decode()


def test_filters_narrow_the_tree(cast: Cast) -> None:
    told(cast, "2.a"), told(cast, "2.b", organisation=cast.b, titles={"el": "Ένταξη"})
    late = make_indicator(cast.project, "2.c")
    make_obligation(make_period(late, 1), cast.a)
    cast.project.partnerships.create(organisation=cast.b, role="associated", reports=True)
    client = as_user(cast.alice)

    def codes(**query: str) -> list[str]:
        return list(rows(client.get(url(cast.project), query).context))

    assert codes(search="ενταξη") == ["2.b"]
    assert codes(search="organisation a") == ["2.c"]
    assert codes(partner=str(cast.b.pk)) == ["2.b"]
    assert codes(state="at_or_above") == ["2.a", "2.b"]
    assert codes(state="not_reported") == ["1.1", "2.c"]
    assert codes(period=FEBRUARY) == ["2.a", "2.b"]
    assert codes(search="nothing like it") == []
    context = client.get(url(cast.project), {"period": FEBRUARY, "state": "below"}).context
    assert [(chip.label, chip.url) for chip in context["chips"]] == [
        ("Period: Feb 2026", "?state=below"),
        ("State: Below plan", "?period=2026-02%2F2026-02"),
    ]
    row = rows(client.get(url(cast.project), {"period": JANUARY}).context)["2.a"]
    assert (row["plan"], row["actual"], row["progress_text"]) == (10, 10, "100% of plan")
    assert codes(partner="nobody", state="odd", period="x") == ["1.1", "2.a", "2.b", "2.c"]


def test_a_figure_is_explained_period_by_period(cast: Cast) -> None:
    indicator = told(cast, "2.a")
    make_obligation(make_period(indicator, 3), cast.b)
    client = as_user(cast.alice)
    context = client.get(url(cast.project), {"indicator": str(indicator.pk)}).context
    panel = context["panel"]
    assert (panel["title"], panel["head"], panel["total"]) == ("21 people", "Period", 21)
    assert [(row["who"], row["sub"], row["figure"], row["state"], row["warn"]) for row in panel["rows"]] == [
        ("Jan 2026", "1 update", 10, "reported", False),
        ("Feb 2026", "1 update", 11, "reported", False),
        ("Mar 2026", "1 not reported", None, "not_reported", True),
    ]
    assert [(fact["label"], fact["text"]) for fact in panel["facts"]] == [
        ("Target", "40"),
        ("Progress", "53% of the way from baseline to target; 105% of the plan for 28 Feb 2026"),
        ("People", "Nobody has said yet how its people are counted."),
        ("Missing", "Organisation B"),
        ("Defined by", "version 1"),
    ]
    [part] = rows(context)["2.a"]["parts"]
    assert [(row["label"], row["value"], row["share"], row["kind"]) for row in part["rows"]] == [
        ("Female", 12, Decimal(12) / 21, "women"),
        ("Male", 9, Decimal(9) / 21, "men"),
    ]
    asked = {"indicator": str(indicator.pk), "period": JANUARY}
    one = client.get(url(cast.project), asked).context["panel"]
    assert [(row["who"], row["figure"]) for row in one["rows"]] == [("Organisation A", 10)]
    assert one["rows"][0]["sub"].startswith("to Jan 2026 · approved ")
    before = client.get(url(cast.project), {**asked, "as_of": "2020-01-01"}).context["panel"]
    assert (before["rows"], before["total_state"]) == ([], "not_reported")


def test_an_incomplete_breakdown_says_so(cast: Cast) -> None:
    indicator = make_indicator(cast.project, "2.a", dimensions=[make_dimension("sex"), make_dimension("age")])
    make_update(make_period(indicator, 1), cast.a, {"": 10, "sex:female": 4})
    roll_up_indicators([indicator.pk])
    row = rows(as_user(cast.alice).get(url(cast.project), {"indicator": str(indicator.pk)}).context)["2.a"]
    assert len(row["parts"]) == 1
    assert row["parts_note"].startswith("Incomplete, the categories are less than the whole:")
    bare = make_indicator(cast.project, "2.b", dimensions=[make_dimension("sex")])
    shown = rows(as_user(cast.alice).get(url(cast.project), {"indicator": str(bare.pk)}).context)["2.b"]
    assert (shown["parts"], shown["parts_empty"]) == ([], "No breakdown was reported.")


def test_a_running_total_is_explained_by_partner_and_place(cast: Cast) -> None:
    indicator = make_indicator(cast.project, "2.a", is_cumulative=True, across_time="latest")
    first, second = make_period(indicator, 1), make_period(indicator, 2)
    make_update(first, cast.a, 5), make_update(second, cast.a, 8, place=make_place("GR-I"))
    roll_up_indicators([indicator.pk])
    panel = as_user(cast.alice).get(url(cast.project), {"indicator": str(indicator.pk)}).context["panel"]
    assert [row["figure"] for row in panel["rows"]] == [5, 8]
    assert panel["rows"][1]["who"].startswith("Organisation A, ")
    assert panel["total"] == 13
    assert "Left out" not in [fact["label"] for fact in panel["facts"]]


def test_the_rows_of_a_figure_as_a_file(cast: Cast) -> None:
    indicator = told(cast, "2.a")
    make_update(indicator.periods.first(), cast.b, 3, state="returned")
    client = as_user(cast.alice)

    def lines(**query: str) -> list[str]:
        path = url(cast.project, f"results/{indicator.pk}/rows/")
        return b"".join(client.get(path, query).streaming_content).decode("utf-8-sig").splitlines()

    assert [line.split(",")[:7] for line in lines()[1:]] == [
        ["Organisation A", "", "2026-01-01", "2026-01-31", "10", "reported", "true"],
        ["Organisation B", "", "2026-01-01", "2026-01-31", "3", "reported", "false"],
        ["Organisation A", "", "2026-02-01", "2026-02-28", "11", "reported", "true"],
    ]
    assert len(lines(period=FEBRUARY)) == 2
    assert len(lines(as_of="2020-01-01")) == 1
    assert len(lines(as_of="2020-99-01")) == 4
    own = as_user(cast.bob).get(url(cast.project, f"results/{indicator.pk}/rows/"))
    assert len(b"".join(own.streaming_content).splitlines()) == 3
    for user in (cast.carol, cast.dora):
        assert as_user(user).get(url(cast.project, f"results/{indicator.pk}/rows/")).status_code == 404


def test_the_framework_as_a_file(cast: Cast) -> None:
    told(cast, "2.a")
    client = as_user(cast.alice)
    answer = client.get(url(cast.project), {"format": "csv", "search": "2.a"})
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
    assert [line.split(",")[2:15] for line in lines[1:]] == [
        [
            "2.a",
            "Indicator 2.a",
            "people",
            "",
            "40",
            "2026-01-01",
            "2026-01-31",
            "2026-03-02",
            "10",
            "10",
            "reported",
            "10",
            "",
        ],
        [
            "2.a",
            "Indicator 2.a",
            "people",
            "",
            "40",
            "2026-02-01",
            "2026-02-28",
            "2026-03-30",
            "10",
            "11",
            "reported",
            "11",
            "",
        ],
    ]
    book = client.get(url(cast.project), {"format": "xlsx"})
    assert book["Content-Disposition"] == 'attachment; filename="str-25-results.xlsx"'
    assert b"".join(book.streaming_content)[:2] == b"PK"
    assert client.get(url(cast.project), {"format": "exe"}).status_code == 404
    make_indicator(cast.project, "bare")
    short = b"".join(client.get(url(cast.project), {"format": "csv", "search": "bare"}).streaming_content)
    assert len(short.splitlines()) == 2


def test_strangers_see_nothing_of_it(cast: Cast) -> None:
    told(cast, "2.a")
    for user in (cast.carol, cast.dora):
        assert as_user(user).get(url(cast.project)).status_code == 404
    assert "2.a" not in as_user(cast.carol).get(url(cast.other)).content.decode()
    assert Client().get(url(cast.project)).status_code == 302


def test_a_project_without_a_framework_says_how_to_get_one(cast: Cast) -> None:
    Indicator.objects.all().delete()
    page = as_user(cast.alice).get(url(cast.project)).content.decode()
    assert "No framework yet." in page
    assert f"/projects/{cast.project.pk}/import/" in page


def test_statements_do_not_grow_with_indicators(cast: Cast, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    first = told(cast, "2.0")
    client = as_user(cast.alice)
    client.get(url(cast.project))
    for more in (0, 3):
        for number in range(more):
            told(cast, f"2.{number + 1}")
        with django_assert_num_queries(26):
            client.get(url(cast.project))
        with django_assert_num_queries(39):
            client.get(url(cast.project), {"indicator": str(first.pk)})


# ---------------------------------------------------------------- periods and their locks
def test_periods_are_locked_and_opened_again_for_all_indicators(cast: Cast) -> None:
    make_period(make_indicator(cast.project, "2.a"), 1)
    client, path = as_user(cast.alice), url(cast.project, "periods/")
    make_obligation(cast.period, cast.a)
    [row] = client.get(path).context["rows"]
    assert (row["name"], row["indicators"], row["owed"], row["approved"]) == ("Jan 2026", 2, 1, 0)
    assert row["text"].startswith("1 figure has not come. Partners enter")
    span = {"starts_on": "2026-01-01", "ends_on": "2026-01-31"}
    answer = client.post(f"{path}lock/", span, follow=True)
    assert [str(one) for one in answer.context["messages"]] == ["The periods of 2 indicators are locked."]
    assert set(Period.objects.filter(indicator__project=cast.project).values_list("is_locked", flat=True)) == {True}
    assert (str(answer.context["rows"][0]["badge"]), answer.context["rows"][0]["is_locked"]) == ("Locked", True)
    client.post(f"{path}unlock/", span)
    assert Period.objects.filter(is_locked=True).count() == 0
    Period.objects.filter(pk=cast.period.pk).update(is_locked=True)
    assert str(client.get(path).context["rows"][0]["badge"]) == "1 of 2 locked"
    assert client.post(f"{path}lock/", {"starts_on": "x"}).status_code == 404


def test_a_locked_period_is_opened_for_one_partner(cast: Cast) -> None:
    client, path = as_user(cast.alice), url(cast.project, "periods/except/?starts_on=2026-01-01&ends_on=2026-01-31")
    assert client.get(path).status_code == 404
    Period.objects.filter(pk=cast.period.pk).update(is_locked=True)
    assert client.get(path).context["heading"] == "Open Jan 2026 for one partner"
    until = timezone.localdate() + timedelta(days=3)
    said = {"organisation": str(cast.a.pk), "until": until.isoformat(), "reason": "The system was down."}
    assert client.post(path, {**said, "until": "2020-01-01"}).status_code == 422
    assert client.post(path, said).status_code == 302
    assert LockException.objects.get().until == until
    told_of = client.get(url(cast.project, "periods/")).context["exceptions"]
    assert [one.endswith("The system was down.") for one in told_of] == [True]
    assert client.get(url(cast.project, "periods/except/")).status_code == 404


def test_partners_do_not_lock(cast: Cast) -> None:
    reason = "Only the project&#x27;s manager or M&amp;E officer locks periods."
    client, path = as_user(cast.bob), url(cast.project, "periods/")
    assert reason in client.get(path).content.decode()
    span = {"starts_on": "2026-01-01", "ends_on": "2026-01-31"}
    assert client.post(f"{path}lock/", span).status_code == 403
    assert as_user(cast.carol).post(f"{path}lock/", span).status_code == 404
    assert Period.objects.filter(is_locked=True).count() == 0


def test_a_period_that_has_not_begun_is_not_locked(cast: Cast) -> None:
    start = date(timezone.localdate().year + 2, 1, 1)
    Period.objects.create(indicator=cast.indicator, starts_on=start, ends_on=start + timedelta(days=30))
    names = [
        (row["name"], row["is_begun"]) for row in as_user(cast.alice).get(url(cast.project, "periods/")).context["rows"]
    ]
    assert names == [("Jan 2026", True), (f"Jan {start.year}", False)]
