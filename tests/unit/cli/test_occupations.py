"""The verb `occupations`: fit, code, and clear words when something is wrong."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from tests.unit.engines.occupations.conftest import write, write_classification, write_titles
from zhiqiao.cli import main


def _fit(folder: Path, *more: str) -> int:
    write_classification(folder / "c.csv")
    write_titles(folder / "t.csv")
    files = ["--classification", str(folder / "c.csv"), "--titles", str(folder / "t.csv")]
    return main(["occupations", "fit", *files, "--out", str(folder / "m"), *more])


def test_fit_then_code(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _fit(tmp_path, "--json") == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["entries"], found["titles"]) == (6, 60)
    source = write(tmp_path / "in.csv", [("n", "职位"), ("1", "甜品师傅")])
    where = ["--model", str(tmp_path / "m"), "--out", str(tmp_path / "out.csv")]
    assert main(["occupations", "code", str(source), "--title-column", "职位", *where]) == 0
    with (tmp_path / "out.csv").open(encoding="utf-8", newline="") as file:
        row = next(csv.DictReader(file))
    assert (row["n"], row["code_1"], row["name_1"]) == ("1", "2-03-01-01", "甜品师")
    assert 0 < float(row["score_1"]) <= 1


def test_evaluation_is_printed_when_asked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _fit(tmp_path, "--json", "--evaluate") == 0
    found = json.loads(capsys.readouterr().out)["evaluation"]
    assert found["plain"]["titles"] == found["grouped"]["titles"] == 60


def test_a_missing_file_is_named_in_both_languages(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    where = ["--model", str(tmp_path / "m"), "--out", str(tmp_path / "o")]
    assert main(["occupations", "code", str(tmp_path / "in.csv"), "--title-column", "t", *where]) == 1
    said = capsys.readouterr().err
    assert "没有这个文件" in said
    assert "There is no such file" in said


def test_a_file_that_is_no_model_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = write(tmp_path / "in.csv", [("t", "u"), ("甜品师", "x")])
    where = ["--model", str(source), "--out", str(tmp_path / "o.csv")]
    assert main(["occupations", "code", str(source), "--title-column", "t", *where]) == 1
    assert "is no occupation model" in capsys.readouterr().err
    assert not (tmp_path / "o.csv").exists()
