"""Project > Settings: basic data, the gate, publication, closing, and who has a role."""

from functools import cached_property
from typing import Any

from django.contrib import messages
from django.forms import BaseForm, model_to_dict
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kmop.shared import formats
from kmop.shared.access import Verdict, ask, refused
from kmop.shared.countries import country_name
from kmop.shared.errors import Sentence
from kmop.shared.text import in_language
from kmop.shared.views import ChangesRow, FormPage
from projects.choices import ApprovalStep, ProjectStatus
from projects.forms.projects import ActivateForm, CloseForm, ProjectForm, ProjectRoleForm
from projects.models import Project, ProjectRole
from projects.services import projects
from projects.views.part import ProjectAct, ProjectFormPage, ProjectPage

BEFORE = (ProjectStatus.PIPELINE, ProjectStatus.DESIGN)
RUNNING = (ProjectStatus.ACTIVE, ProjectStatus.SUSPENDED, ProjectStatus.CLOSING)


class SettingsView(ProjectPage):
    """What the project is, what may be done with it, and who has a role in it."""

    part = "settings"
    template_name = "projects/settings/page.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The data, the acts with their reasons, the roles."""
        may_grant = ask(self.me, "projects.grant_role", self.project)
        roles = ProjectRole.objects.filter(project=self.project).select_related("user").order_by("role", "user__name")
        return super().get_context_data(
            data=self._data(),
            steps=self._steps(),
            review=self._review_step(),
            roles=[{"pk": one.pk, "name": str(one.user), "role": one.get_role_display()} for one in roles],
            may_grant=bool(may_grant),
            grant=self.act_button(
                _("Give a role"), f"{self.base}settings/roles/new/", "projects.grant_role", small=True
            ),
            **kwargs,
        )

    def head_acts(self) -> list[dict[str, Any]]:
        """Keep the framework as a template, change the data."""
        url = f"{self.base}settings/data/"
        template = f"{self.base}settings/template/"
        return [
            self.act_button(_("Keep as a template"), template, "projects.manage_framework", icon="files"),
            self.act_button(_("Change the data"), url, "projects.change_project", icon="pencil-line", kind="main"),
        ]

    def _data(self) -> list[dict[str, str]]:
        project = self.project
        areas = ", ".join(str(one) for one in project.focus_areas.all())
        countries = ", ".join(country_name(one.country) for one in project.countries.all())
        said = [
            (_("Code"), project.code),
            (_("Title in English"), project.titles.get("en", "")),
            (_("Title in Greek"), project.titles.get("el", "")),
            (_("What it is about"), in_language(project.descriptions)),
            (_("From and to"), formats.date_range(project.starts_on, project.ends_on) if project.starts_on else ""),
            (_("Figures are reported"), project.get_frequency_display()),
            (_("Days to report after a period"), str(project.due_days)),
            (_("Promised days to answer"), str(project.answer_days)),
            (_("Currency"), project.currency),
            (_("Countries"), countries),
            (_("Focus areas"), areas),
            (_("Number to call"), project.contact_phone),
            (_("IATI identifier"), project.iati_identifier),
            (_("Why no ranked need is answered"), project.gate_reason),
        ]
        return [{"label": label, "text": text or "–"} for label, text in said]

    def _steps(self) -> list[dict[str, Any]]:
        """Activate, publish, close: each with what it means, and why it can't be done where it can't."""
        project = self.project
        is_before, is_running = project.status in BEFORE, project.status in RUNNING
        return [
            {
                "title": _("Activate"),
                "text": _("A project begins when it answers a need that people ranked, or says why it does not."),
                "button": self._step(
                    _("Activate"),
                    "settings/activate/",
                    "projects.activate_project",
                    is_before,
                    _("It is active already."),
                ),
            },
            {
                "title": _("Public page"),
                "text": _("Published: anybody can see it and write to us.")
                if project.is_published
                else _("Not published: nobody outside knows of it."),
                "act": "unpublish" if project.is_published else "publish",
                "button": self._step(
                    _("Take it out of the public’s sight") if project.is_published else _("Publish"),
                    "",
                    "projects.publish_project",
                    True,
                    "",
                ),
            },
            {
                "title": _("Close"),
                "text": _("What is to remain is looked at 6, 12, 24 and 60 months later."),
                "button": self._step(
                    _("Close the project"),
                    "settings/close/",
                    "projects.close_project",
                    is_running,
                    _("Only a running project is closed."),
                ),
            },
        ]

    def _review_step(self) -> dict[str, Any]:
        """Who approves figures, and which quality rules look at them."""
        named = [str(ApprovalStep(one).label) for one in self.project.approval_steps]
        steps = " → ".join(named)
        return {
            "title": _("Approval of figures"),
            "text": _("A figure counts after: %(steps)s.") % {"steps": steps},
            "button": self._step(_("Change the steps"), "settings/steps/", "projects.change_project", True, ""),
            "more": self._step(_("Quality rules"), "settings/rules/", "projects.manage_framework", True, ""),
        }

    def _step(self, label: str, path: str, rule: str, is_time: bool, otherwise: Sentence) -> dict[str, Any]:
        verdict: Verdict = ask(self.me, rule, self.project)
        if verdict and not is_time:
            verdict = refused(otherwise)
        reason = "" if verdict else str(verdict.reason)
        return {"label": label, "url": f"{self.base}{path}" if path else "", "refused": reason, "id": rule[9:]}


