"""A table keeps its rows, order and cells and gets eleven columns more."""

from __future__ import annotations

import csv
import gzip
from pathlib import Path

import pytest

from tests.unit.engines.occupations.conftest import write
from zhiqiao.engines.occupations import InputError, OccupationModel, code_table

_CELLS = [["id", "title"], ["7", "甜品师"], ["", '说 "好"\n第二行'], ["8", ""], ["9", "桥梁,巡查员"]]


def _read(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def _source(path: Path, encoding: str = "utf-8") -> Path:
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file).writerows(_CELLS)
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_cells_rows_and_order_are_kept(model: OccupationModel, tmp_path: Path, encoding: str) -> None:
    done = code_table(
        _source(tmp_path / "in.csv", encoding), tmp_path / "out.csv", model=model, title_column="title"
    )
    rows = _read(tmp_path / "out.csv")
    assert [row[:2] for row in rows] == _CELLS
    assert rows[0][2:4] == ["code_1", "code_2"]
    assert (rows[1][2], rows[1][-1]) == ("2-03-01-01", "甜品师")
    assert rows[3][2:] == [""] * 11
    assert (done.rows, done.coded, done.untitled, done.unreadable) == (4, 3, 1, 0)


def test_a_gzip_file_is_read(model: OccupationModel, tmp_path: Path) -> None:
    packed = tmp_path / "in.csv.gz"
    packed.write_bytes(gzip.compress(_source(tmp_path / "in.csv").read_bytes()))
    code_table(packed, tmp_path / "out.csv", model=model, title_column="title")
    assert [row[:2] for row in _read(tmp_path / "out.csv")] == _CELLS


def test_a_row_that_can_not_be_read_stays_at_its_place_without_a_code(
    model: OccupationModel, tmp_path: Path
) -> None:
    source = write(tmp_path / "in.csv", [("id", "title"), ("1", "甜品师"), ("2",), ("3", "甜品师")])
    done = code_table(source, tmp_path / "out.csv", model=model, title_column="title")
    assert [row[0] for row in _read(tmp_path / "out.csv")] == ["id", "1", "2", "3"]
    assert _read(tmp_path / "out.csv")[2][2] == ""
    assert done.unreadable == 1


def test_an_unknown_column_is_named_with_those_there(model: OccupationModel, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="id, title"):
        code_table(_source(tmp_path / "in.csv"), tmp_path / "out.csv", model=model, title_column="job")
    assert not (tmp_path / "out.csv").exists()


def test_columns_of_an_earlier_run_are_not_overwritten(model: OccupationModel, tmp_path: Path) -> None:
    source = write(tmp_path / "in.csv", [("title", "code_1"), ("甜品师", "x")])
    with pytest.raises(InputError, match="code_1"):
        code_table(source, tmp_path / "out.csv", model=model, title_column="title")


def test_cells_a_spreadsheet_would_run_are_mirrored_as_they_are(
    model: OccupationModel, tmp_path: Path
) -> None:
    cells = [
        ["=id", "title", "+x"],
        ["=1+1", "-甜品师", "@a"],
        [" pad ", "", "'q"],
        ["\t1", "a\r\nb", "\ufeff"],
    ]
    with (tmp_path / "in.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(cells)
    code_table(tmp_path / "in.csv", tmp_path / "out.csv", model=model, title_column="title")
    assert [row[:3] for row in _read(tmp_path / "out.csv")] == cells
