"""What the review shows: the rows of the queue, the open update beside the one before, the toast."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from kmop.shared import formats
from kmop.shared.charts import Line
from kmop.shared.errors import Sentence
from kmop.shared.slots import filled
from kmop.shared.tables import Badge
from kmop.shared.text import in_language
from projects.models import Update
from projects.queries.comparison import Compared, comparison
from projects.queries.partner_course import Past, partner_course
from projects.queries.review import ReviewRow
from projects.queries.updates import UpdateDetail, total_of, update_detail
from projects.views.shown import changed_by, shown

FLAGS: dict[str, tuple[Sentence, str, str]] = {
    "outlier": (gettext_lazy("Unusual"), "warn", "chart-line"),
    "jump": (gettext_lazy("Jump"), "warn", "trending-up"),
    "running_total_falls": (gettext_lazy("Total falls"), "bad", "trending-down"),
    "breakdown_does_not_add_up": (gettext_lazy("Parts ≠ total"), "warn", "sigma"),
    "late": (gettext_lazy("Late"), "warn", "clock-alert"),
}
CHART_PERIODS = 8


# ---------------------------------------------------------------- the queue
def queue_groups(
    rows: Sequence[ReviewRow], counts: Mapping[str, int], current: Update | None, address: Callable[[Update], str]
) -> list[dict[str, Any]]:
    """The rows with flags and the clean ones, as components/queue.html takes them."""
    flagged = [one for one in rows if one.update.flags]
    clean = [one for one in rows if not one.update.flags]
    groups = []
    if flagged:
        groups.append(_group(_("With flags"), counts["flagged"], flagged, current, address))
    if clean:
        group = _group(_("Clean"), counts["waiting"] - counts["flagged"], clean, current, address)
        groups.append({**group, "act": _("Approve ticked") if any(row["tick"] for row in group["rows"]) else ""})
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
        "sub": f"{update.organisation.name} · {indicator.project.code}",
        "before": _before(row),
        "badge": _flag_badge(update.flags[0]) if update.flags else None,
        "tick": str(update.pk) if row.is_clean else "",
        "tick_label": _("Tick %(title)s, %(partner)s") % {"title": title, "partner": update.organisation.name},
    }


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
    }


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
    found = {one["code"] for one in update.flags}
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
    params = next((one["params"] for one in update.flags if one["code"] == "outlier"), None)
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
