"""The HTML file stands alone, escapes everything, and names its parts for a screen reader."""

import io
import re
from dataclasses import replace
from decimal import Decimal as D

from django.utils import translation

from reports.catalogue import blocks as b
from reports.renderers import html
from tests import factories_documents as made


def page(document: b.Document) -> str:
    """A document's HTML, without the white space around tags."""
    out = io.BytesIO()
    html.write(document, out)
    return re.sub(r"\s+(?=<)|(?<=>)\s+", "", out.getvalue().decode())


def test_the_file_needs_no_other_and_runs_nothing() -> None:
    text = page(made.english())

    assert re.findall(r"(?:src|href)=\"(?!#)[^\"]*\"|url\(|<script|<link|@import| style=| on\w+=", text) == []
    assert text.count("<style>") == 1


def test_everything_is_escaped() -> None:
    bad = "<script>alert(\"x\")</script> & 'q'"
    voices = b.Voices((b.Voice(bad, "en", (bad,), original=bad, original_language="el"),))
    table = b.Table(
        bad, (b.Column(bad, unit=bad), b.Column("n", b.Kind.NUMBER)), ((bad, D(1)),), note=bad, total=(bad, D(1))
    )
    ledger = b.Ledger((b.Change(bad, b.Mark(bad), bad, bad),))
    chart = b.Chart(b.Form.COLUMNS, bad, bad, (bad,), (b.Series(bad, (D(1),)),))
    facts = (b.KeyValues((b.KeyValue(bad, bad),)), b.Bullets((bad,)), b.Note(bad), b.Text((bad,)))
    figures = b.Figures((b.Figure(bad, bad, unit=bad, under=bad),))
    blocks = (b.Heading(1, bad), voices, table, ledger, chart, *facts, figures)
    document = b.Document(bad, "en", made.META, bad, bad, (figures,), blocks)

    text = page(document)

    assert "<script" not in text
    assert text.count("&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt; &amp; &#x27;q&#x27;") >= 25


def test_language_direction_and_headings() -> None:
    text = page(made.arabic())

    assert '<html lang="ar" dir="rtl">' in text
    assert re.findall(r"<h([1-6])", text) == ["1", "2", "2", "3", "2", "2"]
    assert re.findall(r'<span class="no">(\d)</span>', text) == ["1", "2", "1", "2"]  # contents, then headings
    assert '<blockquote lang="ar" dir="rtl">' in text


def test_the_contents_lead_to_every_section() -> None:
    text = page(made.english())
    targets = re.findall(r'<a href="#([^"]+)"', text)

    assert targets == ["s-1", "s-2", "s-3", "s-4", "s-5", "s-6", "made"]
    assert [text.count(f'id="{target}"') for target in targets] == [1] * 7


def test_a_table_names_its_rows_and_keeps_the_kinds_of_empty_apart() -> None:
    text = page(made.english())

    assert '<th scope="row">In paid work 6 months after the course</th>' in text
    assert '<td class="k-number n">0</td>' in text
    assert '<span class="val not_reported">Not reported</span>' in text
    assert '<span class="val not_applicable">Not applicable</span>' in text
    assert '<span class="val suppressed">Fewer than 5</span>' in text
    assert '<tr class="total">' in text


def test_a_table_without_words_is_named_by_its_first_column() -> None:
    table = b.Table("c", (b.Column("n", b.Kind.NUMBER),), ((D(7),),))

    assert '<th scope="row">7</th>' in page(replace(made.english(), blocks=(table,)))


def test_the_language_of_the_request_does_not_matter_and_the_bytes_are_the_same() -> None:
    with translation.override("el"):
        greek_request = page(made.english())

    assert greek_request == page(made.english())
