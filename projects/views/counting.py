"""People counted: what an indicator's figures stand for, its method, and what is known of overlaps."""

from functools import cached_property
from typing import Any

from django.contrib import messages
from django.forms import BaseForm
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kmop.shared import formats
from kmop.shared.errors import Sentence
from kmop.shared.text import in_language
from kmop.shared.views import with_version
from projects.calculation.counting import PeopleCounted, PeopleMethod
from projects.choices import Measure
from projects.forms.counting import OverlapForm, PeopleCountForm
from projects.models import Indicator, Overlap, PeopleCount
from projects.queries.counting import PartnerPeople, people_of, told_to
from projects.services.counting import keep_overlap, remove_overlap, set_people_count
from projects.views.part import ProjectAct, ProjectFormPage, ProjectPage, ProjectPart


def people_words(counted: PeopleCounted) -> str:
    """The range in words: "between 100 and 140 people", "125 people", or that nothing is reported."""
    if counted.lower is None or counted.upper is None:
        return _("not reported")
    facts = {"least": formats.number(counted.lower), "most": formats.number(counted.upper)}
    if counted.is_range:
        return _("between %(least)s and %(most)s people") % facts
    if counted.method == PeopleMethod.ENGAGEMENTS:
        return _("%(most)s engagements: somebody who came twice counts twice") % facts
    return _("%(most)s people") % facts


class OfIndicator(ProjectPart):
    """Mixin: an indicator of the project that this person sees."""

    part = "results"

    @cached_property
    def indicator(self) -> Indicator:
        """The indicator of the address."""
        rows = Indicator.objects.visible_to(self.user).filter(project=self.project)
        found: Indicator = get_object_or_404(rows, pk=self.kwargs["indicator"])
        return found

    @cached_property
    def count(self) -> PeopleCount | None:
        """How its people are counted."""
        return PeopleCount.objects.filter(indicator=self.indicator).first()

    @property
    def people_url(self) -> str:
        """The page of its people."""
        return f"{self.base}results/{self.indicator.pk}/people/"


class PeopleView(OfIndicator, ProjectPage):
    """The partners with their people, the known overlaps, and what comes of them."""

    template_name = "projects/results/people.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What `people.html` shows."""
        whole = people_of([self.indicator]).get(self.indicator.pk)
        told = told_to(self.me, whole) if whole else None
        rule, url = "projects.manage_framework", self.people_url
        return super().get_context_data(
            heading=f"{self.indicator.code} {in_language(self.indicator.titles)}",
            counts=self.indicator.measure == Measure.COUNT,
            told=told,
            answer=people_words(told.counted) if told else "",
            method=told.count.get_method_display() if told else "",
            rows=[_part_row(one) for one in told.parts] if told else [],
            overlaps=[_overlap_row(one, url) for one in told.overlaps] if told else [],
            hidden=len(whole.parts) - len(told.parts) if whole and told else 0,
            takes_overlaps=bool(told and told.count.method == PeopleMethod.DEDUCT),
            method_act=self.act_button(_("Change the method"), f"{url}method/", rule),
            overlap_act=self.act_button(_("Add a known overlap"), f"{url}overlaps/new/", rule),
            **kwargs,
        )


def _part_row(part: PartnerPeople) -> dict[str, str]:
    counted = PeopleCounted(PeopleMethod.DEDUCT, part.least, part.most)
    return {"name": part.organisation, "people": people_words(counted)}


def _overlap_row(row: Overlap, url: str) -> dict[str, Any]:
    return {
        "names": f"{row.first.name} · {row.second.name}",
        "people": row.people,
        "source": row.source,
        "remove_url": f"{url}overlaps/{row.pk}/remove/",
        "id": f"overlap-{row.pk}",
    }


class PeopleMethodView(OfIndicator, ProjectFormPage):
    """Choose the method."""

    permission = "projects.manage_framework"
    form_class = PeopleCountForm
    heading = gettext_lazy("How people are counted")

    @property
    def back_url(self) -> str:
        """To the people of the indicator."""
        return self.people_url

    def form_options(self) -> dict[str, Any]:
        """What is said now."""
        return {"initial": {"method": self.count.method, "note": self.count.note} if self.count else {}}

    def get_form(self, **given: Any) -> BaseForm:
        """With the version that is being changed."""
        form = super().get_form(**given)
        return with_version(form, self.count) if self.count else form

    def save(self, form: Any) -> str:
        """Call the service."""
        facts = dict(form.cleaned_data)
        set_people_count(indicator=self.indicator, expected_version=facts.pop("version", None), by=self.me, **facts)
        messages.success(self.request, _("The change was saved."))
        return self.people_url


class AddOverlapView(OfIndicator, ProjectFormPage):
    """Say how many people two partners reached both."""

    permission = "projects.manage_framework"
    form_class = OverlapForm
    heading = gettext_lazy("People whom two partners reached both")

    @property
    def back_url(self) -> str:
        """To the people of the indicator."""
        return self.people_url

    def form_options(self) -> dict[str, Any]:
        """The partners to choose from."""
        if self.count is None:
            raise Http404
        return {"project": self.project}

    def save(self, form: Any) -> str:
        """Call the service."""
        if self.count is None:
            raise Http404
        keep_overlap(count=self.count, by=self.me, **form.cleaned_data)
        messages.success(self.request, _("The overlap is known now."))
        return self.people_url


class RemoveOverlapView(OfIndicator, ProjectAct):
    """Nothing is known of it any more."""

    permission = "projects.manage_framework"

    def act(self) -> Sentence:
        """Call the service."""
        rows = Overlap.objects.filter(count__indicator=self.indicator)
        remove_overlap(overlap=get_object_or_404(rows, pk=self.kwargs["row"]), by=self.me)
        return _("The overlap was taken out.")

    def next_url(self) -> str:
        """To the people of the indicator."""
        return self.people_url
