"""One content, one text: fingerprints that ignore layout, differences that name the place."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from projects.services.imports.canonical import Difference, canonical, differences, fingerprint
from projects.services.imports.shapes import (
    Activity,
    Amount,
    Indicator,
    Measured,
    Narrative,
    Organisation,
    Period,
    Result,
    Share,
    Transaction,
)


def english(text: str) -> tuple[Narrative, ...]:
    """One text in English."""
    return (Narrative("en", text),)


PERIOD = Period(
    date(2024, 1, 1), date(2024, 12, 31), (Measured("5", Decimal(5)),), (Measured("4", Decimal(4)),), line=9
)
INDICATOR = Indicator("1", True, english("Trained"), periods=(PERIOD,))
ACTIVITY = Activity(
    identifier="AA-1",
    reporter=Organisation("AA", names=english("A")),
    titles=english("T"),
    sectors=(Share("1", "11220", Decimal("60")), Share("1", "11230", Decimal("40"))),
    transactions=(
        Transaction("3", date(2024, 2, 1), Amount(Decimal("10.00"), "EUR")),
        Transaction("2", None, Amount(text="?")),
    ),
    results=(Result("1", english("R"), indicators=(INDICATOR,)),),
    line=3,
)


def with_period(period: Period) -> Activity:
    """The activity with another period."""
    return replace(ACTIVITY, results=(Result("1", english("R"), indicators=(replace(INDICATOR, periods=(period,)),)),))


def test_layout_says_nothing() -> None:
    other = replace(
        ACTIVITY,
        line=7,
        sectors=ACTIVITY.sectors[::-1],
        transactions=ACTIVITY.transactions[::-1],
    )
    moved = replace(
        other, transactions=(other.transactions[0], replace(other.transactions[1], amount=Amount(Decimal(10), "EUR")))
    )
    assert canonical(moved) == canonical(ACTIVITY)
    assert fingerprint(canonical(moved)) == fingerprint(canonical(ACTIVITY))
    assert len(fingerprint(canonical(ACTIVITY))) == 64


def test_equal_texts_do_not_differ() -> None:
    assert differences(canonical(ACTIVITY), canonical(ACTIVITY)) == []


def test_a_changed_figure_names_its_place() -> None:
    changed = with_period(replace(PERIOD, actuals=(Measured("6", Decimal(6)),)))
    place = "/results[1 R]/indicators[Trained]/periods[2024-01-01 2024-12-31]/actuals[]"
    assert differences(canonical(ACTIVITY), canonical(changed)) == [
        Difference(f"{place}/number", "4", "6"),
        Difference(f"{place}/text", "4", "6"),
    ]


def test_what_is_new_and_what_is_gone() -> None:
    cell = Measured("2", Decimal(2), (("sex", "female"),))
    changed = replace(with_period(replace(PERIOD, actuals=(*PERIOD.actuals, cell))), sectors=ACTIVITY.sectors[:1])
    added, gone = differences(canonical(ACTIVITY), canonical(changed))
    assert added == Difference(
        "/results[1 R]/indicators[Trained]/periods[2024-01-01 2024-12-31]/actuals[sex:female]",
        "",
        '{"dimensions":[["sex","female"]],"number":"2","text":"2"}',
    )
    assert gone == Difference("/sectors[1 11230]", '{"code":"11230","percentage":"40","vocabulary":"1"}', "")


def test_two_items_of_one_name_are_told_apart_by_their_number() -> None:
    twice = replace(ACTIVITY, results=(ACTIVITY.results[0], replace(ACTIVITY.results[0], indicators=())))
    assert [each.path for each in differences(canonical(ACTIVITY), canonical(twice))] == ["/results[1 R](2)"]


def test_lists_of_plain_pairs_are_compared_by_what_they_say() -> None:
    before, after = replace(ACTIVITY, related=(("1", "A"),)), replace(ACTIVITY, related=(("1", "A"), ("1", "B")))
    assert differences(canonical(before), canonical(after)) == [Difference('/related[["1","B"]]', "", '["1","B"]')]
