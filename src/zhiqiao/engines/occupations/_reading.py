"""Reading a classification and labelled titles from files that people bring; rows that can not be used are told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from zhiqiao.engines import tabular
from zhiqiao.engines.occupations._errors import InputError
from zhiqiao.engines.occupations._values import Classification, LabelledTitle, Occupation, Rejected, Titles

__all__ = ["column_names", "read_classification", "read_titles"]

_CLASSIFICATION = {
    "code": ("code", "代码", "编码", "职业编码", "职业代码"),
    "name": ("name", "名称", "职业名称"),
    "level": ("level", "级别", "层级"),
    "definition": ("definition", "定义"),
    "tasks": ("tasks", "主要工作任务", "工作任务"),
    "alias": ("alias", "aliases", "别名"),
}
_TITLES = {
    "title": ("job_name", "title", "职位名称", "岗位名称", "职位"),
    "code": ("expected_code", "code", "职业编码", "职业代码", "代码"),
}


def read_classification(path: Path) -> Classification:
    """Read entries (columns code and name; level, definition, tasks, alias where given) of a CSV or other table."""
    entries: dict[str, Occupation] = {}
    rejected: list[Rejected] = []
    for row, cells, fault in _rows(path, _CLASSIFICATION, needed=("code", "name")):
        code, name = cells.get("code", "").strip(), cells.get("name", "").strip()
        reason = fault or _fault_of_entry(code, name, cells.get("level", ""), entries)
        if reason:
            rejected.append(Rejected(row, f"{code} {name}".strip(), reason))
            continue
        aliases = cells.get("alias", "").replace("，", ",").split(",")
        entries[code] = Occupation(
            code,
            _level(code, cells.get("level", "")),
            name,
            cells.get("definition", ""),
            cells.get("tasks", ""),
            tuple(alias.strip() for alias in aliases if alias.strip()),
        )
    if not entries:
        raise InputError(f"{path.name}：没有一行可用。", f"{path.name}: no row can be used.")
    return Classification(tuple(entries[code] for code in sorted(entries)), tuple(rejected))


def read_titles(path: Path, classification: Classification) -> Titles:
    """Read labelled titles; rows with an empty title or a code the classification lacks are left out and told."""
    codes = {entry.code for entry in classification.entries}
    rows: list[LabelledTitle] = []
    rejected: list[Rejected] = []
    for row, cells, fault in _rows(path, _TITLES, needed=("title", "code")):
        title, code = cells.get("title", "").strip(), cells.get("code", "").strip()
        reason = fault or ("empty_title" if not title else "" if code in codes else "unknown_code")
        if reason:
            rejected.append(Rejected(row, f"{title} {code}".strip(), reason))
        else:
            rows.append(LabelledTitle(title, code))
    return Titles(tuple(rows), tuple(rejected))


def column_names(columns: tuple[str, ...], names: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    """Return for each field the column that holds it, the preferred name first."""
    folded = {tabular.fold_name(column): column for column in reversed(columns)}
    found = {
        field: next(
            (folded[tabular.fold_name(name)] for name in known if tabular.fold_name(name) in folded), ""
        )
        for field, known in names.items()
    }
    return {field: column for field, column in found.items() if column}


def _rows(
    path: Path, names: Mapping[str, tuple[str, ...]], *, needed: tuple[str, ...]
) -> Iterator[tuple[int, dict[str, str], str]]:
    """Yield row number, cells by field and, for a row that could not be read, the reason."""
    try:
        columns = tabular.inspect(path).columns
        found = column_names(columns, names)
        missing = [names[field][0] for field in needed if field not in found]
        if missing:
            raise InputError(
                f"{path.name}：缺少列 {'、'.join(missing)}；现有：{'、'.join(columns)}。",
                f"{path.name}: column {', '.join(missing)} is missing; there are: {', '.join(columns)}.",
            )
        for chunk in tabular.read(path):
            cells = {field: chunk.rows.column(column).to_pylist() for field, column in found.items()}
            for at, number in enumerate(chunk.row_numbers.to_pylist()):
                yield number, {field: values[at] or "" for field, values in cells.items()}, ""
            for error in chunk.errors:
                yield error.row, {}, error.reason
    except tabular.TableError as error:
        raise InputError(f"{path.name}：{error.text('zh')}", f"{path.name}: {error.text('en')}") from error


def _fault_of_entry(code: str, name: str, level: str, entries: Mapping[str, Occupation]) -> str:
    if not code or not name:
        return "no_code_or_name"
    if code in entries:
        return "code_twice"
    return "" if not level.strip() or level.strip() in {"1", "2", "3", "4"} else "bad_level"


def _level(code: str, told: str) -> int:
    """Return the level told, or the number of parts of the code that are not all zeros."""
    if told.strip():
        return int(told)
    return min(4, max(1, sum(part.strip("0") != "" for part in code.split("-"))))
