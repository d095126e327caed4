"""PDF on A4: tagged (PDF/UA-1), fonts embedded, with contents and page numbers, typeset by a child process."""

import json
import subprocess
import sys
from pathlib import Path
from typing import BinaryIO

from django.utils import translation
from django.utils.translation import gettext as _

from reports.catalogue.blocks import Document
from reports.catalogue.frozen import digest
from reports.renderers import typeset
from reports.renderers.glyphs import cleaned
from reports.renderers.registry import Renderer
from reports.renderers.wording import Words, wording

SECONDS = typeset.SECONDS + 30


class TypesettingFailed(Exception):
    """The compiler gave no PDF: out of time, out of memory, or refused."""


def write(document: Document, out: BinaryIO) -> None:
    """The document as a PDF file.

    Where the standard for accessible documents refuses it, it is made without, and says so. Raises `TypesettingFailed`
    when there is no PDF within the limits of time and memory.
    """
    words = wording(document, digest(document))
    made = _typeset(words, accessible=True)
    if made is None:
        made = _typeset(_without_standard(words, document.language), accessible=False)
    if made is None:
        raise TypesettingFailed("The compiler refused the report.")
    out.write(made)


def _typeset(words: Words, *, accessible: bool) -> bytes | None:
    """The PDF, or None where the compiler refuses."""
    data = json.dumps(cleaned(words), ensure_ascii=False)
    order = json.dumps({"data": data, "accessible": accessible}).encode()
    child = [sys.executable, "-I", str(Path(typeset.__file__))]
    try:
        done = subprocess.run(child, input=order, capture_output=True, timeout=SECONDS, check=False)
    except subprocess.TimeoutExpired as error:
        raise TypesettingFailed(f"No PDF within {SECONDS} seconds.") from error
    if done.returncode == typeset.REFUSED:
        return None
    if done.returncode:
        raise TypesettingFailed(f"The compiler ended with {done.returncode}.")
    return done.stdout


def _without_standard(words: Words, language: str) -> Words:
    with translation.override(language):
        sentence = _("This file does not follow the standard for accessible documents (PDF/UA-1). The HTML file does.")
    note = {"is": "note", "text": sentence, "tone": "warn"}
    return words | {"made": words["made"] | {"blocks": [note, *words["made"]["blocks"]]}}


RENDERER = Renderer("pdf", "PDF", "application/pdf", "2", write)
