"""The list of focus areas that projects choose from."""

from functools import cached_property
from typing import Any

from django.contrib import messages
from django.db.models import Count, QuerySet
from django.forms import BaseForm, model_to_dict
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kmop.shared.access import ask
from kmop.shared.tables import Column, Link
from kmop.shared.views import ChangesRow, FormPage, ListPage
from projects.filters.parts import FocusAreaFilter
from projects.forms.projects import FocusAreaForm
from projects.models import FocusArea
from projects.services.focus_areas import add_focus_area, change_focus_area

LIST = "/administration/focus-areas/"


class FocusAreasView(ListPage):
    """All focus areas in their order."""

    permission = "projects.manage_lists"
    title = gettext_lazy("Focus areas")
    filterset_class = FocusAreaFilter
    default_sort = "order"
    export_name = "focus-areas"
    columns = (
        Column("code", gettext_lazy("Code"), lambda row: row.code, ("code",)),
        Column("en", gettext_lazy("In English"), lambda row: row.titles.get("en", "")),
        Column("el", gettext_lazy("In Greek"), lambda row: row.titles.get("el", "")),
        Column("order", gettext_lazy("Order"), lambda row: row.order, ("order",), True),
        Column("projects", gettext_lazy("Projects"), lambda row: row.used, ("used",), True),
        Column("is_active", gettext_lazy("Offered"), lambda row: row.is_active, ("is_active",)),
    )

    def get_queryset(self) -> QuerySet[Any]:
        """All of them; whoever may open the page sees the list."""
        return FocusArea.objects.annotate(used=Count("projects"))

    def row_url(self, row: Any) -> str:
        """To its form."""
        return f"{LIST}{row.pk}/"

    def empty_action(self) -> Link | None:
        """Add one."""
        return Link(_("Add a focus area"), f"{LIST}new/") if ask(self.me, "projects.manage_lists") else None

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds the button."""
        acts = [{"label": _("Add a focus area"), "url": f"{LIST}new/", "icon": "plus", "kind": "main"}]
        return super().get_context_data(acts=acts, **kwargs)


class AddFocusAreaView(FormPage):
    """A new focus area."""

    permission = "projects.manage_lists"
    template_name = "projects/settings/focus_area.html"
    form_class = FocusAreaForm

    def get_form(self, **given: Any) -> BaseForm:
        """A new one is offered."""
        form = super().get_form(**given)
        del form.fields["is_active"]
        return form

    def save(self, form: Any) -> str:
        """Call the service."""
        add_focus_area(by=self.me, **form.facts())
        messages.success(self.request, _("It was added."))
        return LIST


class ChangeFocusAreaView(ChangesRow):
    """A focus area."""

    permission = "projects.manage_lists"
    template_name = "projects/settings/focus_area.html"
    form_class = FocusAreaForm

    @cached_property
    def row(self) -> FocusArea:
        """The focus area."""
        return get_object_or_404(FocusArea, pk=self.kwargs["row"])

    def versioned(self) -> FocusArea:
        """The focus area."""
        return self.row

    def form_options(self) -> dict[str, Any]:
        """As it stands."""
        return {"initial": model_to_dict(self.row)}

    def get_form(self, **given: Any) -> BaseForm:
        """The code stays."""
        form = super().get_form(**given)
        form.fields["code"].disabled = True
        return form

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Named by itself."""
        return super().get_context_data(**{**kwargs, "row": self.row})

    def save(self, form: Any) -> str:
        """Call the service."""
        changes = form.facts()
        del changes["code"]
        version = changes.pop("version")
        change_focus_area(focus_area=self.row, changes=changes, expected_version=version, by=self.me)
        messages.success(self.request, _("The change was saved."))
        return LIST
