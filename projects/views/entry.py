"""Where a partner enters figures: what is due, and one page a period with a step for each figure."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kmop.shared.errors import DomainError, RuleBroken, Stale
from kmop.shared.slots import filled
from kmop.shared.views import PortalView
from projects.choices import UpdateState
from projects.forms.entry import FigureForm
from projects.models import Evidence, Obligation, Update
from projects.queries.due import due_groups
from projects.queries.entry import EnterPage, EntryRow, enter_page
from projects.queries.entry_steps import EDITABLE, Step, steps_of
from projects.queries.obligations import obligations
from projects.queries.references import period_days
from projects.services.evidence import add_evidence, remove_evidence
from projects.services.inputs import UpdateInput, content_of
from projects.services.updates import create_update, replace_update, submit_update, submit_updates
from projects.services.updates.quality import flags_of
from projects.views.entry_page import due_rows, period_context

TAKEN = ("stale", "duplicate")


class EnterView(PortalView):
    """What is due: one row a period of an organisation in a project, the most urgent first."""

    permission = "projects.enter_update"
    template_name = "projects/entry/due.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The rows, what is owed apart from what is done."""
        day = timezone.localdate()
        groups = due_groups(self.me, day=day)
        owed = [one for one in groups if one.owed]
        done = [one for one in groups if not one.owed]
        return super().get_context_data(owed=due_rows(owed, day), done=due_rows(done[:6], day), **kwargs)


