"""The base of all list pages: search, filters kept in the address, sorting from declared columns, paging, export."""

from collections.abc import Iterator, Sequence
from typing import Any, ClassVar

from django.core.paginator import Page, Paginator
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponseBase
from django.utils.translation import gettext_lazy as _
from django_filters import FilterSet

from kmop.shared.errors import Sentence
from kmop.shared.tables import Cell, Column, Head, Link, Row
from kmop.shared.views.base import PortalView
from kmop.shared.views.takeaway import FORMATS, rows_file

CHUNK = 500
NOT_FILTERS = {"sort", "page", "format", "language"}


class ListPage(PortalView):
    """A list that a person may narrow, sort, page and take away.

    Declare `permission`, `columns`, `default_sort`; give `get_queryset` (start from `.visible_to(user)`). Optional:
    `filterset_class` (its field `search` becomes the search box), `row_url`, `prepare`, the texts, `template_name`.
    """

    abstract = True
    template_name = "shared/list_page.html"
    title: ClassVar[Sentence] = ""
    columns: ClassVar[Sequence[Column]] = ()
    default_sort: ClassVar[str] = ""
    filterset_class: ClassVar[type[FilterSet] | None] = None
    page_size: ClassVar[int] = 25
    export_name: ClassVar[str] = "list"
    empty_title: ClassVar[Sentence] = _("Nothing here yet.")
    empty_text: ClassVar[Sentence] = ""

    def get_queryset(self) -> QuerySet[Any]:
        """All rows this person may see."""
        raise NotImplementedError

    def row_url(self, row: Any) -> str:
        """Where a row leads."""
        return ""

    def prepare(self, rows: list[Any]) -> list[Any]:
        """Fetch in one go what the rows of a page (or of a piece of an export) need."""
        return rows

    def empty_action(self) -> Link | None:
        """The next act where the list is empty."""
        return None

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The page, or with `?format=` the file of all that is filtered."""
        wanted = request.GET.get("format", "")
        if not wanted:
            return super().get(request, *args, **kwargs)
        if wanted not in FORMATS:
            raise Http404(wanted)
        return self._export(wanted)

    def get_filterset(self) -> FilterSet | None:
        """The filters with what the address says."""
        if self.filterset_class is None:
            return None
        return self.filterset_class(self.request.GET, queryset=self.get_queryset(), request=self.request)

    def filtered(self, filterset: FilterSet | None) -> QuerySet[Any]:
        """The rows asked for, in the order asked for; the primary key settles ties."""
        rows: QuerySet[Any] = self.get_queryset() if filterset is None else filterset.qs
        return rows.order_by(*self._order(), "pk")

    def current_sort(self) -> str:
        """The chosen order: a column's name, with a minus for descending."""
        wanted = self.request.GET.get("sort", "")
        return wanted if wanted.removeprefix("-") in self._sortable() else self.default_sort

    def _sortable(self) -> dict[str, Column]:
        return {column.name: column for column in self.columns if column.sort}

    def _order(self) -> list[str]:
        chosen = self.current_sort()
        column = self._sortable().get(chosen.removeprefix("-"))
        if column is None:
            return []
        return [_turned(name) for name in column.sort] if chosen.startswith("-") else list(column.sort)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What `components/list_page.html` shows."""
        filterset = self.get_filterset()
        paginator: Paginator[Any] = Paginator(self.filtered(filterset), self.page_size)
        page = paginator.get_page(self.request.GET.get("page"))
        return super().get_context_data(
            title=self.title,
            page_obj=page,
            pages=self._pages(page),
            filterset=filterset,
            chips=self._chips(filterset),
            columns=self._heads(),
            rows=[self._row(row) for row in self.prepare(list(page.object_list))],
            current_sort=self.current_sort(),
            sort_options=self._sort_options(),
            export_urls=[Link(word, self.address(format=code, page=None), code=code) for code, word in FORMATS.items()],
            clear_url=self.request.path,
            empty_title=self.empty_title,
            empty_text=self.empty_text,
            empty_action=self.empty_action(),
            **kwargs,
        )

    def address(self, **changes: str | None) -> str:
        """This page's address with some of its parameters changed; None leaves one out."""
        query = self.request.GET.copy()
        for name, value in changes.items():
            query.pop(name, None)
            if value is not None:
                query[name] = value
        return f"?{query.urlencode()}"

    def _row(self, row: Model) -> Row:
        cells = [Cell(column.cell(row), column.label, column.numeric) for column in self.columns]
        return Row(self.row_url(row), cells, row)

    def _heads(self) -> list[Head]:
        chosen = self.current_sort()
        return [self._head(column, chosen) for column in self.columns]

    def _head(self, column: Column, chosen: str) -> Head:
        if not column.sort:
            return Head(column.label, column.numeric)
        turned = f"-{column.name}" if chosen == column.name else column.name
        direction = {column.name: "ascending", f"-{column.name}": "descending"}.get(chosen, "")
        return Head(column.label, column.numeric, self.address(sort=turned, page=None), direction)

    def _sort_options(self) -> list[Link]:
        chosen = self.current_sort().removeprefix("-")
        return [
            Link(column.label, self.address(sort=name, page=None), name == chosen, code=name)
            for name, column in self._sortable().items()
        ]

    def _pages(self, page: Page[Any]) -> list[Link]:
        if not page.has_other_pages():
            return []
        numbers = page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1)
        return [
            Link(str(number), self.address(page=str(number)) if isinstance(number, int) else "", number == page.number)
            for number in numbers
        ]

    def _chips(self, filterset: FilterSet | None) -> list[Link]:
        """The filters that are on, each with the address that takes it off."""
        if filterset is None or not filterset.is_bound:
            return []
        chips = []
        for name, field in filterset.form.fields.items():
            if name not in NOT_FILTERS and any(self.request.GET.getlist(name)):
                words = _shown_choice(field, self.request.GET.getlist(name))
                chips.append(Link(f"{field.label}: {words}", self.address(**{name: None, "page": None})))
        return chips

    def _export(self, wanted: str) -> HttpResponseBase:
        header = [str(column.label) for column in self.columns]
        name, sheet = f"{self.export_name}.{wanted}", str(self.title) or self.export_name
        return rows_file(wanted, name=name, header=header, rows=self._exported(), sheet=sheet)

    def _exported(self) -> Iterator[list[object]]:
        for piece in _pieces(self.filtered(self.get_filterset()).iterator(chunk_size=CHUNK)):
            for row in self.prepare(piece):
                yield [column.exported(row) for column in self.columns]


def _turned(name: str) -> str:
    return name.removeprefix("-") if name.startswith("-") else f"-{name}"


def _pieces(rows: Iterator[Any]) -> Iterator[list[Any]]:
    piece: list[Any] = []
    for row in rows:
        piece.append(row)
        if len(piece) == CHUNK:
            yield piece
            piece = []
    if piece:
        yield piece


def _shown_choice(field: Any, values: Sequence[str]) -> str:
    """The words of the chosen values, for fields with choices; else the values themselves."""
    if not hasattr(field, "choices"):
        return ", ".join(values)
    words = {str(code): str(word) for code, word in field.choices}
    return ", ".join(words.get(value, value) for value in values)
