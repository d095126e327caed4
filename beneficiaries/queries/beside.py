"""What people say about one indicator: the needs that it answers, and what they wrote about them."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Q, QuerySet

from beneficiaries.choices import Outcome
from beneficiaries.models import Decision, Feedback, Need
from beneficiaries.queries.needs import RankedNeed, ranked_needs
from beneficiaries.queries.quotes import Quote, quotes_of
from projects.models import Indicator, Place, Project

MOST_NEEDS = 3
MOST_QUOTES = 2


@dataclass(frozen=True)
class NeedLinks:
    """Ids of the needs that each indicator answers, and each result (by its indicators or its activities)."""

    by_indicator: dict[int, set[int]] = field(default_factory=dict)
    by_result: dict[int, set[int]] = field(default_factory=dict)


@dataclass(frozen=True)
class Beside:
    """The voices beside a figure. `is_linked`: they are about the indicator; else they are the place's or project's.

    `messages` counts those of these needs that the reader may read, by kind; never to be added to people.
    """

    is_linked: bool
    needs: tuple[RankedNeed, ...]
    quotes: tuple[Quote, ...]
    messages: dict[str, int]


def need_links(project: Project) -> NeedLinks:
    """Which need is answered where: as the need names indicators and an activity, and as decisions did. Two
    statements."""
    links = NeedLinks()
    for need_id, indicator_id, *results in _linked(project):
        if indicator_id is not None:
            links.by_indicator.setdefault(indicator_id, set()).add(need_id)
        for one in results:
            if one is not None:
                links.by_result.setdefault(one, set()).add(need_id)
    return links


def _linked(project: Project) -> Iterator[tuple[Any, ...]]:
    """(need, indicator, the indicator's result, the activity's result), any of the last three None."""
    needs = Need.objects.filter(project=project).order_by()
    yield from needs.values_list("pk", "indicators", "indicators__result", "activity__result")
    decisions = Decision.objects.filter(project=project, need__isnull=False).exclude(outcome=Outcome.NO).order_by()
    yield from decisions.values_list("need", "indicator", "indicator__result", "activity__result")


def beside(indicator: Indicator, *, place: Place | None, user: Any) -> Beside:
    """The needs linked to an indicator or its result, else those of `place`, else of the project; ranked first.

    Quotes are those that may stand outside the inbox and that `user` may read. Eight statements beside those of her
    roles. The caller has asked the rule (`beneficiaries.view_needs`).
    """
    project = indicator.project
    links, ranked = need_links(project), ranked_needs(project)
    near = [one for one in ranked if _is_near(one.need, place)]
    wanted = links.by_indicator.get(indicator.pk, set()) | links.by_result.get(indicator.result_id, set())
    linked = [one for one in near if one.need.pk in wanted]
    needs = linked or near
    rows = Feedback.objects.visible_to(user).filter(project=project, need__in=[one.need.pk for one in needs])
    return Beside(
        is_linked=bool(linked),
        needs=tuple(needs[:MOST_NEEDS]),
        quotes=tuple(quotes_of(project, rows, limit=MOST_QUOTES)),
        messages=_kinds(rows),
    )


def _is_near(need: Need, place: Place | None) -> bool:
    """A need of no place is everywhere; a figure of no place is of all places."""
    return place is None or need.place_id in (None, place.pk, place.parent_id)


def _kinds(rows: QuerySet[Any]) -> dict[str, int]:
    counted = rows.order_by().values_list("kind").annotate(n=Count("pk", filter=~Q(state="withdrawn")))
    return {kind: n for kind, n in counted if n}
