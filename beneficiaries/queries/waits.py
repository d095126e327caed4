"""How long people wait for an answer, by project and by channel. Messages are counted here, never people."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.utils import timezone

from beneficiaries.calculation.response import ResponseTime, Wait, response_time
from beneficiaries.choices import FeedbackState
from beneficiaries.models import Feedback
from projects.models import Project
from projects.queries.past import end_of


@dataclass(frozen=True)
class Waits:
    """The response time of a project's messages, and the same by channel; `promised_days` are the project's."""

    promised_days: int
    all: ResponseTime
    by_channel: dict[str, ResponseTime]


def waits_of(projects: Iterable[Project], *, day: date) -> dict[int, Waits]:
    """By project: its response time as it stood on `day` (of the portal's time zone). One statement.

    What was withdrawn unanswered by then waits for nothing and is left out.
    """
    projects, end = list(projects), end_of(day)
    is_answered = Q(answered_at__lte=end)
    is_withdrawn = Q(state=FeedbackState.WITHDRAWN) & (Q(closed_at=None) | Q(closed_at__lte=end))
    rows = Feedback.objects.filter(project__in=projects, received_at__lte=end).filter(is_answered | ~is_withdrawn)
    found: dict[int, list[tuple[str, Wait]]] = {one.pk: [] for one in projects}
    for project_id, channel, received, answered in rows.order_by().values_list(
        "project_id", "channel", "received_at", "answered_at"
    ):
        is_known = answered is not None and answered <= end
        wait = Wait(timezone.localdate(received), timezone.localdate(answered) if is_known else None)
        found[project_id].append((channel, wait))
    return {one.pk: _waits(found[one.pk], one.answer_days, day) for one in projects}


def _waits(rows: list[tuple[str, Wait]], days: int, day: date) -> Waits:
    channels = sorted({channel for channel, _wait in rows})
    return Waits(
        promised_days=days,
        all=response_time((wait for _channel, wait in rows), promised_days=days, today=day),
        by_channel={
            one: response_time((wait for channel, wait in rows if channel == one), promised_days=days, today=day)
            for one in channels
        },
    )
