"""`zhiqiao bench`: which benchmarks take which options, and what is printed."""

from __future__ import annotations

import argparse
import json
import runpy
import sys
from pathlib import Path

import pytest

from zhiqiao.cli import bench
from zhiqiao.cli._say import Fault
from zhiqiao.engines import jobmining
from zhiqiao.packs import folder

BENCH = Path(__file__).resolve().parents[3] / "bench"


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
        call("jobs_queue", "--rows", "5")


def test_a_part_to_hold_out_is_taken_by_the_benchmark_of_competencies_only() -> None:
    with pytest.raises(Fault, match="--fold"):
        call("jobs_queue", "--fold", "1")


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(Fault, match="absent"):
        call("jobmining", "--file", str(tmp_path / "absent.csv"))


@pytest.mark.parametrize("path", sorted(BENCH.glob("*.py")), ids=lambda path: path.stem)
def test_a_benchmark_can_be_run_as_a_script(path: Path) -> None:
    """Its folder is first on the path then: no file in it may bear the name of a module of the library."""
    assert path.stem not in sys.stdlib_module_names


def test_duplicates_finds_the_edits_it_injects(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = runpy.run_path(str(BENCH / "duplicates.py"))
    source = tmp_path / "jobs.csv"
    parts = [
        "熟悉Java与微服务",
        "负责订单系统的设计与开发",
        "了解消息队列和缓存",
        "能独立排查线上问题",
        "有团队合作精神",
    ]
    text = "；".join(f"{part}，并参与第{number}期项目" for number, part in enumerate(parts))
    source.write_text(f"id,title,company,city,text\n1,开发,甲公司,成都,{text}\n", encoding="utf-8")
    scope = found["read"].__globals__
    monkeypatch.setitem(scope, "DATA", tmp_path)
    monkeypatch.setitem(scope, "FILES", ("jobs.csv",))
    (posting,) = found["read"]()
    rules = jobmining.read_rules(folder("common", "jobmining"))
    cleaner = jobmining.RowCleaner(rules, roles=jobmining.RoleBook(), reference_date=None)
    base, copy = (found["prints_of"]([posting], cleaner, rules, prefix=name) for name in "pc")
    assert found["judged"](base, copy, ["p0"], rules) == {"recall": 1.0, "precision": 1.0}
