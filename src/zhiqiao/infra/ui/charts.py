"""Charts as plain data: the JSON an island draws, and the same figures as a table for those who read tables.

Shapes (all texts already in the reader's language; None is unknown):

- bar: `categories`, `series` [{name, data, count?}]
- line: `categories`, `series` [{name, data, low?, high?, dashed?, hatched?}]
- heatmap: `x`, `y`, `values` (one list per y), `x_title`, `y_title`
- graph: `kinds` {key: label}, `nodes` [{id, label, kind, url?, note?}], `edges` [{source, target, label?, weight?}]

Each may carry `title`, `unit` ("%" for shares already in per cent), `note`, `demo`, and `links`: one address per
category (bar, line) or per cell (heatmap); an address that starts with /evidence/ opens the drawer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

from django.utils.translation import gettext as _

from zhiqiao.infra.ui import formats

ChartType = Literal["bar", "line", "heatmap", "graph"]
ChartData = Mapping[str, Any]  # Any: plain JSON, its shape differs per type


@dataclass(frozen=True)
class Cell:
    """A cell of the twin; `text` None is unknown."""

    text: str | None
    url: str = ""
    is_number: bool = True


@dataclass(frozen=True)
class Twin:
    """A chart's figures as a table."""

    columns: Sequence[str]
    rows: Sequence[tuple[str, Sequence[Cell]]]


def twin(kind: ChartType, data: ChartData) -> Twin:
    """Return the table of a chart's figures; ValueError when the type is none of the four."""
    match kind:
        case "bar" | "line":
            return _series(data)
        case "heatmap":
            return _matrix(data)
        case "graph":
            return _edges(data)
        case _:  # a template's word is not checked by types
            message = f"chart type {kind!r} is none of {get_args(ChartType)}"  # type: ignore[unreachable]
            raise ValueError(message)


def labels() -> dict[str, str]:
    """Return the words an island shows."""
    return {
        "table": _("看表格"),
        "chart": _("看图"),
        "unknown": _("未知"),
        "count": _("数量"),
        "interval": _("区间"),
        "keys": _("用方向键逐项查看，按回车打开"),
        "failed": _("图没有画出来，请看表格。"),
    }


def _figure(value: object, unit: str) -> str | None:
    if value is None:
        return None
    if isinstance(value, (int, float)):
        return formats.number(value) + (unit if unit == "%" else "")
    return str(value)


def _series(data: ChartData) -> Twin:
    unit = str(data.get("unit", ""))
    columns = [str(data.get("category_title", _("项目")))]
    for series in data["series"]:
        columns.append(_with_unit(str(series["name"]), unit))
        columns.extend([_("数量")] if series.get("count") else [])
        columns.extend([_("区间")] if series.get("low") else [])
    links = data.get("links") or []
    rows = []
    for at, category in enumerate(data["categories"]):
        url = links[at] if at < len(links) else ""
        rows.append((str(category), _row(data["series"], at, unit=unit, url=url or "")))
    return Twin(columns, rows)


def _row(several: Sequence[ChartData], at: int, *, unit: str, url: str) -> list[Cell]:
    cells = []
    for series in several:
        cells.append(Cell(_figure(series["data"][at], unit), url))
        if series.get("count"):
            cells.append(Cell(_figure(series["count"][at], "")))
        if series.get("low"):
            low, high = _figure(series["low"][at], unit), _figure(series["high"][at], unit)
            cells.append(Cell(f"{low} – {high}" if low and high else None))
    return cells


def _matrix(data: ChartData) -> Twin:
    unit = str(data.get("unit", ""))
    links = data.get("links") or []
    rows = []
    for at, name in enumerate(data["y"]):
        urls = links[at] if at < len(links) else []
        cells = [
            Cell(_figure(value, unit), (urls[column] or "") if column < len(urls) else "")
            for column, value in enumerate(data["values"][at])
        ]
        rows.append((str(name), cells))
    return Twin([str(data.get("y_title", "")), *map(str, data["x"])], rows)


def _edges(data: ChartData) -> Twin:
    nodes = {node["id"]: node for node in data["nodes"]}
    kinds = data.get("kinds", {})
    rows = []
    for edge in data["edges"]:
        source, target = nodes[edge["source"]], nodes[edge["target"]]
        cells = [
            Cell(str(edge.get("label", "→")), is_number=False),
            Cell(str(target["label"]), str(target.get("url", "")), is_number=False),
            Cell(str(kinds.get(target.get("kind"), "")), is_number=False),
        ]
        rows.append((str(source["label"]), cells))
    return Twin([_("从"), _("关系"), _("到"), _("类别")], rows)


def _with_unit(name: str, unit: str) -> str:
    return f"{name} ({unit})" if unit and unit != "%" else name
