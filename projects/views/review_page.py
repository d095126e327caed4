"""What the review shows: the rows of the queue, the open update beside the one before, the toast."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from kmop.shared import formats
from kmop.shared.access import ask
from kmop.shared.charts import Line
from kmop.shared.errors import Sentence
from kmop.shared.slots import filled
from kmop.shared.tables import Badge
from kmop.shared.text import in_language
from projects.choices import DecisionVerdict
from projects.models import Update
from projects.queries.comparison import Compared, comparison
from projects.queries.flags import FlagShown
from projects.queries.partner_course import Past, partner_course
from projects.queries.review import ReviewRow
from projects.queries.steps import StepLine
from projects.queries.updates import UpdateDetail, total_of, update_detail
from projects.views.shown import changed_by, shown

FLAGS: dict[str, tuple[Sentence, str, str]] = {
    "outlier": (gettext_lazy("Unusual"), "warn", "chart-line"),
    "jump": (gettext_lazy("Jump"), "warn", "trending-up"),
    "running_total_falls": (gettext_lazy("Total falls"), "bad", "trending-down"),
    "breakdown_does_not_add_up": (gettext_lazy("Parts ≠ total"), "warn", "sigma"),
    "late": (gettext_lazy("Late"), "warn", "clock-alert"),
    "above_denominator": (gettext_lazy("Above 100 %"), "bad", "sigma"),
    "equal_to_last": (gettext_lazy("As before"), "warn", "copy"),
    "zero_where_never_zero": (gettext_lazy("Zero"), "warn", "trending-down"),
    "evidence_missing": (gettext_lazy("No file"), "warn", "paperclip"),
    "target_passed_early": (gettext_lazy("Early"), "warn", "trending-up"),
    "double": (gettext_lazy("Double"), "warn", "copy"),
}
CHART_PERIODS = 8


# ---------------------------------------------------------------- the queue
def queue_groups(
    rows: Sequence[ReviewRow], counts: Mapping[str, int], current: Update | None, address: Callable[[Update], str]
) -> list[dict[str, Any]]:
    """What waits for the reader, flags first, and what waits for others, as components/queue.html takes them."""
    mine = [one for one in rows if one.is_mine]
    parts = [
        (_("With flags"), counts["mine_flagged"], [one for one in mine if one.update.flags]),
        (_("Clean"), counts["mine"] - counts["mine_flagged"], [one for one in mine if not one.update.flags]),
        (_("Waits for others"), counts["waiting"] - counts["mine"], [one for one in rows if not one.is_mine]),
    ]
    groups = [_group(title, count, part, current, address) for title, count, part in parts if part]
    for group in groups:
        group["act"] = _("Approve ticked") if any(row["tick"] for row in group["rows"]) else ""
    return groups


def _group(
    title: str, count: int, rows: Sequence[ReviewRow], current: Update | None, address: Callable[[Update], str]
) -> dict[str, Any]:
    return {"title": title, "count": count, "rows": [_queue_row(one, current, address) for one in rows]}


def _queue_row(row: ReviewRow, current: Update | None, address: Callable[[Update], str]) -> dict[str, Any]:
    update = row.update
    indicator, title = update.indicator, in_language(update.indicator.titles)
    return {
        "url": address(update),
        "current": current is not None and update.pk == current.pk,
        "title": title,
        "figure": shown(row.total, indicator),
        "sub": _sub(row),
        "before": _before(row),
        "badge": _flag_badge(update.flags[0]) if update.flags else None,
        "tick": str(update.pk) if row.is_clean else "",
        "tick_label": _("Tick %(title)s, %(partner)s") % {"title": title, "partner": update.organisation.name},
    }


def _sub(row: ReviewRow) -> str:
    """Partner and project; the step where it waits for somebody else."""
    update = row.update
    said = f"{update.organisation.name} · {update.indicator.project.code}"
    if row.approve or len(update.indicator.project.approval_steps) == 1:
        return said
    return f"{said} · {_('waits for: %(step)s') % {'step': update.get_step_display()}}"


def _before(row: ReviewRow) -> str:
    if not row.previous.is_reported:
        return ""
    return _("before %(figure)s") % {"figure": shown(row.previous, row.update.indicator)}


def _flag_badge(flag: Mapping[str, Any]) -> Badge:
    word, state, icon = FLAGS.get(flag["code"], (flag["code"], "warn", "flag"))
    return Badge(word, state, icon)


# ---------------------------------------------------------------- one update
def detail_context(update: Update, user: Any) -> dict[str, Any]:
    """The open update: who sent it and when, its flags, history, comparison, words, files, what one may do."""
    detail = update_detail(update, user=user)
    row = detail.update
    period = formats.period(row.period.starts_on, row.period.ends_on)
    past = [Past(one.update.period, one.total) for one in detail.earlier]
    course = partner_course(row.indicator, row.organisation_id, earlier=past, period=row.period, now=detail.total)
    before = detail.previous.update.period if detail.previous else None
    return {
        "detail": detail,
        "update": row,
        "indicator_title": in_language(row.indicator.titles),
        "period": period,
        "before_period": formats.period(before.starts_on, before.ends_on) if before else _("Before"),
        "total_shown": shown(detail.total, row.indicator),
        "sentence": _sent_sentence(detail),
        "chart": _chart(detail, past) if past else None,
        "compared": _compared(detail),
        "running": shown(course.together, row.indicator) if course.together.is_reported else "",
        "running_before": shown(course.before, row.indicator) if course.before.is_reported else "",
        "target": shown(course.target, row.indicator) if course.target.value is not None else "",
        "good": _good(row),
        "voices": filled("projects.beside_figure", indicator=row.indicator, place=row.place, user=user),
        "flag_rows": [_flag_row(number, one, detail) for number, one in enumerate(detail.flags)],
        "steps": step_rows(detail.steps),
        "rules_url": _rules_url(row, user),
    }


def _rules_url(update: Update, user: Any) -> str:
    """Where the indicator's quality rules are set, for who may."""
    project = update.indicator.project
    if not ask(user, "projects.manage_framework", project):
        return ""
    return reverse("projects:flag-rules", args=[project.pk, update.indicator_id])