class DataView(ChangesRow, ProjectFormPage):
    """Change the basic data."""

    permission = "projects.change_project"
    part = "settings"
    form_class = ProjectForm
    heading = gettext_lazy("The data of the project")
    back = "settings/"

    def versioned(self) -> Project:
        """The project."""
        return self.project

    def form_options(self) -> dict[str, Any]:
        """As it stands."""
        initial = model_to_dict(self.project)
        initial["countries"] = [one.country for one in self.project.countries.all()]
        return {"initial": initial}

    def get_form(self, **given: Any) -> BaseForm:
        """The code stays."""
        form = super().get_form(**given)
        form.fields["code"].disabled = True
        return form

    def save(self, form: Any) -> str:
        """Call the service."""
        changes = form.facts()
        del changes["code"]
        version = changes.pop("version")
        projects.change_project(project=self.project, changes=changes, expected_version=version, by=self.me)
        messages.success(self.request, _("The change was saved."))
        return self.back_url


class NewProjectView(FormPage):
    """Begin a project, in design."""

    permission = "projects.create_project"
    template_name = "projects/settings/new.html"
    form_class = ProjectForm

    def form_options(self) -> dict[str, Any]:
        """In euro, at first."""
        return {"initial": {"currency": "EUR"}}

    def save(self, form: Any) -> str:
        """Call the service; who begins a project sees it only with a role, so portfolio managers give one next."""
        project = projects.create_project(by=self.me, **form.facts())
        messages.success(self.request, _("The project was created, in design. Next: its framework and its partners."))
        return f"/projects/{project.pk}/settings/"


class ActivateView(ProjectFormPage):
    """Open the gate."""

    permission = "projects.activate_project"
    part = "settings"
    form_class = ActivateForm
    heading = gettext_lazy("Activate the project")
    submit = gettext_lazy("Activate")
    back = "settings/"

    def get_lead(self) -> Sentence:
        """Whether the gate is open already."""
        count = self.project.needs_named
        if count:
            return _("The project names %(n)d ranked needs that it answers: the gate is open.") % {"n": count}
        return _("The project names no ranked need that it answers. Name one under Voices, or write why none.")

    def save(self, form: Any) -> str:
        """Call the service."""
        projects.activate_project(project=self.project, reason=form.cleaned_data["reason"], by=self.me)
        messages.success(self.request, _("The project is active."))
        return self.back_url


class CloseView(ProjectFormPage):
    """Close the project."""

    permission = "projects.close_project"
    part = "settings"
    form_class = CloseForm
    heading = gettext_lazy("Close the project")
    lead = gettext_lazy("This can't be taken back. What is to remain is looked at 6, 12, 24 and 60 months later.")
    submit = gettext_lazy("Close the project")
    back = "settings/"

    def form_options(self) -> dict[str, Any]:
        """Today, at first."""
        return {"initial": {"on": self.day}}

    def save(self, form: Any) -> str:
        """Call the service."""
        projects.close_project(project=self.project, on=form.cleaned_data["on"], by=self.me)
        messages.success(self.request, _("The project is closed. The checks of its legacy are on the list."))
        return self.back_url


class PublishView(ProjectAct):
    """Show it to the public."""

    permission = "projects.publish_project"
    back = "settings/"

    def act(self) -> Sentence:
        """Call the service."""
        projects.publish_project(project=self.project, by=self.me)
        return _("The project has a public page now.")


class UnpublishView(ProjectAct):
    """Take it out of the public's sight."""

    permission = "projects.publish_project"
    back = "settings/"

    def act(self) -> Sentence:
        """Call the service."""
        projects.unpublish_project(project=self.project, by=self.me)
        return _("The project is not public any more.")


class GrantRoleView(ProjectFormPage):
    """Give a person a role in the project."""

    permission = "projects.grant_role"
    part = "settings"
    form_class = ProjectRoleForm
    heading = gettext_lazy("Give a role in this project")
    submit = gettext_lazy("Give the role")
    back = "settings/#roles"

    def save(self, form: Any) -> str:
        """Call the service."""
        user, role = form.cleaned_data["email"], form.cleaned_data["role"]
        projects.grant_project_role(user=user, role=role, project=self.project, by=self.me)
        messages.success(self.request, _("%(name)s has the role now.") % {"name": user})
        return self.back_url


class WithdrawRoleView(ProjectAct):
    """Take a role away."""

    permission = "projects.grant_role"
    back = "settings/#roles"

    @cached_property
    def role(self) -> ProjectRole:
        """The role, of this project."""
        rows = ProjectRole.objects.filter(project=self.project).select_related("user", "project")
        return get_object_or_404(rows, pk=self.kwargs["row"])

    def act(self) -> Sentence:
        """Call the service."""
        name = str(self.role.user)
        projects.withdraw_project_role(role=self.role, by=self.me)
        return _("%(name)s has this role no more.") % {"name": name}
