"""Updates of the demo portfolio, in every state, through the same acts as real ones."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from django.utils import timezone

from partners.models import Organisation
from projects.choices import UpdateState
from projects.models import Category, Period, Update
from projects.services.inputs import NewUpdate, UpdateInput, ValueInput
from projects.services.updates import approve_updates, create_updates, return_updates
from reports.services.demo.content import Stage, texts
from reports.services.demo.people import Cast
from reports.services.demo.projects import Planned, closed_periods, planned_steps

FIRST = "AKTAIA"  # its contributor finds plain counts to report
LEFT_OPEN = ("1.a", "1.1.a", "1.2.a", "2.1.a")
UNSURE = ("1.b", "3.a")  # outcomes whose newest figure may be missing; all others are told in time
WEIGHTS = {"female": 54, "male": 43, "other": 1, "not_stated": 2}
AGE_WEIGHTS = {"15-17": 6, "18-24": 20, "25-29": 16, "30-54": 44, "55-59": 7, "60-64": 4, "65+": 3}
STATES = {
    "": 3,
    UpdateState.DRAFT: 3,
    UpdateState.SUBMITTED: 22,
    UpdateState.RETURNED: 4,
    UpdateState.APPROVED: 68,
}
LOOK_AGAIN = "The parts do not fit last quarter. Please look again."
TENTH = Decimal("0.1")
DRAWN = 400  # enough to split people by weight, however many there are

Parts = tuple[Decimal, Decimal | None]  # numerator and, for percentages, denominator
Weights = dict[str, dict[str, int]]  # how people spread over the categories of a dimension


@dataclass(frozen=True)
class Line:
    """One figure to report, when it is sent, and the state it is to reach."""

    row: NewUpdate
    at: datetime
    state: str


def add_figures(planned: Planned, cast: Cast, stage: Stage) -> None:
    """Everything that was reported up to the day: old periods approved, the newest closed one in every state."""
    chance = stage.chance(f"figures {planned.project.code}")
    weights = {code: _weights(code) for spec in planned.specs.values() for code in spec.get("breakdown", ())}
    by_end: dict[date, list[Line]] = {}
    for code in planned.indicators:
        for organisation in planned.reporting:
            for line in _lines(planned, code, organisation, weights, stage, chance):
                by_end.setdefault(line.row.period.ends_on, []).append(line)
    for _end, lines in sorted(by_end.items()):
        _send(lines, cast, stage)


def _lines(
    planned: Planned, code: str, organisation: Organisation, weights: Weights, stage: Stage, chance: Random
) -> Iterator[Line]:
    spec, periods = planned.specs[code], planned.periods[code]
    closed = closed_periods(periods, stage.day)
    newest = closed[-1] if closed and planned.text["status"] != "closed" else None
    series = _series(spec, closed, len(periods), len(planned.reporting), chance)
    for period, parts in zip(closed, series, strict=True):
        state = _state(organisation, spec, chance) if period is newest else UpdateState.APPROVED
        if state:
            content = _content(spec, parts, weights, chance)
            row = NewUpdate(planned.indicators[code], period, organisation, content=content)
            yield Line(row, min(_moment(period, 2 + chance.randrange(18)), stage.now), state)


def _moment(period: Period, days: int) -> datetime:
    return timezone.make_aware(datetime.combine(period.ends_on + timedelta(days=days), time(10, 30)))


def _state(organisation: Organisation, spec: dict[str, Any], chance: Random) -> str:
    if organisation.code == FIRST:
        return "" if spec["code"] in LEFT_OPEN else UpdateState.APPROVED
    if not spec.get("output") and spec["code"] not in UNSURE:
        return UpdateState.APPROVED
    return chance.choices(list(STATES), weights=list(STATES.values()))[0]


def _series(spec: dict[str, Any], closed: list[Period], count: int, partners: int, chance: Random) -> list[Parts]:
    """The figures of one partner, one a closed period."""
    steps = planned_steps(spec, count)[: len(closed)]
    match spec.get("measure", "count"):
        case "percentage":
            return [_share(spec, step, chance) for step in steps]
        case "scale":
            return [((step * _paced(spec, chance)).quantize(TENTH), None) for step in steps]
        case _:
            return _counts(spec, steps, partners, chance)


def _share(spec: dict[str, Any], step: Decimal, chance: Random) -> Parts:
    people = Decimal(round(spec["of"] * chance.uniform(0.8, 1.2)))
    return min(people, Decimal(round(people * step * _paced(spec, chance) / 100))), people


def _counts(spec: dict[str, Any], steps: list[Decimal], partners: int, chance: Random) -> list[Parts]:
    """Whole people, the rest of each period carried into the next."""
    done, sent, values = 0.0, 0, []
    for step in steps:
        done += float(step) * spec["pace"] * chance.uniform(0.82, 1.18) / partners
        reached = max(round(done), sent)
        values.append(Decimal(reached - sent))
        sent = reached
    return [(value, None) for value in values]


def _paced(spec: dict[str, Any], chance: Random) -> Decimal:
    pace = 2 - spec["pace"] if spec.get("falling") else spec["pace"]
    return Decimal(str(pace * chance.uniform(0.96, 1.04)))


def _content(spec: dict[str, Any], parts: Parts, weights: Weights, chance: Random) -> UpdateInput:
    numerator, denominator = parts
    narrative = chance.choice(texts("shared_texts")["narratives"]) if chance.random() < 0.35 else ""
    total = ValueInput(numerator=numerator, denominator=denominator)
    cells = tuple(_cells(spec["breakdown"], int(numerator), weights, chance)) if spec.get("breakdown") else ()
    return UpdateInput(values=cells, total=total, narrative=narrative, language="en" if narrative else "")


def _weights(dimension: str) -> dict[str, int]:
    codes = Category.objects.filter(dimension__code=dimension).values_list("code", flat=True)
    known = {code: {**WEIGHTS, **AGE_WEIGHTS}.get(code, 0) for code in codes}
    stated = {code: weight for code, weight in known.items() if weight and (dimension == "sex" or code in AGE_WEIGHTS)}
    return stated or dict.fromkeys(codes, 1)


def _cells(dimensions: list[str], total: int, weights: Weights, chance: Random) -> Iterator[ValueInput]:
    """The people of a total in each category of the first dimension, or in each pair of the first two."""
    first, *rest = dimensions
    for code, people in _split(total, weights[first], chance).items():
        if not rest:
            yield ValueInput(cell={first: code}, numerator=Decimal(people))
            continue
        for other, some in _split(people, weights[rest[0]], chance).items():
            yield ValueInput(cell={first: code, rest[0]: other}, numerator=Decimal(some))


def _split(total: int, weights: dict[str, int], chance: Random) -> dict[str, int]:
    """Whole people by weight, adding up to the total."""
    drawn = chance.choices(list(weights), weights=list(weights.values()), k=min(total, DRAWN))
    parts = {code: drawn.count(code) * total // max(len(drawn), 1) for code in weights}
    heaviest = max(weights, key=lambda code: weights[code])
    parts[heaviest] += total - sum(parts.values())
    return parts


def _send(lines: list[Line], cast: Cast, stage: Stage) -> None:
    """Report the figures of one period, each organisation by its own reporter, and decide about them."""
    decided: dict[str, list[Update]] = {}
    for code, reporter in cast.reporters.items():
        own = [line for line in lines if line.row.organisation.code == code]
        drafts = [line.row for line in own if line.state == UpdateState.DRAFT]
        sent = [line for line in own if line.state != UpdateState.DRAFT]
        if drafts:
            create_updates(rows=drafts, at=stage.now, by=reporter)
        if sent:
            at = max(line.at for line in sent)
            made = create_updates(rows=[line.row for line in sent], submit=True, at=at, by=reporter)
            for update, line in zip(made, sent, strict=True):
                decided.setdefault(line.state, []).append(update)
    at = min(max(line.at for line in lines) + timedelta(days=2), stage.now)
    if approved := decided.get(UpdateState.APPROVED):
        approve_updates(updates=approved, at=at, by=cast.officer)
    if returned := decided.get(UpdateState.RETURNED):
        return_updates(updates=returned, note=LOOK_AGAIN, at=at, by=cast.officer)
