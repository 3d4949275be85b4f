"""Tables over plain rows: order, search, filters, pages, columns, addresses, export."""

from __future__ import annotations

import io
from typing import Any

import openpyxl
import pytest
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from zhiqiao.infra.ui.bound import BoundTable
from zhiqiao.infra.ui.table import Column, Filter, Table

ROWS: list[dict[str, Any]] = [
    {"uuid": "1", "name": "焊接", "kind": "tool", "count": 5, "share": 0.5},
    {"uuid": "2", "name": "=1+1", "kind": "tool", "count": 20, "share": None},
    {"uuid": "3", "name": "Python", "kind": "language", "count": 9, "share": 0.25},
]
TABLE = Table(
    key="skills",
    columns=(
        Column("name", "技能", is_head=True),
        Column("count", "数量", "number"),
        Column("share", "占比", "share", unknown="样本太少"),
        Column("kind", "类别", is_extra=True, sort=None),
    ),
    filters=(Filter("kind", "类别", (("tool", "工具"), ("language", "语言"))),),
    search=("name",),
    order="-count",
    page_size=2,
)


def bind(query: str = "", **options: Any) -> BoundTable:
    return TABLE.bind(RequestFactory().get(f"/x/{query}"), ROWS, **options)


def names(table: BoundTable) -> list[object]:
    return [row.cells[0].text for row in table.rows]


def test_the_declared_order_holds_until_the_reader_chooses_one() -> None:
    assert names(bind()) == ["=1+1", "Python"]
    assert names(bind("?order=count")) == ["焊接", "Python"]


def test_unknown_values_come_last_in_both_directions() -> None:
    assert [row["uuid"] for row in bind("?order=share").matching] == ["3", "1", "2"]
    assert [row["uuid"] for row in bind("?order=-share").matching] == ["1", "3", "2"]


@pytest.mark.parametrize(
    "query", ["?order=nothing", "?order=kind", "?page=-1", "?page=x", "?kind=<b>", "?col=zz"]
)
def test_nonsense_in_the_address_changes_nothing(query: str) -> None:
    assert names(bind(query))[0] in {"=1+1", "焊接"}


def test_search_finds_whatever_the_case() -> None:
    assert names(bind("?q=PYTHON")) == ["Python"]


def test_a_filter_narrows_and_offers_the_way_back() -> None:
    table = bind("?kind=tool&q=焊&page=2")
    assert names(table) == ["焊接"]
    [shown] = table.filters
    assert shown.chosen_label == "工具"
    assert "kind=" not in shown.clear_url
    assert "page=" not in shown.clear_url


def test_extra_columns_show_when_chosen_and_the_row_name_always() -> None:
    assert [column.key for column in bind().columns] == ["name", "count", "share"]
    assert [column.key for column in bind("?col=kind").columns] == ["name", "kind"]


def test_a_head_leads_to_the_other_direction() -> None:
    heads = {head.column.key: head for head in bind().heads}
    assert heads["count"].direction == "descending"
    assert heads["count"].url == "/x/?order=count"
    assert heads["share"].url == "/x/?order=-share"
    assert bind("?col=kind").heads[1].url == ""


def test_two_tables_of_a_page_do_not_disturb_each_other() -> None:
    table = bind("?order=count&b-order=-name", prefix="b")
    assert table.order is not None
    assert table.order[0].key == "name"
    assert "b-page=2" in table.next_url


def test_the_columns_form_keeps_the_filter_and_drops_the_page() -> None:
    assert bind("?kind=tool&page=2&col=count").kept_by_columns == [("kind", "tool")]


def test_a_csv_export_has_all_rows_and_no_formula() -> None:
    body = bind("?export=csv").response().content.decode("utf-8-sig")
    assert body.splitlines() == ["技能,数量,占比", "'=1+1,20,", "Python,9,0.25", "焊接,5,0.5"]


def test_a_demo_export_says_so_in_every_row_and_in_its_name() -> None:
    response = bind("?export=xlsx", demo=True).response()
    book = openpyxl.load_workbook(io.BytesIO(response.content))
    rows = list(book.worksheets[0].values)
    assert rows[0][-1] == "说明"
    assert {row[-1] for row in rows[1:]} == {"演示数据"}
    assert "%E6%BC%94%E7%A4%BA" in response["Content-Disposition"]


def test_an_export_may_be_forbidden() -> None:
    assert bind("?export=csv", can_export=False).export == ""
    assert bind("?export=exe").export == ""


@given(st.lists(st.integers() | st.none(), max_size=30), st.integers(min_value=1, max_value=5))
def test_the_pages_together_hold_every_row_once(values: list[int | None], size: int) -> None:
    rows = [{"uuid": str(at), "count": value} for at, value in enumerate(values)]
    table = Table(key="t", columns=(Column("count", "n", "number"),), page_size=size, order="count")
    seen: list[str] = []
    for page in range(1, max(1, -(-len(rows) // size)) + 1):
        bound = table.bind(RequestFactory().get(f"/?page={page}"), rows)
        seen += [row.key for row in bound.rows]
    assert sorted(seen) == sorted(row["uuid"] for row in rows)
