"""What the progress report says: figures and voices at equal rank, the kinds of empty apart, small cells hidden."""

from datetime import date
from decimal import Decimal as D
from typing import Any

import pytest
from django.utils import translation

from beneficiaries.choices import FeedbackKind, NeedState, Outcome
from projects.choices import PartnershipRole
from projects.models import Activity, Baseline, BudgetLine, Expense, Indicator, PeopleCount, Risk
from projects.services.rollup import roll_up_all
from reports.catalogue import blocks as b
from reports.catalogue.project_progress import gather
from tests.factories import (
    Cast,
    fresh,
    make_cast,
    make_dimension,
    make_indicator,
    make_obligation,
    make_organisation,
    make_partnership,
    make_period,
    make_target,
    make_update,
)
from tests.factories_parts import make_change
from tests.factories_reports import make_order
from tests.factories_voices import make_answered, make_decision, make_feedback, make_need, make_round

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    """The cast."""
    return make_cast()


def planned(cast: Cast, code: str, target: int, plan: int, values: Any, **fields: Any) -> Indicator:
    """An outcome indicator with a final target, a plan for January, and A's approved January."""
    indicator = make_indicator(cast.project, code, **fields)
    period = make_period(indicator, 1)
    make_target(indicator, target)
    make_target(indicator, plan, period)
    if values is not None:
        make_update(period, cast.a, values)
    return indicator


def report(cast: Cast, **fields: Any) -> b.Document:
    """Alice's report on her project, to 24 November."""
    roll_up_all()
    return gather(make_order(cast.alice, cast.project, **fields))


def table(document: b.Document, name: str) -> b.Table:
    """The table whose sheet has this name."""
    return next(block for block in b.walk(document.blocks) if isinstance(block, b.Table) and block.name == name)


def texts(document: b.Document) -> list[str]:
    """All paragraphs."""
    return [words for block in b.walk(document.blocks) if isinstance(block, b.Text) for words in block.paragraphs]


def tile(document: b.Document, side: b.Side) -> b.Figure:
    """The cover's figure or voice."""
    found = [each for block in b.walk(document.cover) if isinstance(block, b.Figures) for each in block.items]
    return next(each for each in found if each.side == side)


def test_a_project_without_anything_says_so_everywhere(cast: Cast) -> None:
    Indicator.objects.all().delete()

    document = report(cast)

    assert texts(document)[0:3:2] == ["No indicator is planned yet.", "Nothing was asked or said yet."]
    assert tile(document, b.Side.FIGURE).value == "No plan yet"
    assert tile(document, b.Side.VOICE).value == "Nobody was asked yet"
    assert [block.text for block in b.walk(document.blocks) if isinstance(block, b.Heading)] == [
        "Results",
        "What people say they need",
    ]


def test_outcomes_stand_against_target_and_plan(cast: Cast) -> None:
    planned(cast, "1.a", 100, 40, 44, units={"en": "people"})
    planned(cast, "1.b", 200, 100, 50)
    planned(cast, "1.c", 10, 5, None)
    planned(cast, "1.d", 10, 5, 0)

    document = report(cast)

    assert [row for row in table(document, "Outcomes").rows if row[0] != "1.1"] == [
        ("1.a", "Indicator 1.a (people)", D(100), D(40), D(44), b.Bar(D("0.44"), D("0.4")), D("1.1")),
        ("1.b", "Indicator 1.b", D(200), D(100), D(50), b.Bar(D("0.25"), D("0.5")), D("0.5")),
        (
            "1.c",
            "Indicator 1.c",
            D(10),
            D(5),
            b.Empty.NOT_REPORTED,
            b.Bar(None, D("0.5")),
            b.Empty.NOT_REPORTED,
        ),
        ("1.d", "Indicator 1.d", D(10), D(5), D(0), b.Bar(D(0), D("0.5")), D(0)),
    ]
    assert texts(document)[0].startswith("1 of 4 outcome indicators stand at or above plan. 1 is incomplete")
    assert "Below plan: 1.b Indicator 1.b; 1.d Indicator 1.d." in texts(document)[0]
    assert tile(document, b.Side.FIGURE).value == D(1)
    assert tile(document, b.Side.FIGURE).unit == "of 4 outcome indicators at or above plan"


def test_a_partners_missing_figure_makes_the_verdict_incomplete_and_is_named(cast: Cast) -> None:
    indicator = planned(cast, "1.a", 100, 40, 44)
    make_obligation(indicator.periods.get(), cast.b)

    document = report(cast)

    row = next(row for row in table(document, "Outcomes").rows if row[0] == "1.a")
    assert row[6] == b.Mark("110%, incomplete", b.Tone.WARN)
    assert table(document, "Missing").rows == (
        ("1.a", "Indicator 1.a", "Organisation B", "", "2026-01/2026-01", date(2026, 3, 2)),
    )


