"""What serves all projects: definitions of the library, corporate indicators."""

from collections.abc import Iterable
from itertools import count
from typing import Any

from projects.models import DefinitionCode, Dimension, IndicatorDefinition

_numbers = count(1)


def make_definition(
    code: str = "", *, codes: Iterable[tuple[str, str]] = (), dimensions: Iterable[Dimension] = (), **fields: Any
) -> IndicatorDefinition:
    """A count that is added up, with its codes as (scheme, code)."""
    number = next(_numbers)
    fields.setdefault("titles", {"en": f"Definition {number}", "el": f"Ορισμός {number}"})
    row = IndicatorDefinition.objects.create(code=code or f"DEF-{number}", **fields)
    row.dimensions.set(list(dimensions))
    DefinitionCode.objects.bulk_create(
        [DefinitionCode(definition=row, scheme=scheme, code=one) for scheme, one in codes]
    )
    return row
