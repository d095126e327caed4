"""Periods of a project: lock them for all partners, open them again, or for one partner until a day."""

from collections.abc import Mapping
from datetime import date
from functools import cached_property
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from kmop.shared import formats
from kmop.shared.access import ask
from kmop.shared.errors import Sentence
from kmop.shared.tables import Badge, Column
from projects.filters.definitions import LockExceptionFilter
from projects.forms.projects import ExceptionForm
from projects.forms.results import LockForm
from projects.models import Period
from projects.queries.locks import Owed, all_exceptions_of, exceptions_of, owed_by_span, period_spans_of
from projects.services.periods import except_from_lock, lock_periods, unlock_periods
from projects.views.part import ProjectAct, ProjectFormPage, ProjectListPage, ProjectPage

NOTHING = Owed()


class PeriodsView(ProjectPage):
    """The stretches of time of a project, newest first, each with its lock."""

    part = "results"
    template_name = "projects/results/periods.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """One row a stretch of time, and who has leave to report after the lock."""
        owed = owed_by_span(self.project)
        verdict = ask(self.me, "projects.lock_period", self.project)
        return super().get_context_data(
            rows=sorted(
                (self._row(one, owed) for one in period_spans_of(self.project)), key=lambda row: not row["is_begun"]
            ),
            refused="" if verdict else str(verdict.reason),
            exceptions=self._exceptions(),
            **kwargs,
        )

    def _row(self, span: Mapping[str, Any], owed: Mapping[tuple[date, date], Owed]) -> dict[str, Any]:
        told = owed.get((span["starts_on"], span["ends_on"]), NOTHING)
        name = formats.period(span["starts_on"], span["ends_on"])
        silent = ngettext("%(n)d figure has not come", "%(n)d figures have not come", told.silent)
        return {
            "name": name,
            "id": f"{span['starts_on']:%Y%m%d}-{span['ends_on']:%Y%m%d}",
            "starts_on": span["starts_on"].isoformat(),
            "ends_on": span["ends_on"].isoformat(),
            "due_on": span["due_on"],
            "indicators": span["periods"],
            "owed": told.all,
            "approved": told.approved,
            "is_locked": span["locked"] == span["periods"],
            "badge": _lock_badge(span["locked"], span["periods"]),
            "question": _("Lock %(period)s?") % {"period": name},
            "text": " ".join(
                filter(
                    None,
                    [
                        (silent % {"n": told.silent}) + "." if told.silent else "",
                        _("Partners enter, change and send nothing in it any more. You can open it again."),
                    ],
                )
            ),
            "is_begun": span["starts_on"] <= self.day,
        }

    def _exceptions(self) -> list[str]:
        """Each leave once, however many indicators it covers."""
        words = _("%(partner)s, %(period)s, until %(day)s: %(reason)s")
        return sorted(
            {
                words
                % {
                    "partner": one.organisation.name,
                    "period": formats.period(one.period.starts_on, one.period.ends_on),
                    "day": formats.day(one.until),
                    "reason": one.reason,
                }
                for one in exceptions_of(self.project, day=self.day)
            }
        )


def _lock_badge(locked: int, periods: int) -> Badge:
    if not locked:
        return Badge(_("Open"), "", "lock-open")
    if locked == periods:
        return Badge(_("Locked"), "info", "lock")
    return Badge(_("%(n)d of %(m)d locked") % {"n": locked, "m": periods}, "warn", "lock")


class OneSpan(ProjectAct):
    """An act on the periods of one stretch of time."""

    abstract = True
    permission = "projects.lock_period"
    part = "results"
    back = "periods/"

    @cached_property
    def periods(self) -> list[Period]:
        """The periods of all indicators in it."""
        form = LockForm(self.request.POST)
        if not form.is_valid():
            raise Http404
        rows = Period.objects.visible_to(self.me).filter(indicator__project=self.project, **form.cleaned_data)
        return list(rows.select_related("indicator"))


class LockView(OneSpan):
    """Nothing is entered in it any more."""

    def act(self) -> Sentence:
        """Call the service."""
        count = lock_periods(periods=self.periods, by=self.me)
        words = ngettext(
            "The period of %(n)d indicator is locked.", "The periods of %(n)d indicators are locked.", count
        )
        return words % {"n": count}


class UnlockView(OneSpan):
    """It is open again."""

    def act(self) -> Sentence:
        """Call the service."""
        count = unlock_periods(periods=self.periods, by=self.me)
        words = ngettext("%(n)d indicator is open in this period.", "%(n)d indicators are open in it.", count)
        return words % {"n": count}


class ExceptionView(ProjectFormPage):
    """Open a locked stretch of time for one partner until a day."""

    permission = "projects.lock_period"
    part = "results"
    form_class = ExceptionForm
    submit = gettext_lazy("Open it for this partner")
    back = "periods/"

    @cached_property
    def periods(self) -> list[Period]:
        """The locked periods of the stretch of time of the address."""
        form = LockForm(self.request.GET)
        if not form.is_valid():
            raise Http404
        rows = Period.objects.visible_to(self.me).filter(indicator__project=self.project, is_locked=True)
        return list(rows.filter(**form.cleaned_data).select_related("indicator"))

    def get_heading(self) -> str:
        """Which period."""
        if not self.periods:
            raise Http404
        first = self.periods[0]
        return _("Open %(period)s for one partner") % {"period": formats.period(first.starts_on, first.ends_on)}

    def form_options(self) -> dict[str, Any]:
        """The partners that report."""
        return {"project": self.project}

    def save(self, form: Any) -> str:
        """Call the service for the period of each indicator."""
        with transaction.atomic():
            for one in self.periods:
                except_from_lock(period=one, by=self.me, **form.cleaned_data)
        messages.success(self.request, _("The partner may report again until that day."))
        return self.back_url


class ExceptionsView(ProjectListPage):
    """Every leave to report in a locked period: for whom, until when, why, and who gave it."""

    part = "results"
    title = gettext_lazy("Exceptions from locks")
    filterset_class = LockExceptionFilter
    default_sort = "-given_at"
    export_name = "lock-exceptions"
    empty_title = gettext_lazy("No exception was given.")
    empty_text = gettext_lazy("A locked period is opened for one partner under Periods.")
    columns = (
        Column("partner", gettext_lazy("Partner"), lambda row: row.organisation.name, ("organisation__name",)),
        Column("indicator", gettext_lazy("Indicator"), lambda row: str(row.period.indicator)),
        Column(
            "period",
            gettext_lazy("Period"),
            lambda row: formats.period(row.period.starts_on, row.period.ends_on),
            ("period__starts_on",),
        ),
        Column("until", gettext_lazy("Open until"), lambda row: row.until, ("until",)),
        Column("state", gettext_lazy("State"), lambda row: _leave_badge(row)),
        Column("reason", gettext_lazy("Reason"), lambda row: row.reason),
        Column("given_by", gettext_lazy("Who"), lambda row: str(row.given_by)),
        Column("given_at", gettext_lazy("Time"), lambda row: row.given_at, ("given_at",)),
    )

    def get_queryset(self) -> QuerySet[Any]:
        """Those that this person may know of."""
        return all_exceptions_of(self.project, user=self.me, day=self.day)

    def head_acts(self) -> list[dict[str, Any]]:
        """Back to the periods."""
        return [{"label": _("Periods"), "url": f"{self.base}periods/", "icon": "lock"}]


def _leave_badge(row: Any) -> Badge:
    return Badge(_("Open now"), "ok", "lock-open") if row.is_open else Badge(_("Passed"), "", "lock")
