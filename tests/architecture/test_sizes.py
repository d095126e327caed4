"""The sizes of the house, and what it does without: signals, save(), hidden imports, nameless modules, inline code."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.architecture import house

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("rule", house.ALL, ids=lambda rule: rule.__name__)
def test_no_place_breaks(rule: Callable[[Path], list[str]]) -> None:
    found = rule(ROOT)
    assert not found, "\n".join(found)


def test_the_walk_sees_the_house() -> None:
    seen = {path.relative_to(ROOT).parts[0] for path in house.modules(ROOT)}
    assert seen == set(house.FIRST_PARTY)
