"""The table twin says exactly what the chart draws."""

from __future__ import annotations

import pytest

from zhiqiao.infra.ui.charts import Cell, twin


def test_a_bar_with_counts_has_a_column_for_each() -> None:
    data = {
        "unit": "%",
        "categories": ["A", "B"],
        "series": [{"name": "占比", "data": [12.5, None], "count": [5, 0]}],
    }
    table = twin("bar", data)
    assert list(table.columns) == ["项目", "占比", "数量"]
    assert table.rows[0] == ("A", [Cell("12.5%"), Cell("5")])
    assert table.rows[1][1][0].text is None


def test_an_interval_stands_beside_its_figure() -> None:
    series = {"name": "需求", "data": [40, 44], "low": [40, None], "high": [40, 49]}
    table = twin("line", {"unit": "条", "categories": ["10", "11"], "series": [series]})
    assert table.columns[1] == "需求 (条)"
    assert [row[1][1].text for row in table.rows] == ["40 – 40", None]


def test_links_reach_the_cells_they_belong_to() -> None:
    data = {"categories": ["A", "B"], "series": [{"name": "n", "data": [1, 2]}], "links": ["/a/", None]}
    assert [row[1][0].url for row in twin("bar", data).rows] == ["/a/", ""]


def test_a_heatmap_has_one_row_per_y() -> None:
    data = {"x": ["s", "t"], "y": ["p"], "values": [[3, None]], "links": [["/x/", None]]}
    table = twin("heatmap", data)
    assert list(table.columns) == ["", "s", "t"]
    assert table.rows == [("p", [Cell("3", "/x/"), Cell(None)])]


def test_a_graph_is_a_list_of_its_edges() -> None:
    nodes = [
        {"id": "a", "label": "岗", "kind": "post"},
        {"id": "b", "label": "技", "kind": "skill", "url": "/s/"},
    ]
    data = {"kinds": {"skill": "技能"}, "nodes": nodes, "edges": [{"source": "a", "target": "b"}]}
    [(source, cells)] = twin("graph", data).rows
    assert source == "岗"
    assert [cell.text for cell in cells] == ["→", "技", "技能"]


def test_an_unknown_type_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="pie"):
        twin("pie", {})  # type: ignore[arg-type]
