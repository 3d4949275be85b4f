"""A plan as it is printed: the sections of the outline with their texts and tables. No file format is known here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import cast

from zhiqiao.engines.kernel import read_json
from zhiqiao.engines.planfiles._cells import NOTHING, Codec
from zhiqiao.engines.planfiles._course_layout import course_table
from zhiqiao.engines.planfiles._grids import Box, Grid, Line, Piece
from zhiqiao.engines.planfiles._notes import Place
from zhiqiao.engines.planfiles._printed import Column, Layout, Part, Section, Table
from zhiqiao.engines.planfiles._specs import FORMS, NAMED_ROWS, SPECS, Kind, TableSpec, kind_of
from zhiqiao.engines.planfiles._text import printable
from zhiqiao.engines.planfiles._tree import Tree, differences, fingerprint, get, value_text
from zhiqiao.engines.planfiles._words import Words
from zhiqiao.engines.plans import Plan, plan_json

#: Written in a section that the plan does not have, and in one whose text is empty.
UNFILLED, EMPTY = "（未填写）", "（空）"
_NUMERIC = frozenset({"number", "whole", "weeks"})


def lay_out(plan: Plan, words: Words) -> Layout:
    """Return the printed plan without what only the appendix of other data holds."""
    tree = tree_of(plan)
    programme = cast("Mapping[str, str]", tree.get("programme") or {})
    name = programme.get("name") or "（专业名称未填写）"
    year = tree.get("entry_year")
    codec = Codec(words, names_of(tree))
    return Layout(
        title=printable(f"{name}专业人才培养方案"),
        subtitle=f"（{year} 级）" if year is not None else "",
        parts=tuple(_parts(tree, codec)),
    )


def with_rest(layout: Layout, rest: Sequence[tuple[str, object, object]], words: Words) -> Layout:
    """Return the printed plan with the table of other data: what differs between the plan and what its tables say."""
    if not rest:
        return layout
    table = words.tables["rest"]
    columns = tuple(
        Column(listed[0], width=width)
        for listed, width in zip(table.columns.values(), (3.0, 8.0, 1.6), strict=True)
    )
    rows = tuple((path, value_text(wanted), fingerprint(found)) for path, wanted, found in rest)
    return replace(layout, parts=(*layout.parts, Table("rest", table.title[0], columns, rows)))


def tree_of(plan: Plan) -> Tree:
    """Return a plan as JSON values with exact numbers."""
    return cast("Tree", read_json(plan_json(plan)))


def differing(plan: Plan, read: Tree) -> list[tuple[str, object, object]]:
    """Return in what places a plan differs from what was read of its tables."""
    return list(differences(tree_of(plan), read))


def names_of(tree: Tree) -> dict[str, dict[str, str]]:
    """Return the names of rows that others refer to, by table and key."""
    found: dict[str, dict[str, str]] = {}
    for table, path in NAMED_ROWS.items():
        rows = get(tree, path)
        found[table] = {
            str(row["key"]): str(row.get("name") or row["key"])
            for row in (rows if isinstance(rows, list) else [])
            if isinstance(row, dict) and row.get("key")
        }
    return found


def _parts(tree: Tree, codec: Codec) -> Iterator[Part]:
    sections = tree.get("sections")
    texts = cast("Mapping[str, str]", sections) if isinstance(sections, Mapping) else {}
    for key, names in codec.words.sections.items():
        yield Section(key, names[0], _lines(texts.get(key)))
        for title, section, roots in FORMS:
            if section == key:
                yield from _form(tree, title, roots.split(), codec)
        for spec in SPECS:
            if spec.section == key:
                yield from _table(tree, spec, codec)


def _lines(text: str | None) -> tuple[str, ...]:
    if text is None:
        return (UNFILLED,)
    return tuple(line.strip() for line in printable(text).split("\n") if line.strip()) or (EMPTY,)


def _form(tree: Tree, title: str, roots: Sequence[str], codec: Codec) -> Iterator[Table]:
    """Return a table 项目｜内容: of the plan's own data with blanks to be filled, else of what is known."""
    rows = []
    for place, names in codec.words.items.items():
        if place.partition(".")[0] in roots:
            text = codec.write(kind_of(Plan, place), get(tree, place))
            if text or "key" in roots:
                rows.append((names[0], printable(text)))
    if rows:
        yield Table("form", title, (Column("项目", width=2.0), Column("内容", width=5.0)), tuple(rows))


