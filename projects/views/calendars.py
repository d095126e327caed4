"""Project > Money > a grant: its own reporting calendar, and the figures by it."""

from collections.abc import Iterator
from functools import cached_property
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from kmop.shared import formats
from kmop.shared.text import in_language
from kmop.shared.views.takeaway import FORMATS, rows_file
from projects.forms.money import CalendarForm
from projects.models import Grant
from projects.queries.calendars import GrantCell, GrantRow, grant_figures
from projects.services.calendars import set_calendar
from projects.views.money import MoneyPart, amount
from projects.views.part import ProjectFormPage, ProjectPage
from projects.views.shown import shown


class GrantPart(MoneyPart):
    """Mixin: the grant of the address."""

    view = "grants/"

    @cached_property
    def grant(self) -> Grant:
        """The grant, of this project."""
        rows = Grant.objects.visible_to(self.user).filter(project=self.project)
        found: Grant = get_object_or_404(rows.select_related("funder", "project"), pk=self.kwargs["row"])
        return found


class GrantView(GrantPart, ProjectPage):
    """What the grant is, and each indicator's figures by the periods of the grant."""

    permission = "projects.view_money"
    template_name = "projects/money/grant.html"

    @cached_property
    def told(self) -> Any:
        """The calendar and the rows."""
        return grant_figures(self.grant, day=self.day)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The page, or with `?format=` the file of its figures."""
        wanted = request.GET.get("format", "")
        if not wanted:
            return super().get(request, *args, **kwargs)
        if wanted not in FORMATS:
            raise Http404(wanted)
        return self._file(wanted)

    def head_acts(self) -> list[dict[str, Any]]:
        """Take the figures away; the calendar."""
        files = [{"label": word, "url": f"?format={code}", "icon": "download"} for code, word in FORMATS.items()]
        url = f"{self.base}money/grants/{self.grant.pk}/calendar/"
        calendar = self.act_button(_("Reporting calendar"), url, "projects.manage_money", icon="calendar", kind="main")
        return [*files, calendar]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The facts and the table."""
        grant, (calendar, rows) = self.grant, self.told
        facts = (
            (_("Funder"), str(grant.funder)),
            (_("Programme"), grant.programme),
            (_("Form of funding"), grant.get_form_display()),
            (_("Amount"), amount(grant.amount, grant.currency)),
            (_("Time"), formats.date_range(grant.starts_on, grant.ends_on) if grant.starts_on else ""),
        )
        return super().get_context_data(
            grant=grant,
            facts=[{"label": label, "text": text} for label, text in facts if text],
            heads=[formats.period(one.starts_on, one.ends_on) for one in calendar],
            rows=[self._row(one) for one in rows],
            **kwargs,
        )

    def _row(self, row: GrantRow) -> dict[str, Any]:
        indicator = row.indicator
        heads = [formats.period(one.starts_on, one.ends_on) for one in self.told[0]]
        return {
            "name": f"{indicator.code} {in_language(indicator.titles)}",
            "unit": in_language(indicator.units),
            "url": f"{self.base}results/?indicator={indicator.pk}#explain",
            "cells": [{"head": head, **self._cell(row, one)} for head, one in zip(heads, row.cells, strict=True)],
        }

    def _cell(self, row: GrantRow, cell: GrantCell) -> dict[str, Any]:
        if cell.told is None:
            return {"why_not": cell.why_not}
        missing = ngettext("%(n)d figure missing", "%(n)d figures missing", cell.told.missing)
        return {
            "actual": shown(cell.told.actual, row.indicator),
            "target": shown(cell.told.target, row.indicator) if cell.told.target.is_reported else "",
            "missing": missing % {"n": cell.told.missing} if cell.told.missing else "",
        }

    # ------------------------------------------------------------ files
    def _file(self, wanted: str) -> HttpResponseBase:
        heads = [
            _("Code"), _("Indicator"), _("Unit"), _("Period from"), _("Period to"), _("Target"), _("Actual"),
            _("State"), _("Figures missing"), _("Why there is no figure"),
        ]  # fmt: skip
        name = f"{self.project.code}-{self.grant.reference}.{wanted}".lower().replace("/", "-")
        return rows_file(wanted, name=name, header=heads, rows=self._lines(), sheet=self.grant.reference)

    def _lines(self) -> Iterator[list[object]]:
        calendar, rows = self.told
        for row in rows:
            one = row.indicator
            for period, cell in zip(calendar, row.cells, strict=True):
                told = cell.told
                yield [
                    one.code, in_language(one.titles), in_language(one.units), period.starts_on, period.ends_on,
                    told.target.value if told else None, told.actual.value if told else None,
                    told.actual.state.value if told else None, told.missing if told else None, cell.why_not,
                ]  # fmt: skip


class CalendarView(GrantPart, ProjectFormPage):
    """The grant's own reporting periods."""

    permission = "projects.manage_money"
    form_class = CalendarForm
    heading = gettext_lazy("Reporting calendar of the grant")
    lead = gettext_lazy(
        "Each period is made of whole periods of every indicator that is reported to the funder; what can’t be made of"
        " them is refused, with the indicator and the days."
    )

    @property
    def back_url(self) -> str:
        """Back to the grant."""
        return f"{self.base}money/grants/{self.grant.pk}/"

    def form_options(self) -> dict[str, Any]:
        """As it stands."""
        lines = [f"{one.starts_on.isoformat()} / {one.ends_on.isoformat()}" for one in self.grant.periods.all()]
        left_out = list(self.grant.left_out.values_list("pk", flat=True))
        return {"grant": self.grant, "initial": {"lines": "\n".join(lines), "left_out": left_out}}

    def save(self, form: Any) -> str:
        """Call the service."""
        left_out = list(form.cleaned_data["left_out"])
        set_calendar(grant=self.grant, spans=form.spans(), left_out=left_out, by=self.me)
        messages.success(self.request, _("The calendar was saved."))
        return self.back_url