def test_a_percentage_is_a_share_and_a_yes_is_a_word(cast: Cast) -> None:
    ratio = make_indicator(
        cast.project, "1.a", measure="percentage", across_partners="weighted_ratio", across_time="weighted_ratio"
    )
    make_update(make_period(ratio, 1), cast.a, {"": (78, 100)})
    answer = make_indicator(cast.project, "1.b", measure="yes_no", across_partners="maximum", across_time="latest")
    make_update(make_period(answer, 1), cast.a, 1)

    rows = {row[0]: row[4] for row in table(report(cast), "Outcomes").rows}

    assert (rows["1.a"], rows["1.b"]) == (b.Percent(D("0.78")), "Yes")


def test_without_baseline_progress_is_not_applicable(cast: Cast) -> None:
    falling = make_indicator(cast.project, "1.a", direction="descending")
    make_target(falling, 5)
    make_update(make_period(falling, 1), cast.a, 8)

    row = next(row for row in table(report(cast), "Outcomes").rows if row[0] == "1.a")
    assert (row[5], row[6]) == (b.Empty.NOT_APPLICABLE, b.Empty.NOT_APPLICABLE)

    Baseline.objects.create(indicator=falling, numerator=D(10))
    row = next(row for row in table(report(cast), "Outcomes").rows if row[0] == "1.a")
    assert row[5] == b.Bar(D("0.4"))


def test_small_cells_are_hidden_with_a_second_one(cast: Cast) -> None:
    sex = make_dimension("kin", "female", "male", "other", "unsaid")
    cells = {"": 69, "kin:female": 41, "kin:male": 26, "kin:other": 0, "kin:unsaid": 2}
    planned(cast, "1.a", 100, 40, cells, dimensions=[sex])

    document = report(cast)

    assert table(document, "1.a kin").rows == (
        ("Female", D(41)),
        ("Male", b.Empty.HIDDEN),
        ("Other", D(0)),
        ("Unsaid", b.Empty.SUPPRESSED),
        ("All", D(69)),
    )


def test_a_total_of_too_few_people_is_hidden_with_all_that_tells_it(cast: Cast) -> None:
    sex = make_dimension("kin", "female", "male")
    planned(cast, "1.a", 20, 12, {"": 3, "kin:female": 3}, dimensions=[sex])

    document = report(cast)

    row = next(row for row in table(document, "Outcomes").rows if row[0] == "1.a")
    assert row[4:] == (b.Empty.SUPPRESSED, None, b.Empty.SUPPRESSED)
    assert table(document, "1.a kin").rows == (
        ("Female", b.Empty.SUPPRESSED),
        ("Male", b.Empty.NOT_REPORTED),
        ("All", b.Empty.SUPPRESSED),
    )


def test_a_formula_is_told_and_hides_what_would_give_its_inputs_away(cast: Cast) -> None:
    sex = make_dimension("kin", "female", "male", "other", "unsaid")
    cells = {"": 69, "kin:female": 41, "kin:male": 26, "kin:other": 0, "kin:unsaid": 2}
    planned(cast, "1.a", 100, 40, cells, dimensions=[sex])
    planned(cast, "1.b", 20, 12, {"": 3, "kin:female": 3}, dimensions=[sex])
    facts = {"measure": "formula", "across_partners": "none", "dimensions": [sex]}
    planned(cast, "1.c", 200, 80, None, formula="[1.a] * 2", **facts)
    planned(cast, "1.d", 200, 80, None, formula="[1.a] + [1.b]", **facts)

    document = report(cast)

    rows = {row[0]: row for row in table(document, "Outcomes").rows}
    assert rows["1.c"][2:5] == (D(200), D(80), D(138))
    assert rows["1.d"][4:] == (b.Empty.SUPPRESSED, None, b.Empty.SUPPRESSED)
    assert table(document, "1.c kin").rows == (
        ("Female", D(82)),
        ("Male", b.Empty.HIDDEN),
        ("Other", D(0)),
        ("Unsaid", b.Empty.SUPPRESSED),
        ("All", D(138)),
    )


