"""Dimensions and categories met in a file: those that are known, by code or by another name, or new ones."""

from dataclasses import dataclass, field

from projects.calculation.cells import format_cell
from projects.models import Category, Dimension
from projects.services.imports.texts import code_of

Pairs = tuple[tuple[str, str], ...]


def plain_cell(pairs: Pairs) -> str:
    """The cell of (dimension, category) names by their codes alone: what two elements of one cell share."""
    return format_cell(_by_dimension({}, [(code_of(name), code_of(value)) for name, value in pairs]))


def _by_dimension(found: dict[str, str], pairs: list[tuple[str, str]]) -> dict[str, str]:
    """One category for each dimension; two of one dimension are one joint category, "a + b"."""
    for dimension, category in pairs:
        joint = sorted({*found.get(dimension, "").split("+"), category} - {""})
        found[dimension] = "+".join(joint)
    return found


@dataclass(slots=True)
class CellNames:
    """Knows all dimensions for the length of one import; `save` writes new ones in the transaction that needs them."""

    dimensions: dict[str, Dimension] = field(default_factory=dict)
    categories: dict[tuple[str, str], Category] = field(default_factory=dict)
    new_dimensions: list[Dimension] = field(default_factory=list)
    new_categories: list[Category] = field(default_factory=list)
    known: dict[Pairs, str] = field(default_factory=dict)

    @classmethod
    def load(cls) -> "CellNames":
        """Read dimensions and categories in two statements; each is found by code, title or another name."""
        names = cls()
        for dimension in Dimension.objects.prefetch_related("categories"):
            for name in (dimension.code, *dimension.titles.values(), *dimension.aliases):
                names.dimensions.setdefault(code_of(name), dimension)
            for category in dimension.categories.all():
                for name in (category.code, *category.titles.values(), *category.aliases):
                    names.categories.setdefault((dimension.code, code_of(name)), category)
        return names

    def cell(self, pairs: Pairs) -> str:
        """The canonical name of the cell, "" for the total; dimensions and categories not known yet are made."""
        if not pairs:
            return ""
        if pairs not in self.known:
            self.known[pairs] = format_cell(_by_dimension({}, [self._pair(name, value) for name, value in pairs]))
        return self.known[pairs]

    def dimensions_of(self, pairs: Pairs) -> list[Dimension]:
        """The dimensions that a cell crosses."""
        return [self._dimension(name) for name, _value in pairs]

    def save(self) -> None:
        """Write what is new."""
        dimensions, categories = self.new_dimensions, self.new_categories
        self.new_dimensions, self.new_categories = [], []
        Dimension.objects.bulk_create(dimensions)
        Category.objects.bulk_create(categories)

    def _pair(self, name: str, value: str) -> tuple[str, str]:
        dimension = self._dimension(name)
        return dimension.code, self._category(dimension, value).code

    def _dimension(self, name: str) -> Dimension:
        code = code_of(name)
        if code not in self.dimensions:
            made = Dimension(code=code, titles={"und": name}, is_exclusive=False)
            self.dimensions[code] = made
            self.new_dimensions.append(made)
        return self.dimensions[code]

    def _category(self, dimension: Dimension, value: str) -> Category:
        key = dimension.code, code_of(value)
        if key not in self.categories:
            made = Category(dimension=dimension, code=key[1], titles={"und": value})
            self.categories[key] = made
            self.new_categories.append(made)
        return self.categories[key]
