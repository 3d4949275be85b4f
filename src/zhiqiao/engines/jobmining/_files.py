"""Reading the data files of this engine; what they mean is said where they are used."""

from __future__ import annotations

import csv
from pathlib import Path

from zhiqiao.engines.jobmining._errors import RulesError

__all__ = ["read_csv"]


def read_csv(path: Path, *, columns: tuple[str, ...]) -> list[dict[str, str]]:
    """Read a data file that must have exactly these columns; RulesError names file and fault."""
    try:
        with path.open(encoding="utf-8", newline="") as stream:
            reader = csv.DictReader(stream)
            if tuple(reader.fieldnames or ()) != columns:
                raise RulesError(f"{path.name}: the header must be {','.join(columns)}")
            rows = list(reader)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise RulesError(f"{path.name}: {error}") from error
    for number, row in enumerate(rows, start=2):
        if None in row or None in row.values():
            raise RulesError(f"{path.name}, line {number}: {len(columns)} fields expected")
    return rows
