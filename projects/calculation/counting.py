"""People counted over projects, partners or periods: by a stated method, as a range where the overlap is unknown.

Somebody may take part twice: the sum of what was reported is then too high, and the largest single number is the least
that is certain. What is known of the overlap narrows the range; nothing is ever estimated.
"""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from projects.calculation.values import ZERO, Figure, ValueState

Pair = frozenset[Hashable]


class PeopleMethod(StrEnum):
    """How people are counted where several parts are put together."""

    UNIQUE = "unique"
    DEDUCT = "deduct"
    UMBRELLA = "umbrella"
    ENGAGEMENTS = "engagements"


@dataclass(frozen=True, slots=True)
class Part:
    """What one project, partner or period reported: `people` from 0, None where nothing was; `key` names it.

    `most` stands where the part is a range itself: at least `people`, at most `most`.
    """

    key: Hashable
    people: Decimal | None
    most: Decimal | None = None


@dataclass(frozen=True, slots=True)
class PeopleCounted:
    """The people of all parts: at least `lower`, at most `upper`; None where no part was reported.

    Engagements count how often somebody took part: the sum, exactly. `missing` are the keys of parts without a number.
    """

    method: PeopleMethod
    lower: Decimal | None
    upper: Decimal | None
    missing: tuple[Hashable, ...] = ()

    @property
    def is_range(self) -> bool:
        """Whether the number is known only within bounds."""
        return self.lower != self.upper


def part_of(key: Hashable, figure: Figure) -> Part:
    """The part that a figure is: nobody to count is 0 people; what is not reported or suppressed has no number."""
    if figure.state == ValueState.NOT_APPLICABLE:
        return Part(key, ZERO)
    return Part(key, figure.value)


def people_counted(
    parts: Sequence[Part],
    method: PeopleMethod,
    *,
    overlaps: Mapping[Pair, Decimal] | None = None,
    recorded: tuple[frozenset[Hashable], Decimal] | None = None,
) -> PeopleCounted:
    """The people of these parts by `method`.

    `overlaps` (for "deduct") says of two parts how many people stand in both; of pairs not named it is unknown.
    `recorded` (for "unique") says which parts have records of persons, and how many different persons those hold.
    """
    given = {one.key: one.people for one in parts if one.people is not None}
    most = {one.key: max(one.people, one.most or ZERO) for one in parts if one.people is not None}
    missing = tuple(one.key for one in parts if one.people is None)
    if not given:
        return PeopleCounted(method, None, None, missing)
    lower, upper = max(given.values()), sum(most.values(), ZERO)
    if method == PeopleMethod.ENGAGEMENTS:
        lower = sum(given.values(), ZERO)
    elif method == PeopleMethod.UMBRELLA:
        upper = max(most.values())
    elif method == PeopleMethod.DEDUCT:
        known = {pair: people for pair, people in (overlaps or {}).items() if pair <= given.keys()}
        lower, upper = max(lower, _at_least(given, most, known)), upper - _surely_twice(given, known)
    elif recorded is not None:
        with_records, persons = recorded
        others = [key for key in given if key not in with_records]
        lower = max(persons, *(given[key] for key in others), ZERO)
        upper = sum((most[key] for key in others), persons)
    return PeopleCounted(method, lower, upper, missing)


def overlap_is_possible(one: Decimal, other: Decimal, both: Decimal) -> bool:
    """Whether so many people can stand in both of two parts."""
    return ZERO <= both <= min(one, other)


def _at_least(
    given: Mapping[Hashable, Decimal], most: Mapping[Hashable, Decimal], known: Mapping[Pair, Decimal]
) -> Decimal:
    """The sum less the overlap of every pair, an unknown one taken as large as it can be: nobody is counted twice."""
    keys = list(given)
    total = sum(given.values(), ZERO)
    for at, one in enumerate(keys):
        for other in keys[at + 1 :]:
            total -= known.get(frozenset((one, other)), min(most[one], most[other]))
    return total


def _surely_twice(given: Mapping[Hashable, Decimal], known: Mapping[Pair, Decimal]) -> Decimal:
    """The largest sum of known overlaps along which no ring of parts is closed: so many are surely counted twice.

    All known overlaps can't be taken off together: a person in three parts stands in three pairs, but is counted
    twice too often (Hunter's bound, 1976).
    """
    group: dict[Hashable, Hashable] = {key: key for key in given}

    def head(key: Hashable) -> Hashable:
        while group[key] != key:
            key = group[key]
        return key

    total = ZERO
    for pair, people in sorted(known.items(), key=lambda one: -one[1]):
        first, second = (head(key) for key in pair)
        if first != second:
            group[first] = second
            total += people
    return total
