"""Acts on needs: recorded, ranked by the people, answered, confirmed as met by them; and decisions.

What the floor below needs to know (how many people were asked, answered and met) is pushed down after each act.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from beneficiaries import validators
from beneficiaries.choices import Action, ConfirmedBy, NeedState, Outcome
from beneficiaries.models import Decision, Need, NeedRank, NeedsRound, RightsHolderGroup
from beneficiaries.services.confirming import keep_words, push_down
from kmop.accounts.models import User
from kmop.audit import services as audit
from kmop.shared.access import require
from kmop.shared.errors import RuleBroken, Stale
from kmop.shared.models import bump
from projects.models import Indicator, Place, Project

LINKS = ("need", "feedback", "activity", "indicator", "budget_line")
CHANGEABLE = ("titles", "place", "group", "right", "duty_bearer", "activity", "indicators")


@dataclass(frozen=True)
class Ranked:
    """One line of a round: the need, how many people named it at all, and how many put it first."""

    need: Need
    people: int
    people_first: int


@transaction.atomic
def add_group(*, project: Project, titles: Mapping[str, str], size: int | None = None, by: User) -> RightsHolderGroup:
    """Name a group of rights-holders of the project."""
    require(by, "beneficiaries.manage_needs", project)
    group = RightsHolderGroup(project=project, titles=dict(titles), size=size)
    group.full_clean()
    group.save()
    audit.record(by, Action.NEED_CHANGED, group, project=project.pk)
    return group


@transaction.atomic
def record_need(*, project: Project, titles: Mapping[str, str], by: User, **fields: Any) -> Need:
    """Record what a group says it needs. `fields`: place, group, right, duty_bearer, activity, indicators (that show
    whether it is answered)."""
    require(by, "beneficiaries.manage_needs", project)
    validators.only_known(fields, CHANGEABLE)
    validators.belongs_to_project(project.pk, group=fields.get("group"), activity=fields.get("activity"))
    indicators = fields.pop("indicators", ())
    need = Need(project=project, titles=dict(titles), **fields)
    need.full_clean()
    need.save()
    _name_indicators(need, indicators)
    audit.record(by, Action.NEED_CREATED, need, project=project.pk)
    push_down(project)
    return need


@transaction.atomic
def change_need(*, need: Need, changes: Mapping[str, Any], expected_version: int | None = None, by: User) -> Need:
    """Change words and links of a need; its state has acts of its own."""
    require(by, "beneficiaries.manage_needs", need.project)
    validators.only_known(changes, CHANGEABLE)
    validators.belongs_to_project(need.project_id, group=changes.get("group"), activity=changes.get("activity"))
    if expected_version is not None and expected_version != need.version:
        raise Stale(_("Somebody changed this need in the meantime. Load it again."))
    plain = {name: value for name, value in changes.items() if name != "indicators"}
    for name, value in plain.items():
        setattr(need, name, value)
    need.full_clean()
    bump(need, *plain)
    if "indicators" in changes:
        _name_indicators(need, changes["indicators"])
    audit.record(by, Action.NEED_CHANGED, need, fields=sorted(changes))
    push_down(need.project)
    return need


def _name_indicators(need: Need, indicators: Iterable[Indicator]) -> None:
    rows = list(indicators)
    for one in rows:
        validators.belongs_to_project(need.project_id, indicators=one)
    need.indicators.set(rows)


def _round_adds_up(project: Project, asked: int, answering: int, ranks: Sequence[Ranked]) -> None:
    """People are counted once: not more answer than were asked, nor put a need first, nor name it."""
    if answering > asked:
        raise ValidationError({"people_answering": [_("More people answered than were asked.")]})
    if len({line.need.pk for line in ranks}) < len(ranks):
        raise ValidationError({"ranks": [_("A need stands twice.")]})
    for line in ranks:
        validators.belongs_to_project(project.pk, ranks=line.need)
    if sum(line.people_first for line in ranks) > answering:
        raise ValidationError({"ranks": [_("More first places than people who answered.")]})
    if any(line.people > answering or line.people_first > line.people for line in ranks):
        raise ValidationError({"ranks": [_("A need is named by more people than answered.")]})


@transaction.atomic
def hold_round(
    *,
    project: Project,
    held_on: date,
    method: str,
    people_asked: int,
    people_answering: int,
    ranks: Sequence[Ranked],
    place: Place | None = None,
    by: User,
) -> NeedsRound:
    """Keep how people ranked their needs. A need that five people or more put anywhere is confirmed.

    Raises `ValidationError` when more answer than were asked, or more put needs first than answered.
    """
    require(by, "beneficiaries.manage_needs", project)
    _round_adds_up(project, people_asked, people_answering, ranks)
    held = NeedsRound(
        project=project,
        place=place,
        held_on=held_on,
        method=method,
        people_asked=people_asked,
        people_answering=people_answering,
    )
    held.full_clean()
    held.save()
    ordered = sorted(ranks, key=lambda line: (-line.people_first, -line.people, line.need.pk))
    NeedRank.objects.bulk_create(
        NeedRank(round=held, need=line.need, rank=place_, people=line.people, people_first=line.people_first)
        for place_, line in enumerate(ordered, start=1)
    )
    many = [line.need.pk for line in ranks if line.people >= settings.SMALL_CELL]
    Need.objects.filter(pk__in=many, state=NeedState.VOICED).update(
        state=NeedState.CONFIRMED, version=F("version") + 1, updated_at=timezone.now()
    )
    audit.record(by, Action.NEED_RANKED, held, project=project.pk, needs=len(ordered), people=people_answering)
    push_down(project)
    return held


@transaction.atomic
def answer_need(*, need: Need, activity: Any = None, by: User) -> Need:
    """Staff say that the need is answered by an activity of its project. Raises `RuleBroken` without one."""
    require(by, "beneficiaries.manage_needs", need.project)
    validators.belongs_to_project(need.project_id, activity=activity)
    need.activity = activity or need.activity
    if need.activity is None:
        raise RuleBroken(_("Name the activity that answers this need."), code="activity_missing")
    if need.state != NeedState.MET:
        need.state, need.refused_because = NeedState.ANSWERED, ""
    bump(need, "activity", "state", "refused_because")
    audit.record(by, Action.NEED_CHANGED, need, state=need.state)
    push_down(need.project)
    return need


@transaction.atomic
def refuse_need(*, need: Need, reason: str, by: User) -> Need:
    """Say no to a need, with the reason."""
    require(by, "beneficiaries.manage_needs", need.project)
    validators.reason_is_given(reason)
    need.state, need.refused_because = NeedState.REFUSED, reason.strip()
    bump(need, "state", "refused_because")
    audit.record(by, Action.NEED_CHANGED, need, state=need.state)
    push_down(need.project)
    return need


@transaction.atomic
def confirm_needs(*, need: Need, way: str, voices: Sequence[tuple[str, bool]], by: User) -> Need:
    """People's own word: `voices` are (a key of the person, whether the need is met), by receipt, round or panel.

    Each person counts once and may take it back. From five on the need is met; below, it falls back to answered.
    """
    require(by, "beneficiaries.manage_needs", need.project)
    if way not in ConfirmedBy.values:
        raise ValidationError({"way": [_("Allowed are: %(words)s.") % {"words": ", ".join(ConfirmedBy.values)}]})
    keep_words(need, way, dict(voices), by)
    return need


@transaction.atomic
def record_decision(
    *,
    project: Project,
    outcome: Outcome,
    reason: str,
    you_said: Mapping[str, str],
    decided_on: date,
    by: User,
    **links: Any,
) -> Decision:
    """Keep what was decided about a need or a message, and the very thing that changed.

    `links`: need, feedback, activity, indicator, budget_line (all of this project), we_changed and reasons (texts),
    people and is_public. Raises `ValidationError`: every decision needs its reason.
    """
    require(by, "beneficiaries.manage_needs", project)
    validators.reason_is_given(reason)
    validators.only_known(links, (*LINKS, "reasons", "we_changed", "people", "is_public"))
    validators.belongs_to_project(project.pk, **{name: links[name] for name in LINKS if name in links})
    decision = Decision(
        project=project,
        outcome=outcome,
        reason=reason.strip(),
        you_said=dict(you_said),
        decided_on=decided_on,
        decided_by=by,
        **links,
    )
    decision.full_clean()
    decision.save()
    audit.record(by, Action.DECISION_RECORDED, decision, project=project.pk, outcome=str(outcome))
    return decision
