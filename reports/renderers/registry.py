"""The file formats that a document can be written in, found by their modules."""

import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import BinaryIO, TypeAlias

from reports.catalogue.blocks import Document

Write: TypeAlias = Callable[[Document, BinaryIO], None]


@dataclass(frozen=True)
class Renderer:
    """A file format. The same document and `version` give the same bytes; a change of looks is a new version."""

    format: str
    label: str
    content_type: str
    version: str
    write: Write


@cache
def renderers() -> dict[str, Renderer]:
    """Every format by its name, in the order of the names."""
    found = {}
    for module in pkgutil.iter_modules([str(Path(__file__).parent)]):
        renderer = getattr(importlib.import_module(f"reports.renderers.{module.name}"), "RENDERER", None)
        if isinstance(renderer, Renderer):
            found[renderer.format] = renderer
    return dict(sorted(found.items()))


def renderer_of(name: str) -> Renderer:
    """The renderer of a format. Raises `LookupError` for a format that there is none of."""
    if name not in renderers():
        raise LookupError(f"There is no renderer for {name!r}.")
    return renderers()[name]