def test_people_are_counted_by_a_stated_method(cast: Cast) -> None:
    indicator = planned(cast, "1.a", 200, 140, 100)
    make_update(indicator.periods.get(), cast.b, 40)
    small = planned(cast, "1.b", 20, 12, 3)
    silent = planned(cast, "1.c", 20, 12, None)
    for one, method in ((indicator, "deduct"), (small, "umbrella"), (silent, "unique")):
        PeopleCount.objects.create(indicator=one, method=method)

    document = report(cast)

    assert table(document, "People counted").rows == (
        ("1.a", "Indicator 1.a", D(100), D(140), "Deduct: known overlaps are taken off"),
        ("1.b", "Indicator 1.b", b.Empty.SUPPRESSED, b.Empty.SUPPRESSED, "Umbrella: the largest stands for all"),
        ("1.c", "Indicator 1.c", b.Empty.NOT_REPORTED, b.Empty.NOT_REPORTED, "Unique: persons by their pseudonym"),
    )


def test_needs_stand_in_the_order_of_the_people(cast: Cast) -> None:
    care = make_need(cast.project, "Childcare", state=NeedState.CONFIRMED)
    lessons = make_need(cast.project, "Lessons", state=NeedState.MET)
    make_need(cast.project, "Shoes", state=NeedState.REFUSED)
    make_round(cast.project, (care, 80, 60), (lessons, 50, 40))

    document = report(cast)

    assert table(document, "Needs").rows == (
        ("1", "Childcare", D(60), D(80), D(0), b.Mark("Confirmed", b.Tone.WARN)),
        ("2", "Lessons", D(40), D(50), D(0), b.Mark("Met", b.Tone.OK)),
        ("", "Shoes", b.Empty.NOT_REPORTED, b.Empty.NOT_REPORTED, D(0), b.Mark("Refused", b.Tone.QUIET)),
    )
    voice = tile(document, b.Side.VOICE)
    assert (voice.value, voice.unit) == (D("0.4"), "of people have their first need met")
    assert voice.under == (
        "40 of 100 people say that it is met; we say that it is answered for 40%. Ranked first: Childcare."
    )


def test_needs_of_too_few_people_are_hidden(cast: Cast) -> None:
    care, shoes = make_need(cast.project, "Childcare"), make_need(cast.project, "Shoes")
    make_round(cast.project, (care, 80, 60), (shoes, 3, 2))

    rows = table(report(cast), "Needs").rows

    assert [row[2:4] for row in rows] == [
        (b.Empty.HIDDEN, D(80)),
        (b.Empty.SUPPRESSED, b.Empty.SUPPRESSED),
    ]


def test_only_what_may_be_quoted_is_quoted_beside_who_was_reached(cast: Cast) -> None:
    sex = make_dimension("kin", "female", "male")
    planned(cast, "1.a", 100, 40, {"": 69, "kin:female": 41, "kin:male": 28}, dimensions=[sex])
    make_feedback(cast.project, "Keep this to yourselves.")
    make_feedback(cast.project, "Who keeps my daughter?", may_quote=True, kind=FeedbackKind.COMPLAINT)

    document = report(cast)

    pair = next(block for block in document.blocks if isinstance(block, b.Pairs))
    voices = next(block for block in pair.voices if isinstance(block, b.Voices))
    assert [each.text for each in voices.items] == ["Who keeps my daughter?"]
    assert [type(block) for block in pair.figures] == [b.Heading, b.Table]


def test_messages_and_waits_are_counted_apart_from_people(cast: Cast) -> None:
    make_answered(cast.project, days=3)
    make_answered(cast.project, days=9)
    make_feedback(cast.project)

    document = report(cast)

    figures = next(block for block in document.blocks if isinstance(block, b.Figures))
    assert [each.value for each in figures.items] == [D(3), D(1) / 3, D(6)]
    assert figures.items[2].under == "1 still wait, 1 past the promised day"


def test_what_was_changed_names_people_decision_and_day(cast: Cast) -> None:
    make_decision(
        cast.project, cast.alice, outcome=Outcome.NO, people=190, we_changed={"en": "120 pairs"}, is_public=True
    )
    make_decision(cast.project, cast.alice, "Secret", is_public=False)

    ledger = next(block for block in report(cast).blocks if isinstance(block, b.Ledger))

    assert [(each.said, each.people, each.decided, each.changed) for each in ledger.changes] == [
        ("We need shoes.", "190 people", b.Mark("No"), "120 pairs")
    ]


def test_money_by_line_with_a_total(cast: Cast) -> None:
    line = BudgetLine.objects.create(
        project=cast.project, code="1", titles={"en": "Staff"}, amount=D(1000), currency="EUR"
    )
    Expense.objects.create(line=line, on=date(2026, 5, 1), amount=D(400), currency="EUR", amount_project=D(400))

    document = report(cast)

    money = table(document, "Money")
    assert money.rows == (("1", "Staff", D(1000), D(400)),)
    assert money.total == ("", "All", D(1000), D(400))
    assert "40% of the money is used." in tile(document, b.Side.FIGURE).under


