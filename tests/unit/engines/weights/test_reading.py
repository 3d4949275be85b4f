"""Files of judgements, answers and indicators; every fault is told with row, field and remedy."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from tests.unit.engines.weights.conftest import write
from zhiqiao.engines import weights


def faults(read: Callable[[Path], object], path: Path) -> tuple[weights.Problem, ...]:
    with pytest.raises(weights.InputError) as caught:
        read(path)
    return caught.value.problems


def test_a_square_table_with_fractions(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", "指标,成本,质量,交付\n成本,1,1/3,5\n质量,3,1,7\n交付,1/5,１／７,1\n")
    matrix = weights.read_judgements(path)[""]
    assert matrix.names == ("成本", "质量", "交付")
    assert matrix.values[0] == (1, pytest.approx(1 / 3), 5)
    assert matrix.values[2] == (pytest.approx(1 / 5), pytest.approx(1 / 7), 1)


def test_rows_may_stand_in_another_order_and_half_may_be_empty(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", ",a,b,c\nc,,,1\na,1,2,4\nb,,1,2\n")
    matrix = weights.read_judgements(path)[""]
    assert matrix.values == ((1, 2, 4), (0.5, 1, 2), (0.25, 0.5, 1))
    assert matrix.unknown == ()


def test_a_workbook(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in ([None, "a", "b"], ["a", 1, 1 / 3], ["b", 3, 1]):
        sheet.append(row)
    book.save(tmp_path / "a.xlsx")
    assert weights.read_judgements(tmp_path / "a.xlsx")[""].values[1][0] == 3


def test_a_long_table_of_experts(tmp_path: Path) -> None:
    lines = "专家,行,列,判断\n甲,a,b,3\n甲,a,c,5\n甲,b,c,2\n乙,b,a,1/2\n乙,a,c,\n乙,c,b,1\n"
    found = weights.read_judgements(write(tmp_path / "a.csv", lines))
    assert set(found) == {"甲", "乙"}
    assert found["乙"].values[0][1] == 2
    assert found["乙"].unknown == (("a", "c"),)


@pytest.mark.parametrize(
    ("text", "row", "field", "words"),
    [
        (",a,b\na,1,x\nb,2,1\n", 2, "b", "no number"),
        (",a,b\na,1,2024-01-03\nb,2,1\n", 2, "b", "date"),
        (",a,b\na,1,1/0\nb,2,1\n", 2, "b", "no number"),
        (",a,b\na,1,12\nb,,1\n", 2, "b", "1/9 to 9"),
        (",a,b\na,1,-2\nb,,1\n", 2, "b", "1/9 to 9"),
        (",a,b\na,1,4\nb,1/2,1\n", 3, "a", "0.25"),
        (",a,b\na,1,4\nc,1/4,1\n", 3, "", "not in the header"),
        (",a,b\na,1,4\n", 0, "", "no row for “b”"),
        (",a,b\na,1,4\na,1,4\nb,,1\n", 3, "", "row 2 already"),
        (",a,a\na,1,4\na,1,4\n", 1, "a", "twice"),
        (",a,b\na,1,4,5\nb,1/4,1\n", 2, "", "more cells"),
        ("row,column,value\na,b,3\na,b,4\n", 3, "", "row 2 already"),
        ("row,column,value\na,b,3\nb,a,3\n", 3, "value", "reciprocal"),
        ("row,column,value\na,a,3\n", 2, "value", "diagonal"),
        ("row,column,value\na,,3\n", 2, "column", "empty"),
        ("expert,row,column,value\n,a,b,3\n", 2, "expert", "empty"),
        ("", 0, "", "empty"),
        ("1,2\n3,4\n", 0, "", "column names"),
    ],
)
def test_faults_of_judgements(tmp_path: Path, text: str, row: int, field: str, words: str) -> None:
    problem = faults(weights.read_judgements, write(tmp_path / "a.csv", text))[0]
    assert (problem.row, problem.field) == (row, field)
    assert words in problem.en
    assert problem.zh


def test_answers_with_gaps_and_coefficients(tmp_path: Path) -> None:
    text = "轮次,专家,条目,评分,Ca,Cs\n1,甲,x,5,0.9,0.8\n1,乙,x,,,\n2,甲,x,4,,\n"
    found = weights.read_answers(write(tmp_path / "a.csv", text))
    assert found[0] == weights.Answer(1, "甲", "x", 5, 0.9, 0.8, 2)
    assert (found[1].rating, found[1].basis) == (None, None)
    assert found[2].round == 2


@pytest.mark.parametrize(
    ("text", "row", "field", "words"),
    [
        ("round,expert,rating\n1,a,5\n", 1, "", "item is missing"),
        ("round,expert,item,rating\nx,a,i,5\n", 2, "round", "no number"),
        ("round,expert,item,rating\n1.5,a,i,5\n", 2, "round", "1, 2, 3"),
        ("round,expert,item,rating\n,a,i,5\n", 2, "round", "1, 2, 3"),
        ("round,expert,item,rating\n1,,i,5\n", 2, "expert", "empty"),
        ("round,expert,item,rating\n1,a,i,good\n", 2, "rating", "no number"),
    ],
)
def test_faults_of_answers(tmp_path: Path, text: str, row: int, field: str, words: str) -> None:
    problem = faults(weights.read_answers, write(tmp_path / "a.csv", text))[0]
    assert (problem.row, problem.field) == (row, field)
    assert words in problem.en


def test_directions_from_a_line_and_from_names(tmp_path: Path) -> None:
    lines = "方案,费用,质量,工期\n方向,成本,效益,-\n甲,1,2,3\n乙,2,3,4\n"
    found = weights.read_decision_matrix(write(tmp_path / "a.csv", lines))
    assert found.directions == ("cost", "benefit", "cost")
    assert found.alternatives == ("甲", "乙")
    assert found.rows == (3, 4)
    plain = write(tmp_path / "b.csv", "name,x,y\na,1,2\nb,2,-3.5\n")
    assert weights.read_decision_matrix(plain, cost=["y"]).directions == ("benefit", "cost")
    signs = write(tmp_path / "c.csv", "name,x,y\n,max,min\na,1,2\nb,2,3\n")
    assert weights.read_decision_matrix(signs).directions == ("benefit", "cost")


@pytest.mark.parametrize(
    ("text", "cost", "row", "field", "words"),
    [
        ("n,x,y\na,1,\nb,2,3\n", [], 2, "y", "no value"),
        ("n,x,y\na,1,-\nb,2,3\n", [], 2, "y", "no value"),
        ("n,x,y\na,1,12%\nb,2,3\n", [], 2, "y", "no number"),
        ("n,x,y\n方向,效益,大\na,1,2\nb,2,3\n", [], 2, "y", "no direction"),
        ("n,x,y\nmax,max,max\na,1,2\nb,2,3\n", ["x"], 2, "x", "option says cost"),
        ("n,x\na,1\nb,2\n", ["z"], 0, "z", "no such indicator"),
        ("n,x\na,1\na,2\n", [], 3, "", "row 2 already"),
        ("n,x\na,1\n,2\n", [], 3, "n", "empty"),
        ("n,x\na,1\n", [], 0, "", "at least two"),
    ],
)
def test_faults_of_indicators(
    tmp_path: Path, text: str, cost: list[str], row: int, field: str, words: str
) -> None:
    path = write(tmp_path / "a.csv", text)
    problem = faults(lambda one: weights.read_decision_matrix(one, cost=cost), path)[0]
    assert (problem.row, problem.field) == (row, field)
    assert words in problem.en
