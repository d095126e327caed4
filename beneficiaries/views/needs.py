"""Project > Voices: needs with their people, messages, decisions; and the forms by which staff record them."""

from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from beneficiaries.choices import ConfirmedBy, Outcome
from beneficiaries.forms.needs import (
    AnswerNeedForm,
    ConfirmNeedForm,
    DecisionForm,
    NeedForm,
    RefuseNeedForm,
    RoundForm,
)
from beneficiaries.models import Need
from beneficiaries.queries.voices import voices
from beneficiaries.services import needs as services
from beneficiaries.views.inbox import project_of
from beneficiaries.views.rows import decision_lines, need_lines, quote_lines
from kmop.shared.access import ask
from kmop.shared.tables import Link
from kmop.shared.views import FormPage, PortalView
from projects.models import Project
from projects.queries.course import course
from projects.queries.frame import frame_of, project_name


class OfProject:
    """The project that the address names, as far as the reader may know of it."""

    kwargs: dict[str, Any]
    request: HttpRequest

    @cached_property
    def project(self) -> Project:
        """Or 404."""
        return project_of(self.request, self.kwargs["project_id"])

    def permission_object(self) -> Project:
        """The rule is asked about the project."""
        return self.project

    def crumbs(self, *more: Link) -> list[Link]:
        """The way to this page."""
        voices_url = reverse("beneficiaries:project-voices", args=[self.project.pk])
        return [Link(project_name(self.project), f"/projects/{self.project.pk}/"), Link(_("Voices"), voices_url), *more]


class ProjectVoicesView(OfProject, PortalView):
    """What do people need, what did they say, what did we change?"""

    permission = "beneficiaries.view_needs"
    template_name = "beneficiaries/project_voices.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """All voices of the project, and what the reader may do."""
        today = timezone.localdate()
        answer = course([self.project], day=today)[self.project.pk].answer
        frame = frame_of(self.project, part="voices")
        said = voices(self.project, day=today, answer=answer, decisions=None)
        may = ask(self.me, "beneficiaries.manage_needs", self.project)
        return super().get_context_data(
            title=frame.title,
            frame=frame,
            project=self.project,
            said=said,
            summary=said.summary,
            needs=need_lines(said.needs),
            quotes=quote_lines(said.quotes),
            decisions=decision_lines(said.ledger),
            acts=self._acts() if may else [],
            may=may,
            **kwargs,
        )

    def _acts(self) -> list[dict[str, Any]]:
        words = {
            "decision-add": _("Record a decision"),
            "round-add": _("Enter a round"),
            "need-add": _("Record a need"),
        }
        return [
            {"label": word, "url": reverse(f"beneficiaries:{name}", args=[self.project.pk]), "icon": "plus"}
            for name, word in words.items()
        ]


class ProjectFormPage(OfProject, FormPage):
    """A form about the needs of a project; on to its voices."""

    abstract = True
    template_name = "beneficiaries/need_form.html"
    title: Any = ""
    submit: Any = _("Save")
    lead: Any = ""

    def form_options(self) -> dict[str, Any]:
        """The project."""
        return {"project": self.project}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Words around the form."""
        return super().get_context_data(
            title=self.title,
            lead=self.lead,
            submit=self.submit,
            crumbs=self.crumbs(Link(self.title)),
            cancel_url=self.done(),
            **kwargs,
        )

    def done(self) -> str:
        """The project's voices."""
        return reverse("beneficiaries:project-voices", args=[self.project.pk])


class NeedAddView(ProjectFormPage):
    """Record what a group says it needs."""

    permission = "beneficiaries.manage_needs"
    form_class = NeedForm
    title = _("Record a need")

    def save(self, form: Any) -> str:
        """Record it."""
        services.record_need(project=self.project, by=self.me, **form.facts())
        return self.done()


class RoundAddView(ProjectFormPage):
    """Enter how people ranked their needs."""

    permission = "beneficiaries.manage_needs"
    form_class = RoundForm
    title = _("Enter a round")
    lead = _("People rank by themselves. Leave a need empty that nobody named.")

    def form_options(self) -> dict[str, Any]:
        """The project with its needs."""
        return {**super().form_options(), "needs": Need.objects.filter(project=self.project)}

    def save(self, form: Any) -> str:
        """Keep the round."""
        services.hold_round(project=self.project, by=self.me, **form.facts())
        return self.done()


class DecisionAddView(ProjectFormPage):
    """Record what was decided, and the very thing that changed."""

    permission = "beneficiaries.manage_needs"
    form_class = DecisionForm
    title = _("Record a decision")
    lead = _("Say what people asked for in words that name nobody.")

    def form_options(self) -> dict[str, Any]:
        """Begins with today, and with the need that the address names."""
        initial = {"decided_on": timezone.localdate(), "need": self.request.GET.get("need")}
        return {**super().form_options(), "initial": initial}

    def save(self, form: Any) -> str:
        """Keep the decision."""
        facts = form.facts()
        services.record_decision(project=self.project, by=self.me, **{**facts, "outcome": Outcome(facts["outcome"])})
        return self.done()


class NeedFormPage(ProjectFormPage):
    """A form about one need of the project."""

    abstract = True

    @cached_property
    def need(self) -> Need:
        """Or 404."""
        found: Need = get_object_or_404(
            Need.objects.select_related("project"), project=self.project, pk=self.kwargs["pk"]
        )
        return found

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Names the need."""
        return super().get_context_data(need=self.need, **kwargs)


class NeedAnswerView(NeedFormPage):
    """Staff say by which activity a need is answered."""

    permission = "beneficiaries.manage_needs"
    form_class = AnswerNeedForm
    title = _("Answer a need")
    lead = _("Answered is what staff say. Only the people themselves make a need met.")

    def save(self, form: Any) -> str:
        """Answer it."""
        services.answer_need(need=self.need, activity=form.cleaned_data["activity"], by=self.me)
        return self.done()


class NeedRefuseView(NeedFormPage):
    """Say no, with the reason."""

    permission = "beneficiaries.manage_needs"
    form_class = RefuseNeedForm
    title = _("Refuse a need")
    submit = _("Refuse it")
    lead = _("The reason is shown to everybody who reads the board.")

    def save(self, form: Any) -> str:
        """Refuse it."""
        services.refuse_need(need=self.need, reason=form.cleaned_data["reason"], by=self.me)
        return self.done()


class NeedConfirmView(NeedFormPage):
    """What people of a round or panel said: is it met?"""

    permission = "beneficiaries.manage_needs"
    form_class = ConfirmNeedForm
    title = _("What people say: is it met?")
    lead = _("From five people on a need counts as met; each may take it back the same way.")

    def save(self, form: Any) -> str:
        """Keep their word."""
        way = ConfirmedBy(form.cleaned_data["way"])
        services.confirm_needs(need=self.need, way=way, voices=form.voices(), by=self.me)
        return self.done()
