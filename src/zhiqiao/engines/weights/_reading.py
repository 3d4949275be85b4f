"""Files into judgements, answers and decision matrices; every wrong cell is named with row, column and remedy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from zhiqiao.engines.weights._cells import (
    Row,
    Table,
    columns_of,
    missing_columns,
    not_a_number,
    number,
    read_table,
)
from zhiqiao.engines.weights._delphi_values import Answer
from zhiqiao.engines.weights._errors import InputError, Problem
from zhiqiao.engines.weights._objective import DecisionMatrix, decision_matrix
from zhiqiao.engines.weights._pairwise import PairwiseMatrix, Place, check_names, pairwise_matrix

_JUDGEMENT = {
    "expert": ("expert", "专家", "专家编号"),
    "row": ("row", "行", "甲"),
    "column": ("column", "列", "乙"),
    "value": ("value", "判断", "判断值", "值"),
}
_ANSWER = {
    "round": ("round", "轮次", "轮"),
    "expert": ("expert", "专家", "专家编号"),
    "item": ("item", "条目", "指标", "题项"),
    "rating": ("rating", "评分", "得分", "score"),
    "ca": ("ca", "判断依据", "basis"),
    "cs": ("cs", "熟悉程度", "familiarity"),
}
_BENEFIT = frozenset({"benefit", "max", "+", "正", "正向", "效益", "效益型", "越大越好"})
_COST = frozenset({"cost", "min", "-", "−", "负", "负向", "成本", "成本型", "越小越好"})
_DIRECTION = frozenset({"direction", "#direction", "type", "方向", "类型", "指标方向"})


def read_judgements(path: Path) -> dict[str, PairwiseMatrix]:
    """Read comparison matrices by expert from a square table or a long one (expert, row, column, value).

    A square table has the names in its first row and column and one expert, called by the empty name; so has a long
    table without a column of experts. Raises InputError.
    """
    table = read_table(path)
    found = columns_of(table, _JUDGEMENT)
    if {"row", "column", "value"} <= set(found):
        return _long(table, found)
    return {"": _square(table)}


def _square(table: Table) -> PairwiseMatrix:
    names = table.columns[1:]
    check_names(names)
    place = {name: at for at, name in enumerate(names)}
    problems = []
    grid: list[Row | None] = [None] * len(names)
    for row in table.rows:
        name = row.cells[0]
        if name not in place:
            zh, en = "、".join(names), ", ".join(names)
            problems.append(
                Problem(
                    row.number,
                    "",
                    f"首列“{name}”不在表头中（{zh}）。首行与首列的名称必须相同。",
                    f"“{name}” in the first column is not in the header ({en}). First row and column name the same.",
                )
            )
        elif (earlier := grid[place[name]]) is not None:
            problems.append(
                Problem(
                    row.number,
                    "",
                    f"“{name}”在第 {earlier.number} 行已有。请删去一行。",
                    f"“{name}” stands in row {earlier.number} already. Delete one.",
                )
            )
        else:
            grid[place[name]] = row
    problems += [
        Problem(0, "", f"缺少“{name}”这一行。请补上。", f"there is no row for “{name}”. Add it.")
        for name, found in zip(names, grid, strict=True)
        if found is None
    ]
    if problems:
        raise InputError(*problems)
    rows = [row for row in grid if row is not None]
    values = _numbers(rows, names, first=1)
    return pairwise_matrix(names, values, places=lambda i, j: (rows[i].number, names[j]))


def _numbers(rows: Sequence[Row], names: Sequence[str], *, first: int) -> list[list[float | None]]:
    """Read all cells from column `first` on; raise InputError with all that are no numbers."""
    problems: list[Problem] = []
    values: list[list[float | None]] = []
    for row in rows:
        values.append([])
        for name, cell in zip(names, row.cells[first:], strict=True):
            try:
                values[-1].append(number(cell))
            except ValueError:
                problems.append(not_a_number(row.number, name, cell))
    if problems:
        raise InputError(*problems)
    return values


def _long(table: Table, found: dict[str, int]) -> dict[str, PairwiseMatrix]:
    problems: list[Problem] = []
    given: dict[str, dict[tuple[str, str], tuple[float | None, int]]] = {}
    names: dict[str, None] = {}
    for row in table.rows:
        one = {field: row.cells[at] for field, at in found.items()}
        problems += _blanks(row, table, found, ("expert", "row", "column"))
        try:
            value = number(one["value"])
        except ValueError:
            problems.append(not_a_number(row.number, table.columns[found["value"]], one["value"]))
            continue
        pair, own = (one["row"], one["column"]), given.setdefault(one.get("expert", ""), {})
        names |= dict.fromkeys(pair)
        if pair in own:
            problems.append(_repeated(row.number, pair, own[pair][1]))
        own.setdefault(pair, (value, row.number))
    if problems:
        raise InputError(*problems)
    return {
        expert: _of_pairs(tuple(names), own, table.columns[found["value"]]) for expert, own in given.items()
    }


def _of_pairs(
    names: tuple[str, ...], own: dict[tuple[str, str], tuple[float | None, int]], field: str
) -> PairwiseMatrix:
    values = [
        [1.0 if a == b and (a, b) not in own else own.get((a, b), (None, 0))[0] for b in names] for a in names
    ]

    def place(i: int, j: int) -> Place:
        return own.get((names[i], names[j]), (None, 0))[1], field

    return pairwise_matrix(names, values, places=place)


def _blanks(row: Row, table: Table, found: dict[str, int], fields: Sequence[str]) -> list[Problem]:
    return [
        _blank(row.number, table.columns[found[field]])
        for field in fields
        if field in found and not row.cells[found[field]]
    ]


def _blank(row: int, field: str) -> Problem:
    return Problem(row, field, "为空。请填写。", "is empty. Fill it in.")


def _repeated(row: int, pair: tuple[str, str], earlier: int) -> Problem:
    return Problem(
        row,
        "",
        f"“{pair[0]}”对“{pair[1]}”的判断在第 {earlier} 行已有。请删去一条。",
        f"the judgement of “{pair[0]}” to “{pair[1]}” stands in row {earlier} already. Delete one.",
    )


def read_answers(path: Path) -> list[Answer]:
    """Read Delphi answers from a long table: round, expert, item, rating and, where told, ca and cs.

    A blank rating is kept as no answer. Raises InputError.
    """
    table = read_table(path)
    found = columns_of(table, _ANSWER)
    missing = [_ANSWER[field][0] for field in ("round", "expert", "item", "rating") if field not in found]
    if missing:
        raise missing_columns(table, missing)
    problems: list[Problem] = []
    answers = []
    for row in table.rows:
        one = {field: row.cells[at] for field, at in found.items()}
        problems += _blanks(row, table, found, ("expert", "item"))
        values: dict[str, float | None] = {}
        for field in ("round", "rating", "ca", "cs"):
            try:
                values[field] = number(one.get(field, ""))
            except ValueError:
                problems.append(not_a_number(row.number, table.columns[found[field]], one[field]))
        round_ = values.get("round", 1.0)
        if round_ is None or round_ < 1 or not round_.is_integer():
            problems.append(
                Problem(
                    row.number, table.columns[found["round"]], "轮次应是 1、2、3……", "a round is 1, 2, 3 …"
                )
            )
            continue
        answers.append(
            Answer(
                int(round_),
                one["expert"],
                one["item"],
                values.get("rating"),
                values.get("ca"),
                values.get("cs"),
                row.number,
            )
        )
    if problems:
        raise InputError(*problems)
    return answers


@dataclass(frozen=True)
class _Directions:
    """The line under the header that tells costs from benefits."""

    cost: tuple[str, ...]
    benefit: tuple[str, ...]


def read_decision_matrix(path: Path, *, cost: Sequence[str] = ()) -> DecisionMatrix:
    """Read alternatives (first column) × indicators (header).

    A first line of words such as benefit and cost (效益、成本、正、负、+、-) tells the directions; `cost` names further
    indicators that are the better the smaller. Raises InputError, and MissingValues naming all empty cells.
    """
    table = read_table(path)
    indicators = table.columns[1:]
    rows = list(table.rows)
    told = _directions(rows[0], indicators) if rows else None
    if told:
        rows = rows[1:]
        against = [name for name in cost if name in told.benefit]
        if against:
            raise InputError(
                *(
                    Problem(
                        table.rows[0].number,
                        name,
                        "表中写的是效益型，参数却指定为成本型。请统一。",
                        "the table says benefit, the option says cost. Make them agree.",
                    )
                    for name in against
                )
            )
    nameless = [_blank(row.number, table.columns[0] or "1") for row in rows if not row.cells[0]]
    if nameless:
        raise InputError(*nameless)
    return decision_matrix(
        [row.cells[0] for row in rows],
        indicators,
        _numbers(rows, indicators, first=1),
        cost=list(dict.fromkeys([*(told.cost if told else ()), *cost])),
        row_numbers=[row.number for row in rows],
    )


def _directions(row: Row, indicators: Sequence[str]) -> _Directions | None:
    words = [cell.lower() for cell in row.cells[1:]]
    labelled = row.cells[0].lower() in _DIRECTION
    if not words or not (labelled or all(word in _BENEFIT | _COST - {"-", "−"} for word in words)):
        return None
    wrong = [
        Problem(
            row.number,
            name,
            f"“{word}”不是方向。请写 benefit（效益）或 cost（成本）。",
            f"“{word}” is no direction. Write benefit or cost.",
        )
        for name, word in zip(indicators, words, strict=True)
        if word not in _BENEFIT | _COST
    ]
    if wrong:
        raise InputError(*wrong)
    pairs = list(zip(indicators, words, strict=True))
    return _Directions(
        tuple(name for name, word in pairs if word in _COST),
        tuple(name for name, word in pairs if word in _BENEFIT),
    )
