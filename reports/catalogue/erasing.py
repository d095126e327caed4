"""Which voices a document quotes, and the same document without some of them: figures and all else stay."""

from collections.abc import Collection
from dataclasses import replace
from datetime import date

from django.utils.translation import gettext as _

from kmop.shared import formats
from reports.catalogue import blocks as b


def quoted(document: b.Document) -> set[str]:
    """The random ids of the messages that a document quotes."""
    found = b.walk((*document.cover, *document.blocks))
    return {one.source for block in found if isinstance(block, b.Voices) for one in block.items if one.source}


def without(document: b.Document, sources: Collection[str], *, day: date, before: str) -> b.Document:
    """The document with a fixed sentence in place of these voices.

    At its end it says when (`day`) they were erased and the SHA-256 of its data `before`.
    """
    said = _("Voices erased on %(day)s: %(count)s. Figures stay. SHA-256 of the data before: %(hash)s.") % {
        "day": formats.day(day, document.language),
        "count": len(quoted(document) & set(sources)),
        "hash": before,
    }
    kept = tuple(_without(one, sources) for one in document.blocks)
    cover = tuple(_without(one, sources) for one in document.cover)
    return replace(document, cover=cover, blocks=(*kept, b.Note(said)))


def _without(block: b.Block, sources: Collection[str]) -> b.Block:
    if isinstance(block, b.Pairs):
        sides = [tuple(_without(one, sources) for one in side) for side in (block.figures, block.voices)]
        return replace(block, figures=sides[0], voices=sides[1])
    if isinstance(block, b.Voices):
        return replace(block, items=tuple(_erased() if one.source in sources else one for one in block.items))
    return block


def _erased() -> b.Voice:
    return b.Voice(_("This voice was erased."), paraphrase=True)
