"""A table fitted to a request: which rows, in which order, which page, which columns, and every address."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Q, QuerySet
from django.http import HttpResponse, QueryDict
from django.urls import reverse

from zhiqiao.infra.ui import formats
from zhiqiao.infra.ui.export import ExportFormat, export_response
from zhiqiao.infra.ui.shell_types import Text
from zhiqiao.infra.ui.table import BulkAction, Column, Filter, Row, Table, value_of

_LONGEST_SEARCH = 100


@dataclass(frozen=True)
class ShownCell:
    """A cell for the template; `text` None is unknown."""

    column: Column
    text: object
    url: str = ""
    evidence_url: str = ""


@dataclass(frozen=True)
class ShownRow:
    """A row for the template."""

    key: str
    cells: Sequence[ShownCell]


@dataclass(frozen=True)
class ShownHead:
    """A column's head: where a click on it leads, and how the rows are ordered by it."""

    column: Column
    url: str
    direction: str


@dataclass(frozen=True)
class ShownFilter:
    """A filter with what is chosen and the address without it."""

    filter: Filter
    name: str
    chosen: str
    chosen_label: Text
    options: Sequence[tuple[str, Text]]
    clear_url: str


class BoundTable:
    """What `{% table %}` shows and what an export writes."""

    def __init__(
        self,
        table: Table,
        query: QueryDict,
        rows: QuerySet[Any] | Sequence[Row],  # Any: a queryset of any model
        *,
        path: str,
        demo: bool,
        prefix: str,
        bulk: Sequence[BulkAction],
        can_export: bool,
    ) -> None:
        self.table = table
        self.demo = demo
        self.bulk = bulk
        self.can_export = can_export
        #: what must be known about the rows; exports carry it
        self.notes: Sequence[str] = ()
        self.prefix = f"{prefix}-" if prefix else ""
        self.id = f"table-{prefix or table.key}"
        self._path = path
        self._query = query
        self._all = rows

    # what the reader chose

    def name(self, parameter: str) -> str:
        """Return a parameter's name in addresses."""
        return f"{self.prefix}{parameter}"

    def _get(self, parameter: str) -> str:
        return self._query.get(self.name(parameter), "")

    @property
    def search_text(self) -> str:
        """Return what is searched for."""
        return self._get("q").strip()[:_LONGEST_SEARCH] if self.table.search else ""

    @cached_property
    def order(self) -> tuple[Column, bool] | None:
        """Return the column the reader ordered by, and whether downwards; None for the table's own order."""
        wanted = self._get("order") or self.table.order
        key = wanted.removeprefix("-")
        for column in self.table.columns:
            if column.key == key and column.order_field:
                return column, wanted.startswith("-")
        return None

    @cached_property
    def columns(self) -> list[Column]:
        """Return the chosen columns; the row's name always stands."""
        chosen = set(self._query.getlist(self.name("col")))
        if not chosen & {column.key for column in self.table.columns}:
            return [column for column in self.table.columns if not column.is_extra]
        return [column for column in self.table.columns if column.is_head or column.key in chosen]

    @cached_property
    def filters(self) -> list[ShownFilter]:
        """Return the filters with what is chosen; a choice that is none of the options counts as none."""
        shown = []
        for one in self.table.filters:
            options = [(str(key), label) for key, label in one.options()]
            wanted = self._get(one.key)
            label = dict(options).get(wanted)
            clear = self.address(**{one.key: None, "page": None})
            chosen = wanted if label is not None else ""
            shown.append(ShownFilter(one, self.name(one.key), chosen, label or "", options, clear))
        return shown

    @property
    def is_narrowed(self) -> bool:
        """Tell whether a search or filter is on."""
        return bool(self.search_text) or any(one.chosen for one in self.filters)

    # rows

    @cached_property
    def matching(self) -> QuerySet[Any] | list[Row]:  # Any: a queryset of any model
        """Return all rows that search and filters leave, in order."""
        rows = self._all
        if isinstance(rows, QuerySet):
            return self._narrow_query(rows)
        return self._narrow_list(list(rows))

    def _narrow_query(self, rows: QuerySet[Any]) -> QuerySet[Any]:  # Any: of any model
        for one in self.filters:
            if one.chosen and one.filter.apply:
                rows = one.filter.apply(rows, one.chosen)
            elif one.chosen:
                rows = rows.filter(**{one.filter.lookup or one.filter.key: one.chosen})
        for word in self.search_text.split():
            found = Q()
            for name in self.table.search:
                found |= Q(**{f"{name}__icontains": word})
            rows = rows.filter(found)
        if self.order:
            column, down = self.order
            sign = "-" if down else ""
            return rows.order_by(f"{sign}{column.order_field}", f"{sign}pk")
        return rows if rows.ordered else rows.order_by("pk")

    def _narrow_list(self, rows: list[Row]) -> list[Row]:
        for one in self.filters:
            if one.chosen and one.filter.apply:
                rows = list(one.filter.apply(rows, one.chosen))
            elif one.chosen:
                key = one.filter.lookup or one.filter.key
                rows = [row for row in rows if str(value_of(row, key)) == one.chosen]
        for word in self.search_text.casefold().split():
            rows = [row for row in rows if self._mentions(row, word)]
        if self.order is None:
            return rows
        column, down = self.order
        known = [row for row in rows if _sort_value(row, column) is not None]
        unknown = [row for row in rows if _sort_value(row, column) is None]
        known.sort(key=lambda row: _sort_value(row, column), reverse=down)  # type: ignore[arg-type,return-value]
        return [*known, *unknown]

    def _mentions(self, row: Row, word: str) -> bool:
        return any(word in str(value_of(row, name) or "").casefold() for name in self.table.search)

    @cached_property
    def page(self) -> Page[Row]:
        """Return the page asked for; a number out of range gives the nearest one."""
        return Paginator(self.matching, self.table.page_size).get_page(self._get("page") or 1)

    @property
    def total(self) -> int:
        """Return how many rows match."""
        return self.page.paginator.count

    @cached_property
    def rows(self) -> list[ShownRow]:
        """Return the rows of this page, ready for the template."""
        return [
            ShownRow(
                str(value_of(row, self.table.row_key) or ""), [_shown(row, column) for column in self.columns]
            )
            for row in self.page
        ]

    # addresses

    def address(self, **changes: str | None) -> str:
        """Return the address of this view with some parameters changed or (None) left out."""
        query = self._query.copy()
        for key, value in changes.items():
            if value is None:
                query.pop(self.name(key), None)
            else:
                query[self.name(key)] = value
        query.pop(self.name("export"), None)
        return f"{self._path}?{query.urlencode()}" if query else self._path

    @cached_property
    def heads(self) -> list[ShownHead]:
        """Return the heads of the chosen columns."""
        return [self._head(column) for column in self.columns]

    def _head(self, column: Column) -> ShownHead:
        if not column.order_field:
            return ShownHead(column, "", "")
        here = self.order is not None and self.order[0].key == column.key
        down = here and self.order is not None and self.order[1]
        # figures are most often wanted from the top, words from the beginning
        next_down = (not down) if here else column.is_number
        url = self.address(order=f"-{column.key}" if next_down else column.key, page=None)
        return ShownHead(column, url, ("descending" if down else "ascending") if here else "")

    @property
    def pages(self) -> Iterator[tuple[str, str, bool]]:
        """Yield the pager's entries: text, address ("" for a gap), whether it is this page."""
        for number in self.page.paginator.get_elided_page_range(self.page.number, on_each_side=1, on_ends=1):
            if isinstance(number, int):
                yield str(number), self.address(page=str(number)), number == self.page.number
            else:
                yield "…", "", False

    @property
    def previous_url(self) -> str:
        """Return the address of the page before, or nothing."""
        return self.address(page=str(self.page.number - 1)) if self.page.has_previous() else ""

    @property
    def next_url(self) -> str:
        """Return the address of the page after, or nothing."""
        return self.address(page=str(self.page.number + 1)) if self.page.has_next() else ""

    @property
    def clear_url(self) -> str:
        """Return the address without search and filters."""
        return self.address(**{"q": None, "page": None, **{one.filter.key: None for one in self.filters}})

    @property
    def export_urls(self) -> list[tuple[str, str]]:
        """Return the export formats and their addresses."""
        base = self.address(page=None)
        mark = "&" if "?" in base else "?"
        return [(name.upper(), f"{base}{mark}{self.name('export')}={name}") for name in ExportFormat]

    def kept(self, *left_out: str) -> list[tuple[str, str]]:
        """Return the parameters a form must carry along, without those it sets itself."""
        names = {self.name(key) for key in (*left_out, "page", "export")}
        return [(key, value) for key, values in self._query.lists() if key not in names for value in values]

    @property
    def kept_by_filters(self) -> list[tuple[str, str]]:
        """Return what the search and filter form carries along."""
        return self.kept("q", *(one.key for one in self.table.filters))

    @property
    def kept_by_columns(self) -> list[tuple[str, str]]:
        """Return what the column form carries along."""
        return self.kept("col")

    @property
    def column_choices(self) -> list[tuple[Column, bool]]:
        """Return every column and whether it shows."""
        shown = {column.key for column in self.columns}
        return [(column, column.key in shown) for column in self.table.columns]

    # export

    @property
    def export(self) -> str:
        """Return the format asked for, when exports are allowed."""
        wanted = self._get("export")
        return wanted if self.can_export and wanted in list(ExportFormat) else ""

    def response(self) -> HttpResponse:
        """Return all matching rows as a file in the format asked for."""
        rows = (
            self.matching.iterator(chunk_size=2000) if isinstance(self.matching, QuerySet) else self.matching
        )
        return export_response(
            ExportFormat(self.export),
            columns=[str(column.label) for column in self.columns],
            rows=(([column.of(row) for column in self.columns], self._is_demo(row)) for row in rows),
            name=self.table.file_name or self.table.key,
            title=str(self.table.caption) or self.table.key,
            demo=self.demo,
            notes=self.notes,
        )

    def _is_demo(self, row: Row) -> bool:
        """Tell whether one row is demo data: by its own field where the table names one."""
        return self.demo and (bool(value_of(row, self.table.demo_key)) if self.table.demo_key else True)


def _sort_value(row: Row, column: Column) -> object:
    return column.value(row) if column.value else value_of(row, column.order_field or column.key)


def _shown(row: Row, column: Column) -> ShownCell:
    value = column.of(row)
    text = column.cell(row) if column.cell else _text(value, column)
    basis = column.evidence(row) if column.evidence and value is not None else None
    evidence_url = reverse("evidence", args=basis) if basis else ""
    return ShownCell(column, text, column.url(row) if column.url else "", evidence_url)


def _text(value: Any, column: Column) -> object:  # Any: whatever a row holds
    if value is None or value == "":
        return None
    match column.kind:
        case "number":
            return formats.number(value)
        case "share":
            return formats.percent(value)
        case "day":
            return formats.date(value)
        case "moment":
            return formats.moment(value)
        case _:
            return value
