"""Cells of a file by row and column, and the numbers in them; what a table means is told by `_reading`."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from zhiqiao.engines import tabular
from zhiqiao.engines.weights._errors import InputError, Problem

LIMITS = tabular.Limits(max_bytes=64 * 1024**2, max_workbook_bytes=128 * 1024**2, max_rows=200_000)
"""A table of judgements, answers or indicators is small; a larger file is the wrong one."""

_UNKNOWN = frozenset(
    {"", "?", "-", "—", "–", "na", "n/a", "nan", "null", "none", "unknown", "未知", "缺失", "无"}
)
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?")
_FRACTION = re.compile(r"(\d+(?:\.\d+)?)\s*/\s*(\d+(?:\.\d+)?)")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True)
class Row:
    """The cells of one row in column order, blanks as empty strings."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """A whole file: column names (empty where the header has none) and its rows."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]


def read_table(path: Path) -> Table:
    """Read a small table; raise InputError for a file that is none, a repeated column or a row of another width."""
    try:
        info = tabular.inspect(path, limits=LIMITS)
        rows, problems = [], []
        for chunk in tabular.read(path, limits=LIMITS):
            cells = zip(*(column.to_pylist() for column in chunk.rows.columns), strict=True)
            numbers = chunk.row_numbers.to_pylist()
            rows += [
                Row(number, tuple((cell or "").strip() for cell in row))
                for number, row in zip(numbers, cells, strict=True)
            ]
            problems += [_unreadable(error) for error in chunk.errors]
    except tabular.TableError as error:
        raise InputError(
            Problem(0, "", f"{path.name}：{error.text('zh')}", f"{path.name}: {error.text('en')}")
        ) from error
    problems = [_twice(note) for note in info.notes if note.code == "duplicate_column"] + problems
    if problems:
        raise InputError(*problems)
    unnamed = {str(note.params["renamed"]) for note in info.notes if note.code == "unnamed_column"}
    names = ["" if name in unnamed else name.strip() for name in info.columns]
    return _trimmed(names, [row for row in rows if any(row.cells)])


def columns_of(table: Table, known: Mapping[str, tuple[str, ...]]) -> dict[str, int]:
    """Return the place of each known field whose column is there, by any of its names."""
    folded: dict[str, int] = {}
    for at, name in enumerate(table.columns):
        folded.setdefault(tabular.fold_name(name), at)
    found = {}
    for field, names in known.items():
        places = [folded[key] for name in names if (key := tabular.fold_name(name)) in folded]
        if places:
            found[field] = places[0]
    return found


def number(text: str) -> float | None:
    """Read a number or a fraction such as 1/3; None for a blank or a word for unknown; ValueError for the rest."""
    plain = unicodedata.normalize("NFKC", text).strip().lower().replace("−", "-").replace("⁄", "/")
    if plain in _UNKNOWN:
        return None
    if fraction := _FRACTION.fullmatch(plain):
        below = float(fraction[2])
        if below == 0:
            raise ValueError(text)
        return float(fraction[1]) / below
    if not _NUMBER.fullmatch(plain) or not math.isfinite(float(plain)):
        raise ValueError(text)
    return float(plain)


def not_a_number(row: int, field: str, text: str) -> Problem:
    """Say that a cell is no number, and what a spreadsheet may have made of a fraction."""
    shown = text if len(text) <= 30 else f"{text[:30]}…"
    if _DATE.match(text):
        return Problem(
            row,
            field,
            f"“{shown}”是日期；电子表格常把 1/3 变成日期。请先把该列设为文本，再填分数。",
            f"“{shown}” is a date; spreadsheets turn 1/3 into one. Format the column as text, then write the fraction.",
        )
    return Problem(
        row,
        field,
        f"“{shown}”不是数值。请填数字（可用 1/3 这样的分数），未知则留空。",
        f"“{shown}” is no number. Write a number (a fraction such as 1/3 is fine) or leave it empty if unknown.",
    )


def missing_columns(table: Table, names: Iterable[str]) -> InputError:
    """Say which columns are wanted and which there are."""
    wanted, there = list(names), [name or "—" for name in table.columns]
    return InputError(
        Problem(
            1,
            "",
            f"缺少列 {'、'.join(wanted)}；现有：{'、'.join(there)}。请补上该列。",
            f"column {', '.join(wanted)} is missing; there are: {', '.join(there)}. Add it.",
        )
    )


def _trimmed(names: list[str], rows: list[Row]) -> Table:
    """Drop columns on the right that have neither a name nor a value."""
    width = len(names)
    while width > 1 and not names[width - 1] and not any(row.cells[width - 1] for row in rows):
        width -= 1
    return Table(tuple(names[:width]), tuple(Row(row.number, row.cells[:width]) for row in rows))


def _unreadable(error: tabular.RowError) -> Problem:
    zh, en = tabular.text_of_reason(error.reason, "zh"), tabular.text_of_reason(error.reason, "en")
    detail = f" ({error.detail})" if error.detail else ""
    return Problem(error.row, error.field, f"{zh}{detail}。请改正该行。", f"{en}{detail}. Mend the row.")


def _twice(note: tabular.Note) -> Problem:
    return Problem(1, str(note.params["name"]), "列名重复。请改名。", "the column stands twice. Rename one.")
