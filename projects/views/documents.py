"""Project > Documents: what lies elsewhere on the web about the project."""

from typing import Any
from urllib.parse import urlsplit

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from kmop.shared.languages import shown_name
from kmop.shared.tables import Column
from kmop.shared.text import in_language
from projects.filters.parts import DocumentFilter
from projects.models import DocumentLink
from projects.views.part import ProjectListPage

SAFE = frozenset({"http", "https"})
KINDS = {
    "A01": _("Before and after conditions"),
    "A02": _("Objectives and purpose"),
    "A03": _("Intended ultimate beneficiaries"),
    "A04": _("Conditions"),
    "A05": _("Budget"),
    "A06": _("Summary about the contract"),
    "A07": _("Review of performance and evaluation"),
    "A08": _("Results, outcomes and outputs"),
    "A09": _("Memorandum of understanding"),
    "A10": _("Tender"),
    "A11": _("Contract"),
    "A12": _("Web page of the activity"),
}


def kinds_of(row: DocumentLink) -> str:
    """The kinds of a document in words, by the code list DocumentCategory."""
    return ", ".join(str(KINDS.get(code, code)) for code in row.categories)


class DocumentsView(ProjectListPage):
    """Documents, newest first."""

    part = "documents"
    title = _("Documents")
    filterset_class = DocumentFilter
    default_sort = "-on"
    export_name = "documents"
    empty_title = _("No document yet.")
    empty_text = _("Documents come with IATI files.")
    columns = (
        Column("title", _("Document"), lambda row: in_language(row.titles) or row.url),
        Column("kinds", _("What it is"), kinds_of),
        Column("format", _("Format"), lambda row: row.format, ("format",)),
        Column("languages", _("Languages"), lambda row: ", ".join(shown_name(code) for code in row.languages)),
        Column("on", _("Date"), lambda row: row.on, ("on",)),
        Column("site", _("Where it lies"), lambda row: urlsplit(row.url).netloc, export=lambda row: row.url),
    )

    def get_queryset(self) -> QuerySet[Any]:
        """The documents of this project."""
        rows: QuerySet[Any] = DocumentLink.objects.visible_to(self.me).filter(project=self.project)
        return rows

    def row_url(self, row: Any) -> str:
        """To the document, where its address is one of the web."""
        return row.url if urlsplit(row.url).scheme.lower() in SAFE else ""
