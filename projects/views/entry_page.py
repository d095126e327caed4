"""What the page of a period shows: steps, the open figure with its breakdown, its course, and the acts."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from kmop.shared import formats
from kmop.shared.charts import Point
from kmop.shared.errors import Sentence
from kmop.shared.tables import Badge
from kmop.shared.text import in_language
from projects.calculation.cells import TOTAL
from projects.calculation.combine import added
from projects.calculation.values import NOT_REPORTED, Figure
from projects.forms.entry import BOTTOM, TOP, WHY, FigureForm
from projects.forms.layout import Layout, Line, Place
from projects.models import Evidence
from projects.queries.due import DueGroup
from projects.queries.entry import EnterPage, EntryRow
from projects.queries.entry_steps import Step, StepState, checker_of
from projects.queries.partner_course import PartnerCourse, Past, earlier_figures, partner_course
from projects.views.shown import shown

LOOKS: dict[StepState, tuple[str, str, Sentence]] = {
    StepState.EMPTY: ("circle", "", gettext_lazy("empty")),
    StepState.NOT_COUNTED: ("clock", "", gettext_lazy("not counted yet")),
    StepState.FILLED: ("circle-check", "st-done", gettext_lazy("filled")),
    StepState.ZERO: ("circle-check", "st-zero", gettext_lazy("0 reported")),
    StepState.NOT_APPLICABLE: ("circle-minus", "", gettext_lazy("not applicable")),
    StepState.TO_CHECK: ("circle-dot", "st-on", gettext_lazy("something to check")),
    StepState.FILE_MISSING: ("paperclip", "st-on", gettext_lazy("a file is missing")),
    StepState.RETURNED: ("undo-2", "st-on", gettext_lazy("came back")),
    StepState.SENT: ("send", "st-done", gettext_lazy("sent")),
    StepState.APPROVED: ("check-check", "st-done", gettext_lazy("approved")),
    StepState.LOCKED: ("lock", "", gettext_lazy("locked")),
}
CHART_PERIODS = 7


# ---------------------------------------------------------------- what is due
def due_rows(groups: Sequence[DueGroup], day: date) -> list[dict[str, Any]]:
    """The rows of the first page."""
    return [
        {
            "url": reverse("projects:figure", args=[one.first]),
            "period": formats.period(one.starts_on, one.ends_on),
            "project": str(one.project),
            "organisation": one.organisation,
            "due": due_words(one.due_on, day),
            "badge": _due_badge(one),
            "done": one.done,
            "total": one.total,
            "share": Decimal(one.done) / one.total,
        }
        for one in groups
    ]


def _due_badge(one: DueGroup) -> Badge:
    if one.returned:
        return Badge(
            ngettext("%(n)s came back", "%(n)s came back", one.returned) % {"n": one.returned}, "warn", "undo-2"
        )
    if one.is_late:
        return Badge(_("Late"), "bad", "clock-alert")
    if not one.owed:
        return Badge(_("All sent"), "ok")
    return Badge(_("Due"), "info", "clock") if one.has_ended else Badge(_("Runs still"), "", "hourglass")


def due_words(due_on: date, day: date) -> str:
    """Due 30 Nov 2026, in 7 days."""
    left = (due_on - day).days
    when = formats.day(due_on)
    if left == 0:
        return _("Due today")
    if left > 0:
        return ngettext("Due %(day)s, tomorrow", "Due %(day)s, in %(n)s days", left) % {"day": when, "n": left}
    return ngettext("Was due %(day)s, yesterday", "Was due %(day)s, %(n)s days ago", -left) % {"day": when, "n": -left}


# ---------------------------------------------------------------- the page of a period
def period_context(
    page: EnterPage, steps: Sequence[Step], row: EntryRow, form: FigureForm, day: date
) -> dict[str, Any]:
    """All that templates/projects/entry/period.html shows."""
    step = next(one for one in steps if one.row.obligation.pk == row.obligation.pk)
    owed, indicator = row.obligation, row.obligation.indicator
    period = formats.period(owed.period.starts_on, owed.period.ends_on)
    earlier = earlier_figures(indicator.pk, owed.organisation_id, owed.place_id, before=owed.period.ends_on)
    course = partner_course(
        indicator, owed.organisation_id, earlier=earlier, period=owed.period, now=row.figures.get(TOTAL, NOT_REPORTED)
    )
    following = _following(steps, step)
    return {
        "form": form,
        "step": step,
        "questions": _questions(step, form),
        "update": row.update,
        "indicator": indicator,
        "indicator_title": in_language(indicator.titles),
        "definition": in_language(indicator.definitions),
        "unit": in_language(indicator.units),
        "title": _("Your figures for %(period)s") % {"period": period},
        "crumbs": _crumbs(page, period),
        "facts": _facts(page, steps, owed.due_on, day),
        "steps": [_shown_step(one, one is step) for one in steps],
        "others": [_shown_step(one, False) for one in steps if one is not step],
        "following": following,
        "breakdowns": [_breakdown(form, row, layout) for layout in form.layouts],
        "single": _single(form, row),
        "course": _course(course, indicator, period),
        "evidence": list(Evidence.objects.filter(update=row.update)) if row.update else [],
        "ready": sum(one.is_ready for one in steps),
        "why_not": _why_not(steps),
    }


def _questions(step: Step, form: FigureForm) -> list[dict[str, str]]:
    """The rules that speak up, each with what was typed for it."""
    return [
        {"code": one.code, "sentence": one.sentence, "answer": form.data.get(f"{WHY}{one.code}", one.answer)}
        for one in step.questions
    ]


def _crumbs(page: EnterPage, period: str) -> list[dict[str, str]]:
    project = page.project
    name = in_language(project.short_titles) or in_language(project.titles) if project else ""
    return [{"label": _("Enter"), "url": reverse("projects:enter")}, {"label": name, "url": ""}, {"label": period}]


def _facts(page: EnterPage, steps: Sequence[Step], due_on: date, day: date) -> list[dict[str, str]]:
    done = sum(one.is_done for one in steps)
    facts = [
        {"icon": "calendar-clock", "text": due_words(due_on, day)},
        {"icon": "circle-check", "text": _("%(done)s of %(all)s done") % {"done": done, "all": len(steps)}},
    ]
    checker = checker_of(page.project) if page.project else ""
    if checker:
        facts.append({"icon": "user", "text": _("Checked by %(name)s") % {"name": checker}})
    return facts


def _shown_step(step: Step, current: bool) -> dict[str, Any]:
    icon, look, word = LOOKS[step.state]
    place = step.row.obligation.place
    title = in_language(step.indicator.titles)
    return {
        "url": reverse("projects:figure", args=[step.pk]),
        "code": step.indicator.code,
        "title": f"{title}, {place}" if place else title,
        "word": word,
        "icon": icon,
        "look": look,
        "current": current,
        "shown": shown(step.total, step.indicator) if step.total.is_reported else "",
        "before": shown(step.row.before_total, step.indicator) if step.row.before_total.is_reported else "",
    }


def _following(steps: Sequence[Step], step: Step) -> dict[str, Any] | None:
    at = list(steps).index(step)
    rest = [one for one in [*steps[at + 1 :], *steps[:at]] if one.is_editable]
    return _shown_step(rest[0], False) if rest else None


def _why_not(steps: Sequence[Step]) -> str:
    if any(one.is_ready for one in steps):
        return ""
    open_steps = [one for one in steps if one.is_editable]
    if not open_steps:
        return _("All figures of this period are sent.")
    return _("You can send as soon as one figure is filled; each goes to review when it is ready.")


# ---------------------------------------------------------------- fields
def _single(form: FigureForm, row: EntryRow) -> dict[str, Any]:
    """The field or the two fields of the total."""
    return _parts(form, row, Place(TOTAL, _("Total")))


def _parts(form: FigureForm, row: EntryRow, place: Place) -> dict[str, Any]:
    before = row.before_figures.get(place.cell, NOT_REPORTED)
    cells = [_field(form, TOP, place, before.numerator)]
    if form.by_parts:
        cells.append(_field(form, BOTTOM, place, before.denominator))
    return {"label": place.words, "cells": cells}


def _field(form: FigureForm, part: str, place: Place, last: Decimal | None) -> dict[str, Any]:
    name = part + place.cell
    errors = [str(one) for one in form.errors.get(name, [])] if form.is_bound else []
    words = place.words if part == TOP else _("%(part)s, of how many") % {"part": place.words}
    said = words
    if last is not None:
        said = _("%(words)s; last period %(last)s") % {"words": words, "last": formats.number(last)}
    return {
        "name": name,
        "value": form[name].value() or "",
        "last": last,
        "label": said,
        "words": words,
        "error": bool(errors),
        "errors": errors,
        "describedby": "cell-errors" if errors else "",
        "locked": not _is_open(form.row),
    }


def _is_open(row: EntryRow) -> bool:
    return not row.is_locked and (row.update is None or row.update.state in ("draft", "returned"))


def _breakdown(form: FigureForm, row: EntryRow, layout: Layout) -> dict[str, Any]:
    is_matrix = not form.by_parts and len(layout.heads) > 1
    rows = (
        [_matrix_row(form, row, line) for line in layout.lines]
        if is_matrix
        else [_parts(form, row, place) for place in layout.cells]
    )
    problems = [f"{cell['words']}: {error}" for one in rows for cell in one["cells"] for error in cell["errors"]]
    return {
        "is_matrix": is_matrix,
        "caption": _("%(unit)s, by %(dimensions)s") % {"unit": _unit(row), "dimensions": layout.title.lower()},
        "corner": layout.corner,
        "heads": list(layout.heads) if is_matrix else _part_heads(form),
        "rows": rows,
        "sums": _column_sums(row, layout) if is_matrix else _line_sums(row, layout),
        "problems": problems,
    }


def _unit(row: EntryRow) -> str:
    return in_language(row.obligation.indicator.units).capitalize() or in_language(row.obligation.indicator.titles)


def _part_heads(form: FigureForm) -> list[str]:
    return [_("How many"), _("Of how many")] if form.by_parts else [_("Number")]


def _matrix_row(form: FigureForm, row: EntryRow, line: Line) -> dict[str, Any]:
    last = [row.before_figures.get(place.cell, NOT_REPORTED) for place in line.places]
    cells = [_field(form, TOP, place, one.numerator) for place, one in zip(line.places, last, strict=True)]
    now = _sum([row.figures.get(place.cell, NOT_REPORTED) for place in line.places])
    return {"label": line.label, "cells": cells, "sum": now, "last_sum": _sum(last)}


def _sum(figures: Sequence[Figure]) -> Decimal | None:
    return added(figures).value


def _column_sums(row: EntryRow, layout: Layout) -> list[dict[str, Any]]:
    columns = [[line.places[at].cell for line in layout.lines] for at in range(len(layout.heads))]
    return [_sums(row, cells) for cells in [*columns, [place.cell for place in layout.cells]]]


def _line_sums(row: EntryRow, layout: Layout) -> list[dict[str, Any]]:
    return [_sums(row, [place.cell for place in layout.cells])] if layout.is_whole else []


def _sums(row: EntryRow, cells: Sequence[str]) -> dict[str, Any]:
    return {
        "sum": _sum([row.figures.get(one, NOT_REPORTED) for one in cells]),
        "last": _sum([row.before_figures.get(one, NOT_REPORTED) for one in cells]),
    }


# ---------------------------------------------------------------- the partner's course
def _course(course: PartnerCourse, indicator: Any, period: str) -> dict[str, Any]:
    points = course.points[-CHART_PERIODS:]
    this = course.points[-1].total
    return {
        "points": [_point(one, indicator) for one in points],
        "has_history": len(points) > 1 or this.is_reported,
        "chart_title": _("%(indicator)s, your last periods; the newest is %(period)s")
        % {"indicator": in_language(indicator.titles), "period": period},
        "before": format(course.before.value or 0, "f"),
        "before_shown": shown(course.before, indicator) if course.before.is_reported else "–",
        "this_shown": shown(this, indicator) if this.is_reported else "–",
        "together_shown": shown(course.together, indicator) if course.together.is_reported else "–",
        "target_shown": shown(course.target, indicator) if course.target.value is not None else "",
        "is_own": course.is_own,
        "share": course.share.value,
        "plan_share": course.plan_share.value,
        "is_running": indicator.across_time == "sum" and not indicator.is_cumulative,
    }


def _point(one: Past, indicator: Any) -> Point:
    words = shown(one.total, indicator) if one.total.value is not None else ""
    return Point(formats.month(one.period.ends_on), one.total.value, words)