def test_without_a_rate_there_is_no_total_and_the_reason_instead(cast: Cast) -> None:
    line = BudgetLine.objects.create(project=cast.project, code="1", titles={}, amount=D(1000), currency="USD")
    Expense.objects.create(line=line, on=date(2026, 5, 1), amount=D(400), currency="USD", amount_project=None)

    document = report(cast)

    assert table(document, "Money").rows == (("1", "", "$1,000", b.Empty.NOT_APPLICABLE),)
    assert table(document, "Money").total == ("", "All", b.Empty.NOT_APPLICABLE, b.Empty.NOT_APPLICABLE)
    notes = [block.text for block in document.blocks if isinstance(block, b.Note)]
    assert notes == [
        "Expenses without a rate of exchange: 1. So there is no total.",
        "Budget lines in another currency without a rate: USD. So there is no total.",
    ]


def test_late_work_and_open_risks(cast: Cast) -> None:
    Activity.objects.create(
        project=cast.project, code="A1", titles={"en": "Course"}, starts_on=date(2026, 1, 1), ends_on=date(2026, 6, 1)
    )
    Risk.objects.create(
        project=cast.project, title="Interpreters leave", likelihood=4, impact=3, mitigation="Train two"
    )

    document = report(cast)

    assert table(document, "Late").rows == (("A1", "Course", date(2026, 6, 1)),)
    assert table(document, "Risks").rows == (("Interpreters leave", "4 × 3", "Train two", None),)


def test_the_cover_says_who_and_to_whom(cast: Cast) -> None:
    make_partnership(cast.project, cast.kmop, role=PartnershipRole.COORDINATOR)
    make_partnership(cast.project, make_organisation("FUND"), role=PartnershipRole.FUNDING)

    document = report(cast)

    facts = next(block for block in document.cover if isinstance(block, b.KeyValues))
    assert {each.label: each.value for each in facts.items} == {
        "Project": "STR-25, 1 Jan 2026 – 31 Dec 2026",
        "Status": "Active",
        "Coordinator": "Organisation KMOP",
        "Partners": "Organisation A",
    }
    assert document.subtitle == "To Organisation FUND"
    assert document.meta.short == "STR-25 · Progress report to 24 Nov 2026"


def test_a_report_without_a_project_is_a_fault(cast: Cast) -> None:
    with pytest.raises(ValueError, match="about a project"):
        gather(make_order(cast.alice))


def test_titles_are_in_the_language_asked_for(cast: Cast) -> None:
    with translation.override("el"):
        assert report(cast, language="el").title == "Έργο STR-25"


def test_unplanned_change_stands_below_the_targets_of_its_level(cast: Cast) -> None:
    make_change(cast.project, cast.a, what="A bus line opened", contribution="The town's")
    make_change(cast.project, kind="bad", what="Rents rose", noticed_on=date(2026, 2, 1))
    make_change(cast.project, what="After the day", noticed_on=date(2026, 12, 1))
    make_change(cast.other, what="Elsewhere")
    document = report(cast)
    assert table(document, "Unplanned, outcomes").rows == (
        ("1", "Bad", "Rents rose", "A teacher", date(2026, 2, 1), ""),
        ("1", "Good", "A bus line opened", "A teacher", date(2026, 1, 1), "The town's"),
    )
    names = [block.name for block in b.walk(document.blocks) if isinstance(block, b.Table)]
    assert names.index("Unplanned, outcomes") == names.index("Outcomes") + 1


def test_the_same_statements_at_one_and_at_four_of_everything(cast: Cast, django_assert_num_queries: Any) -> None:
    for count in (1, 4):
        for number in range(count):
            sex = make_dimension("kin", "female", "male")
            code = f"{count}.{number}"
            planned(cast, code, 100, 40, {"": 69, "kin:female": 41}, dimensions=[sex])
            make_round(cast.project, (make_need(cast.project, code), 10, 8))
            make_answered(cast.project, may_quote=True)
            make_decision(cast.project, cast.alice)
            BudgetLine.objects.create(project=cast.project, code=code, titles={}, amount=D(1), currency="EUR")
            Risk.objects.create(project=cast.project, title=code, likelihood=1, impact=1)
        roll_up_all()
        order = make_order(fresh(cast.alice), cast.project)
        with django_assert_num_queries(STATEMENTS):
            gather(order)


STATEMENTS = 30
