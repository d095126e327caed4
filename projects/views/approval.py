"""How a project reviews figures: its steps of approval, and the quality rules of its indicators."""

from functools import cached_property
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from kmop.shared.errors import Sentence
from kmop.shared.tables import Column
from kmop.shared.text import in_language
from kmop.shared.views import ChangesRow
from projects.calculation.flag_rules import RULES, RuleSetting, default_of
from projects.calculation.values import Measure
from projects.forms.review import ApprovalStepsForm, FlagRulesForm
from projects.models import Indicator, Project
from projects.services.approval import set_approval_steps, set_flag_rules
from projects.services.updates.quality import rules_of
from projects.views.part import ProjectAct, ProjectFormPage, ProjectListPage


class ApprovalStepsView(ChangesRow, ProjectFormPage):
    """Who approves the figures of the project."""

    permission = "projects.change_project"
    part = "settings"
    form_class = ApprovalStepsForm
    heading = gettext_lazy("Steps of approval")
    lead = gettext_lazy(
        "Figures count after the last step. What waits now goes on from the first step that was not taken yet."
    )
    back = "settings/"

    def versioned(self) -> Project:
        """The project."""
        return self.project

    def form_options(self) -> dict[str, Any]:
        """As it stands."""
        return {"initial": {"steps": self.project.approval_steps}}

    def save(self, form: Any) -> str:
        """Call the service."""
        steps, version = form.cleaned_data["steps"], form.cleaned_data["version"]
        set_approval_steps(project=self.project, steps=steps, expected_version=version, by=self.me)
        messages.success(self.request, _("The change was saved."))
        return self.back_url


class FlagRulesListView(ProjectListPage):
    """The indicators of the project, each with how many quality rules are its own."""

    permission = "projects.manage_framework"
    part = "settings"
    title = gettext_lazy("Quality rules by indicator")
    default_sort = "code"
    export_name = "quality-rules"
    columns = (
        Column("code", gettext_lazy("Code"), lambda row: row.code, ("code",)),
        Column("title", gettext_lazy("Indicator"), lambda row: in_language(row.titles)),
        Column("own", gettext_lazy("Settings of its own"), lambda row: _own_words(row)),
    )

    def get_queryset(self) -> QuerySet[Any]:
        """Those of the project."""
        return Indicator.objects.visible_to(self.me).filter(project=self.project)

    def row_url(self, row: Any) -> str:
        """To its rules."""
        return f"{self.base}settings/rules/{row.pk}/"


def _own_words(indicator: Indicator) -> str:
    count = len(indicator.flag_rules)
    return ngettext("%(n)s rule", "%(n)s rules", count) % {"n": count} if count else "–"


class _OfIndicator:
    """Mixin: the indicator of the address, of the project of the address."""

    project: Any
    kwargs: dict[str, Any]

    @cached_property
    def indicator(self) -> Indicator:
        """The indicator."""
        return get_object_or_404(Indicator, project=self.project, pk=self.kwargs["row"])


class FlagRulesView(_OfIndicator, ChangesRow, ProjectFormPage):
    """The quality rules of one indicator."""

    permission = "projects.manage_framework"
    template_name = "projects/settings/rules.html"
    part = "settings"
    form_class = FlagRulesForm
    lead = gettext_lazy("A rule refuses nothing: it puts a figure first in the review, with a sentence that says why.")
    back = "settings/rules/"

    def get_heading(self) -> Sentence:
        """The rules of this indicator."""
        name = f"{self.indicator.code} {in_language(self.indicator.titles)}"
        return _("Quality rules of %(indicator)s") % {"indicator": name}

    def versioned(self) -> Indicator:
        """The indicator."""
        return self.indicator

    def form_options(self) -> dict[str, Any]:
        """The rules as they stand, over the defaults."""
        return {"rules": rules_of(self.indicator), "base": self._base()}

    def _base(self) -> dict[str, RuleSetting]:
        one = self.indicator
        asked = {"measure": Measure(one.measure), "is_share": one.is_share, "evidence_required": one.evidence_required}
        return {code: default_of(code, **asked) for code in RULES}  # type: ignore[arg-type]  # three named facts

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds the way back to the defaults."""
        reset_url = f"{self.base}settings/rules/{self.indicator.pk}/reset/" if self.indicator.flag_rules else ""
        return super().get_context_data(reset_url=reset_url, **kwargs)

    def save(self, form: Any) -> str:
        """Keep what differs from the defaults."""
        version = form.cleaned_data["version"]
        set_flag_rules(indicator=self.indicator, rules=form.own(), expected_version=version, by=self.me)
        messages.success(self.request, _("The rules are kept. They hold from the next figure on."))
        return self.back_url


class ResetFlagRulesView(_OfIndicator, ProjectAct):
    """Back to the defaults."""

    permission = "projects.manage_framework"
    back = "settings/rules/"

    def act(self) -> Sentence:
        """Keep nothing of its own."""
        set_flag_rules(indicator=self.indicator, rules={}, by=self.me)
        return _("The rules are those of every indicator again.")
