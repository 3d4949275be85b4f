"""The same files give the same results whoever carries the steps: one process, local tables, Spark."""

from __future__ import annotations

import csv
import json
import logging
import random
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.requirements import require_or_skip
from tests.unit.engines.jobmining.test_duplicates import text_of
from zhiqiao.cli import main
from zhiqiao.engines import jobmining, tabular
from zhiqiao.packs import common_file, folder
from zhiqiao.platform.data.mining import mine_on
from zhiqiao.platform.data.runner import LocalRunner, RunnerError, whole_groups
from zhiqiao.platform.data.spark_runner import SparkRunner, open_session

DAY = date(2026, 1, 2)


def posting(number: int) -> dict[str, str]:
    return {
        "id": f"n{number}",
        "title": ["Java开发工程师", "会计", "园艺师"][number % 3],
        "company": f"公司{number % 40}",
        "city": ["巴中", "成都", ""][number % 3],
        "salary": "8千-1.5万",
        "published": "昨天",
        "text": f"岗位职责：{text_of(number)}；任职要求：熟悉Java、MySQL，联系13812345678",
        "note": f"渠道{number}",
    }


def rows(count: int = 400) -> list[dict[str, str]]:
    """Postings with exact and edited copies far from each other, repeated ids, bad rows and contact data."""
    chance = random.Random(5)
    made = [posting(number) for number in range(count)]
    for number in range(0, 60, 2):
        copy = dict(made[number]) | {"id": f"copy{number}"}
        if number % 4:
            parts = copy["text"].split("；")
            chance.shuffle(parts)
            copy["text"] = "；".join(parts)
        made.append(copy)
    made.append(made[3] | {"company": "某人才中介", "title": f"急聘{made[3]['title']}"})
    made.append(posting(901) | {"id": "n5"})
    made.append(posting(902) | {"id": ""})
    made.insert(33, posting(903) | {"text": ""})
    made.insert(333, posting(904) | {"text": "  "})
    return made


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Two files of one name and another column order: a CSV with a broken row and a JSONL file without ids."""
    where = tmp_path_factory.mktemp("inputs")
    first, second, third = where / "a" / "jobs.csv", where / "b" / "jobs.jsonl", where / "c" / "jobs.jsonl"
    for path in (first, second, third):
        path.parent.mkdir()
    made = rows()
    with first.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(made[0]))
        writer.writeheader()
        writer.writerows(made)
        stream.write('x1,标题,公司,巴中,面议,昨天,文字,渠道,"多,了",一格\n')
    more = [{"text": posting(number)["text"], "title": "会计"} for number in range(390, 420)]
    text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in more)
    second.write_text(text, encoding="utf-8")
    third.write_text(text.replace("会计", "出纳") + "{not json}\n", encoding="utf-8")
    return [first, second, third]


@dataclass(frozen=True)
class Made:
    """The folder a way of running wrote into and what it said."""

    folder: Path
    summary: jobmining.Summary

    @property
    def digest(self) -> str:
        return jobmining.digest_of_results(self.folder)


@pytest.fixture(scope="module")
def given(files: list[Path]) -> dict[str, Any]:  # Any: keyword arguments of several types
    return {
        "inputs": [jobmining.Input(path) for path in files],
        "taxonomy": jobmining.read_taxonomy(folder("common", "skills")),
        "rules": jobmining.read_rules(folder("common", "jobmining")),
        "vocabulary": tabular.read_vocabulary(common_file("intake", "posting_columns.csv")),
        "roles": jobmining.read_roles(folder("bazhong", "job_roles.csv")),
        "reference_date": DAY,
    }


@pytest.fixture(scope="module")
def one_process(given: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> Made:
    out = tmp_path_factory.mktemp("one")
    return Made(out, jobmining.run(out_dir=out, **given))


def test_the_small_file_holds_every_case(one_process: Made) -> None:
    summary = one_process.summary
    assert summary.duplicates_exact >= 15
    assert summary.duplicates_near >= 15
    assert summary.quarantine_reasons["no_text"] == 2
    assert sum(summary.quarantine_reasons.values()) > 2
    assert summary.notes["id_repeated"] == 2
    assert summary.notes["masked_phone"] > 400
    assert summary.mentions > 1000


def test_steps_over_local_tables_give_the_digest_of_the_whole_run(
    one_process: Made, given: dict[str, Any], tmp_path: Path
) -> None:
    made = Made(tmp_path, mine_on(LocalRunner(), out_dir=tmp_path, **given))
    assert made.digest == one_process.digest


def test_ids_of_rows_without_one_are_settled_like_in_the_whole_run(one_process: Made) -> None:
    ids = pq.read_table(one_process.folder / "postings.parquet")["posting_id"].to_pylist()
    assert len(set(ids)) == len(ids) == one_process.summary.kept


def test_the_digest_tells_rows_and_their_order_apart(one_process: Made, tmp_path: Path) -> None:
    shutil.copytree(one_process.folder, tmp_path / "copy")
    path = tmp_path / "copy" / "mentions.parquet"
    mentions = pq.read_table(path)
    assert jobmining.digest_of_results(tmp_path / "copy") == one_process.digest
    pq.write_table(mentions.take(list(reversed(range(mentions.num_rows)))), path)
    assert jobmining.digest_of_results(tmp_path / "copy") != one_process.digest


@pytest.mark.parametrize("size", [1, 2, 3, 50])
def test_groups_stay_whole_however_the_batches_come(size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("zhiqiao.platform.data.runner._GROUP_ROWS", 4)
    keys = sorted(random.Random(1).choices(range(12), k=50))
    batches = pa.table({"key": keys}).to_batches(max_chunksize=size)
    cut = [batch.column("key").to_pylist() for batch in whole_groups(iter(batches), "key")]
    assert [key for part in cut for key in part] == keys
    assert [set(one) & set(other) for one, other in pairwise(cut)] == [set()] * (len(cut) - 1)
    assert len(cut) > (3 if size < 50 else 1)


@pytest.mark.parametrize("missing", ["pyspark", "pandas", "Java"])
def test_what_spark_lacks_is_said_in_a_sentence(missing: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None if name == missing else object())
    monkeypatch.setattr("shutil.which", lambda name: None)
    monkeypatch.delenv("JAVA_HOME", raising=False)
    with pytest.raises(RunnerError, match=rf"extra `spark`.*Java 17; {missing} was not found"):
        open_session("local[2]")


@pytest.fixture(scope="session")
def spark() -> Iterator[Any]:  # Any: pyspark may be missing
    """One Spark session on this machine with two cores and several partitions."""
    with pytest.MonkeyPatch.context() as patch:
        # a run of seconds pays for no optimising compiler and no threads that collect garbage beside it
        patch.setenv("JAVA_TOOL_OPTIONS", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC")
        yield from _session()


def _session() -> Iterator[Any]:  # Any: see above
    try:
        session = open_session("local[2]", partitions=2, batch_rows=100)
    except RunnerError as error:
        require_or_skip("spark", str(error))
    session.sparkContext.setLogLevel("OFF")
    yield session
    session.stop()
    # Connections that Python drops at its very end would be told to a log that is closed by then.
    logging.getLogger("py4j").setLevel(logging.CRITICAL)


@pytest.mark.spark
def test_spark_gives_the_digest_of_the_whole_run(
    spark: Any, one_process: Made, given: dict[str, Any], tmp_path: Path
) -> None:
    runner = SparkRunner(spark, stage=str(tmp_path / "stage"), file_rows=200)
    made = Made(tmp_path / "out", mine_on(runner, out_dir=tmp_path / "out", **given))
    assert made.digest == one_process.digest
    runner.clear()
    assert not (tmp_path / "stage").exists()
    assert sorted(path.name for path in made.folder.iterdir()) == sorted(jobmining.RESULT_FILES)


def test_the_command_names_what_spark_lacks_and_writes_nothing(
    files: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    out = tmp_path / "out"
    assert main(["mine", str(files[0]), "--out", str(out), "--runner", "spark"]) == 2
    assert "zhiqiao[spark]" in capsys.readouterr().err
    assert not out.exists()


def test_a_file_of_bad_rows_only_gives_empty_tables(given: dict[str, Any], tmp_path: Path) -> None:
    path = tmp_path / "bad.csv"
    path.write_text("id,title,text\n1,会计,\n2,会计,无\n", encoding="utf-8")
    arguments = given | {"inputs": [jobmining.Input(path)]}
    whole = Made(tmp_path / "whole", jobmining.run(out_dir=tmp_path / "whole", **arguments))
    steps = Made(tmp_path / "steps", mine_on(LocalRunner(), out_dir=tmp_path / "steps", **arguments))
    assert steps.digest == whole.digest
    assert (steps.summary.rows_in, steps.summary.kept, steps.summary.quarantined) == (2, 0, 2)


def test_nothing_to_read_is_refused(given: dict[str, Any], tmp_path: Path) -> None:
    with pytest.raises(jobmining.InputError, match="no input file"):
        mine_on(LocalRunner(), out_dir=tmp_path, **given | {"inputs": []})
    assert list(tmp_path.iterdir()) == []
