"""The whole results framework of a project: results > indicators > periods, in eight statements whatever its size."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from kmop.shared.text import in_language
from projects.calculation.mapping import Becomes
from projects.calculation.progress import ProjectVerdict, project_verdict
from projects.choices import ResultLevel
from projects.models import Category, Indicator, Project, Result
from projects.queries.definitions import mappings_of
from projects.queries.figures import IndicatorFacts, figures_of


@dataclass(frozen=True)
class CategoryFacts:
    """A category of a dimension; one that is not asked for any more keeps what was entered for it."""

    code: str
    titles: dict[str, str]
    is_asked: bool = True

    @property
    def title(self) -> str:
        """In the reader's language."""
        return in_language(self.titles)


@dataclass(frozen=True)
class DimensionFacts:
    """A way an indicator is broken down."""

    code: str
    titles: dict[str, str]
    is_exclusive: bool
    categories: tuple[CategoryFacts, ...]

    @property
    def title(self) -> str:
        """In the reader's language."""
        return in_language(self.titles)


@dataclass
class IndicatorNode:
    """An indicator in the tree: its figures and how it is broken down."""

    facts: IndicatorFacts
    dimensions: list[DimensionFacts]

    @property
    def indicator(self) -> Indicator:
        """The row."""
        return self.facts.indicator

    @property
    def title(self) -> str:
        """In the reader's language."""
        return in_language(self.indicator.titles)


@dataclass
class ResultNode:
    """A result with its indicators and the results below it. `depth` is 0 at the top."""

    result: Result
    depth: int = 0
    indicators: list[IndicatorNode] = field(default_factory=list)
    children: list["ResultNode"] = field(default_factory=list)

    @property
    def title(self) -> str:
        """In the reader's language."""
        return in_language(self.result.titles)


@dataclass(frozen=True, order=True)
class Overdue:
    """A figure that a partner owes past its due day; ordered by that day, longest first."""

    due_on: date
    code: str
    title: str
    organisation: str
    place: str
    period: str


@dataclass
class FrameworkTree:
    """A project's framework on a day. `results` are all nodes in reading order; `roots` those without a parent."""

    project: Project
    day: date
    results: list[ResultNode]
    roots: list[ResultNode]
    verdict: ProjectVerdict

    @property
    def indicators(self) -> list[IndicatorNode]:
        """All indicators in reading order."""
        return [one for node in self.results for one in node.indicators]

    @property
    def overdue(self) -> list[Overdue]:
        """What partners owe past its due day, longest due first: the one list of what is missing."""
        return sorted(
            Overdue(each.due_on, node.indicator.code, node.title, each.organisation, each.place, period.code)
            for node in self.indicators
            for period in node.facts.periods
            for each in period.missing
            if each.is_overdue_on(self.day)
        )


def framework(project: Project, *, user: Any, day: date) -> FrameworkTree:
    """The tree of a project as `user` may see it on `day`; an empty one for a project she doesn't see.

    Figures are `calculation.Figure`s with their state; missing partners are named at each period.
    """
    seen = Project.objects.visible_to(user).filter(pk=project.pk)
    results = list(Result.objects.filter(project__in=seen).order_by("order", "pk"))
    rows = Indicator.objects.filter(project__in=seen) if results else Indicator.objects.none()
    return build_tree(project, results, list(rows.order_by("order", "pk")), day=day)


def public_framework(project: Project, *, day: date) -> FrameworkTree:
    """The tree of a published project; an empty one for a project that isn't."""
    is_shown = Project.objects.published().filter(pk=project.pk)
    results = list(Result.objects.filter(project__in=is_shown).order_by("order", "pk"))
    rows = Indicator.objects.filter(project__in=is_shown).order_by("order", "pk")
    return build_tree(project, results, list(rows), day=day)


def build_tree(project: Project, results: list[Result], indicators: list[Indicator], *, day: date) -> FrameworkTree:
    """The tree of these rows, in six further statements."""
    figures = figures_of(indicators, day=day)
    broken_down = dimensions_of(indicators)
    nodes = {one.pk: ResultNode(one) for one in results}
    for one in indicators:
        nodes[one.result_id].indicators.append(IndicatorNode(figures[one.pk], broken_down.get(one.pk, [])))
    roots = []
    for result in results:
        node = nodes[result.pk]
        if result.parent_id in nodes:
            nodes[result.parent_id].children.append(node)
        else:
            roots.append(node)
    in_order = list(_walk(roots, 0))
    outcomes = [
        one.facts.verdict for node in in_order if node.result.level == ResultLevel.OUTCOME for one in node.indicators
    ]
    return FrameworkTree(project, day, in_order, roots, project_verdict(outcomes))


def _walk(nodes: list[ResultNode], depth: int) -> Iterator[ResultNode]:
    for node in nodes:
        node.depth = depth
        yield node
        yield from _walk(node.children, depth + 1)


def dimensions_of(indicators: list[Indicator]) -> dict[int, list[DimensionFacts]]:
    """How each indicator is broken down, by its id; dimensions by code, categories in their order.

    Two statements, and a third where categories of an indicator became others.
    """
    ids = [one.pk for one in indicators]
    through = Indicator.dimensions.through.objects.filter(indicator_id__in=ids).order_by("dimension__code")
    links = list(through.values_list("indicator_id", "dimension_id"))
    rows = Category.objects.filter(dimension_id__in={dimension for _indicator, dimension in links})
    categories: defaultdict[int, list[CategoryFacts]] = defaultdict(list)
    known: dict[int, Any] = {}
    for one in rows.select_related("dimension").order_by("dimension_id", "order", "pk"):
        known[one.dimension_id] = one.dimension
        categories[one.dimension_id].append(CategoryFacts(one.code, one.titles))
    facts = {
        pk: DimensionFacts(one.code, one.titles, one.is_exclusive, tuple(categories[pk])) for pk, one in known.items()
    }
    mapped = mappings_of(indicators)
    found: defaultdict[int, list[DimensionFacts]] = defaultdict(list)
    for indicator_id, dimension_id in links:
        if dimension_id in facts:
            found[indicator_id].append(_standing(facts[dimension_id], mapped.get(indicator_id, {})))
    return found


def _standing(one: DimensionFacts, becomes: Becomes) -> DimensionFacts:
    """Without the categories that became others; those that are only kept are not asked for."""
    standing = {each.code: becomes.get((one.code, each.code)) for each in one.categories}
    if not any(new is not None for new in standing.values()):
        return one
    kept = [each for each in one.categories if standing[each.code] in (None, each.code)]
    return replace(one, categories=tuple(replace(each, is_asked=standing[each.code] is None) for each in kept))
