"""A document in words: every value written in the document's language, as plain dictionaries.

The renderers of pages (HTML, PDF) lay out what they find here, so both say the same. Each block becomes a dictionary
with `is` (its kind) and its texts; a cell becomes {text, state, tone, bar}.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, TypeAlias

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from kmop.shared import formats
from reports.catalogue import blocks as b
from reports.renderers.charts import bar_svg, chart_svg

Words: TypeAlias = dict[str, Any]

FIGURES = (b.Kind.NUMBER, b.Kind.PERCENT, b.Kind.MONEY, b.Kind.DATE)
RIGHT_TO_LEFT = ("ar", "fa", "he", "ur")
QUOTES = {"en": ("“", "”"), "el": ("«", "»"), "fr": ("« ", " »"), "uk": ("«", "»"), "ar": ("«", "»"), "fa": ("«", "»")}
EMPTY = tuple(each.value for each in b.Empty)
FRAME = 3  # letters that the frame or sign of an empty value takes
WIDTHS = {b.Kind.BAR: 16, b.Kind.CODE: 7}
SIGN = 6  # letters that the sign and frame of a mark take


def direction(language: str) -> str:
    """The direction in which a language is written: "rtl" or "ltr"."""
    return "rtl" if language.split("-")[0] in RIGHT_TO_LEFT else "ltr"


def wording(document: b.Document, digest: str) -> Words:
    """The document in words. `digest`, the SHA-256 of its frozen data, is printed on the cover and at the end."""
    with translation.override(document.language), timezone.override(document.meta.zone):
        return Wording(document).whole(digest)


def cell_words(cell: b.Cell, column: b.Column, language: str, small_cell: int = 5) -> Words:
    """One cell as {text, state, tone, bar}; `state` is value, mark, bar or the kind of empty."""
    words: Words = {"text": "", "state": "value", "tone": "", "bar": None}
    if isinstance(cell, b.Empty):
        return words | {"text": empty_word(cell, small_cell), "state": cell.value}
    if isinstance(cell, b.Mark):
        return words | {"text": cell.text, "state": "mark", "tone": cell.tone.value}
    if isinstance(cell, b.Percent):
        return words | {"text": formats.percent(cell.share, language, cell.decimals)}
    if isinstance(cell, b.Bar):
        return words | {"state": "bar", "bar": _bar_words(cell)}
    return words | {"text": _value_words(cell, column, language)}


def empty_word(kind: b.Empty, small_cell: int = 5) -> str:
    """The word for a kind of empty, in the active language."""
    return {
        b.Empty.NOT_REPORTED: _("Not reported"),
        b.Empty.NOT_APPLICABLE: _("Not applicable"),
        b.Empty.SUPPRESSED: _("Fewer than %(count)s") % {"count": small_cell},
        b.Empty.HIDDEN: _("Not shown"),
    }[kind]


def _bar_words(bar: b.Bar, side: b.Side = b.Side.FIGURE) -> Words:
    return {
        "actual": None if bar.actual is None else float(bar.actual),
        "plan": None if bar.plan is None else float(bar.plan),
        "svg": bar_svg(bar.actual, bar.plan, side),
    }


def _value_words(cell: str | Decimal | date | None, column: b.Column, language: str) -> str:
    if cell is None:
        return ""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, date):
        return formats.day(cell, language)
    if column.kind == b.Kind.PERCENT:
        return formats.percent(cell, language, column.decimals or 0)
    if column.kind == b.Kind.MONEY and column.unit:
        return formats.money(cell, column.unit, language)
    return formats.number(cell, language, column.decimals)


@dataclass
class Wording:
    """Writes the blocks of one document; tables are not numbered here, the layout numbers them."""

    document: b.Document

    def whole(self, digest: str) -> Words:
        document, meta = self.document, self.document.meta
        return {
            "title": document.title,
            "subtitle": document.subtitle,
            "kicker": document.kicker,
            "language": document.language,
            "direction": direction(document.language),
            "author": meta.frozen_by,
            "description": document.subtitle or document.kicker,
            "keywords": [meta.report, meta.subject, meta.run],
            "date": _moment_parts(meta),
            "running": meta.short or document.title,
            "frozen": self._frozen(meta.frozen_by),
            "frozen_short": self._frozen(),
            "digest": digest,
            "hash_words": f"SHA-256 {digest[:4]} {digest[4:8]} {digest[8:12]} … {digest[-4:]}",
            "explain": _("Every figure can be explained in the portal, as of that day"),
            "contents": _("Contents"),
            "cover": self.many(document.cover),
            "blocks": self.many(document.blocks),
            "made": {"title": _("How this document was made"), "blocks": [self.made(digest)]},
        }

    def _frozen(self, name: str = "") -> str:
        meta = self.document.meta
        facts = {
            "time": formats.moment(meta.frozen_at, self.document.language),
            "name": name,
            "run": meta.run,
        }
        if name:
            return _("Frozen on %(time)s by %(name)s. Run %(run)s.") % facts
        return _("Frozen on %(time)s. Run %(run)s.") % facts

    def made(self, digest: str) -> Words:
        meta = self.document.meta
        facts = [
            b.KeyValue(_("Figures as of"), formats.day(meta.as_of, self.document.language)),
            b.KeyValue(_("Frozen"), self._frozen(meta.frozen_by)),
            *meta.parameters,
            b.KeyValue(_("SHA-256 of the frozen data"), digest),
        ]
        return self.key_values(b.KeyValues(tuple(facts)))

    def many(self, blocks: Sequence[b.Block]) -> list[Words]:
        return [WRITERS[type(block)](self, block) for block in blocks]

    def heading(self, block: b.Heading) -> Words:
        return {"is": "heading", "level": block.level, "text": block.text}

    def text(self, block: b.Text) -> Words:
        language = block.language if block.language != self.document.language else ""
        return {
            "is": "text",
            "paragraphs": list(block.paragraphs),
            "style": block.style.value,
            "language": language,
            "direction": direction(language) if language else "",
        }

    def bullets(self, block: b.Bullets) -> Words:
        return {"is": "bullets", "items": list(block.items)}

    def figures(self, block: b.Figures) -> Words:
        return {"is": "figures", "items": [self.figure(each) for each in block.items]}

    def figure(self, figure: b.Figure) -> Words:
        column = b.Column(figure.label, figure.kind, figure.unit, figure.decimals)
        return {
            "label": figure.label,
            "value": self.cell(figure.value, column),
            "unit": "" if figure.kind == b.Kind.MONEY else figure.unit,
            "under": figure.under,
            "side": figure.side.value,
            "bar": _bar_words(figure.bar, figure.side) if figure.bar else None,
        }

    def cell(self, cell: b.Cell, column: b.Column) -> Words:
        return cell_words(cell, column, self.document.language, self.document.meta.small_cell)

    def table(self, block: b.Table) -> Words:
        rows = [self.row(row, block.columns) for row in block.rows]
        total = self.row(block.total, block.columns) if block.total is not None else None
        shown = [*rows, total] if total is not None else rows
        return {
            "is": "table",
            "caption": block.caption,
            "columns": [self.column(each, [row[at] for row in shown]) for at, each in enumerate(block.columns)],
            "rows": rows,
            "total": total,
            "note": block.note,
        }

    def row(self, row: b.Row, columns: Sequence[b.Column]) -> list[Words]:
        return [self.cell(cell, column) for cell, column in zip(row, columns, strict=True)]

    def column(self, column: b.Column, cells: Sequence[Words]) -> Words:
        return {
            "label": column.label,
            "kind": column.kind.value,
            "unit": "" if column.kind == b.Kind.MONEY else column.unit,
            "figure": column.kind in FIGURES,
            "strong": column.strong,
            "width": column.weight or _width(column, cells),
        }

    def chart(self, block: b.Chart) -> Words:
        return {"is": "chart", "title": block.title, "description": block.description, "svg": chart_svg(block)}

    def voices(self, block: b.Voices) -> Words:
        return {"is": "voices", "items": [self.voice(each) for each in block.items]}

    def voice(self, voice: b.Voice) -> Words:
        language = voice.language or self.document.language
        return {
            "text": voice.text if voice.paraphrase else quoted(voice.text, language),
            "language": language,
            "direction": direction(language),
            "original": quoted(voice.original, voice.original_language) if voice.original else "",
            "original_language": voice.original_language or language,
            "original_direction": direction(voice.original_language or language),
            "about": " · ".join(voice.about),
            "edge": "right" if direction(self.document.language) == "rtl" else "left",
        }

    def ledger(self, block: b.Ledger) -> Words:
        return {
            "is": "ledger",
            "heads": [_("You said"), _("We decided"), _("We changed")],
            "changes": [self.change(each) for each in block.changes],
        }

    def change(self, change: b.Change) -> Words:
        day = formats.day(change.decided_on, self.document.language) if change.decided_on else ""
        return {
            "said": quoted(change.said, self.document.language),
            "people": change.people,
            "decided": self.cell(change.decided, b.Column("")),
            "decided_on": day,
            "changed": change.changed,
        }

    def note(self, block: b.Note) -> Words:
        return {"is": "note", "text": block.text, "tone": block.tone.value}

    def key_values(self, block: b.KeyValues) -> Words:
        return {"is": "keyvalues", "items": [{"label": each.label, "value": each.value} for each in block.items]}

    def page_break(self, block: b.PageBreak) -> Words:
        return {"is": "pagebreak"}

    def pairs(self, block: b.Pairs) -> Words:
        return {"is": "pairs", "figures": self.many(block.figures), "voices": self.many(block.voices)}


def quoted(text: str, language: str) -> str:
    """The text between the quotes of its language."""
    opening, closing = QUOTES.get(language.split("-")[0], QUOTES["en"])
    return f"{opening}{text}{closing}"


def _moment_parts(meta: b.Meta) -> Words:
    moment = timezone.localtime(meta.frozen_at)
    names = ("year", "month", "day", "hour", "minute", "second")
    return {name: getattr(moment, name) for name in names}


def _width(column: b.Column, cells: Sequence[Words]) -> int:
    """How wide a column wants to be, in letters: figures by their longest, words between 12 and 34."""
    if column.kind in WIDTHS:
        return WIDTHS[column.kind]
    longest = max((len(cell["text"]) + FRAME * (cell["state"] in EMPTY) for cell in cells), default=0)
    word = max((len(part) for part in column.label.split()), default=0)
    if column.kind == b.Kind.MARK:
        return min(max(longest + SIGN, word), 26)
    if column.kind in FIGURES:
        return min(max(longest, word, 5), 18) + 2
    return min(max(longest, word, 12), 34)


WRITERS: dict[type, Callable[..., Words]] = {
    b.Heading: Wording.heading,
    b.Text: Wording.text,
    b.Bullets: Wording.bullets,
    b.Figures: Wording.figures,
    b.Table: Wording.table,
    b.Chart: Wording.chart,
    b.Voices: Wording.voices,
    b.Ledger: Wording.ledger,
    b.Note: Wording.note,
    b.KeyValues: Wording.key_values,
    b.PageBreak: Wording.page_break,
    b.Pairs: Wording.pairs,
}
