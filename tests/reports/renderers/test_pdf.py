"""The PDF is tagged, its fonts are inside, and its text can be read back in Greek and Arabic."""

import io
import re
import unicodedata
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pypdf
import pytest

from reports.catalogue import blocks as b
from reports.catalogue.frozen import digest
from reports.renderers import pdf, typeset
from tests import factories_documents as made


def written(document: b.Document) -> bytes:
    """The bytes of a document's PDF."""
    out = io.BytesIO()
    pdf.write(document, out)
    return out.getvalue()


def opened(document: b.Document) -> pypdf.PdfReader:
    """A document's PDF, opened."""
    return pypdf.PdfReader(io.BytesIO(written(document)))


def words_of(reader: pypdf.PdfReader) -> str:
    """The whole text with single spaces."""
    return " ".join(" ".join(page.extract_text() for page in reader.pages).split())


def tags_of(reader: pypdf.PdfReader) -> Counter[str]:
    """How often each structure tag stands in the file."""
    found: Counter[str] = Counter()

    def gather(node: Any) -> None:
        node = node.get_object()
        for each in node if isinstance(node, list) else [node]:
            inner = each.get_object()
            if isinstance(inner, dict):
                found[inner.get("/S", "")] += 1
                if "/K" in inner:
                    gather(inner["/K"])

    gather(reader.root_object["/StructTreeRoot"]["/K"])
    return found


def fonts_of(reader: pypdf.PdfReader) -> dict[str, bool]:
    """Every font by its name without the subset's letters, and whether it lies inside the file."""
    fonts = {}
    for page in reader.pages:
        for font in page["/Resources"]["/Font"].values():
            inner = font.get_object()["/DescendantFonts"][0].get_object()
            fonts[inner["/BaseFont"].split("+")[1]] = "/FontFile2" in inner["/FontDescriptor"]
    return fonts


def test_the_greek_report_is_tagged_and_its_greek_reads_back() -> None:
    reader = opened(made.greek())
    root = reader.root_object

    assert (root["/Lang"], root["/MarkInfo"]["/Marked"], root["/ViewerPreferences"]["/DisplayDocTitle"]) == (
        "el",
        True,
        True,
    )
    assert reader.metadata is not None
    assert reader.metadata.title == "Στέρια: εργασία, γλώσσα και φροντίδα για εκτοπισμένες οικογένειες"
    assert b"pdfuaid:part" in written(made.greek())
    words = words_of(reader)
    for text in (
        "Έκθεση προόδου 4 · Αύγουστος – Οκτώβριος 2026",
        "Τρία από τα τέσσερα αποτελέσματα βρίσκονται στο σχέδιο ή πάνω από αυτό.",
        "Πίνακας 1. Αποτελέσματα έως 31 Οκτωβρίου 2026",
        "«Βρήκα δουλειά, αλλά ο παιδικός σταθμός κλείνει στις τέσσερις.»",
        "410.000,50 €",
        "30 Νοε 2026",
    ):
        assert text in words


def test_the_tags_say_what_each_thing_is() -> None:
    tags = tags_of(opened(made.english()))

    assert {
        name: tags[name] for name in ("/Title", "/H1", "/H2", "/Table", "/THead", "/TH", "/TD", "/Caption", "/Figure")
    } == {
        "/Title": 1,
        "/H1": 5,
        "/H2": 3,
        "/Table": 3,
        "/THead": 3,
        "/TH": 15,
        "/TD": 56,
        "/Caption": 2,
        "/Figure": 1,
    }
    assert (tags["/TOCI"], tags["/LI"]) == (7, 2)


@pytest.mark.parametrize("document", [made.english, made.greek, made.arabic])
def test_all_fonts_lie_inside(document: Callable[[], b.Document]) -> None:
    fonts = fonts_of(opened(document()))

    assert set(fonts) <= {
        "NotoSans-Regular",
        "NotoSans-SemiBold",
        "NotoSans-Italic",
        "NotoSansArabic-Regular",
        "NotoSansArabic-SemiBold",
    }
    assert all(fonts.values())


def test_the_arabic_report_runs_from_right_to_left() -> None:
    reader = opened(made.arabic())

    assert (reader.root_object["/Lang"], reader.root_object["/ViewerPreferences"]["/Direction"]) == ("ar", "/R2L")
    assert reader.metadata is not None
    assert reader.metadata.title == "ستيريا: عمل ولغة ورعاية للأسر النازحة"
    letters = set(unicodedata.normalize("NFKC", words_of(reader)))
    assert set("العمل والمال") <= letters


def test_pages_have_numbers_and_the_running_title() -> None:
    reader = opened(made.english())

    assert len(reader.pages) == 4
    second = " ".join(reader.pages[1].extract_text().split())
    assert "Steria · Progress report 4" in second
    assert "2 / 4" in second
    assert "Frozen on 23 Nov 2026, 15:20. Run 187." in second
    assert "Frozen on 23 Nov 2026, 15:20 by Eleni Markou. Run 187." in " ".join(reader.pages[0].extract_text().split())
    assert digest(made.english()) in words_of(reader)


def test_a_long_table_repeats_its_head_on_every_page() -> None:
    columns = (b.Column("Partner organisation"), b.Column("People", b.Kind.NUMBER))
    rows = tuple((f"Partner {number}", b.Empty.NOT_REPORTED) for number in range(120))
    document = replace(made.english(), blocks=(b.Heading(1, "All"), b.Table("Partners", columns, rows)))

    pages = [page.extract_text() for page in opened(document).pages]
    with_rows = [page for page in pages if re.search(r"Partner \d", page)]

    assert len(with_rows) == 4
    assert [page.count("Partner organisation") for page in with_rows] == [1] * 4


def test_the_same_document_gives_the_same_bytes() -> None:
    assert written(made.english()) == written(made.english())


def test_what_looks_like_markup_stays_text() -> None:
    text = '#panic("x") *b* _i_ $x^2$ @ref <label> \\ // #import "look.typ" `raw` = no heading'
    document = replace(made.english(), blocks=(b.Heading(1, text), b.Text((text,))))

    assert words_of(opened(document)).count(text) == 3  # contents, heading, paragraph


def test_a_character_without_a_glyph_does_not_stop_the_report() -> None:
    document = replace(made.english(), blocks=(b.Text(("Thank you 😀 漢 \x07 end",)),))

    reader = opened(document)

    assert "Thank you \ufffd \ufffd end" in words_of(reader)
    assert "does not follow the standard" not in words_of(reader)


def test_where_the_standard_refuses_the_report_is_made_without_and_says_so() -> None:
    reader = opened(replace(made.english(), title=""))

    assert "This file does not follow the standard for accessible documents (PDF/UA-1)." in words_of(reader)


def test_a_report_that_takes_too_long_fails_with_a_word(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "SECONDS", 0.001)

    with pytest.raises(pdf.TypesettingFailed, match="No PDF within"):
        written(made.english())


def test_a_child_that_dies_fails_with_a_word(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    broken = tmp_path / "typeset.py"
    broken.write_text("import sys; sys.exit(9)")
    monkeypatch.setattr(typeset, "__file__", str(broken))

    with pytest.raises(pdf.TypesettingFailed, match="ended with 9"):
        written(made.english())


def test_a_compiler_that_refuses_twice_fails_with_a_word(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    broken = tmp_path / "typeset.py"
    broken.write_text(f"import sys; sys.exit({typeset.REFUSED})")
    monkeypatch.setattr(typeset, "__file__", str(broken))

    with pytest.raises(pdf.TypesettingFailed, match="refused"):
        written(made.english())
