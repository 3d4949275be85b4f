"""`zhiqiao bench`: which benchmarks take which options, and what is printed."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import pytest

from zhiqiao.cli import bench
from zhiqiao.cli._say import Fault


def call(*words: str) -> int:
    parser = argparse.ArgumentParser()
    bench.add_parser(parser.add_subparsers())
    return bench.run(parser.parse_args(["bench", *words]))


def test_job_mining_is_measured_on_the_rows_of_a_file_beside_the_plain_pipeline(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("jieba")
    source = tmp_path / "jobs.csv"
    rows = [f"{number},开发,负责第{number}个数据库；熟悉Java和Python" for number in range(40)]
    source.write_text("\n".join(["id,title,text", *rows]), encoding="utf-8")
    assert call("jobmining", "--json", "--file", str(source), "--rows", "30") == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["bench"], found["rows"], found["file"]) == ("jobmining", 30, "jobs.csv")
    assert set(found["ours"]["stages"]) == {"read", "clean", "deduplicate", "mine"}
    for part in (found["ours"]["workers_1"], found["ours"]["workers_2"], found["plain"]["total"]):
        assert part["rows_per_cpu_second"] > 0
        assert part["rows_per_second"] > 0


def test_an_option_that_a_benchmark_does_not_take_is_named() -> None:
    with pytest.raises(Fault, match="--rows"):
        call("queue", "--rows", "5")


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(Fault, match="absent"):
        call("jobmining", "--file", str(tmp_path / "absent.csv"))
