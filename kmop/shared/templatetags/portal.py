"""Tags and filters that every template has without loading them: icons, figures in their states, charts, forms."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import template
from django.conf import settings
from django.forms import BoundField, CheckboxInput, CheckboxSelectMultiple, RadioSelect
from django.template.context import RequestContext
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from kmop.shared import charts, formats
from kmop.shared.charts import Figures, Line, Mark, Number, Point
from kmop.shared.tables import Badge

register = template.Library()

NOTHING = "\N{EN DASH}"
BADGE_ICONS = {"ok": "check", "warn": "triangle-alert", "bad": "circle-x", "info": "info"}
NOTE_ICONS = {"ok": "circle-check", "warn": "triangle-alert", "bad": "circle-x", "info": "info"}


@register.simple_tag
def icon(name: str, flip: bool = False) -> SafeString:
    """An icon of the sprite, by its Lucide name; `flip=True` for arrows, which turn round from right to left."""
    classes = "i i-flip" if flip else "i"
    return format_html(
        '<svg class="{}" aria-hidden="true"><use href="{}#{}"/></svg>', classes, static("icons.svg"), name
    )


@register.filter
def badge_icon(state: str) -> str:
    """The icon of a badge of this state, unless the badge names its own."""
    return BADGE_ICONS.get(state, "circle")


@register.filter
def note_icon(state: str) -> str:
    """The icon of a note of this state."""
    return NOTE_ICONS.get(state, "info")


@register.filter
def message_state(tags: str) -> str:
    """The state of one of Django's messages: ok, warn, bad or info."""
    words = {"success": "ok", "warning": "warn", "error": "bad"}
    return next((state for word, state in words.items() if word in tags.split()), "info")


# ---------------------------------------------------------------- figures and dates
@register.filter
def number(value: Number | None, decimals: int | None = None) -> str:
    """1,302 or 1.302."""
    return NOTHING if value is None else formats.number(value, decimals=decimals)


@register.filter
def change(value: Number | None) -> str:
    """+44, -3."""
    return NOTHING if value is None else formats.change(value)


@register.filter
def percent(share: Number | None, decimals: int = 0) -> str:
    """A fraction of one as per cent."""
    return NOTHING if share is None else formats.percent(share, decimals=decimals)


@register.filter
def money(amount: Number | None, currency: str = "EUR") -> str:
    """€2,400,000."""
    return NOTHING if amount is None else formats.money(amount, currency)


@register.filter
def money_short(amount: Number | None, currency: str = "EUR") -> str:
    """€2.4m."""
    return NOTHING if amount is None else formats.money_short(amount, currency)


@register.filter
def day(value: date | None) -> str:
    """23 Nov 2026."""
    return NOTHING if value is None else formats.day(value)


@register.filter
def day_short(value: date | None) -> str:
    """23 Nov."""
    return NOTHING if value is None else formats.day_short(value)


@register.filter
def day_long(value: date | None) -> str:
    """Monday 23 November."""
    return NOTHING if value is None else formats.day_long(value)


@register.filter
def month(value: date | None) -> str:
    """Nov 2026."""
    return NOTHING if value is None else formats.month(value)


@register.filter
def moment(value: datetime | None) -> str:
    """23 Nov 2026, 14:31."""
    return NOTHING if value is None else formats.moment(value)


@register.filter
def days(count: int | None) -> str:
    """4 days."""
    return NOTHING if count is None else formats.days(count)


@register.filter
def file_size(count: int | None) -> str:
    """240 KB."""
    return NOTHING if count is None else formats.size(count)


@register.simple_tag
def period(start: date, end: date) -> str:
    """Aug-Oct 2026."""
    return formats.period(start, end)


@register.simple_tag
def date_range(start: date | None, end: date | None) -> str:
    """1 Feb 2025 - 31 Jan 2028."""
    return formats.date_range(start, end)


@register.inclusion_tag("components/value.html")
def value(
    amount: Number | None,
    state: str = "reported",
    unit: str = "",
    href: str = "",
    decimals: int | None = None,
    share: bool = False,
) -> dict[str, Any]:
    """A figure in its state: a number, 0 reported, not reported, not applicable, fewer than 5; never mixed."""
    known = state == "reported" and amount is not None
    shown = ""
    if known and amount is not None:
        shown = formats.percent(amount, decimals=decimals or 0) if share else formats.number(amount, decimals=decimals)
    return {
        "state": state if known or state != "reported" else "not_reported",
        "shown": shown,
        "is_zero": known and amount == 0,
        "unit": unit,
        "href": href,
        "smallest": settings.SMALL_CELL,
    }


