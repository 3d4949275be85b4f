"""The specialty directory (专业目录) as a table: the codes loaded, by edition. A code not in it is unknown."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from zhiqiao.engines.kernel import EngineError
from zhiqiao.engines.rules import State

COLUMNS = ("code", "name", "level", "class", "edition", "retired_from", "state")
_LEVELS = {"secondary", "higher"}


class DirectoryError(EngineError):
    """Raised when a table of codes can not be used; names row, column, reason and remedy."""

    def __init__(self, file: str, problems: Iterable[tuple[int, str, str, str]]) -> None:
        listed = list(problems)
        self.zh = "；".join(f"{file} 第 {row} 行 {column}：{zh}" for row, column, zh, _ in listed[:8])
        self.en = "; ".join(f"{file} row {row} {column}: {en}" for row, column, _, en in listed[:8])
        super().__init__(f"{self.zh}\n{self.en}")


@dataclass(frozen=True)
class Specialty:
    """A specialty of the directory; `retired_from` is the first entry year that may no longer use the code."""

    code: str
    name: str
    level: str
    class_name: str
    edition: str
    retired_from: int | None
    state: State


@dataclass(frozen=True)
class Directory:
    """The codes that are loaded."""

    specialties: Mapping[tuple[str, str], Specialty]

    def find(self, code: str, edition: str) -> Specialty | None:
        """Return a code of an edition, or None when it is not loaded (which says nothing about the directory)."""
        return self.specialties.get((edition, code))

    @property
    def editions(self) -> tuple[str, ...]:
        """Return the editions of which codes are loaded."""
        return tuple(sorted({edition for edition, _ in self.specialties}))


def read_directory(*paths: Path) -> Directory:
    """Read CSV files of codes; raises DirectoryError with every row that can not be used."""
    found: dict[tuple[str, str], Specialty] = {}
    for path in paths:
        problems: list[tuple[int, str, str, str]] = []
        for number, row in enumerate(_rows(path), start=2):
            wrong = list(_wrong(row))
            key = (row["edition"], row["code"])
            if key in found:
                wrong.append(("code", "同一版本中出现两次", "stands twice in this edition"))
            problems += [(number, column, zh, en) for column, zh, en in wrong]
            if not wrong:
                found[key] = _specialty(row)
        if problems:
            raise DirectoryError(path.name, problems)
    return Directory(found)


def _rows(path: Path) -> list[dict[str, str]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as source:
            reader = csv.DictReader(source)
            lacking = [name for name in COLUMNS if name not in (reader.fieldnames or ())]
            rows = [{name: (row.get(name) or "").strip() for name in COLUMNS} for row in reader]
    except UnicodeDecodeError as error:
        raise DirectoryError(path.name, [(1, "", "不是 UTF-8 文字", "is not UTF-8 text")]) from error
    if lacking:
        raise DirectoryError(
            path.name, [(1, name, "缺少这一列", "this column is missing") for name in lacking]
        )
    return rows


def _wrong(row: Mapping[str, str]) -> Iterable[tuple[str, str, str]]:
    if not (row["code"].isascii() and row["code"].isdigit() and len(row["code"]) == 6):
        yield "code", "专业代码应为六位数字", "a code has six digits"
    for name in ("name", "edition"):
        if not row[name]:
            yield name, "不能为空", "may not be blank"
    if row["level"] not in _LEVELS:
        yield "level", "应为 secondary 或 higher", "must be secondary or higher"
    if row["state"] not in set(State):
        yield "state", "应为 confirmed、part 或 verify", "must be confirmed, part or verify"
    if row["retired_from"] and not (row["retired_from"].isdigit() and len(row["retired_from"]) == 4):
        yield "retired_from", "应为年份或留空", "must be a year or be left empty"


def _specialty(row: Mapping[str, str]) -> Specialty:
    return Specialty(
        row["code"],
        row["name"],
        row["level"],
        row["class"],
        row["edition"],
        int(row["retired_from"]) if row["retired_from"] else None,
        State(row["state"]),
    )
