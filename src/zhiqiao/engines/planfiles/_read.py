"""A plan from the lines and grids of a file: sections by their headings, tables by theirs, the rest told."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import cast

from zhiqiao.engines.kernel import ShapeError, from_json
from zhiqiao.engines.planfiles._courses_in import read_course_table, take_courses
from zhiqiao.engines.planfiles._grids import Grid, Line, Piece
from zhiqiao.engines.planfiles._headings import Heading, find_heading
from zhiqiao.engines.planfiles._layout import EMPTY, UNFILLED
from zhiqiao.engines.planfiles._notes import Note, Place
from zhiqiao.engines.planfiles._reading import Reading
from zhiqiao.engines.planfiles._rows_in import is_form, read_form, read_rows
from zhiqiao.engines.planfiles._specs import SPECS
from zhiqiao.engines.planfiles._statement_in import is_title, read_statements, read_title
from zhiqiao.engines.planfiles._tree import Tree, fingerprint, get, put, read_value
from zhiqiao.engines.planfiles._words import Words, forms
from zhiqiao.engines.plans import Plan

_NUMBERING = re.compile(
    r"^\s*(第?[一二三四五六七八九十]{1,3}(部分|章)?[、.．\s]|\d{1,2}[、.．]?\s*(?=\D)|[（(][一二三四五六七八九十\d]{1,3}[）)])\s*"
)
_CAPTION = re.compile(r"^\s*(?:附?表\s*[\d一二三四五六七八九十]+(?:[-－.]\d+)?)[\s　:：.、]*(.*)$")
_LONGEST_HEADING = 40
#: Tables in the order in which they are read: rows that others refer to come first.
_FIRST = ("posts", "certificates", "tasks", "courses")


@dataclass(frozen=True)
class Imported:
    """What a file gave: the plan as far as it could be read, and everything met on the way."""

    plan: Plan
    notes: tuple[Note, ...]


@dataclass
class _Found:
    """A table found in a grid, with what stood above it."""

    grid: Grid
    name: str
    heading: Heading | None
    rows: list[int] = field(default_factory=list)
    category: str | None = None


class _Reader:
    def __init__(self, words: Words) -> None:
        self.reading = Reading(words)
        self.sections: dict[str, list[str]] = {}
        self._with_table: set[str] = set()
        self._section: str | None = None
        self._caption: str | None = None
        self._category: str | None = None
        self._tables: list[_Found] = []
        self._styled = False
        self._titles: list[str] = []

    def read(self, pieces: Sequence[Piece]) -> Tree:
        self._styled = any(isinstance(one, Line) and one.heading and self._opens(one.text) for one in pieces)
        for piece in pieces:
            if isinstance(piece, Line):
                self._line(piece)
            else:
                self._grid(piece)
        self._take_tables()
        self._take_sections()
        for title in self._titles:
            read_title(title, self.reading)
        return self.reading.tree

    def _opens(self, text: str) -> str | None:
        """Return the section that a heading opens; one inside another section (（一）…) opens none."""
        if len(text) > _LONGEST_HEADING or "\n" in text or text.lstrip().startswith(("（", "(")):
            return None
        return self.reading.words.section(_NUMBERING.sub("", text))

    def _line(self, line: Line) -> None:
        words = self.reading.words
        caption = _CAPTION.match(line.text)
        title = next(
            (name for name in (caption[1] if caption else "", line.text) if self._table_titled(name)), None
        )
        section = self._opens(line.text)
        is_numbered = bool(_NUMBERING.match(line.text))
        if title is not None:
            self._caption = self._table_titled(title)
        elif section and (
            line.heading or (not self._styled and (is_numbered or section not in self.sections))
        ):
            if section in self.sections:
                self.reading.notes.add("section_twice", line.place, f"sections.{section}", text=line.text)
            self._section = section
            self.sections.setdefault(section, [])
            self._category = None
        elif self._section is None:
            if is_title(line.text):
                self._titles.append(line.text)
            else:
                self.reading.notes.add("text_before", line.place, text=line.text)
        elif not caption:
            self.sections[self._section].append(line.text)
        if section is None and len(line.text) <= _LONGEST_HEADING:
            named = words.value("category", _NUMBERING.sub("", caption[1] if caption else line.text))
            self._category = named or (None if is_numbered else self._category)

    def _table_titled(self, text: str) -> str | None:
        folded = forms(text)
        for name, table in self.reading.words.tables.items():
            if any(form in {forms(title)[0] for title in table.title} for form in folded):
                return name
        return "form" if text.endswith(("基本信息表", "汇总表", "信息表")) else None

    def _grid(self, grid: Grid) -> None:
        words = self.reading.words
        table: _Found | None = None
        row = 0
        strange: list[int] = []
        while row < grid.height:
            cells = grid.distinct(row)
            heading = find_heading(grid, row, words, self._caption) if cells else None
            if heading is not None:
                table = self._begin(grid, heading.table, heading)
                row = heading.bottom + 1
                continue
            is_text = len(cells) == 1 and self._is_text(grid, row, inside=table is not None)
            if is_text and (self._opens(cells[0][1]) or _CAPTION.match(cells[0][1]) or table is None):
                table = None
                self._line(Line(cells[0][1], grid.place(row)))
            elif cells and table is None and is_form(grid, row, self.reading):
                table = self._begin(grid, "form", None)
                continue
            elif table is not None:
                if cells and not (table.name == "form" and _is_form_head(grid, row)):
                    table.rows.append(row)
            elif cells:
                strange.append(row)
            row += 1
        for at in strange:
            text = " ".join(text for _, text in grid.distinct(at))
            self.reading.notes.add("rows_not_understood", grid.place(at), text=text)

    def _is_text(self, grid: Grid, row: int, *, inside: bool) -> bool:
        """Tell whether the only text of a row is a line of text; inside a table it must be more than its first cell."""
        box, text = grid.distinct(row)[0]
        if grid.width == 1 or box.right - box.left + 1 >= grid.width / 2 or not inside:
            return True
        is_heading = self._opens(text) is not None and _NUMBERING.match(text) is not None
        return box.left == 0 and (is_heading or _CAPTION.match(text) is not None)

    def _begin(self, grid: Grid, name: str, heading: Heading | None) -> _Found:
        found = _Found(grid, name, heading, category=self._category if name == "courses" else None)
        self._tables.append(found)
        self._caption = None
        if self._section is not None:
            self._with_table.add(self._section)
        return found

    def _take_tables(self) -> None:
        specs = {spec.name: spec for spec in SPECS}
        for found in self._tables:
            if found.name == "form":
                read_form(found.grid, found.rows, self.reading)
        order = [*_FIRST, *(name for name in specs if name not in _FIRST)]
        for name in order:
            tables = [found for found in self._tables if found.name == name]
            if name == "courses":
                self._courses(tables)
                continue
            for found in tables:
                if found.heading is not None:
                    read_rows(specs[name], found.grid, found.heading, found.rows, self.reading)
        self._posts()

    def _courses(self, tables: Sequence[_Found]) -> None:
        read = [
            read_course_table(found.grid, found.heading, found.rows, self.reading, found.category)
            for found in tables
            if found.heading is not None
        ]
        if not read:
            self.reading.notes.add("no_courses", Place())
        take_courses([table for table in read if table.rows or table.sums] or read[:1], self.reading)
        own = cast("Tree", self.reading.tree.pop("summary_of_table", {}))
        if own and "summary" not in self.reading.tree:
            self.reading.tree["summary"] = own

    def _posts(self) -> None:
        """Put the table of posts above what the table of orientation only names."""
        named = self.reading.names.get("posts")
        rows = next((t for t in self._tables if t.name == "posts"), None)
        if rows is not None and named is not None:
            find = Reading(self.reading.words, names=self.reading.names)
            spec = next(spec for spec in SPECS if spec.name == "posts")
            if rows.heading is not None:
                read_rows(spec, rows.grid, rows.heading, rows.rows, find)
                put(self.reading.tree, spec.at, get(find.tree, spec.at))

    def _take_sections(self) -> None:
        found: dict[str, str] = {}
        for section, lines in self.sections.items():
            name = self.reading.words.sections[section][0]
            if lines == [UNFILLED]:
                continue
            if lines == [EMPTY]:
                found[section] = ""
            elif not lines and section in self._with_table:
                found[section] = "（见表）"
                self.reading.notes.add("section_is_table", Place(), f"sections.{section}", text=name)
            else:
                found[section] = "\n".join(lines)
        if not self.sections:
            self.reading.notes.add("no_sections", Place(), "sections")
            return
        for section, names in self.reading.words.sections.items():
            if section not in self.sections:
                self.reading.notes.add("section_missing", Place(), f"sections.{section}", text=names[0])
        self.reading.tree["sections"] = cast("object", found)
        read_statements(found, self.reading)

    def take_rest(self) -> None:
        """Set what the appendix of other data keeps, where the tables still say what they said when it was written."""
        for table in (found for found in self._tables if found.name == "rest" and found.heading is not None):
            columns = [head.left for head in cast("Heading", table.heading).heads]
            for row in table.rows:
                path, value, shown = (table.grid.text(row, column) for column in columns)
                place = table.grid.place(row)
                try:
                    kept = read_value(value)
                except ValueError:
                    self.reading.notes.add("rest_unreadable", place, path, text=path)
                    continue
                if fingerprint(get(self.reading.tree, path)) != shown or not put(
                    self.reading.tree, path, kept
                ):
                    self.reading.notes.add("rest_outdated", place, path, text=path)


def _is_form_head(grid: Grid, row: int) -> bool:
    return [text for _, text in grid.distinct(row)] == ["项目", "内容"]


def read_tree(pieces: Sequence[Piece], words: Words, *, with_rest: bool = True) -> tuple[Tree, Reading]:
    """Return what pieces of a file say as JSON values, and what was gathered; without the other data if told so."""
    reader = _Reader(words)
    tree = reader.read(pieces)
    if with_rest:
        reader.take_rest()
    return tree, reader.reading


def read_pieces(pieces: Sequence[Piece], words: Words, *, name: str) -> Imported:
    """Return the plan in pieces of a file; `name` becomes its key where the file gives none."""
    tree, reading = read_tree(pieces, words)
    if not str(tree.get("key") or "").strip():
        tree["key"] = name
        reading.notes.add("plan_key_made", Place(), "key", value=name)
    return Imported(_shaped(tree, reading), reading.notes.all())


def _shaped(tree: Tree, reading: Reading) -> Plan:
    """Return the plan of JSON values; what its shape forbids is taken out and noted."""
    for _ in range(1_000):
        try:
            return from_json(Plan, tree)
        except ShapeError as error:
            for problem in error.problems:
                reading.notes.add_shape(problem, reading.place_of(problem.path))
                if get(tree, problem.path) is None or not put(tree, problem.path, None):
                    root = re.split(r"[.\[]", problem.path, maxsplit=1)[0]
                    tree.pop(root, None)
    return Plan(key=str(tree["key"]))
