"""Documents are frozen, exact in JSON, and refuse what a page could not show."""

import json
from collections.abc import Callable
from dataclasses import FrozenInstanceError, replace
from datetime import date
from decimal import Decimal as D

import pytest
from django.utils.translation import gettext_lazy
from hypothesis import given
from hypothesis import strategies as st

from reports.catalogue import blocks as b
from reports.catalogue.frozen import digest, from_json, to_json
from tests import factories_documents as made

CELLS = st.one_of(
    st.none(),
    st.text(),
    st.decimals(allow_nan=False, allow_infinity=False),
    st.dates(),
    st.sampled_from(b.Empty),
    st.builds(b.Bar, st.decimals(allow_nan=False, allow_infinity=False) | st.none()),
    st.builds(b.Percent, st.decimals(allow_nan=False, allow_infinity=False), st.integers(0, 3)),
    st.builds(b.Mark, st.text(), st.sampled_from(b.Tone)),
)


@pytest.mark.parametrize("document", [made.english, made.greek, made.arabic])
def test_a_document_comes_back_equal_from_its_json(document: Callable[[], b.Document]) -> None:
    whole = document()

    assert from_json(to_json(whole)) == whole
    assert to_json(from_json(to_json(whole))) == to_json(whole)


@given(st.lists(st.tuples(CELLS, CELLS), max_size=5))
def test_every_cell_comes_back_as_the_same_type(rows: list[tuple[b.Cell, b.Cell]]) -> None:
    columns = (b.Column("a"), b.Column("b"))
    document = b.Document("t", "en", made.META, blocks=(b.Table("c", columns, tuple(rows)),))

    table = from_json(to_json(document)).blocks[0]

    assert isinstance(table, b.Table)
    assert [[(type(cell), str(cell)) for cell in row] for row in table.rows] == [
        [(type(cell), str(cell)) for cell in row] for row in rows
    ]


def test_the_json_is_canonical_and_leaves_defaults_out() -> None:
    document = b.Document("Τίτλος", "el", replace(made.META, parameters=()), blocks=(b.Heading(1, "Α"), b.Note("ν")))

    text = to_json(document)

    assert json.loads(text)["blocks"] == [
        {"is": "Heading", "level": 1, "text": "Α"},
        {"is": "Note", "text": "ν"},
    ]
    assert "Τίτλος" in text
    assert text == json.dumps(json.loads(text), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def test_the_digest_is_that_of_the_json_and_moves_with_any_figure() -> None:
    first = b.Document("t", "en", made.META, blocks=(b.Figures((b.Figure("a", D("1.0")),)),))
    other = b.Document("t", "en", made.META, blocks=(b.Figures((b.Figure("a", D("1.00")),)),))

    assert len(digest(first)) == 64
    assert digest(first) == digest(from_json(to_json(first)))
    assert digest(first) != digest(other)


def test_blocks_are_frozen() -> None:
    with pytest.raises(FrozenInstanceError):
        b.Heading(1, "a").text = "b"  # type: ignore[misc]


def test_a_row_without_all_its_cells_is_refused() -> None:
    with pytest.raises(ValueError, match="2 cells"):
        b.Table("c", (b.Column("a"), b.Column("b")), (("x",),))
    with pytest.raises(ValueError, match="1 cells"):
        b.Table("c", (b.Column("a"),), (), total=("x", "y"))


def test_a_skipped_heading_level_is_refused_inside_pairs_too() -> None:
    pair = b.Pairs((b.Heading(3, "deep"),), ())

    with pytest.raises(ValueError, match="'deep' skips a level"):
        b.Document("t", "en", made.META, blocks=(b.Heading(1, "a"), pair))
    with pytest.raises(ValueError, match="skips a level"):
        b.Document("t", "en", made.META, blocks=(b.Heading(2, "a"),))


def test_a_chart_has_a_value_for_each_category_and_columns_one_series() -> None:
    one, two = b.Series("a", (D(1),)), b.Series("b", (D(1), None))

    with pytest.raises(ValueError, match="for each category"):
        b.Chart(b.Form.LINE, "t", "d", ("x",), (one, two))
    with pytest.raises(ValueError, match="not of one series"):
        b.Chart(b.Form.COLUMNS, "t", "d", ("x",), (one, one))


def test_what_is_no_data_is_refused_when_it_is_frozen() -> None:
    lazy = b.Document("t", "en", made.META, blocks=(b.Note(gettext_lazy("x")),))  # type: ignore[arg-type]

    with pytest.raises(TypeError, match="has no place in a document"):
        to_json(lazy)


@pytest.mark.parametrize("text", ['"a"', '{"is":"Heading","level":1,"text":"a"}'])
def test_other_json_is_no_document(text: str) -> None:
    with pytest.raises(ValueError, match="not the JSON of a document"):
        from_json(text)


def test_walking_gives_the_inner_blocks_after_their_pair() -> None:
    figure, voice, last = b.Note("f"), b.Note("v"), b.Note("l")
    pair = b.Pairs((figure,), (voice,))

    assert list(b.walk((pair, last))) == [pair, figure, voice, last]


def test_a_date_is_not_a_time() -> None:
    document = b.Document(
        "t", "en", made.META, blocks=(b.Table("c", (b.Column("d", b.Kind.DATE),), ((date(2026, 1, 2),),)),)
    )

    assert from_json(to_json(document)) == document
