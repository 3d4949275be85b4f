"""The verb `competency discover`: files and a summary, and clear words when something is wrong."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.unit.engines.competency.conftest import write_mined
from zhiqiao.cli import main
from zhiqiao.engines import competency


def call(folder: Path, *more: str) -> int:
    return main(["competency", "discover", str(folder), "--out", str(folder / "out"), *more])


def test_clusters_are_written_and_summed_up(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_mined(tmp_path)
    assert call(tmp_path, "--method", "nmf", "--k", "3", "--seed", "2", "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["method"], told["k"], told["seed"], told["postings"]) == ("nmf", 3, 2, 240)
    assert len(told["clusters"]) == 3
    assert told["seconds"] > 0
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == sorted(competency.RESULT_FILES)


def test_clusters_are_printed_for_people(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_mined(tmp_path)
    assert call(tmp_path, "--method", "nmf", "--k", "3") == 0
    told = capsys.readouterr().out
    assert "240 条岗位，3 组" in told
    assert "240 postings, 3 clusters" in told


def test_a_folder_without_the_files_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert call(tmp_path, "--k", "3") == 1
    told = capsys.readouterr().err
    assert "没有 postings.parquet、mentions.parquet" in told
    assert "run zhiqiao mine first" in told


def test_too_few_postings_and_too_many_clusters_are_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_mined(tmp_path / "few", postings=20)
    assert call(tmp_path / "few", "--k", "3") == 1
    assert "There are 20 postings" in capsys.readouterr().err
    write_mined(tmp_path / "enough")
    assert call(tmp_path / "enough", "--k", "99") == 1
    assert "k = 99 can not be used" in capsys.readouterr().err
    assert not (tmp_path / "enough" / "out").exists()


def test_a_method_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SystemExit):
        call(tmp_path, "--method", "magic")
