"""A training plan as rows of tables, as it is stored and edited, and the one `Plan` value that they stand for.

Nothing is lost on the way: what is unknown has no entry, what is known to be empty is told in `known` of the row that
holds the plan's own fields.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias, cast

from zhiqiao.engines import plans
from zhiqiao.engines.kernel import from_json, read_json
from zhiqiao.engines.plans import Plan

__all__ = ["HEAD", "TABLES", "Content", "Document", "Table", "document_of", "plan_of", "row_shape"]

#: The fields of a row as exact JSON: texts, truths, whole and decimal numbers, lists, objects.
Content: TypeAlias = dict[str, object]
#: The table, and the key of its only row, that hold the plan's own fields.
HEAD = "plan"


@dataclass(frozen=True)
class Table:
    """A list of a plan whose rows are edited one by one: where it stands, and the field that names a row."""

    name: str
    row: type[object] | None
    names_by: str = "key"
    within: str = ""

    @property
    def field(self) -> str:
        """Return the name of the list where it stands."""
        return self.name


_ALL = (
    Table("posts", plans.Post, within="orientation"),
    Table("goals", plans.Goal),
    Table("specification", plans.SpecificationItem),
    Table("layers", plans.Layer),
    Table("courses", plans.Course),
    Table("groups", plans.Group),
    Table("substitutions", plans.Substitution),
    Table("terms", plans.Term, names_by="number"),
    Table("week_activities", plans.WeekActivity),
    Table("placements", plans.Placement),
    Table("certificates", plans.Certificate),
    Table("conversions", plans.Conversion),
    Table("tasks", plans.WorkTask),
    Table("experts", plans.Expert),
    Table("leaves", plans.Leaf),
    Table("editions", plans.Edition),
    # texts by key: a row holds its `text`
    Table("sections", None),
)
TABLES: Mapping[str, Table] = {one.name: one for one in _ALL}


@dataclass
class Document:
    """The rows of all tables by key, in their order."""

    tables: dict[str, dict[str, Content]] = field(default_factory=dict)

    def rows(self, table: str) -> dict[str, Content]:
        """Return the rows of a table by key."""
        return self.tables.setdefault(table, {})

    @property
    def head(self) -> Content:
        """Return the plan's own fields."""
        return self.rows(HEAD).setdefault(HEAD, {})

    def is_known(self, table: str) -> bool:
        """Say whether a table without rows is known to have none."""
        return bool(self.rows(table)) or bool(cast("Content", self.head.get("known", {})).get(table))


def document_of(plan: Plan) -> Document:
    """Return a plan as rows."""
    shape = cast("Content", read_json(plans.plan_json(plan)))
    document, known = Document(), Content()
    for table in TABLES.values():
        holder = cast("Content", shape.get(table.within, {})) if table.within else shape
        held = holder.pop(table.field, None)
        rows = _rows(table, held)
        if held is not None and not rows:
            known[table.name] = True
        document.tables[table.name] = rows
    document.tables[HEAD] = {HEAD: {**shape, **({"known": known} if known else {})}}
    return document


def _rows(table: Table, held: object) -> dict[str, Content]:
    if isinstance(held, dict):
        return {key: {"text": text} for key, text in held.items()}
    rows = cast("Iterable[Content]", held or ())
    return {
        str(row[table.names_by]): {name: part for name, part in row.items() if name != table.names_by}
        for row in rows
    }


def plan_of(document: Document) -> Plan:
    """Return the plan that the rows stand for; raises `kernel.ShapeError` where they stand for none."""
    shape: Content = {name: part for name, part in document.head.items() if name != "known"}
    for table in TABLES.values():
        if not document.is_known(table.name):
            continue
        rows = document.rows(table.name)
        held: object = [row_shape(table, key, content) for key, content in rows.items()]
        if table.row is None:
            held = {key: content["text"] for key, content in rows.items() if "text" in content}
        if table.within:
            shape[table.within] = {**cast("Content", shape.get(table.within, {})), table.field: held}
        else:
            shape[table.field] = held
    return from_json(Plan, shape)


def row_shape(table: Table, key: str, content: Content) -> Content:
    """Return a row with its name, as the file of a plan holds it."""
    number = table.names_by == "number" and key.isdecimal()
    return {table.names_by: int(key) if number else key, **content}
