"""Names of breakdowns in a workbook: only those that the portal knows, by code, title or another name."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from projects.calculation.cells import format_cell
from projects.models import Dimension
from projects.services.imports.rows import IndicatorRow, Spot, TargetRow
from projects.services.imports.texts import code_of

Tell = Callable[[Spot, str, str], None]


@dataclass(frozen=True, slots=True)
class Breakdowns:
    """All dimensions by everything they are called."""

    dimensions: dict[str, Dimension]

    @classmethod
    def load(cls) -> "Breakdowns":
        """Read dimensions and categories in two statements."""
        found: dict[str, Dimension] = {}
        for dimension in Dimension.objects.prefetch_related("categories"):
            for name in (dimension.code, *dimension.titles.values(), *dimension.aliases):
                found.setdefault(code_of(name), dimension)
        return cls(found)

    def of_indicator(self, told: IndicatorRow, tell: Tell) -> list[Dimension]:
        """The dimensions that an indicator is broken down by; unknown ones are told."""
        found = []
        for name in told.dimensions:
            dimension = self.dimensions.get(code_of(name))
            if dimension is None:
                known = ", ".join(sorted({one.code for one in self.dimensions.values()}))
                detail = _("“%(name)s” is not known as a breakdown. Known are: %(known)s.")
                tell(told.spot, "unknown-dimension", detail % {"name": name, "known": known})
            else:
                found.append(dimension)
        return found

    def cell(self, told: TargetRow, allowed: Iterable[Dimension], tell: Tell) -> str | None:
        """The canonical cell of a target; None (told) where a name is not among the indicator's breakdowns."""
        categories: dict[str, str] = {}
        mine = {dimension.pk for dimension in allowed}
        for name, value in told.pairs:
            dimension = self.dimensions.get(code_of(name))
            if dimension is None or dimension.pk not in mine:
                detail = _("The indicator is not broken down by “%(name)s”.") % {"name": name}
                tell(told.spot, "unknown-dimension", detail)
                return None
            code = _category(dimension, value)
            if not code:
                known = ", ".join(category.code for category in dimension.categories.all())
                detail = _("“%(name)s” is not a category. Known are: %(known)s.") % {"name": value, "known": known}
                tell(told.spot, "unknown-category", detail)
                return None
            categories[dimension.code] = code
        return format_cell(categories)


def _category(dimension: Dimension, name: str) -> str:
    wanted = code_of(name)
    for category in dimension.categories.all():
        if wanted in {code_of(one) for one in (category.code, *category.titles.values(), *category.aliases)}:
            return category.code
    return ""
