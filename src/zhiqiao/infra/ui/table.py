"""Tables declared in Python: columns, filters, search, order, pages, choice of columns, bulk actions, export.

    POSTINGS = Table(
        key="postings",
        columns=(
            Column("title", _("岗位名称"), url=lambda row: row.url, is_head=True),
            Column("pay", _("月薪"), "number"),
        ),
        filters=(Filter("city", _("城市"), choices=city_choices, lookup="city_code"),),
        search=("title", "company"),
        order="-published",
    )
    bound = POSTINGS.bind(request, queryset)     # or a list of dicts or values
    if bound.export:
        return bound.response()                  # ?export=csv|xlsx, all rows that match, the columns chosen
    return render(request, "…", {"table": bound})   # {% table table %}

Everything the reader chose stands in the address, so a view can be kept as a link and works without a script.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from django.db.models import QuerySet
from django.http import HttpRequest

from zhiqiao.infra.ui.shell_types import Text

if TYPE_CHECKING:
    from zhiqiao.infra.ui.bound import BoundTable

Row = Any  # a model, a mapping or a value: whatever the page lists
Kind = Literal["text", "number", "share", "day", "moment", "long"]


def value_of(row: Row, key: str) -> object:
    """Return a field of a row: a key of a mapping or a `__` path of attributes; a missing link is None."""
    if isinstance(row, dict):
        return row.get(key)
    for name in key.split("__"):
        row = getattr(row, name, None)
    return row


@dataclass(frozen=True)
class Column:
    """A column: `key` is its name in addresses and, unless `value` is given, the row's field.

    `sort` is the order field ("" for the key, None for no sorting). `url` makes a link, `evidence` the mark of a
    computed figure (kind and uuid, or None), `cell` the shown content in place of the formatted value. `unknown`
    says why a value can be missing. `is_extra` columns show only when chosen; `is_head` names the row.
    """

    key: str
    label: Text
    kind: Kind = "text"
    value: Callable[[Row], object] | None = None
    sort: str | None = ""
    url: Callable[[Row], str] | None = None
    evidence: Callable[[Row], tuple[str, object] | None] | None = None
    cell: Callable[[Row], object] | None = None
    unknown: Text = ""
    is_extra: bool = False
    is_head: bool = False

    def of(self, row: Row) -> object:
        """Return the plain value, as exports write and lists sort it."""
        return self.value(row) if self.value else value_of(row, self.key)

    @property
    def is_number(self) -> bool:
        """Tell whether the column stands to the right."""
        return self.kind in {"number", "share"}

    @property
    def order_field(self) -> str | None:
        """Return the field to order by."""
        return self.key if self.sort == "" else self.sort


Choices = Sequence[tuple[str, Text]]


@dataclass(frozen=True)
class Filter:
    """A choice that narrows the rows: by a queryset lookup, by a row's field, or by `apply`."""

    key: str
    label: Text
    choices: Choices | Callable[[], Choices]
    lookup: str = ""
    apply: Callable[[Any, str], Any] | None = None  # Any: a queryset or a list, the same kind comes back

    def options(self) -> Choices:
        """Return the choices."""
        return self.choices() if callable(self.choices) else self.choices


@dataclass(frozen=True)
class BulkAction:
    """A button for chosen rows: posts their keys as `picked` to `url`; `confirm` says what will happen."""

    label: Text
    url: str
    confirm: Text = ""
    is_destructive: bool = False


@dataclass(frozen=True)
class Empty:
    """What an empty table says: what will be here, why it is empty, the one button that changes that."""

    title: Text
    text: Text
    url: str = ""
    label: Text = ""


@dataclass(frozen=True)
class Table:
    """The declaration of a table; `bind` fits it to a request and rows.

    `row_key` is what bulk actions post; `demo_key` the field that marks a row of demo data among others.
    """

    key: str
    columns: Sequence[Column]
    filters: Sequence[Filter] = ()
    search: Sequence[str] = ()
    order: str = ""
    page_size: int = 25
    empty: Empty | None = None
    caption: Text = ""
    phone: Literal["cards", "scroll"] = "cards"
    is_dense: bool = False
    row_key: str = "uuid"
    exports: bool = True
    file_name: str = ""
    demo_key: str = ""

    def bind(
        self,
        request: HttpRequest,
        rows: QuerySet[Any] | Sequence[Row],  # Any: a queryset of any model
        *,
        demo: bool = False,
        prefix: str = "",
        bulk: Sequence[BulkAction] = (),
        can_export: bool = True,
    ) -> BoundTable:
        """Fit the table to what a request asks; `prefix` keeps two tables of one page apart."""
        # here, because a bound table knows its declaration and not the other way round
        from zhiqiao.infra.ui.bound import BoundTable

        return BoundTable(
            self, request.GET, rows, path=request.path, demo=demo, prefix=prefix, bulk=bulk,
            can_export=can_export and self.exports,
        )  # fmt: skip