class EnterPeriodView(PortalView):
    """The address of a period by its code: leads to the first figure that is still owed there."""

    permission = "projects.enter_update"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Go there; among several projects or organisations to the one named in the address, else the most urgent."""
        days = period_days(kwargs["period"])
        wanted = {name: request.GET.get(name, "") for name in ("project", "organisation")}
        for one in due_groups(self.me, day=timezone.localdate()):
            names = {"project": one.project.code, "organisation": one.organisation}
            is_named = all(not wanted[key] or wanted[key] == names[key] for key in names)
            if (one.starts_on, one.ends_on) == days and is_named:
                return redirect("projects:figure", pk=one.first)
        messages.info(request, _("Nothing is asked of you for this period."))
        return redirect("projects:enter")


class FigureView(PortalView):
    """One figure on its period's page. Sent plainly it saves and goes on; sent by script it answers in JSON."""

    permission = "projects.enter_update"
    template_name = "projects/entry/period.html"

    @cached_property
    def today(self) -> date:
        """The day in the portal's time zone."""
        return timezone.localdate()

    @cached_property
    def obligation(self) -> Obligation:
        """What is owed; only what this person may see."""
        return get_object_or_404(obligations(self.me, day=self.today), pk=self.kwargs["pk"])

    def permission_object(self) -> Obligation:
        """The figure owed."""
        return self.obligation

    @cached_property
    def page(self) -> EnterPage:
        """All figures of the period."""
        owed = self.obligation
        return enter_page(
            self.me,
            organisation=owed.organisation,
            project=owed.indicator.project,
            period_code=owed.period.code,
            day=self.today,
        )

    @cached_property
    def row(self) -> EntryRow:
        """The figure of this address."""
        return next(one for one in self.page.rows if one.obligation.pk == self.obligation.pk)

    def steps(self) -> list[Step]:
        """All figures with their states; those that can still be changed with their flags."""
        drafts = [one.update for one in self.page.rows if one.update and one.update.state in EDITABLE]
        return steps_of(
            self.page.rows, flags=flags_of(drafts, submitted_on=self.today, is_draft=True) if drafts else {}
        )

    def get_form(self, data: Any = None) -> FigureForm:
        """The form of this figure."""
        return FigureForm(data, row=self.row, language=str(self.request.LANGUAGE_CODE))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The page with this figure open."""
        form = kwargs.pop("form", None) or self.get_form()
        shown = period_context(self.page, self.steps(), self.row, form, self.today)
        owed = self.obligation
        voices = filled("projects.beside_figure", indicator=owed.indicator, place=owed.place, user=self.me)
        return super().get_context_data(voices=voices, **shown, **kwargs)

    # ------------------------------------------------------------ saving
    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Save, and then what the button says: go on, send this one or all, take a file away."""
        is_typed = "X-Autosave" in request.headers
        form = self.get_form(request.POST)
        if not form.is_valid():
            return self._refuse(form, is_typed)
        content = form.content(content_of(self.row.update) if self.row.update else UpdateInput())
        try:
            update = self._save(form, content)
            if is_typed:
                return self._typed(form, update)
            return self._go_on(update, request.POST.get("go", "next"))
        except ValidationError as error:
            form.take_errors(error, content)
        except DomainError as error:
            if error.code in TAKEN:
                return self._lost(form, error, is_typed)
            form.add_error(None, str(error.message))
        return self._refuse(form, is_typed)

    def _save(self, form: FigureForm, content: UpdateInput) -> Update | None:
        """The kept draft; None where there is nothing to keep. What stands there already is no race."""
        update, files = self.row.update, self.request.FILES.getlist("file")
        version = form.cleaned_data["version"] or 0
        is_news = form.says_anything_new or bool(files)
        if update is not None and update.version != version and is_news:
            raise Stale(_("Somebody changed this figure in the meantime."))
        if form.says_anything_new:
            update = self._write(update, content, version)
        elif update is None and files:
            update = self._write(None, content, version)
        for file in files:
            if update is not None:
                add_evidence(update=update, file=file, by=self.me)
        return update

    def _write(self, update: Update | None, content: UpdateInput, version: int) -> Update:
        owed = self.obligation
        if update is not None:
            return replace_update(update=update, content=content, expected_version=version, by=self.me)
        if version:
            raise Stale(_("This draft was deleted in the meantime."))
        return create_update(
            indicator=owed.indicator,
            period=owed.period,
            organisation=owed.organisation,
            place=owed.place,
            content=content,
            by=self.me,
        )

    def _refuse(self, form: FigureForm, is_typed: bool) -> HttpResponseBase:
        if is_typed:
            return JsonResponse({"errors": form.errors, "version": form.data.get("version", "")}, status=422)
        self._forget()
        return self.render_to_response(self.get_context_data(form=self._again(form)), status=422)

    def _again(self, form: FigureForm, version: int | None = None) -> FigureForm:
        """The same input on the row as it is now, with what was refused."""
        data = self.request.POST.copy()
        saved = self.row.update
        data["version"] = str(version if version is not None else saved.version if saved else 0)
        return self.get_form(data).with_errors(form)

    def _forget(self) -> None:
        """Read the page again: something was saved since."""
        for name in ("obligation", "page", "row"):
            self.__dict__.pop(name, None)

    def _lost(self, form: FigureForm, error: DomainError, is_typed: bool) -> HttpResponseBase:
        """Somebody was faster: her figures stay, the text typed here stays too, and both are told."""
        self._forget()
        update = self.row.update
        version = update.version if update else 0
        said = _("Somebody changed this figure in the meantime. What you typed is still here.")
        if is_typed:
            return JsonResponse({"message": said, "version": version, "url": self.request.path}, status=409)
        context = self.get_context_data(form=self._again(form, version), lost=said)
        return self.render_to_response(context, status=409)

    def _typed(self, form: FigureForm, update: Update | None) -> HttpResponse:
        self._forget()
        step = next(one for one in self.steps() if one.pk == self.obligation.pk)
        return JsonResponse(
            {
                "version": update.version if update else 0,
                "at": f"{timezone.localtime():%H:%M}",
                "warnings": step.warnings,
                "questions": [{"code": one.code, "sentence": one.sentence} for one in step.questions],
                "state": step.state,
                "is_ready": step.is_ready,
            }
        )

    # ------------------------------------------------------------ going on
    def _go_on(self, update: Update | None, go: str) -> HttpResponseBase:
        here = reverse("projects:figure", args=[self.obligation.pk])
        if go == "send":
            return self._send(update, here)
        if go == "send_all":
            return self._send_all(here)
        if go.startswith("remove:") and update is not None:
            evidence = get_object_or_404(Evidence.objects.filter(update=update), pk=go.removeprefix("remove:"))
            remove_evidence(evidence=evidence, by=self.me)
            return redirect(f"{here}#files")
        if go == "save":
            messages.success(self.request, _("Saved."))
            return redirect(here)
        if go == "file":
            return redirect(f"{here}#files")
        return redirect(self._next_of() or here)

    def _next_of(self) -> str:
        """The next figure that can still be changed, in the order of the page."""
        rows = self.page.rows
        at = rows.index(self.row)
        for one in [*rows[at + 1 :], *rows[:at]]:
            if one.update is None or one.update.state in EDITABLE:
                return reverse("projects:figure", args=[one.obligation.pk])
        return ""

    def _send(self, update: Update | None, here: str) -> HttpResponseBase:
        if update is None:
            raise ValidationError({"total": [_("Give the total, or say that it is not applicable.")]})
        submit_update(update=update, by=self.me)
        name = self.obligation.indicator.code
        messages.success(self.request, _("%(indicator)s is sent to review.") % {"indicator": name})
        return redirect(self._next_of() or here)

    def _send_all(self, here: str) -> HttpResponseBase:
        self._forget()
        ready = [one.row.update for one in self.steps() if one.is_ready and one.row.update]
        if not ready:
            raise RuleBroken(_("Nothing is ready to be sent yet."), "wrong_state")
        sent = submit_updates(updates=ready, by=self.me)
        self._forget()
        said = ngettext("%(count)s figure is sent to review.", "%(count)s figures are sent to review.", len(sent))
        messages.success(self.request, said % {"count": len(sent)})
        left = any(one.update is None or one.update.state == UpdateState.DRAFT for one in self.page.rows)
        return redirect(here if left else "projects:enter")