def _flag_row(number: int, flag: FlagShown, detail: UpdateDetail) -> dict[str, Any]:
    """A flag with its answers, and whether the reader may answer it."""
    _word, _state, icon = FLAGS.get(flag.code, ("", "", "triangle-alert"))
    return {
        "id": f"{flag.code}-{number}",
        "code": flag.code,
        "sentence": flag.sentence,
        "icon": icon,
        "is_open": flag.is_open,
        "answers": flag.answers,
        "may_answer": bool(detail.acts["approve_update"]),
    }


def step_rows(steps: Sequence[StepLine]) -> list[dict[str, Any]]:
    """The steps of approval in words; nothing where the only one was not taken yet."""
    if len(steps) == 1 and steps[0].decision is None:
        return []
    return [{"label": one.label, "number": one.number, "said": _step_said(one), "waits": one.waits} for one in steps]


def _step_said(line: StepLine) -> str:
    decision = line.decision
    if decision is None:
        return _("waits") if line.waits else _("to come")
    words = {"name": decision.by, "when": formats.moment(decision.at)}
    if decision.verdict == DecisionVerdict.RETURNED:
        return _("returned by %(name)s, %(when)s") % words
    return _("approved by %(name)s, %(when)s") % words


def _sent_sentence(detail: UpdateDetail) -> str:
    update = detail.update
    when = formats.moment(update.submitted_at) if update.submitted_at else ""
    said = _("Sent by %(name)s, %(when)s.") % {"name": update.submitted_by, "when": when}
    if update.revision > 1:
        said += " " + _("Revision %(n)s: %(reason)s") % {"n": update.revision, "reason": update.revision_reason}
    if detail.acts["approve_update"]:
        return f"{said} {_('You did not send it, so you may approve it.')}"
    return said


