"""Rows of a Parquet file: the same as a filtered table gives, over row groups, without loading pandas."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from zhiqiao.platform.data import parquet


@pytest.fixture
def path(tmp_path: Path) -> Path:
    table = pa.table(
        {"row": range(10), "kind": ["a", "b"] * 5, "text": [f"文{n}" for n in range(9)] + [None]}
    )
    pq.write_table(table, tmp_path / "rows.parquet", row_group_size=3)
    return tmp_path / "rows.parquet"


def test_all_rows_and_columns(path: Path) -> None:
    assert parquet.rows(path) == pq.read_table(path).to_pylist()


def test_some_columns_of_the_rows_wanted_without_the_column_compared(path: Path) -> None:
    assert parquet.rows(path, columns=["text"], where={"row": [8, 2, 99]}) == [
        {"text": "文2"},
        {"text": "文8"},
    ]


def test_nothing_fits(path: Path) -> None:
    assert parquet.rows(path, where={"kind": ["c"]}) == []
    assert parquet.rows(path, where={"kind": []}) == []


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(st.integers(-1, 10)), st.sampled_from([["a"], ["b"], ["a", "b"], ["c"]]))
def test_the_same_as_a_filtered_table(path: Path, rows: list[int], kinds: list[str]) -> None:
    filters = [("row", "in", rows or [-5]), ("kind", "in", kinds)]
    wanted = pq.read_table(path, filters=filters).to_pylist()
    assert parquet.rows(path, where={"row": rows, "kind": kinds}) == wanted


def test_reading_rows_does_not_load_pandas(path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from zhiqiao.platform.data import parquet;"
        f"assert parquet.rows(Path({str(path)!r}), where={{'row': [1]}});"
        "sys.exit('pandas' in sys.modules or 'pyarrow.dataset' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
