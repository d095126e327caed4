"""Donors' bands: which category of ours becomes which of theirs."""

from functools import cached_property
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kmop.shared.access import SIGNED_IN, ask
from kmop.shared.tables import Badge, Column, Link
from kmop.shared.views import ActView, ListPage
from projects.filters.library import MappingFilter
from projects.forms.library import MappingForm
from projects.models import DimensionMapping
from projects.services.bands import add_mapping, change_mapping, remove_mapping
from projects.views.changing import PlainChangePage, PlainFormPage
from projects.views.library import library_tabs

LIST = "/library/bands/"
HOME = (gettext_lazy("Donors’ bands"), LIST)


def state_badge(row: DimensionMapping) -> Badge:
    """Whole, or with categories that came later and become nothing yet."""
    left = sorted({one.code for one in row.source.categories.all()} - set(row.pairs))
    return Badge(_("Lacks %(codes)s") % {"codes": ", ".join(left)}, "warn") if left else Badge(_("Complete"), "ok")


def _said(row: DimensionMapping) -> str:
    groups: dict[str, list[str]] = {}
    for code, becomes in row.pairs.items():
        groups.setdefault(becomes, []).append(code)
    return "; ".join(f"{becomes}: {', '.join(codes)}" for becomes, codes in groups.items())


class MappingsView(ListPage):
    """All mappings, with what becomes what."""

    permission = SIGNED_IN
    title = gettext_lazy("Donors’ bands")
    filterset_class = MappingFilter
    default_sort = "source"
    export_name = "bands"
    empty_title = gettext_lazy("No donor’s band is told from ours yet.")
    empty_text = gettext_lazy(
        "Say once how ages or other categories are put together, and be told at once if they can’t."
    )
    columns = (
        Column("source", gettext_lazy("As partners report"), lambda row: row.source, ("source__code",)),
        Column("target", gettext_lazy("As it is told"), lambda row: row.target, ("target__code",)),
        Column("pairs", gettext_lazy("Put together"), _said),
        Column("state", gettext_lazy("State"), state_badge),
    )

    def get_queryset(self) -> QuerySet[Any]:
        """All of them: they serve all projects."""
        return DimensionMapping.objects.select_related("source", "target").prefetch_related("source__categories")

    def row_url(self, row: Any) -> str:
        """To its form, for those who may change it."""
        return f"{LIST}{row.pk}/" if ask(self.me, "projects.manage_lists") else ""

    def empty_action(self) -> Link | None:
        """Add the first one."""
        return Link(_("Add a mapping"), f"{LIST}new/") if ask(self.me, "projects.manage_lists") else None

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds the button and the lists beside."""
        verdict = ask(self.me, "projects.manage_lists")
        act = {"label": _("Add a mapping"), "url": f"{LIST}new/", "icon": "plus", "kind": "main"}
        refused = "" if verdict else str(verdict.reason)
        return super().get_context_data(acts=[{**act, "refused": refused}], tabs=library_tabs(LIST), **kwargs)


class AddMappingView(PlainFormPage):
    """A new mapping."""

    permission = "projects.manage_lists"
    form_class = MappingForm
    heading = gettext_lazy("A donor’s bands from ours")
    lead = gettext_lazy("A band that can’t be put together from ours is told here, and not when the report is due.")
    home = HOME

    def save(self, form: Any) -> str:
        """Call the service."""
        add_mapping(by=self.me, **form.cleaned_data)
        messages.success(self.request, _("It was added."))
        return LIST


class MappingRow:
    """Mixin: the mapping of the address."""

    kwargs: dict[str, Any]

    @cached_property
    def row(self) -> DimensionMapping:
        """The mapping."""
        return get_object_or_404(DimensionMapping.objects.select_related("source", "target"), pk=self.kwargs["row"])


class ChangeMappingView(MappingRow, PlainChangePage):
    """Other pairs; the two ways to break down stay."""

    permission = "projects.manage_lists"
    template_name = "projects/library/mapping.html"
    form_class = MappingForm
    home = HOME
    kept = ("source", "target")

    def form_options(self) -> dict[str, Any]:
        """As it stands."""
        lines = [f"{code} | {becomes}" for code, becomes in self.row.pairs.items()]
        return {"initial": {"source": self.row.source, "target": self.row.target, "pairs": "\n".join(lines)}}

    def save(self, form: Any) -> str:
        """Call the service."""
        facts = form.cleaned_data
        change_mapping(mapping=self.row, pairs=facts["pairs"], expected_version=facts["version"], by=self.me)
        messages.success(self.request, _("The change was saved."))
        return LIST


class RemoveMappingView(MappingRow, ActView):
    """Take it away."""

    permission = "projects.manage_lists"

    def act(self) -> str:
        """Call the service."""
        remove_mapping(mapping=self.row, by=self.me)
        return _("It was removed.")

    def next_url(self) -> str:
        """Back to the list."""
        return LIST
