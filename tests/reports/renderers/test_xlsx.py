"""The workbook holds real numbers and dates, can be filtered, and runs nothing."""

import io
import zipfile
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal as D
from functools import partial

import openpyxl
import pytest
from openpyxl import Workbook

from reports.catalogue import blocks as b
from reports.catalogue.frozen import digest
from reports.renderers import xlsx
from reports.renderers.xlsx import number_code, sheet_name
from tests import factories_documents as made

plain = partial(datetime, tzinfo=None)  # a workbook knows no time zones


def written(document: b.Document) -> bytes:
    """The bytes of a document's workbook."""
    out = io.BytesIO()
    xlsx.write(document, out)
    return out.getvalue()


def opened(document: b.Document) -> Workbook:
    """A document's workbook, opened."""
    return openpyxl.load_workbook(io.BytesIO(written(document)))


def test_there_is_a_sheet_for_each_table_chart_and_kind_of_words() -> None:
    assert opened(made.english()).sheetnames == [
        "Summary",
        "Outcomes, to 31 Octo",
        "Evening classes grew each quart",
        "Budget lines",
        "Text",
        "Voices",
        "What we changed",
    ]


def test_values_are_typed_and_each_kind_of_empty_has_its_word() -> None:
    sheet = opened(made.english())["Outcomes, to 31 Octo"]

    assert [[cell.value for cell in row] for row in sheet.iter_rows(min_row=1, max_row=6)] == [
        ["No", "Outcome indicator", "Target", "Plan", "Actual", "Progress", "Of plan"],
        ["1.a", "In paid work 6 months after the course", 600, 340, 372, 0.62, 1.09],
        ["2.a", "Reached level A2 in Greek", 900, 520, 498.5, 0.553, 0.96],
        ["2.b", "Cities that pay for the service themselves", 3, 1, 0, 0, 0],
        ["2.c", "Hours of evening class held", 640, 360, "Not reported", "Not reported", None],
        ["3.c", "Survivors of trafficking accompanied", 20, 12, "Fewer than 5", None, "Not applicable"],
    ]
    assert [sheet["E3"].number_format, sheet["E2"].number_format, sheet["G2"].number_format] == [
        "#,##0.0",
        "#,##0",
        "0%",
    ]
    assert (sheet["A8"].value, sheet.freeze_panes, sheet.auto_filter.ref) == (
        "The dark mark is the plan to date.",
        "A2",
        "A1:G6",
    )


def test_money_and_dates_are_real_and_the_total_stands_outside_the_filter() -> None:
    sheet = opened(made.english())["Budget lines"]

    assert [cell.value for cell in sheet[1]] == ["Line", "Budget (EUR)", "Spent (EUR)", "State", "Due"]
    assert [cell.value for cell in sheet[2]] == ["Staff", 800000, 410000.5, "on time", plain(2026, 11, 30)]
    assert [cell.value for cell in sheet[4]] == ["Total", 2400000, 1296000, None, None]
    assert (sheet["C2"].number_format, sheet["B2"].number_format) == ('"EUR" #,##0.00', '"EUR" #,##0')
    assert (sheet["E2"].is_date, sheet["E2"].number_format, sheet.auto_filter.ref) == (
        True,
        "[$-809]d mmm yyyy",
        "A1:E3",
    )


def test_the_formats_are_those_of_the_language() -> None:
    sheet = opened(made.greek())["Γραμμές προϋπολογισμού"]

    assert (sheet["C2"].number_format, sheet["E2"].number_format) == ('#,##0.00 "EUR"', "[$-408]d mmm yyyy")
    assert opened(made.arabic()).worksheets[0].sheet_view.rightToLeft is True


def test_no_text_becomes_a_formula_or_a_link() -> None:
    texts = ("=1+1", "+1", "-1", "@SUM(A1)", '=HYPERLINK("http://x","y")', "http://x.example", "12")
    table = b.Table("c", (b.Column("a"),), tuple((text,) for text in texts), name="Data")

    book = opened(replace(made.english(), blocks=(table,)))

    cells = [row[0] for row in book["Data"].iter_rows(min_row=2, max_row=8)]
    assert [(cell.value, cell.data_type) for cell in cells] == [(text, "s") for text in texts]
    assert [cell.hyperlink for cell in cells] == [None] * 7
    assert [cell.quotePrefix for cell in cells] == [True] * 5 + [False] * 2


def test_the_cover_has_facts_figures_and_links_to_the_sheets() -> None:
    sheet = opened(made.english())["Summary"]
    facts = {row[0].value: row[1].value for row in sheet.iter_rows()}

    assert sheet["A2"].value == "Steria: work, language and care for displaced families"
    assert (facts["Figures as of"], facts["Frozen"], facts["Run"]) == ("31 Oct 2026", "23 Nov 2026, 15:20", "187")
    assert facts["SHA-256 of the frozen data"] == digest(made.english())
    assert (facts["Spent"], facts["Answered"], facts["Hours"]) == (1296000, 0.914, "Not reported")
    assert facts["Budget lines"] == "Budget lines"
    links = [cell.hyperlink.location for row in sheet.iter_rows() for cell in row if cell.hyperlink]
    assert links == ["'Outcomes, to 31 Octo'!A1", "'Evening classes grew each quart'!A1", "'Budget lines'!A1"]


