"""What running systems of this kind get wrong, each from the door it was seen at: posted, approved, read again."""

import csv
from datetime import date
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest

from projects.models import Actual, Indicator
from tests.api_client import Api, problem, signed_in
from tests.factories import (
    Cast,
    make_cast,
    make_dimension,
    make_indicator,
    make_member,
    make_partnership,
    make_period,
    make_target,
    make_user,
)
from tests.factories_partners import token_of

pytestmark = pytest.mark.django_db

JANUARY, FEBRUARY = "2026-01/2026-01", "2026-02/2026-02"
RATIO = {"measure": "percentage", "across_partners": "weighted_ratio", "across_time": "weighted_ratio"}


class Portal:
    """The project of A and B with its doors: the systems of both, Alice's browser, and what each door shows."""

    def __init__(self) -> None:
        self.cast: Cast = make_cast()
        make_partnership(self.cast.project, self.cast.b)
        self.a = Api(token_of(self.cast.a, "updates:write", "projects:read"))
        self.b = Api(token_of(self.cast.b, "updates:write", "projects:read"))
        self.alice = signed_in(self.cast.alice)

    def indicator(self, months: int = 1, **fields: Any) -> Indicator:
        """An indicator "X" with so many months."""
        made = make_indicator(self.cast.project, "X", **fields)
        for month in range(1, months + 1):
            make_period(made, month, due_on=date(2099, 1, 1))
        return made

    def post(self, api: Api, period: str = JANUARY, **given: Any) -> Any:
        """The answer to figures that are handed in."""
        return api.post("updates/", {"indicator": "STR-25/X", "period": period, "state": "submitted", **given})

    def approved(self, api: Api, period: str = JANUARY, **given: Any) -> dict[str, Any]:
        """Figures handed in and approved: the update as it stands then."""
        made = self.post(api, period, **given)
        assert made.status_code == 201, made.content
        done = self.alice.post(f"updates/{made.json()['id']}/approve/", If_Match=made["ETag"])
        assert done.status_code == 200, done.content
        return dict(done.json())

    def told(self) -> dict[str, Any]:
        """The indicator in the framework call."""
        results = self.a.get("projects/STR-25/framework/").json()["results"]
        return next(one for result in results for one in result["indicators"] if one["code"] == "STR-25/X")

    def periods(self) -> list[dict[str, Any]]:
        """What the framework call says of each period."""
        return [one["actual"] for one in self.told()["periods"]]

    def page(self) -> dict[str, Any]:
        """The indicator's row on the page of results."""
        context = self.alice.get(f"/projects/{self.cast.project.pk}/results/").context
        rows = [row for card in context["cards"] for row in card["indicators"]]
        return next(row for row in rows if row.get("code") == "X")

    def exported(self) -> list[dict[str, str]]:
        """The indicator's rows in the CSV file of the results."""
        answer = self.alice.get(f"/projects/{self.cast.project.pk}/results/?format=csv")
        text = b"".join(answer.streaming_content).decode("utf-8-sig")
        return [row for row in csv.DictReader(StringIO(text)) if row["Code"] == "X"]


@pytest.fixture
def portal() -> Portal:
    return Portal()


def figure(value: str, numerator: str | None = None, denominator: str | None = None) -> dict[str, Any]:
    return {
        "state": "reported", "value": value, "numerator": numerator, "denominator": denominator, "text": "",
        "reason": "",
    }  # fmt: skip


def parts(numerator: str, denominator: str) -> dict[str, Any]:
    return {"total": {"numerator": numerator, "denominator": denominator}}


def test_a_numerator_added_to_its_denominator(portal: Portal) -> None:
    portal.indicator(**RATIO)
    portal.approved(portal.a, **parts("80", "200"))
    assert portal.periods() == [figure("40", "80", "200")]
    assert (portal.page()["actual"], portal.exported()[0]["Actual"]) == (Decimal("0.4"), "40")


def test_a_second_partner_of_the_same_period_is_a_server_error(portal: Portal) -> None:
    portal.indicator(**RATIO)
    portal.approved(portal.a, **parts("80", "200"))
    portal.approved(portal.b, **parts("40", "100"))
    assert portal.periods() == [figure("40", "120", "300")]
    [row] = portal.exported()
    assert (row["Actual"], row["Numerator"], row["Denominator"]) == ("40", "120", "300")


