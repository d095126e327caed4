"""Rendering a run's document into the private storage."""

import hashlib
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass

from django.core.files.base import File
from django.core.files.storage import default_storage

from kmop.shared.files import CHUNK_BYTES
from reports.catalogue.blocks import Document
from reports.models import Run
from reports.renderers.naming import human_name
from reports.renderers.registry import Renderer


@dataclass(frozen=True)
class Made:
    """A rendered file in the private storage, not yet anybody's."""

    renderer: Renderer
    path: str
    name: str
    size: int
    sha256: str


def render(run: Run, document: Document, title: str, renderer: Renderer) -> Made:
    """Write the document in one format; the file is nobody's until a row names it, and swept at night if none does."""
    sha = hashlib.sha256()
    with tempfile.TemporaryFile() as out:
        renderer.write(document, out)
        out.seek(0)
        while piece := out.read(CHUNK_BYTES):
            sha.update(piece)
        size = out.tell()
        out.seek(0)
        letters = str(run.pk).replace("-", "")
        path = default_storage.save(f"reports/{letters[:2]}/{letters}.{renderer.format}", File(out))
    return Made(renderer, path, human_name(document, title, renderer.format), size, sha.hexdigest())


def versions_of(made: Sequence[Made]) -> str:
    """The renderers with their versions, as a run keeps them: "html-1 pdf-1"."""
    return " ".join(f"{each.renderer.format}-{each.renderer.version}" for each in made)
