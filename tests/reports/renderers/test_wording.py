"""Values are written in the document's language, whatever the language of the request."""

from dataclasses import replace
from datetime import date
from decimal import Decimal as D
from typing import Any

import pytest
from django.utils import translation

from reports.catalogue import blocks as b
from reports.renderers.wording import cell_words, direction, quoted, wording
from tests import factories_documents as made


@pytest.mark.parametrize(
    "cell, kind, unit, language, text",
    [
        (D("1302.5"), b.Kind.NUMBER, "", "en", "1,302.5"),
        (D("1302.5"), b.Kind.NUMBER, "", "el", "1.302,5"),
        (D(0), b.Kind.NUMBER, "", "en", "0"),
        (D("0.955"), b.Kind.PERCENT, "", "en", "96%"),
        (D("2400000"), b.Kind.MONEY, "EUR", "en", "€2,400,000"),
        (D("2400000.5"), b.Kind.MONEY, "EUR", "el", "2.400.000,50\N{NO-BREAK SPACE}€"),
        (D("12.5"), b.Kind.MONEY, "", "en", "12.5"),
        (date(2026, 11, 23), b.Kind.DATE, "", "en", "23 Nov 2026"),
        (date(2026, 11, 23), b.Kind.DATE, "", "el", "23 Νοε 2026"),
        ("<b>", b.Kind.TEXT, "", "en", "<b>"),
        (None, b.Kind.NUMBER, "", "en", ""),
    ],
)
def test_a_value_in_words(cell: b.Cell, kind: b.Kind, unit: str, language: str, text: str) -> None:
    words = cell_words(cell, b.Column("a", kind, unit), language)

    assert (words["text"], words["state"]) == (text, "value")


def test_a_per_cent_among_other_numbers() -> None:
    words = cell_words(b.Percent(D("0.7855"), 1), b.Column("a", b.Kind.NUMBER), "el")

    assert (words["text"], words["state"]) == ("78,6%", "value")


def test_the_kinds_of_empty_are_words_apart_from_nought() -> None:
    column = b.Column("a", b.Kind.NUMBER)

    with translation.override("en"):
        words = [cell_words(kind, column, "en", small_cell=7) for kind in b.Empty]

    assert [(each["state"], each["text"]) for each in words] == [
        ("not_reported", "Not reported"),
        ("not_applicable", "Not applicable"),
        ("suppressed", "Fewer than 7"),
        ("hidden", "Not shown"),
    ]


def test_bars_and_marks_keep_their_state() -> None:
    bar = cell_words(b.Bar(None, D("0.5")), b.Column("a", b.Kind.BAR), "en")
    mark = cell_words(b.Mark("late", b.Tone.BAD), b.Column("a", b.Kind.MARK), "en")

    assert (bar["state"], bar["bar"]["actual"], bar["bar"]["plan"]) == ("bar", None, 0.5)
    assert (mark["state"], mark["text"], mark["tone"]) == ("mark", "late", "bad")


@pytest.mark.parametrize("language, way", [("ar", "rtl"), ("fa-IR", "rtl"), ("el", "ltr"), ("", "ltr")])
def test_the_direction_of_a_language(language: str, way: str) -> None:
    assert direction(language) == way


def test_quotes_are_those_of_the_language() -> None:
    assert [quoted("a", each) for each in ("en", "el", "fr", "xx")] == ["“a”", "«a»", "« a »", "“a”"]


def test_the_frame_says_when_by_whom_and_of_which_data() -> None:
    words = wording(made.english(), "ab12cd34ef56" + "0" * 52)

    assert words["frozen"] == "Frozen on 23 Nov 2026, 15:20 by Eleni Markou. Run 187."
    assert words["hash_words"] == "SHA-256 ab12 cd34 ef56 … 0000"
    assert words["date"] == {"year": 2026, "month": 11, "day": 23, "hour": 15, "minute": 20, "second": 0}
    assert words["made"]["blocks"][0]["items"] == [
        {"label": "Figures as of", "value": "31 Oct 2026"},
        {"label": "Frozen", "value": "Frozen on 23 Nov 2026, 15:20 by Eleni Markou. Run 187."},
        {"label": "Project", "value": "STR-25"},
        {"label": "SHA-256 of the frozen data", "value": "ab12cd34ef56" + "0" * 52},
    ]


def test_a_run_of_nobody_and_without_a_short_title() -> None:
    document = replace(made.english(), meta=replace(made.META, frozen_by="", short=""))

    words = wording(document, "0" * 64)

    assert words["frozen"] == "Frozen on 23 Nov 2026, 15:20. Run 187."
    assert words["running"] == document.title


def test_the_language_of_the_request_does_not_matter() -> None:
    with translation.override("el"):
        greek_request = wording(made.english(), "0" * 64)

    assert greek_request == wording(made.english(), "0" * 64)


def _blocks(kind: str) -> dict[str, Any]:
    return next(part for part in wording(made.english(), "0" * 64)["blocks"] if part["is"] == kind)


def test_columns_are_as_wide_as_what_they_hold() -> None:
    columns = _blocks("table")["columns"]

    assert [(each["width"], each["figure"], each["strong"]) for each in columns] == [
        (7, False, False),
        (34, False, False),
        (8, True, False),
        (7, True, False),
        (17, True, True),
        (16, False, False),
        (19, True, False),
    ]


def test_money_names_its_currency_in_the_value_not_in_the_head() -> None:
    table = wording(made.english(), "0" * 64)["blocks"][-1]

    assert [each["unit"] for each in table["columns"]] == ["", "", "", "", ""]
    assert [each["text"] for each in table["total"]] == ["Total", "€2,400,000", "€1,296,000", "", ""]


def test_text_in_another_language_says_so() -> None:
    document = b.Document("t", "en", made.META, blocks=(b.Text(("نص",), language="ar"), b.Text(("a",), language="en")))

    foreign, own = wording(document, "0" * 64)["blocks"]

    assert (foreign["language"], foreign["direction"]) == ("ar", "rtl")
    assert (own["language"], own["direction"]) == ("", "")


def test_a_paraphrase_has_no_quotes() -> None:
    quote, ours = _blocks("pairs")["voices"][1]["items"]

    assert quote["text"].startswith("“I found work")
    assert (quote["original"], quote["original_direction"]) == ("«وجدت عملاً في المستودع»", "rtl")
    assert (ours["text"], ours["about"]) == ("Lessons at ten are for people without work.", "Man")


def test_the_ledger_says_who_decided_when() -> None:
    first = _blocks("ledger")["changes"][0]

    assert (first["said"], first["people"], first["decided"]["text"], first["decided_on"], first["changed"]) == (
        "“Lessons at ten.”",
        "566 voices",
        "Yes",
        "14 Jul 2026",
        "4 evening classes",
    )
