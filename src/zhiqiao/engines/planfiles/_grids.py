"""What a file holds before anyone asks what it means: lines of text and grids of cells with their joins."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from zhiqiao.engines.planfiles._notes import Place


@dataclass(frozen=True)
class Line:
    """A line of text outside a table; `heading` where the file's own style says that it is one."""

    text: str
    place: Place
    heading: bool = False


@dataclass(frozen=True)
class Box:
    """A range of joined cells, all ends included."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass
class Grid:
    """Cells by row and column from 0. A joined cell's text stands at its upper left only."""

    cells: list[list[str]]
    sheet: str = ""
    table: int = 0
    first_row: int = 1
    boxes: Sequence[Box] = ()
    _origin: dict[tuple[int, int], Box] = field(default_factory=dict)

    def __post_init__(self) -> None:
        width = max((len(row) for row in self.cells), default=0)
        self.cells = [row + [""] * (width - len(row)) for row in self.cells]
        for box in self.boxes:
            for row in range(box.top, min(box.bottom, len(self.cells) - 1) + 1):
                for column in range(box.left, min(box.right, width - 1) + 1):
                    self._origin[row, column] = box

    @property
    def height(self) -> int:
        """Return the number of rows."""
        return len(self.cells)

    @property
    def width(self) -> int:
        """Return the number of columns."""
        return len(self.cells[0]) if self.cells else 0

    def box(self, row: int, column: int) -> Box:
        """Return the range that a cell belongs to: its own place where it is not joined."""
        return self._origin.get((row, column)) or Box(row, column, row, column)

    def is_joined(self, row: int, column: int) -> bool:
        """Tell whether a cell is joined with others."""
        return (row, column) in self._origin

    def text(self, row: int, column: int) -> str:
        """Return what a cell shows, also where it is covered by a joined one."""
        box = self.box(row, column)
        return self.cells[box.top][box.left].strip()

    def across(self, row: int, left: int, right: int) -> str:
        """Return what a row shows from one column to another: different texts one under the other."""
        seen: dict[Box, str] = {}
        for column in range(left, right + 1):
            seen.setdefault(self.box(row, column), self.text(row, column))
        return "\n".join(text for text in seen.values() if text)

    def distinct(self, row: int) -> list[tuple[Box, str]]:
        """Return the filled cells of a row, each joined one once."""
        found: dict[Box, str] = {}
        for column in range(self.width):
            text = self.text(row, column)
            if text:
                found.setdefault(self.box(row, column), text)
        return list(found.items())

    def place(self, row: int, column: int | None = None) -> Place:
        """Return the place of a row or a cell as a reader counts."""
        letters = "" if column is None else column_letters(column)
        return Place(self.sheet, self.table, (row + self.first_row,), letters)

    def columns_place(self, column: int) -> Place:
        """Return the place of a whole column."""
        return Place(self.sheet, self.table, (), column_letters(column))

    @property
    def whole(self) -> Place:
        """Return the place of the whole grid."""
        return Place(self.sheet, self.table)


Piece = Line | Grid


def column_letters(column: int) -> str:
    """Return a column from 0 as A, B, … AA."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def grids(pieces: Sequence[Piece]) -> Iterator[Grid]:
    """Yield the grids among pieces."""
    return (piece for piece in pieces if isinstance(piece, Grid))
