"""Where tables begin in a grid: their heading rows, of one to four rows, and what each column is headed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from zhiqiao.engines.planfiles._grids import Grid
from zhiqiao.engines.planfiles._term_names import heading_weeks, term_number, year_number
from zhiqiao.engines.planfiles._words import TableWords, Words, forms

_DEEPEST = 4
_LEAST = 2


@dataclass(frozen=True)
class Head:
    """A column's heading from the outermost to the innermost, and the cells that it covers."""

    texts: tuple[str, ...]
    left: int
    right: int

    @property
    def leaf(self) -> str:
        """Return the innermost heading."""
        return self.texts[-1]


@dataclass(frozen=True)
class Heading:
    """The heading rows of a table and its columns."""

    table: str
    top: int
    bottom: int
    heads: tuple[Head, ...]


def find_heading(grid: Grid, row: int, words: Words, wanted: str | None) -> Heading | None:
    """Return the heading that begins in a row; `wanted` is the table that a caption has named."""
    forms_ = {form for _, text in grid.distinct(row) for form in forms(text)}
    named = words.headings & forms_
    if len(named) < (_LEAST if wanted is None else 1):
        return None
    best: tuple[int, Heading] | None = None
    names = (
        [wanted]
        if wanted in words.tables
        else [name for name, table in words.tables.items() if table.first & named]
    )
    for name in names if wanted in words.tables else dict.fromkeys([*names, "courses"]):
        found = _match(grid, row, str(name), words.tables[str(name)])
        if found is not None and (best is None or found[0] > best[0]):
            best = found
    if best is None and wanted is not None:
        return find_heading(grid, row, words, None)
    return best[1] if best else None


def _match(grid: Grid, row: int, name: str, words: TableWords) -> tuple[int, Heading] | None:
    is_course = name == "courses"
    bottom = row + _depth(grid, row, _is_course_heading(words) if is_course else None) - 1
    heads = tuple(_heads(grid, row, bottom))
    fields = [field for head in heads if (field := field_of(head, words))]
    terms = sum(1 for head in heads if term_number(head.leaf) is not None) if is_course else 0
    needed = {"name"} if is_course else {next(iter(words.columns))}
    if not needed <= set(fields):
        return None
    if is_course and not ({"hours", "credits", "theory", "practice", "open_term"} & set(fields) or terms > 1):
        return None
    # a table of the list must be told from another by most of its columns, or be named by its caption
    share = (len(set(fields)) + terms) / max(1, len(heads))
    if not is_course and (len(set(fields)) < min(_LEAST, len(words.columns)) or share < 0.6):
        return None
    return len(set(fields)) + terms, Heading(name, row, bottom, heads)


def field_of(head: Head, words: TableWords) -> str | None:
    """Return the field of a heading: by the innermost text that names one, or by all of them together."""
    return words.field(head.leaf) or words.field("".join(head.texts))


def _is_course_heading(words: TableWords) -> Callable[[str], bool]:
    def is_heading(text: str) -> bool:
        return (
            words.field(text) is not None
            or term_number(text) is not None
            or year_number(text) is not None
            or heading_weeks(text) is not None
            or any(
                words.says(which, text)
                for which in ("terms", "terms_hours", "terms_weekly", "teaching_weeks")
            )
            or any(form in {"学时分配", "其中", "学年学期"} for form in forms(text))
        )

    return is_heading


def _depth(grid: Grid, row: int, is_heading: Callable[[str], bool] | None) -> int:
    """Return how many rows the heading has: as far as joined cells reach, and rows that hold only headings below it."""
    reach = max((box.bottom for box, _ in grid.distinct(row)), default=row)
    depth = min(_DEEPEST, reach - row + 1)
    while is_heading is not None and depth < _DEEPEST and row + depth < grid.height:
        texts = [text for box, text in grid.distinct(row + depth) if box.top == row + depth]
        blanks_or_words = bool(texts) and all(is_heading(text) for text in texts)
        numbers_only = all(text.replace(".", "").isdigit() for text in texts)
        # a row of bare numbers may be a course: it is a heading only where nothing names a course beside it
        if not blanks_or_words or (numbers_only and not _rises(texts)):
            break
        depth += 1
    return depth


def _rises(texts: Sequence[str]) -> bool:
    """Tell whether bare numbers are those of terms: 1, 2, 3 …"""
    return [int(text) for text in texts if text.isdigit()] == list(range(1, len(texts) + 1))


def _heads(grid: Grid, top: int, bottom: int) -> Iterator[Head]:
    column = 0
    while column < grid.width:
        box = grid.box(bottom, column)
        left, right = column, box.right if box.right < grid.width else grid.width - 1
        texts: list[str] = []
        for row in range(top, bottom + 1):
            text = grid.text(row, left) or _group_to_the_left(grid, row, left, bottom)
            if text and (not texts or texts[-1] != text):
                texts.append(text)
        if texts:
            yield Head(tuple(texts), left, right)
        column = right + 1


def _group_to_the_left(grid: Grid, row: int, column: int, bottom: int) -> str:
    """Return the group of a column whose head was not joined: the next text to the left that has heads below it."""
    if row == bottom or grid.is_joined(row, column) or not grid.text(row + 1, column):
        return ""
    for left in range(column - 1, -1, -1):
        text = grid.text(row, left)
        if text:
            return "" if grid.is_joined(row, left) or not grid.text(row + 1, left) else text
        if not grid.text(row + 1, left):
            return ""
    return ""
