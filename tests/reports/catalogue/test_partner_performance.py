"""What the partner performance report says."""

from datetime import UTC, datetime
from decimal import Decimal as D
from typing import Any

import pytest
from django.utils import translation

from reports.catalogue import blocks as b
from reports.catalogue.partner_performance import gather
from tests.factories import Cast, make_cast, make_obligation, make_period, make_update
from tests.factories_reports import make_order

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    """The cast: A owed three figures, one came in time, one late, one is missing."""
    cast = make_cast()
    for month, sent in ((2, datetime(2026, 3, 1, tzinfo=UTC)), (3, datetime(2026, 6, 1, tzinfo=UTC)), (4, None)):
        period = make_period(cast.indicator, month)
        update = make_update(period, cast.a, submitted_at=sent) if sent else None
        make_obligation(period, cast.a, update=update)
    return cast


def tables(document: b.Document) -> list[b.Table]:
    """All tables."""
    return [block for block in document.blocks if isinstance(block, b.Table)]


def test_one_partner_in_all_its_projects(cast: Cast) -> None:
    document = gather(make_order(cast.bob, organisation=cast.a))

    assert (document.title, document.subtitle) == ("Organisation A", "In all its projects")
    assert (document.meta.subject, document.meta.report) == ("A", "partner-performance")
    assert document.kicker == "Partner performance · 24 Nov 2025 – 24 Nov 2026"
    dates, missing = tables(document)
    assert dates.rows == (("STR-25", "Organisation A", D(3), D(1), D(1), D(1), D(2), D(1) / 3),)
    assert dates.total is None
    assert [row[:5] for row in missing.rows] == [
        ("STR-25/1.1", "Indicator 1.1", "Organisation A", "", "2026-04/2026-04")
    ]
    figures = document.cover[0]
    assert isinstance(figures, b.Figures)
    assert [each.value for each in figures.items] == [D(1) / 3, D(1), D(1)]
    lead = document.blocks[1]
    assert lead == b.Text(("1 of 3 figures came in time; 1 is still missing.",), b.Style.LEAD)


def test_all_partners_of_a_project_have_a_total(cast: Cast) -> None:
    make_obligation(make_period(cast.indicator, 5), cast.b)

    document = gather(make_order(cast.alice, cast.project))

    assert (document.title, document.subtitle) == ("Project STR-25", "All partners that report figures")
    dates = tables(document)[0]
    assert [row[1] for row in dates.rows] == ["Organisation A", "Organisation B"]
    assert dates.total == ("All", "", D(4), D(1), D(1), D(2), D(2), D("0.25"))


def test_a_partner_within_a_project_and_nobody_in_particular(cast: Cast) -> None:
    within = gather(make_order(cast.alice, cast.project, cast.a))
    everything = gather(make_order(cast.alice))

    assert within.subtitle == "In the project STR-25 Project STR-25"
    assert within.meta.subject == "STR-25 A"
    assert (everything.title, everything.meta.subject) == ("All partners", "")


def test_where_nothing_was_due_it_says_so(cast: Cast) -> None:
    document = gather(make_order(cast.carol, organisation=cast.b))

    assert document.blocks[1] == b.Text(("Nothing was due in this time.",), b.Style.LEAD)
    figures = document.cover[0]
    assert isinstance(figures, b.Figures)
    assert figures.items[0].value == b.Empty.NOT_APPLICABLE


def test_where_all_came_none_is_missing(cast: Cast) -> None:
    order = make_order(cast.bob, organisation=cast.a, as_of=datetime(2026, 4, 10, tzinfo=UTC).date())

    document = gather(order)

    assert document.blocks[1] == b.Text(("1 of 1 figures came in time, and none is missing.",), b.Style.LEAD)
    assert len(tables(document)) == 1


def test_more_missing_than_are_listed_are_counted(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    make_obligation(make_period(cast.indicator, 5), cast.a)
    monkeypatch.setattr("reports.catalogue.partner_performance.MOST_MISSING", 1)

    missing = tables(gather(make_order(cast.bob, organisation=cast.a)))[1]

    assert (len(missing.rows), missing.note) == (1, "1 more are not listed.")


def test_the_same_statements_however_much_is_owed(cast: Cast, django_assert_num_queries: Any) -> None:
    for month in (5, 6, 7):
        with django_assert_num_queries(2):
            gather(make_order(cast.bob, organisation=cast.a))
        make_obligation(make_period(cast.indicator, month), cast.a)


def test_the_report_is_in_the_language_that_is_active(cast: Cast) -> None:
    with translation.override("el"):
        document = gather(make_order(cast.alice, cast.project, language="el"))

    assert document.title == "Έργο STR-25"