@register.simple_tag
def cell(content: object) -> str:
    """A table cell by what it holds: number, date, time, yes or no, badge, text, nothing."""
    if isinstance(content, Badge):
        return _badge(content)
    if content is None or content == "":
        return format_html('<span class="muted">{}</span>', NOTHING)
    if isinstance(content, bool):
        return _("Yes") if content else _("No")
    if isinstance(content, (int, float, Decimal)):
        return formats.number(content)
    if isinstance(content, datetime):
        return formats.moment(content)
    return formats.day(content) if isinstance(content, date) else str(content)


def _badge(badge: Badge) -> SafeString:
    drawn = icon(badge.icon or badge_icon(badge.state))
    return format_html('<span class="badge" data-s="{}">{}{}</span>', badge.state, drawn, badge.word)


# ---------------------------------------------------------------- charts
@register.simple_tag
def bar(
    share: Number | None,
    plan: Number | None = None,
    kind: str = "figure",
    soft: Number | None = None,
    size: str = "m",
    title: str = "",
) -> SafeString:
    """A bar with the plan's mark; shares are fractions of one, None is hatched."""
    return charts.bar(share, plan, kind=kind, soft=soft, size=size, title=title)


@register.simple_tag
def segments(complete: int, incomplete: int, total: int, title: str = "") -> SafeString:
    """One piece for each of so many."""
    return charts.segments(complete, incomplete, total, title=title)


@register.simple_tag
def stacked(parts: Sequence[tuple[Number, str]], title: str = "") -> SafeString:
    """Parts of a whole side by side."""
    return charts.stacked(parts, title=title)


@register.simple_tag
def sparkline(values: Figures, plan: Figures = (), title: str = "") -> SafeString:
    """What came each period."""
    return charts.sparkline(values, plan, title=title)


@register.simple_tag
def columns(points: Sequence[Point], title: str) -> SafeString:
    """One column a period."""
    return charts.columns(points, title=title)


@register.simple_tag
def lines(
    lines: Sequence[Line],
    labels: Sequence[str],
    title: str,
    now: tuple[float, str] | None = None,
    usual: tuple[Number, Number] | None = None,
    currency: str = "",
) -> SafeString:
    """Lines along time; with a currency the axis is in money."""

    def amount(tick: Decimal) -> str:
        return formats.money_short(tick, currency)

    shown = amount if currency else formats.number
    return charts.line_chart(lines, labels, title=title, now=now, usual=usual, shown=shown)


@register.simple_tag
def plane(marks: Sequence[Mark], across: str, up: str, corner: str, title: str) -> SafeString:
    """Two shares against each other."""
    return charts.plane(marks, across=across, up=up, corner=corner, title=title)


# ---------------------------------------------------------------- forms and addresses
@register.filter
def control(field: BoundField) -> SafeString:
    """A form field's control in the portal's look, its label not said again in it; Django links what describes it."""
    if isinstance(field.field.widget, (CheckboxInput, CheckboxSelectMultiple, RadioSelect)):
        return field.as_widget()
    given = str(field.field.widget.attrs.get("class", ""))
    return field.as_widget(attrs={"class": f"in {given}".strip(), "placeholder": False})


@register.filter
def dialled(number: str) -> str:
    """A phone number as a `tel:` link wants it: digits and a leading plus, "+30 210 000 0000" is +302100000000."""
    digits = "".join(sign for sign in number if sign.isdigit())
    return f"+{digits}" if number.strip().startswith("+") else digits


@register.filter
def is_check(field: BoundField) -> bool:
    """Is this a single tick box, whose label stands beside it?"""
    return isinstance(field.field.widget, CheckboxInput)


@register.filter
def is_group(field: BoundField) -> bool:
    """Is this a group of boxes, whose label is a legend?"""
    return isinstance(field.field.widget, (CheckboxSelectMultiple, RadioSelect))


@register.simple_tag(takes_context=True)
def address(context: RequestContext, **changes: Any) -> str:
    """This page's address with some parameters changed; None leaves one out. Needs the page's context (not `only`)."""
    request = context["request"]
    query = request.GET.copy()
    for name, wanted in changes.items():
        query.pop(name, None)
        if wanted is not None:
            query[name] = str(wanted)
    return f"{request.path}?{query.urlencode()}"
