"""Whose needs are answered, and whose are met. People are counted here, never messages."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from beneficiaries.calculation.shares import Share

CONFIRMED_BY = 5


class NeedState(StrEnum):
    """Voiced > confirmed > answered (staff say so) > met (only people say so), or refused with a reason."""

    VOICED = "voiced"
    CONFIRMED = "confirmed"
    ANSWERED = "answered"
    MET = "met"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class NeedOfPeople:
    """One need: how many people rank it first, and its state."""

    people: int
    state: NeedState


@dataclass(frozen=True, slots=True)
class NeedShares:
    """Both shares of the people, to be shown beside each other always; who has a need met has had it answered."""

    answered: Share
    met: Share


def need_shares(needs: Iterable[NeedOfPeople]) -> NeedShares:
    """The share of people whose first need is answered, and whose first need is met (the headline).

    Each person ranks one need first, so the people of the needs add up to the people of the rounds.
    """
    rows = list(needs)
    people = sum(one.people for one in rows)
    met = sum(one.people for one in rows if one.state == NeedState.MET)
    answered = sum(one.people for one in rows if one.state == NeedState.ANSWERED)
    return NeedShares(answered=Share(met + answered, people), met=Share(met, people))


def is_met(confirming: int, *, needed: int = CONFIRMED_BY) -> bool:
    """Whether enough people say that a need is met: `confirming` are those whose last word is that it is."""
    return confirming >= needed