def _table(tree: Tree, spec: TableSpec, codec: Codec) -> Iterator[Table]:
    held = get(tree, spec.at)
    if held is None:
        return
    if spec.name == "courses":
        yield course_table(cast("list[Tree]", held), tree, codec)
        return
    words = codec.words.tables[spec.name]
    fields = list(words.columns)
    kinds = [column_kind(spec, field) for field in fields]
    rows = [
        tuple(printable(codec.write(kind, value)) for kind, value in zip(kinds, values, strict=True))
        for values in _values(spec, held, fields)
    ]
    if spec.name == "requirements":
        keep = [at for at in range(len(fields)) if at == 0 or any(row[at] for row in rows)]
        rows = [tuple(row[at] for at in keep) for row in rows if any(row[1:])]
        fields, kinds = [fields[at] for at in keep], [kinds[at] for at in keep]
    if spec.name in {"requirements", "records", "report"} and not rows:
        return
    columns = tuple(
        Column(words.columns[field][0], numeric=kind.name in _NUMERIC)
        for field, kind in zip(fields, kinds, strict=True)
    )
    empty = (NOTHING, *[""] * (len(columns) - 1))
    yield Table(spec.name, words.title[0], columns, tuple(rows) or (empty,), wide=len(columns) > 8)


def column_kind(spec: TableSpec, field: str) -> Kind:
    """Return the kind of a table's column."""
    if spec.shape == "texts":
        return Kind("key", spec.vocabulary) if field == "key" else Kind("text")
    if spec.name == "requirements" and field == "course":
        return Kind("reference", "courses")
    if field == "key" and spec.vocabulary:
        return Kind("key", spec.vocabulary)
    return kind_of(spec.row, field)


def _values(spec: TableSpec, held: object, fields: Sequence[str]) -> Iterator[list[object]]:
    if spec.shape == "one":
        yield [get(held, field) for field in fields]
    elif spec.shape == "texts":
        yield from ([key, cast("object", text)] for key, text in cast("Mapping[str, str]", held).items())
    elif spec.shape == "named":
        for key, row in cast("Mapping[str, object]", held).items():
            if isinstance(row, Mapping):
                yield [key, *(get(row, field) for field in fields[1:])]
    else:
        for row in cast("list[Tree]", held):
            yield [
                row["key"] if field == "course" and spec.name == "requirements" else get(row, field)
                for field in fields
            ]


def pieces_of(layout: Layout) -> list[Piece]:
    """Return the printed plan as a reader of its file meets it."""
    found: list[Piece] = []
    number = 0
    for part in layout.parts:
        if isinstance(part, Section):
            found.append(Line(part.title, Place(), heading=True))
            found += [Line(line, Place()) for line in part.lines]
        else:
            number += 1
            found += [Line(f"表{number}　{part.title}", Place()), _grid(part, number)]
    return found


def _grid(table: Table, number: int) -> Grid:
    titles = [column.title for column in table.columns]
    groups = [column.group for column in table.columns]
    cells = [list(titles), *map(list, table.rows)]
    boxes = []
    if any(groups):
        cells.insert(0, [group or title for group, title in zip(groups, titles, strict=True)])
        for at, group in enumerate(groups):
            if not group:
                cells[1][at] = ""
                boxes.append(Box(0, at, 1, at))
    return Grid(cells, table=number, boxes=boxes)
