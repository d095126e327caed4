"""The progress report to a past day: what keeps its past is told as on that day, the rest says as of when."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal as D
from typing import Any

import pytest

from beneficiaries.models import Feedback
from projects.choices import WorkState
from projects.models import Milestone, Risk
from reports.catalogue import blocks as b
from reports.catalogue.project_progress import gather
from tests.factories import Cast, make_cast, make_indicator, make_obligation, make_period
from tests.factories_reports import make_order
from tests.factories_voices import make_answered, make_decision, make_feedback, make_need, make_round

pytestmark = pytest.mark.django_db
PAST = date(2026, 6, 30)
MAY, JULY = datetime(2026, 5, 4, 9, tzinfo=UTC), datetime(2026, 7, 20, 9, tzinfo=UTC)


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def report(cast: Cast, day: date = PAST) -> b.Document:
    """Alice's report on her project to a day, made on 24 November at noon in Athens."""
    return gather(make_order(cast.alice, cast.project, as_of=day))


def table(document: b.Document, name: str) -> tuple[b.Row, ...]:
    return next(
        (block.rows for block in b.walk(document.blocks) if isinstance(block, b.Table) and block.name == name), ()
    )


def found(document: b.Document, kind: type[Any]) -> list[Any]:
    return [block for block in b.walk(document.blocks) if isinstance(block, kind)]


def milestone(cast: Cast, code: str, **fields: Any) -> None:
    Milestone.objects.create(project=cast.project, code=code, titles={"en": code}, ends_on=date(2026, 6, 1), **fields)


def test_work_is_done_and_late_by_its_actual_days(cast: Cast) -> None:
    milestone(cast, "IN-TIME", state=WorkState.DONE, ended_on=date(2026, 6, 30))
    milestone(cast, "LATER", state=WorkState.DONE, ended_on=date(2026, 7, 1))
    milestone(cast, "UNDATED", state=WorkState.DONE)
    milestone(cast, "DROPPED", state=WorkState.DROPPED)
    past, now = report(cast), report(cast, date(2026, 11, 24))
    assert [row[0] for row in table(past, "Late")] == ["LATER"]
    assert table(now, "Late") == ()
    leads = [one.paragraphs[0] for one in found(past, b.Text)]
    assert "2 of 3 activities, deliverables and milestones are done; 1 are late." in leads


def test_a_risk_closed_later_was_open_then(cast: Cast) -> None:
    for title, closed in (("Before", PAST), ("After", PAST + timedelta(days=1)), ("Open", None)):
        Risk.objects.create(project=cast.project, title=title, likelihood=2, impact=2, closed_on=closed)
    assert [row[0] for row in table(report(cast), "Risks")] == ["After", "Open"]


def test_messages_answers_quotes_and_decisions_are_those_up_to_the_day(cast: Cast) -> None:
    make_answered(cast.project, "Then", received_at=MAY, days=3, may_quote=True)
    make_answered(cast.project, "Answered later", received_at=MAY, days=90)
    make_feedback(cast.project, "Came later", received_at=JULY, may_quote=True)
    withdrawn = make_feedback(cast.project, "Withdrawn later", received_at=MAY)
    Feedback.objects.filter(pk=withdrawn.pk).update(state="withdrawn", closed_at=JULY)
    make_decision(cast.project, cast.alice, "Then", decided_on=PAST)
    make_decision(cast.project, cast.alice, "Later", decided_on=PAST + timedelta(days=1))
    document = report(cast)
    figures = found(document, b.Figures)[0].items
    assert [one.value for one in figures] == [D(3), D(1) / 3, D(3)]
    assert figures[2].under == "2 still wait, 2 past the promised day"
    assert [one.text for block in found(document, b.Voices) for one in block.items] == ["Then"]
    assert [one.said for block in found(document, b.Ledger) for one in block.changes] == ["Then"]


def test_needs_are_ranked_by_the_rounds_held_by_then(cast: Cast) -> None:
    care, bus = make_need(cast.project, "Care"), make_need(cast.project, "Bus")
    make_round(cast.project, (care, 60, 40), (bus, 30, 20), held_on=date(2026, 6, 10))
    make_round(cast.project, (bus, 90, 90), held_on=date(2026, 10, 10))
    make_feedback(cast.project, need=care, received_at=JULY)
    assert [row[1:5] for row in table(report(cast), "Needs")] == [
        ("Care", D(40), D(60), D(0)),
        ("Bus", D(20), D(30), D(0)),
    ]


def test_each_section_says_as_of_which_moment_it_is_told(cast: Cast) -> None:
    make_obligation(make_period(make_indicator(cast.project, "2.1"), 1), cast.a, due_on=date(2026, 3, 1))
    make_need(cast.project)
    milestone(cast, "M1")
    Risk.objects.create(project=cast.project, title="Open", likelihood=2, impact=2)
    small = [one.paragraphs[0] for one in found(report(cast), b.Text) if one.style == b.Style.SMALL]
    moment = "24 Nov 2026, 12:00"
    assert small[:-1] == [
        f"Periods begun by 30 Jun 2026; their figures as approved by {moment}.",
        (
            "Rounds, messages, answers and decisions to 30 Jun 2026; the states of needs, and what may be quoted, as of"
            f" {moment}."
        ),
        f"Done and late as on 30 Jun 2026; planned ends, and what was dropped, as of {moment}.",
        f"Risks that were not closed by 30 Jun 2026; likelihood, impact and mitigation as of {moment}.",
        f"Due before 30 Jun 2026; sent and approved as of {moment}.",
    ]


def test_a_section_that_is_not_there_says_nothing(cast: Cast) -> None:
    small = [one.paragraphs[0] for one in found(report(cast), b.Text) if one.style == b.Style.SMALL]
    assert [words.split(" ")[0] for words in small] == ["Periods", "Rounds,", "Method."]
