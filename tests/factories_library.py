"""What serves all projects: definitions of the library, corporate indicators."""

from collections.abc import Iterable
from itertools import count
from typing import Any

from projects.models import CorporateIndicator, DefinitionCode, Dimension, IndicatorDefinition

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


def make_corporate(code: str = "", **fields: Any) -> CorporateIndicator:
    """A sum of people over projects."""
    number = next(_numbers)
    code = code or f"C-{number}"
    values = {"titles": {"en": f"Corporate {number}"}, "units": {"en": "people"}, "search_text": code.lower()}
    return CorporateIndicator.objects.create(code=code, **{**values, **fields})
