"""A share of people or messages, with its two parts."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Share:
    """`part` of `whole`, both counted alike; the value is unrounded, and None where there is nobody to count."""

    part: int
    whole: int

    @property
    def value(self) -> Decimal | None:
        """The share from 0 to 1, or None for a whole of 0."""
        return Decimal(self.part) / self.whole if self.whole else None