def _good(update: Update) -> list[str]:
    """The checks that found nothing."""
    found = {one["code"] for one in [*update.flags, *update.answered_flags]}
    checks = [
        ("breakdown_does_not_add_up", _("parts add up")),
        ("jump", _("no unusual jump")),
        ("late", _("on time")),
    ]
    if update.indicator.is_cumulative:
        checks.insert(1, ("running_total_falls", _("total does not fall")))
    return [word for code, word in checks if code not in found]


def _chart(detail: UpdateDetail, past: Sequence[Past]) -> dict[str, Any]:
    indicator = detail.update.indicator
    points = past[-(CHART_PERIODS - 1) :]
    values = [one.total.value for one in points]
    now = detail.total.value
    ends = [one.period.ends_on for one in points] + [detail.update.period.ends_on]
    every = max(1, -(-len(ends) // 4))
    labels = [formats.month(end) if (len(ends) - 1 - at) % every == 0 else "" for at, end in enumerate(ends)]
    word = _("%(figure)s submitted") % {"figure": shown(detail.total, indicator)}
    lines = [
        Line([*values, None], look="l1"),
        Line([*[None] * (len(values) - 1), values[-1], now], look="l5"),
        Line([*[None] * len(values), now], word if _rises(values[-1], now) else "", "l2"),
    ]
    title = _chart_title(detail, points)
    return {"word": word, "lines": lines, "labels": labels, "usual": _usual(detail.update), "title": title}


def _rises(before: Decimal | None, now: Decimal | None) -> bool:
    """Only above a rising line there is room for a word."""
    return before is None or (now is not None and now > before)


def _usual(update: Update) -> tuple[Decimal, Decimal] | None:
    """The range an outlier lies beyond."""
    params = next((one["params"] for one in [*update.flags, *update.answered_flags] if one["code"] == "outlier"), None)
    return (max(Decimal(0), Decimal(params["lowest"])), Decimal(params["highest"])) if params else None


def _chart_title(detail: UpdateDetail, points: Sequence[Past]) -> str:
    indicator = detail.update.indicator
    told = ", ".join(shown(one.total, indicator) for one in points)
    return _("%(indicator)s of this partner: %(past)s; submitted now: %(now)s.") % {
        "indicator": in_language(indicator.titles),
        "past": told,
        "now": shown(detail.total, indicator),
    }


def _compared(detail: UpdateDetail) -> dict[str, Any]:
    found = comparison(detail)
    indicator = detail.update.indicator

    def row(one: Compared) -> dict[str, Any]:
        return {
            "words": one.words,
            "before": shown(one.before, indicator),
            "now": shown(one.now, indicator),
            "change": changed_by(one.change, indicator),
            "hot": one.is_flagged,
        }

    groups = [{"title": title, "rows": [row(one) for one in rows]} for title, rows in found.groups]
    return {"groups": groups, "cells": [row(one) for one in found.cells], "total": row(found.total)}


# ---------------------------------------------------------------- the toast
def toast_of(updates: Sequence[Update]) -> dict[str, Any] | None:
    """What was approved a moment ago and may be taken back."""
    if not updates:
        return None
    first = updates[0]
    if len(updates) == 1:
        said = _("Approved: %(indicator)s, %(partner)s, %(figure)s.") % {
            "indicator": in_language(first.indicator.titles),
            "partner": first.organisation.name,
            "figure": shown(total_of(first), first.indicator),
        }
    else:
        said = ngettext("Approved: %(n)s update.", "Approved: %(n)s updates.", len(updates)) % {"n": len(updates)}
    return {"text": said, "ids": [one.pk for one in updates], "action": reverse("projects:take-back")}
