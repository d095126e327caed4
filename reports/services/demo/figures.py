"""Updates of the demo portfolio, in every state, through the same acts as real ones."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from django.utils import timezone

from partners.models import Organisation
from projects.choices import UpdateState
from projects.models import Category, Indicator, Period, Update
from projects.services.inputs import NewUpdate, UpdateInput, ValueInput
from projects.services.updates import approve_updates, create_updates, return_updates
from reports.services.demo.content import Stage, texts
from reports.services.demo.people import Cast
from reports.services.demo.projects import Planned, closed_periods, planned_steps

FIRST = "AKTAIA"  # its contributor finds plain counts to report
LEFT_OPEN = ("1.a", "1.1.a", "1.2.a", "2.1.a")
WEIGHTS = {"female": 54, "male": 43, "other": 1, "not_stated": 2}
AGE_WEIGHTS = {"15-17": 6, "18-24": 20, "25-29": 16, "30-54": 44, "55-59": 7, "60-64": 4, "65+": 3}


@dataclass(frozen=True)
class Line:
    """One figure to report, with the day on which it is sent."""

    row: NewUpdate
    at: datetime
    state: str


UNSURE = ("1.b", "3.a")


def told(spec: dict[str, Any]) -> bool:
    """Outcomes are told in time, but for some."""
    return not spec.get("output") and spec["code"] not in UNSURE


def _moment(period: Period, days: int) -> datetime:
    return timezone.make_aware(datetime.combine(period.ends_on + timedelta(days=days), time(10, 30)))


def add_figures(planned: Planned, cast: Cast, stage: Stage) -> None:
    """Everything that was reported up to the day: old periods approved, the newest closed one in every state."""
    chance = stage.chance(f"figures {planned.project.code}")
    specs = {spec["code"]: spec for one in planned.text["outcomes"] for spec in one["indicators"]}
    by_period: dict[Any, list[Line]] = {}
    for code, indicator in planned.indicators.items():
        closed = closed_periods(planned.periods[code], stage.day)
        for organisation in planned.reporting:
            series = _series(specs[code], closed, len(planned.periods[code]), len(planned.reporting), chance)
            for number, (period, content) in enumerate(zip(closed, series, strict=True)):
                is_last = number == len(closed) - 1 and planned.text["status"] != "closed"
                state = (
                    _state(organisation, code, chance, is_told=told(specs[code])) if is_last else UpdateState.APPROVED
                )
                if state:
                    filled = _content(indicator, specs[code], content, chance)
                    at = min(_moment(period, 2 + chance.randrange(18)), timezone.now())
                    row = NewUpdate(indicator, period, organisation, content=filled)
                    by_period.setdefault(period.ends_on, []).append(Line(row, at, state))
    for _end, lines in sorted(by_period.items()):
        _send(lines, cast)


def _state(organisation: Organisation, code: str, chance: Random, *, is_told: bool) -> str:
    if organisation.code == FIRST:
        return "" if code in LEFT_OPEN else UpdateState.APPROVED
    if is_told:
        return UpdateState.APPROVED
    states = ["", UpdateState.DRAFT, UpdateState.SUBMITTED, UpdateState.RETURNED, UpdateState.APPROVED]
    return chance.choices(states, weights=[3, 3, 22, 4, 68])[0]


def _series(
    spec: dict[str, Any], closed: list[Period], count: int, partners: int, chance: Random
) -> list[tuple[Decimal, Decimal | None]]:
    """The values of one partner: numerator and, for percentages, denominator."""
    steps = planned_steps(spec, count)[: len(closed)]
    measure = spec.get("measure", "count")
    if measure == "percentage":
        found = []
        for step in steps:
            people = Decimal(round(spec["of"] * chance.uniform(0.8, 1.2)))
            wished = step * Decimal(str(_paced(spec, chance))) / 100
            found.append((min(people, Decimal(round(people * wished))), people))
        return found
    if measure == "scale":
        return [((step * Decimal(str(_paced(spec, chance)))).quantize(Decimal("0.1")), None) for step in steps]
    done, sent, values = 0.0, 0, []
    for step in steps:
        done += float(step) * spec["pace"] * chance.uniform(0.82, 1.18) / partners
        values.append((Decimal(max(round(done) - sent, 0)), None))
        sent = max(round(done), sent)
    return values


def _paced(spec: dict[str, Any], chance: Random) -> float:
    drawn = chance.uniform(0.96, 1.04)
    return (2 - spec["pace"]) * drawn if spec.get("falling") else spec["pace"] * drawn


def _content(
    indicator: Indicator, spec: dict[str, Any], value: tuple[Decimal, Decimal | None], chance: Random
) -> UpdateInput:
    numerator, denominator = value
    narrative = chance.choice(texts("shared_texts")["narratives"]) if chance.random() < 0.35 else ""
    total = ValueInput(numerator=numerator, denominator=denominator)
    cells = tuple(_cells(spec, int(numerator), chance)) if spec.get("breakdown") else ()
    return UpdateInput(values=cells, total=total, narrative=narrative, language="en" if narrative else "")


def _weights(dimension: str) -> dict[str, int]:
    known = {**WEIGHTS, **AGE_WEIGHTS}
    if dimension == "sex":
        return dict(WEIGHTS)
    codes = Category.objects.filter(dimension__code=dimension).values_list("code", flat=True)
    return {code: known[code] for code in codes if code in AGE_WEIGHTS} or dict.fromkeys(codes, 1)


_cached: dict[str, dict[str, int]] = {}


def _cells(spec: dict[str, Any], total: int, chance: Random) -> Iterable[ValueInput]:
    for dimension in spec["breakdown"]:
        _cached.setdefault(dimension, _weights(dimension))
    first, *rest = spec["breakdown"]
    for code, people in _split(total, _cached[first], chance).items():
        if not rest:
            yield ValueInput(cell={first: code}, numerator=Decimal(people))
            continue
        for other, some in _split(people, _cached[rest[0]], chance).items():
            yield ValueInput(cell={first: code, rest[0]: other}, numerator=Decimal(some))


def _split(total: int, weights: dict[str, int], chance: Random) -> dict[str, int]:
    """Whole people by weight, adding up to the total."""
    drawn = chance.choices(list(weights), weights=list(weights.values()), k=min(total, 400))
    parts = {code: drawn.count(code) * total // max(len(drawn), 1) for code in weights}
    heaviest = max(weights, key=lambda code: weights[code])
    parts[heaviest] += total - sum(parts.values())
    return parts


def _send(lines: list[Line], cast: Cast) -> None:
    approved: list[Update] = []
    returned: list[Update] = []
    for code, reporter in cast.reporters.items():
        own = [line for line in lines if line.row.organisation.code == code]
        drafts = [line.row for line in own if line.state == UpdateState.DRAFT]
        sent = [line for line in own if line.state != UpdateState.DRAFT]
        if drafts:
            create_updates(rows=drafts, by=reporter)
        if sent:
            at = max(line.at for line in sent)
            made = create_updates(rows=[line.row for line in sent], submit=True, at=at, by=reporter)
            states = [line.state for line in sent]
            approved += [one for one, state in zip(made, states, strict=True) if state == UpdateState.APPROVED]
            returned += [one for one, state in zip(made, states, strict=True) if state == UpdateState.RETURNED]
    if approved:
        at = min(max(line.at for line in lines) + timedelta(days=2), timezone.now())
        approve_updates(updates=approved, at=at, by=cast.officer)
    if returned:
        return_updates(updates=returned, note="The parts do not fit last quarter. Please look again.", by=cast.officer)
