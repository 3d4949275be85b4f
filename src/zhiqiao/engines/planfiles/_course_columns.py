"""What each column of a table of courses holds, from its headings."""

from __future__ import annotations

from dataclasses import dataclass, field

from zhiqiao.engines.planfiles._grids import Grid
from zhiqiao.engines.planfiles._headings import Head, Heading, field_of
from zhiqiao.engines.planfiles._notes import Notes
from zhiqiao.engines.planfiles._term_names import heading_weeks, term_number, year_number
from zhiqiao.engines.planfiles._words import TableWords, forms

#: Fields of which several columns may stand beside each other.
_SEVERAL = frozenset({"category"})
_TOLD_MISSING = ("category", "credits", "hours", "theory", "practice")


@dataclass(frozen=True)
class TermColumn:
    """A column of one term; `meaning` of a number alone is hours, weekly, or blank where the heading does not tell."""

    number: int
    head: Head
    meaning: str
    weeks: int | None
    #: the heading says that weekly hours stand before the weeks
    ordered: bool


@dataclass
class CourseColumns:
    """The columns of one table of courses."""

    by_field: dict[str, list[Head]] = field(default_factory=dict)
    terms: list[TermColumn] = field(default_factory=list)

    def first(self, name: str) -> Head | None:
        """Return the column of a field."""
        found = self.by_field.get(name)
        return found[0] if found else None

    def has(self, name: str) -> bool:
        """Tell whether there is a column of a field."""
        return name in self.by_field


def read_columns(grid: Grid, heading: Heading, words: TableWords, notes: Notes) -> CourseColumns:
    """Tell the columns apart; note what is left out, stands twice or is missing."""
    found = CourseColumns()
    restart = _restarts(heading)
    for head in heading.heads:
        number = _term(head, words, restart=restart)
        name = field_of(head, words)
        if number is not None and (name is None or name in {"number", "weeks"}):
            found.terms.append(_term_column(number, head, words))
        elif name is None:
            notes.add("column_left", grid.columns_place(head.left), text=" ".join(head.texts))
        elif name in found.by_field and name not in _SEVERAL:
            notes.add("column_twice", grid.columns_place(head.left), text=" ".join(head.texts))
        else:
            found.by_field.setdefault(name, []).append(head)
    for name in _settle_practice(found):
        head = found.by_field.pop(name)[0]
        notes.add("column_left", grid.columns_place(head.left), text=" ".join(head.texts))
    for name in _TOLD_MISSING:
        if not found.has(name) and not (name == "practice" and found.has("training")):
            notes.add("column_missing", grid.place(heading.top), text=words.columns[name][0])
    if not found.terms and not found.has("open_term"):
        notes.add("column_missing", grid.place(heading.top), text="学期")
    return found


def _settle_practice(columns: CourseColumns) -> list[str]:
    """Take 实训 or 实验 alone for practice; beside a column of practice they split only a part of it and are left."""
    parts = [name for name in ("lab", "training") if columns.has(name)]
    if columns.has("practice"):
        return parts
    if len(parts) == 1:
        columns.by_field["practice"] = columns.by_field.pop(parts[0])
    return []


def _restarts(heading: Heading) -> bool:
    """Tell whether terms are counted anew in each year: a number stands under two years."""
    seen: dict[int, set[int]] = {}
    for head in heading.heads:
        years = [year for text in head.texts[:-1] if (year := year_number(text))]
        number = _leaf_term(head)
        if years and number is not None:
            seen.setdefault(number, set()).add(years[-1])
    return any(len(years) > 1 for years in seen.values())


def _leaf_term(head: Head) -> int | None:
    """Return the term a head names: in its innermost text, or above it where that gives only weeks."""
    for text in reversed(head.texts):
        number = term_number(text)
        if number is not None and not text.strip().endswith("周"):
            return number
    return None


def _term(head: Head, words: TableWords, *, restart: bool) -> int | None:
    number = _term_below_group(head, words)
    if number is None:
        return None
    years = [year for text in head.texts if (year := year_number(text))]
    return (years[-1] - 1) * 2 + number if restart and years else number


def _term_below_group(head: Head, words: TableWords) -> int | None:
    """Return the term of a column; a bare number must stand under something that speaks of terms."""
    if len(head.texts) == 1:
        text = head.texts[0]
        return term_number(text) if "期" in text or not text.isdigit() else None
    for at in range(len(head.texts) - 1, 0, -1):
        number = term_number(head.texts[at])
        above = "".join(head.texts[:at])
        if number is not None and _speaks_of_terms(above, words):
            return number
    outer = term_number(head.texts[0])
    return outer if outer is not None and "期" in head.texts[0] else None


def _speaks_of_terms(text: str, words: TableWords) -> bool:
    return (
        any(word in text for word in ("学期", "学年", "周学时", "学时", "课时", "进程", "安排", "分配"))
        or any(words.says(which, text) for which in ("terms", "terms_hours", "terms_weekly"))
        or year_number(text) is not None
    )


def _term_column(number: int, head: Head, words: TableWords) -> TermColumn:
    weeks = next((found for text in reversed(head.texts) if (found := heading_weeks(text))), None)
    if (
        weeks is None
        and len(head.texts) > 1
        and head.leaf.isdigit()
        and term_number(head.texts[-2]) == number
    ):
        weeks = int(head.leaf)  # 一 above 16: the row of weeks gives bare numbers
    ordered = any(words.says("terms", text) for text in head.texts)
    meaning = ""
    for text in head.texts:
        if ordered or words.says("terms_hours", text):
            meaning = "hours"
        elif words.says("terms_weekly", text) or any(
            "周学时" in form or "周课时" in form for form in forms(text)
        ):
            meaning = "weekly"
    return TermColumn(number, head, meaning, weeks, ordered)
