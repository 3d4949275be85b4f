"""The difference of two versions, readable: rows added, removed and changed with their fields; sums of both."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from zhiqiao.apps.teaching.columns import Column, Grid, Part
from zhiqiao.apps.teaching.document import Content, Document, plan_of
from zhiqiao.apps.teaching.operations import value_at
from zhiqiao.apps.teaching.shown import value_text
from zhiqiao.apps.teaching.sums import sums_of
from zhiqiao.infra.ui import formats

__all__ = ["Difference", "FieldChange", "RowChange", "TableChange", "difference"]


@dataclass(frozen=True)
class FieldChange:
    """A field with what stood and what stands; empty is unknown."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class RowChange:
    """A row that was added, removed or changed."""

    kind: str
    key: str
    name: str
    fields: tuple[FieldChange, ...]


@dataclass(frozen=True)
class TableChange:
    """What changed in a table."""

    title: str
    rows: tuple[RowChange, ...]

    def count(self, kind: str) -> int:
        """Return how many rows were added, removed or changed."""
        return sum(row.kind == kind for row in self.rows)

    @property
    def added(self) -> int:
        """Return how many rows were added."""
        return self.count("added")

    @property
    def removed(self) -> int:
        """Return how many rows were removed."""
        return self.count("removed")

    @property
    def changed(self) -> int:
        """Return how many rows were changed."""
        return self.count("changed")


@dataclass(frozen=True)
class Difference:
    """All that differs between two versions."""

    sums: tuple[FieldChange, ...]
    fields: tuple[FieldChange, ...]
    texts: tuple[FieldChange, ...]
    tables: tuple[TableChange, ...]

    @property
    def is_empty(self) -> bool:
        """Say whether both versions hold the same."""
        return not (self.fields or self.texts or self.tables)


def difference(before: Document, after: Document, shown: tuple[Part, ...], *, on: date) -> Difference:
    """Compare two versions field by field, in the order of the editor."""
    texts = []
    for part in shown:
        for section in part.sections:
            old, new = (
                str(one.rows("sections").get(section.value, {}).get("text", "")) for one in (before, after)
            )
            texts += [FieldChange(section.label, old, new)] if old != new else []
    fields = [
        change
        for part in shown
        for column in part.fields
        for change in _field(column, before.head, after.head, before, after)
    ]
    tables = [_table(grid, before, after) for part in shown for grid in part.grids]
    return Difference(
        sums=tuple(_sums(before, after, on)),
        fields=tuple(fields),
        texts=tuple(texts),
        tables=tuple(one for one in tables if one.rows),
    )


def _sums(before: Document, after: Document, on: date) -> Iterator[FieldChange]:
    old, new = (sums_of(plan_of(one), on=on) for one in (before, after))
    yield FieldChange(_("课程"), formats.number(old.total.courses), formats.number(new.total.courses))
    yield FieldChange(_("总学时"), formats.number(old.total.hours), formats.number(new.total.hours))
    yield FieldChange(_("总学分"), formats.number(old.total.credits), formats.number(new.total.credits))
    shares = [
        formats.percent(one.total.share, places=1) if one.total.share is not None else ""
        for one in (old, new)
    ]
    yield FieldChange(_("实践占比"), *shares)
    yield FieldChange(_("选修学时"), formats.number(old.electives), formats.number(new.electives))


def _table(grid: Grid, before: Document, after: Document) -> TableChange:
    old, new = before.rows(grid.table), after.rows(grid.table)
    renamed = _renamed(old, new)
    found = []
    for key, row in new.items():
        was = renamed.get(key, key)
        if was not in old:
            found.append(RowChange("added", key, _name(row), tuple(_all(grid, row, after, is_new=True))))
            continue
        fields = [
            change for column in grid.columns for change in _field(column, old[was], row, before, after)
        ]
        if was != key:
            fields.insert(0, FieldChange(_key_label(grid), was, key))
        if fields:
            found.append(RowChange("changed", key, _name(row), tuple(fields)))
    taken = {renamed.get(key, key) for key in new}
    found += [
        RowChange("removed", key, _name(row), tuple(_all(grid, row, before, is_new=False)))
        for key, row in old.items()
        if key not in taken
    ]
    return TableChange(grid.title, tuple(found))


def _renamed(old: dict[str, Content], new: dict[str, Content]) -> dict[str, str]:
    """Return the old keys of rows that kept their name, each name standing once, and took another key."""
    gone = [key for key in old if key not in new]
    came = [key for key in new if key not in old]
    by_name: dict[str, list[str]] = {}
    for key in gone:
        by_name.setdefault(_name(old[key]), []).append(key)
    found = {}
    for key in came:
        name = _name(new[key])
        same = by_name.get(name, [])
        if name and len(same) == 1 and sum(_name(new[one]) == name for one in came) == 1:
            found[key] = same[0]
    return found


def _field(
    column: Column, old: Content, new: Content, before: Document, after: Document
) -> Iterator[FieldChange]:
    if column.kind == "key":
        return
    was, now = value_at(old, column.path), value_at(new, column.path)
    if was != now:
        yield FieldChange(column.head, value_text(column, was, before), value_text(column, now, after))


def _all(grid: Grid, row: Content, document: Document, *, is_new: bool) -> Iterator[FieldChange]:
    for column in grid.columns:
        text = "" if column.kind == "key" else value_text(column, value_at(row, column.path), document)
        if text:
            yield FieldChange(column.head, "" if is_new else text, text if is_new else "")


def _key_label(grid: Grid) -> str:
    return next(column.label for column in grid.columns if column.kind == "key")


def _name(row: Content) -> str:
    return str(row.get("name") or row.get("text") or "")
