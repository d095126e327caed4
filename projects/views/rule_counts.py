"""Review > Which rules help: how often each quality rule spoke up, and how often something was corrected after it."""

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any

from django.http import Http404, HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _

from kmop.shared import formats
from kmop.shared.tables import Cell, Head, Link, Row
from kmop.shared.views import PortalView
from kmop.shared.views.takeaway import FORMATS, rows_file
from projects.forms.review import RuleCountsForm
from projects.queries.rule_counts import RuleCount, rule_counts, weighed_projects, years_of_flags


class RuleCountsView(PortalView):
    """The counts by rule, narrowed by project and year; with `?format=` the file of it."""

    permission = "projects.review"
    template_name = "projects/review/rules.html"

    @cached_property
    def form(self) -> RuleCountsForm:
        """The filters."""
        projects = [(str(one.pk), str(one)) for one in weighed_projects(self.me)]
        return RuleCountsForm(self.request.GET, projects=projects, years=list(years_of_flags(self.me)))

    @cached_property
    def counts(self) -> list[RuleCount]:
        """The rows; what can't be read in the address is left out."""
        self.form.full_clean()
        said = {name: int(value) for name, value in self.form.cleaned_data.items() if value}
        return rule_counts(self.me, **said)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The page or the file."""
        wanted = request.GET.get("format", "")
        if not wanted:
            return super().get(request, *args, **kwargs)
        if wanted not in FORMATS:
            raise Http404(wanted)
        return self._file(wanted)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The table with its filters."""
        names = heads()
        return super().get_context_data(
            title=_("Which rules help"),
            filterset={"form": self.form},
            chips=self._chips(),
            clear_url=self.request.path,
            columns=[Head(name, number > 0) for number, name in enumerate(names)],
            rows=[_row(one, names) for one in self.counts],
            export_urls=[Link(word, self._address(format=code), code=code) for code, word in FORMATS.items()],
            **kwargs,
        )

    def _address(self, **changes: str) -> str:
        query = self.request.GET.copy()
        for name, value in changes.items():
            query.pop(name, None)
            if value:
                query[name] = value
        return f"?{query.urlencode()}"

    def _chips(self) -> list[Link]:
        chips = []
        for name in ("project", "year"):
            value = self.request.GET.get(name, "")
            if value:
                field: Any = self.form.fields[name]
                words = dict(field.choices).get(value, value)
                chips.append(Link(f"{field.label}: {words}", self._address(**{name: ""})))
        return chips

    def _file(self, wanted: str) -> HttpResponseBase:
        header, rows = heads(), list(self._exported())
        return rows_file(wanted, name=f"rules.{wanted}", header=header, rows=rows, sheet=_("Rules"))

    def _exported(self) -> Iterator[Sequence[object]]:
        for one in self.counts:
            yield [one.name, one.flagged, one.answered, one.corrected, one.share]


def heads() -> list[str]:
    """The heads of the table and of its file."""
    return [_("Rule"), _("Updates flagged"), _("Answered"), _("Corrected later"), _("Share corrected")]


def _row(one: RuleCount, names: Sequence[str]) -> Row:
    share = formats.percent(one.share) if one.share is not None else None
    values = [one.name, one.flagged, one.answered, one.corrected, share]
    return Row(
        "", [Cell(value, name, number > 0) for number, (value, name) in enumerate(zip(values, names, strict=True))]
    )
