"""Steps of approval: which one comes next, and which one an update under way goes on from."""

from collections.abc import Collection, Sequence


def first_open(steps: Sequence[str], taken: Collection[str]) -> str | None:
    """The first of a project's steps that was not taken yet; None where all of them were."""
    return next((one for one in steps if one not in taken), None)


def in_order(steps: Sequence[str], order: Sequence[str]) -> bool:
    """At least one step, each known, none twice, in the order in which steps are taken."""
    return bool(steps) and list(steps) == [one for one in order if one in steps]
