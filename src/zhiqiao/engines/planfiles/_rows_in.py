"""The smaller tables of a plan: rows by key, a single row, objects by step, and the tables 项目｜内容."""

from __future__ import annotations

from collections.abc import Iterable
from typing import cast

from zhiqiao.engines.planfiles._cells import NOTHING
from zhiqiao.engines.planfiles._grids import Grid
from zhiqiao.engines.planfiles._headings import Head, Heading, field_of
from zhiqiao.engines.planfiles._layout import column_kind
from zhiqiao.engines.planfiles._reading import Reading
from zhiqiao.engines.planfiles._specs import NAMED_ROWS, TableSpec, kind_of
from zhiqiao.engines.planfiles._tree import Tree, get, put
from zhiqiao.engines.plans import Plan
from zhiqiao.engines.tabular import fold_name

_ROW_NAME = {"terms": "number"}


def read_form(grid: Grid, rows: Iterable[int], reading: Reading) -> None:
    """Read a table of items and what they hold, also with several pairs in a row."""
    for row in rows:
        cells = grid.distinct(row)
        at = 0
        while at < len(cells):
            place = reading.words.item_places.get(fold_name(cells[at][1]))
            beside = cells[at + 1] if at + 1 < len(cells) else None
            taken = beside is not None and reading.words.item_places.get(fold_name(beside[1])) is None
            if place is None:
                joined = " ".join(text for _, text in cells[at:])
                reading.notes.add("unknown_item", grid.place(row), text=joined)
                break
            if beside is not None and taken:
                where = grid.place(row, beside[0].left)
                value = reading.cell(kind_of(Plan, place), beside[1], where, place)
                if value is not None:
                    put(reading.tree, place, value)
            at += 2 if taken else 1


def is_form(grid: Grid, row: int, reading: Reading) -> bool:
    """Tell whether a row is the beginning of such a table: it is headed so, or names an item with what it holds."""
    cells = [fold_name(text) for _, text in grid.distinct(row)]
    if cells == ["项目", "内容"]:
        return True
    return (
        2 <= len(cells) <= 4
        and cells[0] in reading.words.item_places
        and cells[1] not in reading.words.item_places
    )


def read_rows(spec: TableSpec, grid: Grid, heading: Heading, rows: Iterable[int], reading: Reading) -> None:
    """Read a table of the list into the plan."""
    heads = _heads(spec, grid, heading, reading)
    held = get(reading.tree, spec.at) if spec.shape == "rows" else None
    found = held if isinstance(held, list) else []
    for row in rows:
        texts = {name: grid.across(row, head.left, head.right) for name, head in heads.items()}
        if not any(texts.values()):
            continue
        filled = [text for text in texts.values() if text]
        if filled == [NOTHING] and spec.shape == "rows":
            continue
        if spec.name == "requirements":
            _requirement(spec, grid, row, heads, reading)
            continue
        data = _row(spec, (grid, row), heads, reading, f"{spec.at}[{len(found)}]")
        if spec.shape == "rows":
            _add(spec, (grid, row), data, found, reading)
        elif spec.shape == "one":
            put(reading.tree, spec.at, data)
        elif spec.shape == "named" and "key" in data:
            put(reading.tree, f"{spec.at}.{data.pop('key')}", data)
        elif spec.shape == "texts" and "key" in data:
            put(reading.tree, f"{spec.at}.{data['key']}", data.get("text", ""))
    if spec.shape == "rows" and spec.name != "requirements":
        put(reading.tree, spec.at, found)
        if spec.name in NAMED_ROWS:
            reading.names[spec.name] = {str(row["key"]): str(row.get("name") or row["key"]) for row in found}


def _heads(spec: TableSpec, grid: Grid, heading: Heading, reading: Reading) -> dict[str, Head]:
    words = reading.words.tables[spec.name]
    found: dict[str, Head] = {}
    for head in heading.heads:
        name = field_of(head, words)
        if name is None:
            reading.notes.add("column_left", grid.columns_place(head.left), text=" ".join(head.texts))
        elif name in found:
            reading.notes.add("column_twice", grid.columns_place(head.left), text=" ".join(head.texts))
        else:
            found[name] = head
    return found


def _row(spec: TableSpec, at: tuple[Grid, int], heads: dict[str, Head], reading: Reading, path: str) -> Tree:
    grid, row = at
    data: Tree = {}
    for name, head in heads.items():
        text = grid.across(row, head.left, head.right)
        place = grid.place(row, head.left)
        value = reading.cell(column_kind(spec, name), text, place, f"{path}.{name}")
        if value is not None:
            put(data, name, value)
    return data


def _add(spec: TableSpec, at: tuple[Grid, int], data: Tree, found: list[object], reading: Reading) -> None:
    """Add a row; one without a key gets one where it holds anything, one whose key stands already gets another."""
    grid, row = at
    name = _ROW_NAME.get(spec.name, "key")
    taken = {str(cast("Tree", one)[name]) for one in found}
    place = grid.place(row)
    if name not in data and spec.name == "terms":
        texts = " ".join(text for _, text in grid.distinct(row))
        reading.notes.add("row_without_key", place, spec.at, text=texts)
        return
    if name not in data:
        data[name] = next(
            key for n in range(len(found) + 1, 100_000) if (key := f"{spec.name}-{n}") not in taken
        )
        reading.notes.add("row_key_made", place, spec.at, value=data[name])
    elif str(data[name]) in taken:
        key = next(key for n in range(2, 100_000) if (key := f"{data[name]}-{n}") not in taken)
        reading.notes.add("key_twice", place, spec.at, text=data[name], value=key)
        if spec.name == "terms":
            return
        data[name] = key
    reading.places[f"{spec.at}[{data[name]}]"] = place
    found.append({name: data.pop(name), **data})


def _requirement(spec: TableSpec, grid: Grid, row: int, heads: dict[str, Head], reading: Reading) -> None:
    """Add what a row says to its course."""
    head = heads["course"]
    text = grid.across(row, head.left, head.right)
    place = grid.place(row, head.left)
    key = reading.cell(column_kind(spec, "course"), text, place, "courses")
    course = get(reading.tree, f"courses[{key}]")
    if not isinstance(course, dict):
        reading.notes.add("unknown_course", place, "courses", text=text)
        return
    more = {name: one for name, one in heads.items() if name != "course"}
    for name, value in _row(spec, (grid, row), more, reading, f"courses[{key}]").items():
        course[name] = value
