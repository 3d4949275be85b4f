"""`zhiqiao forecast`: the contract of its command line."""

from __future__ import annotations

import argparse
import hashlib
import json
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from zhiqiao.cli import forecast

MONTHS = [f"{2022 + at // 12}-{at % 12 + 1:02d}" for at in range(18)]


def call(*words: str) -> int:
    parser = argparse.ArgumentParser()
    forecast.add_parser(parser.add_subparsers())
    return forecast.main(parser.parse_args(["forecast", *words]))


@pytest.fixture
def source(tmp_path: Path) -> Path:
    rows = np.random.default_rng(1).poisson(20, (30, 18))
    lines = [f"p{at % 3},s{at}," + ",".join(map(str, row)) for at, row in enumerate(rows)]
    path = tmp_path / "in.csv"
    path.write_text(
        "\n".join([f"post,skill,{','.join(MONTHS)}", *lines, "p0,bad,-1" + ",x" * 17]), encoding="utf-8"
    )
    return path


def test_a_long_table_comes_out_and_faults_are_counted(
    source: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "new" / "out.parquet"
    assert call(str(source), "--keys", "post,skill", "--horizon", "4", "--out", str(out), "--json") == 0
    summary = json.loads(capsys.readouterr().out)
    assert summary["months"] == ["2023-07", "2023-08", "2023-09", "2023-10"]
    assert summary["rejected"] == {"not_a_number": 17, "negative": 1}
    assert summary["flags"] == {"no_value": 1}
    found = pq.read_table(out)
    assert found.column_names == ["post", "skill", "month", "mean", "lo", "hi", "method"]
    assert found.num_rows == 31 * 4
    rows = found.to_pylist()
    assert all(0 <= row["lo"] <= row["mean"] <= row["hi"] for row in rows if row["skill"] != "bad")
    assert {(row["mean"], row["method"]) for row in rows if row["skill"] == "bad"} == {(None, "unknown")}


def test_two_runs_give_one_file(source: Path, tmp_path: Path) -> None:
    digests = set()
    for name in ("a.parquet", "b.parquet"):
        assert (
            call(str(source), "--keys", "post,skill", "--horizon", "12", "--out", str(tmp_path / name)) == 0
        )
        digests.add(hashlib.sha256((tmp_path / name).read_bytes()).hexdigest())
    assert len(digests) == 1


def test_words_tell_what_was_left_out(
    source: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert call(str(source), "--out", str(tmp_path / "o.csv"), "--level", "90") == 0
    said = capsys.readouterr().out
    assert "负数" in said
    assert "negative" in said
    assert (tmp_path / "o.csv").read_text(encoding="utf-8").startswith('"post","skill","month","mean"')


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["absent.csv", "--out", "o.parquet"], "no such file"),
        (["{source}", "--keys", "region", "--out", "o.parquet"], "no column region"),
        (["{source}", "--keys", "post,skill", "--horizon", "13", "--out", "o.parquet"], "1 to 12"),
        (["{source}", "--keys", "post,skill", "--level", "10", "--out", "o.parquet"], "within 50 to 99"),
    ],
)
def test_what_can_not_be_done_ends_with_2_and_says_so(
    source: Path, words: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert call(*(word.format(source=source) for word in words)) == 2
    assert told in capsys.readouterr().err


@pytest.mark.parametrize(("key", "kind"), [("7", "int64"), ("007", "string")])
def test_keys_of_whole_numbers_can_be_joined_again(tmp_path: Path, key: str, kind: str) -> None:
    source, out = tmp_path / "in.csv", tmp_path / "out.parquet"
    source.write_text(f"skill,{','.join(MONTHS)}\n{key},{','.join(['3'] * 18)}\n", encoding="utf-8")
    assert call(str(source), "--keys", "skill", "--horizon", "2", "--out", str(out)) == 0
    assert str(pq.read_schema(out).field("skill").type) == kind


@pytest.mark.parametrize(("kind", "expected"), [(pa.int32(), "int64"), (pa.string(), "string")])
def test_declared_types_of_keys_are_kept(tmp_path: Path, kind: pa.DataType, expected: str) -> None:
    source, out = tmp_path / "in.parquet", tmp_path / "out.parquet"
    columns = {"skill": pa.array(["7", "8"]).cast(kind), **{month: [3, 4] for month in MONTHS}}
    pq.write_table(pa.table(columns), source)
    assert call(str(source), "--keys", "skill", "--horizon", "2", "--out", str(out)) == 0
    assert str(pq.read_schema(out).field("skill").type) == expected
