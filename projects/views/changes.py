"""Project > Results > Unplanned change: what came, good or bad, that no target names."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.forms import BaseForm, model_to_dict
from django.http import FileResponse, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kmop.shared.access import ask
from kmop.shared.tables import Badge, Column, Link
from kmop.shared.views import PortalView
from partners.models import Organisation
from projects.choices import ChangeKind
from projects.filters.theory import ChangeFilter
from projects.forms.theory import ChangeForm
from projects.models import UnplannedChange
from projects.queries.theory import unplanned_changes
from projects.rules import held_by
from projects.services.theory import correct_change, record_change
from projects.views.changing import AddPage, ChangePage
from projects.views.part import ProjectListPage, ProjectPart
from projects.views.theory import ResultsPart

LOOKS = {ChangeKind.GOOD: ("ok", "trending-up"), ChangeKind.BAD: ("bad", "trending-down")}


def kind_badge(row: UnplannedChange) -> Badge:
    """Good or bad."""
    state, icon = LOOKS[ChangeKind(row.kind)]
    return Badge(ChangeKind(row.kind).label, state, icon)


class ChangesView(ResultsPart, ProjectListPage):
    """What this person sees of it, the newest first."""

    view = "changes/"
    title = gettext_lazy("Unplanned change")
    filterset_class = ChangeFilter
    default_sort = "-noticed_on"
    export_name = "unplanned-change"
    empty_title = gettext_lazy("No unplanned change is recorded yet.")
    empty_text = gettext_lazy("What came that nobody had planned, good or bad, is printed beside the targets.")
    columns = (
        Column("what", gettext_lazy("What changed"), lambda row: row.what),
        Column("kind", gettext_lazy("Good or bad"), kind_badge, ("kind", "noticed_on")),
        Column("result", gettext_lazy("Result"), lambda row: str(row.result), ("result__order",)),
        Column("noticed_by", gettext_lazy("Who noticed it"), lambda row: row.noticed_by),
        Column("noticed_on", gettext_lazy("When"), lambda row: row.noticed_on, ("noticed_on",)),
        Column("contribution", gettext_lazy("Whose contribution it is"), lambda row: row.contribution),
        Column(
            "told_by",
            gettext_lazy("Told by"),
            lambda row: str(row.organisation or _("The project’s officers")),
            ("organisation__name",),
        ),
    )

    def get_queryset(self) -> QuerySet[Any]:
        """Those this person sees."""
        return unplanned_changes(self.project, user=self.me)

    def row_url(self, row: Any) -> str:
        """To its form, for those who may correct it; else to what shows it."""
        if ask(self.me, "projects.record_change", row):
            return f"{self.base}results/changes/{row.pk}/"
        return f"/unplanned-changes/{row.pk}/file/" if row.file else str(row.link)

    def empty_action(self) -> Link | None:
        """Record the first one."""
        may = ask(self.me, "projects.record_change", self.project)
        return Link(_("Record one"), f"{self.base}results/changes/new/") if may else None

    def head_acts(self) -> list[dict[str, Any]]:
        """Record one."""
        return [
            self.act_button(
                _("Record a change"),
                f"{self.base}results/changes/new/",
                "projects.record_change",
                icon="plus",
                kind="main",
            )
        ]


class ChangeFormPart(ResultsPart, ProjectPart):
    """Mixin: the form of an unplanned change."""

    view = "changes/"
    back = "results/changes/"

    def own(self) -> Any:
        """The organisations that this person may tell it for."""
        mine = {one for project, one in held_by(self.user).reporting if project == self.project.pk}
        return Organisation.objects.filter(pk__in=mine).order_by("name")


class RecordChangeView(ChangeFormPart, AddPage):
    """An unplanned change is recorded."""

    permission = "projects.record_change"
    form_class = ChangeForm
    template_name = "projects/results/change.html"
    heading = gettext_lazy("An unplanned change")
    lead = gettext_lazy("Something came, good or bad, that no target names. It is printed beside the targets.")
    submit = gettext_lazy("Record it")

    def form_options(self) -> dict[str, Any]:
        """The project's results, today."""
        own = self.own()
        first = own.first() if len(own) == 1 else None
        asked = self.request.GET.get("result")
        return {
            "project": self.project,
            "own": own,
            "initial": {"noticed_on": self.day, "result": asked, "organisation": first},
        }

    def save(self, form: Any) -> str:
        """Call the service."""
        record_change(project=self.project, today=self.day, by=self.me, **form.facts())
        messages.success(self.request, _("It was recorded."))
        return self.back_url


class CorrectChangeView(ChangeFormPart, ChangePage):
    """What was recorded is corrected; its file stays."""

    permission = "projects.record_change"
    form_class = ChangeForm
    model = UnplannedChange
    heading = gettext_lazy("An unplanned change")

    def permission_object(self) -> Any:
        """The rule is asked of the change."""
        return self.row

    def form_options(self) -> dict[str, Any]:
        """As it stands."""
        return {"project": self.project, "own": Organisation.objects.none(), "initial": model_to_dict(self.row)}

    def get_form(self, **given: Any) -> BaseForm:
        """The file stays as it is."""
        form = super().get_form(**given)
        del form.fields["file"]
        return form

    def save(self, form: Any) -> str:
        """Call the service."""
        changes = form.facts()
        version = changes.pop("version")
        correct_change(obj=self.row, changes=changes, today=self.day, expected_version=version, by=self.me)
        messages.success(self.request, _("The change was saved."))
        return self.back_url


class ChangeFileView(PortalView):
    """The file that shows a change, to be taken away by who may see the change."""

    permission = "projects.view"

    def permission_object(self) -> Any:
        """The change it belongs to."""
        rows = UnplannedChange.objects.visible_to(self.me).exclude(file="")
        self.row = get_object_or_404(rows, pk=self.kwargs["row"])
        return self.row

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The bytes, never shown as a page of ours."""
        row = self.row
        return FileResponse(row.file.open("rb"), as_attachment=True, filename=row.file_name, content_type=row.file_type)
