"""The library of ways to break figures down: dimensions with their categories."""

from functools import cached_property
from typing import Any

from django.contrib import messages
from django.db.models import Count, Q, QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kmop.shared.access import SIGNED_IN, ask
from kmop.shared.tables import Column
from kmop.shared.text import in_language
from kmop.shared.views import ListPage
from projects.filters.library import DimensionFilter
from projects.forms.library import DimensionForm, dimension_as_initial
from projects.models import Dimension, Indicator
from projects.services.results import add_dimension, change_dimension
from projects.views.changing import PlainChangePage, PlainFormPage
from projects.views.library import library_tabs

LIST = "/library/dimensions/"
HOME = (gettext_lazy("Ways to break down"), LIST)


class DimensionsView(ListPage):
    """All dimensions with their categories, and how many indicators are broken down by each."""

    permission = SIGNED_IN
    title = gettext_lazy("Ways to break down")
    filterset_class = DimensionFilter
    default_sort = "code"
    export_name = "dimensions"
    columns = (
        Column("code", gettext_lazy("Code"), lambda row: row.code, ("code",)),
        Column("title", gettext_lazy("Title"), lambda row: in_language(row.titles)),
        Column(
            "categories",
            gettext_lazy("Categories"),
            lambda row: ", ".join(str(one) for one in row.categories.all()),
        ),
        Column("is_exclusive", gettext_lazy("Exclude each other"), lambda row: row.is_exclusive, ("is_exclusive",)),
        Column("used", gettext_lazy("Indicators"), lambda row: row.used, ("used",), True),
    )

    def get_queryset(self) -> QuerySet[Any]:
        """All of them, with their use by indicators that this person sees."""
        seen = Q(indicators__in=Indicator.objects.visible_to(self.me))
        rows = Dimension.objects.annotate(used=Count("indicators", filter=seen, distinct=True))
        return rows.prefetch_related("categories")

    def row_url(self, row: Any) -> str:
        """To its form, for those who may change it."""
        return f"{LIST}{row.pk}/" if ask(self.me, "projects.manage_lists") else ""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds the button and the lists beside."""
        verdict = ask(self.me, "projects.manage_lists")
        act = {"label": _("Add a way to break down"), "url": f"{LIST}new/", "icon": "plus", "kind": "main"}
        refused = "" if verdict else str(verdict.reason)
        return super().get_context_data(acts=[{**act, "refused": refused}], tabs=library_tabs(LIST), **kwargs)


class AddDimensionView(PlainFormPage):
    """A new dimension."""

    permission = "projects.manage_lists"
    form_class = DimensionForm
    heading = gettext_lazy("A new way to break down")
    home = HOME

    def save(self, form: Any) -> str:
        """Call the service."""
        add_dimension(by=self.me, **form.facts())
        messages.success(self.request, _("It was added."))
        return LIST


class ChangeDimensionView(PlainChangePage):
    """A dimension is renamed, its categories renamed, put in order or added."""

    permission = "projects.manage_lists"
    form_class = DimensionForm
    lead = gettext_lazy("Codes stay, because figures stand in them; titles, order and new categories are yours.")
    home = HOME

    @cached_property
    def row(self) -> Dimension:
        """The dimension."""
        return get_object_or_404(Dimension.objects.prefetch_related("categories"), pk=self.kwargs["row"])

    def form_options(self) -> dict[str, Any]:
        """As it stands."""
        return {"initial": dimension_as_initial(self.row)}

    def save(self, form: Any) -> str:
        """Call the service."""
        facts = form.facts()
        del facts["code"]
        change_dimension(dimension=self.row, expected_version=facts.pop("version"), by=self.me, **facts)
        messages.success(self.request, _("The change was saved."))
        return LIST
