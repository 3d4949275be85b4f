"""Coding a whole table: every row and column stays, the codes come behind."""

from __future__ import annotations

import csv
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from zhiqiao.engines import tabular
from zhiqiao.engines.occupations._errors import InputError
from zhiqiao.engines.occupations._model import OccupationModel
from zhiqiao.engines.occupations._values import Coded

__all__ = ["TableCoded", "code_table"]

_TOP = 5
ADDED = (
    *(f"code_{place}" for place in range(1, _TOP + 1)),
    *(f"score_{place}" for place in range(1, _TOP + 1)),
    "name_1",
)


@dataclass(frozen=True)
class TableCoded:
    """What was done: rows in all, with a code, without a title, and such as could not be read."""

    rows: int
    coded: int
    untitled: int
    unreadable: int


def code_table(
    source: Path,
    target: Path,
    *,
    model: OccupationModel,
    title_column: str,
    description_column: str = "",
    progress: Callable[[int, int], None] | None = None,
) -> TableCoded:
    """Write a CSV (UTF-8) with the source's rows in their order and the codes; nothing half written stays.

    Raises InputError when the file is no table, lacks the columns named or has a column the codes would need.
    """
    partial = target.with_name(f".{target.name}.partial")
    try:
        columns = _checked_columns(source, title_column, description_column)
        counts = [0, 0, 0, 0]
        # The plain writer, not tabular's: this file is for machines and mirrors its input, so no cell may get the
        # apostrophe that keeps a spreadsheet from running it.
        with partial.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow([*columns, *ADDED])
            for chunk in tabular.read(source, progress=progress):
                for row, count in _coded_rows(chunk, columns, model, title_column, description_column):
                    writer.writerow(row)
                    counts[0] += 1
                    counts[count] += 1
        os.replace(partial, target)
    except tabular.TableError as error:
        raise InputError(
            f"{source.name}：{error.text('zh')}", f"{source.name}: {error.text('en')}"
        ) from error
    finally:
        partial.unlink(missing_ok=True)
    return TableCoded(*counts)


def _checked_columns(source: Path, title_column: str, description_column: str) -> tuple[str, ...]:
    columns = tabular.inspect(source).columns
    for name in filter(None, (title_column, description_column)):
        if name not in columns:
            raise InputError(
                f"{source.name}：没有名为“{name}”的列；现有：{'、'.join(columns)}。",
                f"{source.name}: there is no column “{name}”; there are: {', '.join(columns)}.",
            )
    clash = [name for name in ADDED if name in columns]
    if clash:
        raise InputError(
            f"{source.name}：已有列 {'、'.join(clash)}，请先改名或删去。",
            f"{source.name} already has a column {', '.join(clash)}; rename or remove it first.",
        )
    return columns


def _coded_rows(
    chunk: tabular.Chunk,
    columns: tuple[str, ...],
    model: OccupationModel,
    title_column: str,
    description_column: str,
) -> Iterator[tuple[list[str], int]]:
    """Yield the rows of a chunk, unreadable ones at their place with what could be read, and what became of each."""
    titles = _texts(chunk.rows, title_column)
    descriptions = _texts(chunk.rows, description_column) if description_column else None
    answers = model.code(titles, descriptions)
    cells = zip(*(_texts(chunk.rows, name) for name in columns), strict=True)
    numbers = chunk.row_numbers.to_pylist()
    rows = [
        (number, [*own, *_cells(answer)], 1 if answer.codes else 2)
        for number, own, answer in zip(numbers, cells, answers, strict=True)
    ]
    empty = [""] * len(ADDED)
    for error in chunk.errors:
        own = [*error.raw, *[""] * len(columns)][: len(columns)]
        rows.append((error.row, [*own, *empty], 3))
    for _, row, count in sorted(rows, key=lambda item: item[0]):
        yield row, count


def _texts(rows: pa.RecordBatch, column: str) -> list[str]:
    if column not in rows.schema.names:
        return [""] * rows.num_rows
    return [value or "" for value in rows.column(column).to_pylist()]


def _cells(answer: Coded) -> list[str]:
    blank = [""] * (_TOP - len(answer.codes))
    scores = [f"{score:.4f}" for score in answer.scores]
    return [*answer.codes, *blank, *scores, *blank, *answer.names[:1], *([] if answer.names else [""])]