def test_words_voices_and_changes_are_not_lost() -> None:
    book = opened(made.english())

    assert [cell.value for cell in book["Text"][3]] == ["Text", "Three of four outcomes stand at or above plan."]
    assert [cell.value for cell in book["Voices"][2]][1:] == ["en", "وجدت عملاً في المستودع", "Woman, 25–39 · Aktaia"]
    assert [cell.value for cell in book["What we changed"][3]] == [
        "We need money for work shoes.",
        "190 voices",
        "No",
        plain(2026, 10, 9),
        "The fund does not allow cash",
    ]


def test_a_chart_is_a_native_one_with_a_gap_and_a_text_for_who_cannot_see_it() -> None:
    with zipfile.ZipFile(io.BytesIO(written(made.english()))) as archive:
        chart = archive.read("xl/charts/chart1.xml").decode()
        drawing = archive.read("xl/drawings/drawing1.xml").decode()

    assert "<c:lineChart>" in chart
    assert "dispBlanksAs val=" not in chart  # a gap is the workbook's own default
    assert 'descr="Classes: 4, 9, not reported; plan 5, 8, 12."' in drawing
    sheet = opened(made.english())["Evening classes grew each quart"]
    assert [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)] == [
        ["Q1", 4, 5],
        ["Q2", 9, 8],
        ["Q3", None, 12],
    ]


def test_columns_become_columns() -> None:
    chart = b.Chart(b.Form.COLUMNS, "t", "d", ("x", "y"), (b.Series("s", (D(1), D("2.5"))),))

    with zipfile.ZipFile(io.BytesIO(written(replace(made.english(), blocks=(chart,))))) as archive:
        assert "<c:barChart>" in archive.read("xl/charts/chart1.xml").decode()


def test_a_document_without_figures_words_or_tables_is_a_cover() -> None:
    assert opened(b.Document("t", "en", made.META)).sheetnames == ["Summary"]


def test_a_text_longer_than_a_cell_is_cut_with_a_sign() -> None:
    table = b.Table("c", (b.Column("a"),), (("x" * 40_000,),), name="Data")

    value = opened(replace(made.english(), blocks=(table,)))["Data"]["A2"].value

    assert (len(value), value[-2:]) == (32_767, "x…")


def test_a_time_is_written_in_the_time_zone_of_the_document() -> None:
    table = b.Table("c", (b.Column("t", b.Kind.DATE),), ((made.META.frozen_at,), (date(2026, 1, 2),)), name="Data")

    sheet = opened(replace(made.english(), blocks=(table,)))["Data"]

    assert (sheet["A2"].value, sheet["A3"].value) == (plain(2026, 11, 23, 15, 20), plain(2026, 1, 2))


def test_a_per_cent_among_other_numbers_is_a_share_with_its_format() -> None:
    table = b.Table("c", (b.Column("n", b.Kind.NUMBER),), ((D(7),), (b.Percent(D("0.785"), 1),)), name="Data")

    sheet = opened(replace(made.english(), blocks=(table,)))["Data"]

    assert [(sheet[cell].value, sheet[cell].number_format) for cell in ("A2", "A3")] == [(7, "#,##0"), (0.785, "0.0%")]


def test_the_same_document_gives_the_same_bytes() -> None:
    assert written(made.greek()) == written(made.greek())


class Endless(tuple[b.Row, ...]):
    """Claims more rows than a sheet holds."""

    __slots__ = ()

    def __len__(self) -> int:
        return 1_048_575


def test_more_rows_than_a_sheet_holds_are_refused() -> None:
    table = b.Table("Everything", (b.Column("a"),), Endless())

    with pytest.raises(ValueError, match="'Everything' has 1048575 rows"):
        written(b.Document("t", "en", made.META, blocks=(table,)))


@pytest.mark.parametrize(
    "wanted, taken, name",
    [
        ("Results: [a]/b*?\\ c", set(), "Results a b c"),
        ("'quoted'", set(), "quoted"),
        ("x" * 40, set(), "x" * 31),
        ("Same", {"same"}, "Same 2"),
        ("Same", {"same", "same 2"}, "Same 3"),
        ("x" * 40, {"x" * 31}, "x" * 29 + " 2"),
        (":::", set(), "Table"),
    ],
)
def test_sheet_names(wanted: str, taken: set[str], name: str) -> None:
    assert sheet_name(wanted, taken) == name


@pytest.mark.parametrize(
    "value, kind, unit, decimals, code",
    [
        ("1", b.Kind.NUMBER, "", None, "#,##0"),
        ("1.250000", b.Kind.NUMBER, "", None, "#,##0.00"),
        ("0.1234567", b.Kind.NUMBER, "", None, "#,##0.000000"),
        ("1200", b.Kind.NUMBER, "", 1, "#,##0.0"),
        ("0.5", b.Kind.PERCENT, "", 1, "0.0%"),
        ("5.50", b.Kind.MONEY, "", None, "#,##0.00"),
        ("1E+3", b.Kind.MONEY, "EUR", None, '"EUR" #,##0'),
    ],
)
def test_number_formats(value: str, kind: b.Kind, unit: str, decimals: int | None, code: str) -> None:
    assert number_code(D(value), b.Column("a", kind, unit, decimals), "en") == code
