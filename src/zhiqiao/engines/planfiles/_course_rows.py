"""The rows of a table of courses: courses, labels of categories, sums, remarks; none is dropped unsaid."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import cast

from zhiqiao.engines.kernel import Number
from zhiqiao.engines.planfiles._cells import DASHES, Refused
from zhiqiao.engines.planfiles._course_columns import CourseColumns, TermColumn
from zhiqiao.engines.planfiles._grids import Grid
from zhiqiao.engines.planfiles._headings import Head, Heading
from zhiqiao.engines.planfiles._notes import Place
from zhiqiao.engines.planfiles._reading import Reading
from zhiqiao.engines.planfiles._specs import Kind, kind_of
from zhiqiao.engines.planfiles._term_cells import NO_TERMS, read_term
from zhiqiao.engines.planfiles._term_names import term_numbers
from zhiqiao.engines.planfiles._tree import Tree
from zhiqiao.engines.plans import Assessment, Category, Choice, Course
from zhiqiao.engines.tabular import fold_name

_REMARK = re.compile(r"^\s*(备注|注|说明|附注|※|\*)\s*[:：\d]?")
_SHARE = re.compile("比例|占比|百分比")
_NUMBERING = re.compile(r"^\s*[（(]?[一二三四五六七八九十\d]+[)）、.．]\s*")
_CHOICES = (
    ("必修", Choice.COMPULSORY),
    ("限选", Choice.LIMITED),
    ("限定选修", Choice.LIMITED),
    ("任选", Choice.FREE),
)
_NUMBER = Kind("number")
_MOST_WEEKLY = 9  # hours a week of one course, beyond which a number may as well be weeks
_LONGEST_TERM = 22  # weeks
SUMMED = ("credits", "hours", "theory", "practice")


@dataclass
class CourseRow:
    """One course as read, with its row in the grid."""

    data: Tree
    row: int
    number: Number | None = None
    #: what each column of a term says
    cells: list[tuple[TermColumn, dict[str, Number]]] = field(default_factory=list)


@dataclass(frozen=True)
class SumRow:
    """A row of sums: its label, its figures, whether it was computed, how many courses stood before it."""

    label: str
    figures: dict[str, Number]
    computed: bool
    before: int
    row: int


@dataclass
class CourseTable:
    """All rows of one table."""

    grid: Grid
    heading: Heading
    columns: CourseColumns
    rows: list[CourseRow] = field(default_factory=list)
    sums: list[SumRow] = field(default_factory=list)
    weeks: dict[int, Number] = field(default_factory=dict)


class RowReader:
    """Reads the rows of one table."""

    def __init__(self, table: CourseTable, reading: Reading, category: str | None) -> None:
        self._table = table
        self._grid = table.grid
        self._columns = table.columns
        self._reading = reading
        self._words = reading.words.tables["courses"]
        self._label: str | None = category
        self._from_heading = category is not None
        self._above: dict[int, str] = {}
        self._weeks = {column.number: column.weeks for column in table.columns.terms if column.weeks}
        table.weeks |= self._weeks

    def read(self, row: int) -> None:
        """Take a row."""
        texts = self._grid.distinct(row)
        if not texts:
            return
        name = self._text("name", row)
        before = [text for box, text in texts if box.left <= self._name.right]
        if self._is_sum(before):
            self._sum(row, next(text for text in before if self._is_sum([text])))
        elif any(self._words.says("teaching_weeks", text) for text in before):
            self._teaching_weeks(row)
        elif len(texts) == 1 and not self._is_course(row):
            self._one_text(row, texts[0][1])
        elif name and self._grid.box(row, self._name.left).top < row:
            rest = " ".join(text for box, text in texts if box.top == row)
            self._reading.notes.add("name_joined", self._grid.place(row), text=name, rest=rest)
        elif not name or name in DASHES:
            joined = " ".join(text for _, text in texts)
            code = "remark" if _SHARE.search(joined) else "row_without_name"
            self._reading.notes.add(code, self._grid.place(row), text=joined)
        else:
            self._course(row, name)

    @property
    def _name(self) -> Head:
        return cast("Head", self._columns.first("name"))

    def _is_course(self, row: int) -> bool:
        """Tell whether the only text of a row is the name of a course: it stands in that column alone."""
        box = self._grid.box(row, self._name.left)
        is_there = (
            bool(self._text("name", row)) and box.left >= self._name.left and box.right <= self._name.right
        )
        return is_there and self._words_of(self._text("name", row)) == (None, None)

    def _text(self, name: str, row: int) -> str:
        head = self._columns.first(name)
        return "" if head is None else self._grid.across(row, head.left, head.right)

    def _place(self, name: str, row: int) -> Place:
        head = self._columns.first(name)
        return self._grid.place(row, head.left if head else None)

    def _is_sum(self, texts: Sequence[str]) -> bool:
        computed = tuple(map(fold_name, self._words.lists["computed"]))
        for text in texts:
            folded = fold_name(text)
            for word in computed:
                folded = folded.removesuffix(word)
            if any(folded.endswith(fold_name(word)) for word in self._words.lists["subtotal"]):
                return True
        return False

    def _one_text(self, row: int, text: str) -> None:
        category, _ = self._words_of(text)
        meanings = self._reading.words.meanings("category", _NUMBERING.sub("", text))
        if category or meanings:
            self._label, self._from_heading = category, False
            self._above.clear()
            if category is None:
                named = "、".join(self._reading.words.word("category", one) for one in meanings)
                self._reading.notes.add("unclear_word", self._grid.place(row), text=text, meanings=named)
        elif _REMARK.match(text):
            self._reading.notes.add("remark", self._grid.place(row), text=text)
        else:
            self._reading.notes.add("rows_not_understood", self._grid.place(row), text=text)

    def _teaching_weeks(self, row: int) -> None:
        for column in self._columns.terms:
            text = self._grid.across(row, column.head.left, column.head.right)
            place = self._grid.place(row, column.head.left)
            weeks = self._reading.cell(_NUMBER, text, place, f"terms[{column.number}].teaching_weeks")
            if weeks is not None:
                self._table.weeks[column.number] = cast("Number", weeks)

    def _sum(self, row: int, label: str) -> None:
        figures = {}
        for name in SUMMED:
            head = self._columns.first(name)
            text = self._text(name, row)
            if head is None or not text or self._is_sum([text]):
                continue
            value = self._reading.cell(_NUMBER, text, self._place(name, row), "summary")
            if value is not None:
                figures[name] = cast("Number", value)
        computed = any(fold_name(word) in fold_name(label) for word in self._words.lists["computed"])
        self._table.sums.append(SumRow(label, figures, computed, len(self._table.rows), row))

    def _course(self, row: int, name: str) -> None:
        data: Tree = {}
        key = self._text("key", row)
        if key and key not in DASHES:
            data["key"] = key
        data["name"] = " ".join(name.split("\n"))
        category, choice = self._kinds(row)
        own = self._value("choice", row)
        data |= {"category": category, "choice": own or choice, "assessment": self._assessment(row)}
        data |= {field: self._value(field, row) for field in SUMMED}
        if self._columns.has("lab") and self._columns.has("training"):
            parts = {
                "lecture": data.get("theory"),
                **{part: self._number(part, row) for part in ("lab", "training")},
            }
            data["activities"] = {part: hours for part, hours in parts.items() if hours is not None} or None
        made = CourseRow({field: value for field, value in data.items() if value is not None}, row)
        number = self._text("number", row)
        made.number = int(number) if number.isascii() and number.isdigit() else None
        self._terms(made)
        self._table.rows.append(made)

    def _value(self, name: str, row: int) -> object:
        return self._figure(name, row) if name in SUMMED else self._cell(kind_of(Course, name), name, row)

    def _number(self, name: str, row: int) -> object:
        return self._figure(name, row)

    def _figure(self, name: str, row: int) -> object:
        """Return a number of one course: one that is joined over several belongs to none of them alone."""
        head = self._columns.first(name)
        if head is not None and self._is_shared(row, head):
            self._reading.notes.add("joined_figure", self._place(name, row), text=self._text(name, row))
            return None
        return self._cell(_NUMBER, name, row)

    def _is_shared(self, row: int, head: Head) -> bool:
        """Tell whether a figure's cell reaches over rows that the course's name does not."""
        box, own = self._grid.box(row, head.left), self._grid.box(row, self._name.left)
        return (box.top < own.top or box.bottom > own.bottom) and bool(self._grid.text(row, head.left))

    def _cell(self, kind: Kind, name: str, row: int) -> object:
        text = self._text(name, row)
        return self._reading.cell(kind, text, self._place(name, row), "courses") if text else None

    def _kinds(self, row: int) -> tuple[str | None, str | None]:
        """Return category and choice from the columns of categories, from the label above, or from the heading."""
        category: str | None = None
        choice: str | None = None
        unclear = False
        for head in self._columns.by_field.get("category", []):
            text = self._grid.across(row, head.left, head.right)
            place = self._grid.place(row, head.left)
            if not text and not self._grid.is_joined(row, head.left):
                text = self._above.get(head.left, "")
                if text:
                    self._reading.notes.add("category_from_above", place, value=text)
            if not text or text in DASHES:
                continue
            self._above[head.left] = text
            found, chosen = self._words_of(text)
            category, choice = category or found, choice or chosen
            if found is None and chosen is None:
                unclear = True
                self._refuse(text, place)
        if category is None and not unclear and self._label:
            category = self._label
            if self._from_heading:
                named = self._reading.words.word("category", category)
                self._reading.notes.add("category_from_heading", self._grid.place(row), value=named)
        if category is None and not unclear and not self._is_crossed_out(row):
            self._reading.notes.add("no_category", self._grid.place(row))
        return category, choice

    def _is_crossed_out(self, row: int) -> bool:
        head = self._columns.first("category")
        return head is not None and self._grid.across(row, head.left, head.right) in DASHES

    def _words_of(self, text: str) -> tuple[str | None, str | None]:
        """Return the category and the choice that one text names: `公共基础必修课` names both."""
        words, bare = self._reading.words, _NUMBERING.sub("", "".join(text.split()))
        category, choice = words.value("category", bare), words.value("choice", bare)
        named = next((str(value) for word, value in _CHOICES if word in bare), None)
        if category is None and choice is None and named is not None:
            for word, _ in _CHOICES:
                start = bare.partition(word)[0].rstrip("（(")
                category = category or (words.value("category", start) if start != bare else None)
            return category, named if category else None
        return category, choice or (named if category else None)

    def _refuse(self, text: str, place: Place) -> None:
        words, bare = self._reading.words, _NUMBERING.sub("", text)
        for vocabulary in ("category", "choice"):
            meanings = words.meanings(vocabulary, bare)
            if meanings:
                named = "、".join(words.word(vocabulary, one) for one in meanings)
                self._reading.notes.add("unclear_word", place, text=text, meanings=named)
                return
        known = "、".join(words.word("category", str(one)) for one in Category)
        self._reading.notes.add("unknown_word", place, text=text, known=known)

    def _assessment(self, row: int) -> object:
        told = self._value("assessment", row) if self._columns.has("assessment") else None
        filled = [
            kind
            for name, kind in (("exam", Assessment.EXAM), ("coursework", Assessment.COURSEWORK))
            if (text := self._text(name, row)) and text not in DASHES
        ]
        if len(filled) > 1:
            self._reading.notes.add("exam_and_coursework", self._place("exam", row))
            return told
        return told or (str(filled[0]) if filled else None)

    def _terms(self, made: CourseRow) -> None:
        texts = []
        for column in self._columns.terms:
            text = self._grid.across(made.row, column.head.left, column.head.right)
            texts.append(text)
            if not text or text in DASHES:
                continue
            place = self._grid.place(made.row, column.head.left)
            if self._is_shared(made.row, column.head):
                self._reading.notes.add("joined_figure", place, text=text)
                continue
            try:
                made.cells += [(column, self._turned(part, text, column, place)) for part in read_term(text)]
            except Refused as refused:
                self._reading.notes.add(refused.code, place, "courses", **refused.values)
        if texts and all(text == NO_TERMS for text in texts):
            made.data["terms"] = []
        elif not self._columns.terms and self._columns.has("open_term"):
            self._open_term(made)

    def _turned(
        self, part: dict[str, Number], text: str, column: TermColumn, place: Place
    ) -> dict[str, Number]:
        """Return weeks and weekly hours the right way round where the heading does not say which comes first.

        `4×16` is hours times weeks, and so is `30×6`, since no term has 30 weeks. `16×4` may be either: the weeks of
        the term decide, else only the product is sure.
        """
        first, second = part.get("weekly_hours", 0), part.get("weeks", 0)
        if column.ordered or not _MOST_WEEKLY < first <= _LONGEST_TERM or second > _MOST_WEEKLY or not second:
            return part
        weeks = self._table.weeks.get(column.number)
        if weeks == first:
            self._reading.notes.add("times_turned", place, "courses", text=text, weekly=second, weeks=first)
            return part | {"weekly_hours": second, "weeks": first}
        if weeks == second:
            return part
        self._reading.notes.add("times_unclear", place, "courses", text=text, hours=first * second)
        return {"hours": part.get("hours", first * second)}

    def _open_term(self, made: CourseRow) -> None:
        """Read the column of the term in which a course is taught; all hours are in it where it is only one."""
        text = self._text("open_term", made.row)
        if not text or text in DASHES:
            return
        numbers = term_numbers(text)
        if numbers is None:
            self._reading.notes.add("not_a_term", self._place("open_term", made.row), "courses", text=text)
            return
        terms: list[Tree] = [{"term": number} for number in numbers]
        for name, field_name in (("weekly", "weekly_hours"), ("weeks", "weeks")):
            value = self._number(name, made.row)
            if value is not None:
                terms = [{**term, field_name: value} for term in terms]
        if len(terms) == 1 and len(terms[0]) < 3 and "hours" in made.data:
            terms[0]["hours"] = made.data["hours"]
            self._reading.notes.add(
                "derived",
                self._place("open_term", made.row),
                "courses",
                field="学期学时",
                source="总学时（只在一个学期开设）",
                source_en="the total, for it is taught in one term",
            )
        made.data["terms"] = cast("object", terms)
