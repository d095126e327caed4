"""Project > Results > an indicator: which of its dimensions are crossed, and which stand side by side."""

from functools import cached_property
from typing import Any

from django.contrib import messages
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kmop.shared.views import ChangesRow
from projects.calculation.cells import grouped
from projects.forms.results import CrossingsForm
from projects.models import Indicator
from projects.queries.framework import DimensionFacts, dimensions_of
from projects.services.crossings import set_crossings
from projects.views.part import ProjectFormPage


class CrossingsView(ChangesRow, ProjectFormPage):
    """The tables in which an indicator's breakdown is asked for."""

    part = "results"
    permission = "projects.manage_framework"
    form_class = CrossingsForm
    lead = gettext_lazy(
        "Ways to break down of the same table are crossed: women of 18 to 24. Tables stand side by side on the page to"
        " enter figures, each complete by itself or not. What was entered stays."
    )
    back = "results/"

    @cached_property
    def indicator(self) -> Indicator:
        """The indicator of the address."""
        return get_object_or_404(Indicator, project=self.project, pk=self.kwargs["indicator"])

    @cached_property
    def dimensions(self) -> list[DimensionFacts]:
        """How it is broken down."""
        return dimensions_of([self.indicator]).get(self.indicator.pk, [])

    @property
    def back_url(self) -> str:
        """Back to the indicator."""
        return f"{self.base}results/?indicator={self.indicator.pk}#indicator-{self.indicator.pk}"

    def get_heading(self) -> str:
        """The indicator."""
        return _("Breakdown of %(indicator)s") % {"indicator": self.indicator}

    def form_options(self) -> dict[str, Any]:
        """The dimensions as they stand now."""
        codes = [one.code for one in self.dimensions]
        return {"dimensions": self.dimensions, "crossings": grouped(codes, self.indicator.crossings)}

    def versioned(self) -> Indicator:
        """The indicator."""
        return self.indicator

    def save(self, form: Any) -> str:
        """Call the service."""
        version = form.cleaned_data.pop("version")
        set_crossings(indicator=self.indicator, groups=form.groups(), expected_version=version, by=self.me)
        messages.success(self.request, _("The change was saved."))
        return self.back_url
