"""Slots: filled by whoever stands above, empty else."""

import pytest

from kmop.shared.slots import filled, fills


def test_an_unknown_slot_is_empty() -> None:
    assert filled("tests.nobody") is None


def test_a_slot_is_filled_by_the_function_that_was_registered() -> None:
    fills("tests.doubled")(lambda *, number: number * 2)
    assert filled("tests.doubled", number=21) == 42


def test_two_apps_cant_fill_one_slot() -> None:
    def elsewhere() -> None:
        """Another app's."""

    elsewhere.__module__ = "somewhere.else"
    fills("tests.twice")(lambda: None)
    with pytest.raises(LookupError, match=r"^Two functions fill the slot tests\.twice$"):
        fills("tests.twice")(elsewhere)