def test_percentages_of_partners_are_averaged(portal: Portal) -> None:
    portal.indicator(**RATIO)
    portal.approved(portal.a, **parts("1", "1"))
    portal.approved(portal.b, **parts("0", "3"))
    assert portal.periods() == [figure("25", "1", "4")]


def test_a_part_of_nobody_is_divided_by_zero(portal: Portal) -> None:
    portal.indicator(**RATIO)
    refused = problem(portal.post(portal.a, **parts("5", "0")), 422, "over_zero")
    assert [(one["pointer"], one["code"]) for one in refused["errors"]] == [("/total/denominator", "over_zero")]
    assert portal.periods()[0]["state"] == "not_reported"


def test_running_totals_of_two_people_of_one_partner_are_added(portal: Portal) -> None:
    portal.indicator(months=2, is_cumulative=True)
    berta = make_user("Berta")
    make_member(berta, portal.cast.a)
    first, second = signed_in(portal.cast.bob), signed_in(berta)
    portal.approved(first, total="10")
    portal.approved(second, FEBRUARY, total="25")
    assert portal.periods() == [figure("10"), figure("25")]
    assert portal.told()["actual"] == figure("25")
    assert (portal.page()["actual"], [one["Actual"] for one in portal.exported()]) == (25, ["10", "25"])


def test_a_fall_half_way_is_told_as_far_beyond(portal: Portal) -> None:
    indicator = portal.indicator(direction="descending")
    indicator.baselines.create(numerator=Decimal(50))
    make_target(indicator, 20, indicator.periods.get())
    portal.approved(portal.a, total="35")
    assert portal.told()["progress"] == {"state": "reported", "percent": "50", "reason": ""}
    assert (portal.page()["share"], portal.exported()[0]["Of target"]) == (Decimal("0.5"), "0.5")


def test_a_true_zero_is_taken_for_nothing(portal: Portal) -> None:
    portal.indicator(months=2)
    portal.approved(portal.a, total="0")
    zero, silent = portal.periods()
    assert (zero, silent["state"], silent["value"]) == (figure("0"), "not_reported", None)
    assert (portal.told()["actual"], portal.page()["actual"], portal.page()["state"]) == (figure("0"), 0, "reported")
    assert [(one["Actual"], one["State"]) for one in portal.exported()] == [("0", "reported"), ("", "not_reported")]


def test_a_bulk_approval_leaves_the_totals(portal: Portal) -> None:
    portal.indicator()
    ids = [portal.post(api, total=total).json()["id"] for api, total in ((portal.a, "10"), (portal.b, "7"))]
    assert Actual.objects.count() == 0
    done = portal.alice.client.post("/review/approve/", {"ticked": [str(one) for one in ids]})
    assert (done.status_code, portal.periods(), portal.page()["actual"]) == (302, [figure("17")], 17)


def test_above_all_of_the_target_is_capped_or_thousands(portal: Portal) -> None:
    indicator = portal.indicator()
    make_target(indicator, 100, indicator.periods.get())
    portal.approved(portal.a, total="250")
    assert portal.told()["progress"] == {"state": "reported", "percent": "250", "reason": ""}
    assert portal.exported()[0]["Of target"] == "2.5"
    assert portal.page()["progress_text"].startswith("250%")


def test_a_negative_count_is_taken(portal: Portal) -> None:
    portal.indicator()
    refused = problem(portal.post(portal.a, total="-1"), 422, "negative")
    assert [(one["pointer"], one["code"]) for one in refused["errors"]] == [("/total", "negative")]
    assert portal.periods()[0]["state"] == "not_reported"


def test_a_breakdown_doubles_its_total(portal: Portal) -> None:
    indicator = portal.indicator()
    indicator.dimensions.set([make_dimension("sex")])
    cells = [{"value": value, "disaggregation": {"sex": code}} for code, value in (("female", "6"), ("male", "4"))]
    portal.approved(portal.a, total="10", values=cells)
    assert portal.periods() == [figure("10")]
