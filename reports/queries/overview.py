"""One project: is it on course, and is it what people say they need? Both halves, side by side."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from beneficiaries.queries.voices import Voices, voices
from kmop.shared.access import ask
from projects.models import LegacyCheck, Project
from projects.queries.burn import BurnPoint, burn
from projects.queries.figures import IndicatorFacts
from projects.queries.frame import ProjectFrame, frame_of
from projects.queries.framework import FrameworkTree, Overdue, framework
from projects.queries.money import MoneySummary, money
from projects.queries.workplan import WorkSummary, workplan


@dataclass(frozen=True)
class MissingPartner:
    """A partner that owes figures past their due day: how many, and since when."""

    name: str
    figures: int
    due_on: date


@dataclass(frozen=True)
class Overview:
    """Figures on one hand, voices on the other. `money` is None for whom money is not shown."""

    frame: ProjectFrame
    tree: FrameworkTree
    outcomes: list[IndicatorFacts]
    missing: list[MissingPartner]
    money: MoneySummary | None
    burn: list[BurnPoint]
    work: WorkSummary
    legacy_without_owner: int
    legacy_checks_due: int
    voices: Voices


def overview(project: Project, *, user: Any, day: date) -> Overview:
    """The Overview of a project that `user` may see, in about thirty statements whatever its size."""
    tree = framework(project, user=user, day=day)
    outcomes = [one.facts for node in tree.results if node.result.level == "outcome" for one in node.indicators]
    may_see_money = bool(ask(user, "projects.view_money", project))
    summary = money([project], day=day)[project.pk] if may_see_money else None
    return Overview(
        frame=frame_of(project, part=""),
        tree=tree,
        outcomes=outcomes,
        missing=_missing(tree.overdue),
        money=summary,
        burn=burn(project, budget=summary.budget, day=day) if summary and summary.budget else [],
        work=workplan([project], day=day)[project.pk],
        legacy_without_owner=project.legacies.filter(future_owner=None).count(),
        legacy_checks_due=LegacyCheck.objects.filter(legacy__project=project).due_on(day).count(),
        voices=voices(project, day=day, answer=tree.verdict.answer),
    )


def _missing(overdue: list[Overdue]) -> list[MissingPartner]:
    found: dict[str, list[date]] = {}
    for one in overdue:
        found.setdefault(one.organisation, []).append(one.due_on)
    rows = [MissingPartner(name, len(days), min(days)) for name, days in found.items()]
    return sorted(rows, key=lambda one: (one.due_on, one.name))
