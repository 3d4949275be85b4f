"""Parquet files that are small on the disk and endless in memory."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from zhiqiao.engines.tabular import ArchiveBomb, Limits, inspect, read
from zhiqiao.engines.tabular._parquet import ParquetTable

LIMITS = Limits(ratio_from=1024**2)


def repeated(path: Path, text: str, *, rows: int) -> Path:
    """Write one text once, named by every row."""
    column = pa.DictionaryArray.from_arrays(pa.array([0] * rows, pa.int32()), pa.array([text]))
    pq.write_table(pa.table({"text": column}), path, compression="zstd")
    return path


def test_one_text_named_by_every_row_is_stopped_before_it_fills_the_memory(tmp_path: Path) -> None:
    path = repeated(tmp_path / "bomb.parquet", "a" * 100_000, rows=3000)
    with pytest.raises(ArchiveBomb) as stopped:
        list(read(path, limits=LIMITS))
    assert stopped.value.rows_read < 20


def test_its_head_is_looked_at_without_unfolding_it(tmp_path: Path) -> None:
    path = repeated(tmp_path / "bomb.parquet", "a" * 100_000, rows=3000)
    with path.open("rb") as file:
        table = ParquetTable(file, limits=LIMITS, size=path.stat().st_size)
        items = table.items()
        first, second = next(items), next(items)
    assert first.cells[0] is second.cells[0]  # type: ignore[union-attr]  # one text in memory, not 3000
    assert inspect(path, limits=LIMITS).columns == ("text",)


def test_a_footer_that_tells_of_the_growth_is_believed(tmp_path: Path) -> None:
    path = tmp_path / "zeros.parquet"
    table = pa.table({"text": ["a" * 1_000_000 + str(number) for number in range(40)]})
    pq.write_table(table, path, compression="zstd", use_dictionary=False)
    with pytest.raises(ArchiveBomb):
        inspect(path, limits=LIMITS)


def test_words_that_repeat_as_they_do_in_life_are_read(tmp_path: Path) -> None:
    path = tmp_path / "plain.parquet"
    rows = {
        "city": ["成都", "巴中", None, ""] * 500,
        "text": [f"任职要求：熟悉第{number}种设备" for number in range(2000)],
    }
    pq.write_table(pa.table(rows), path, compression="zstd")
    chunks = list(read(path, limits=Limits(ratio_from=1024)))
    texts = [row for chunk in chunks for row in chunk.rows.to_pylist()]
    assert [row["text"] for row in texts] == rows["text"]
    assert [row["city"] for row in texts[:4]] == ["成都", "巴中", None, None]


def test_rows_with_long_cells_are_held_a_few_at_a_time(tmp_path: Path) -> None:
    path = tmp_path / "long.parquet"
    pq.write_table(pa.table({"text": [str(n) * 900_000 for n in range(10, 20)]}), path, use_dictionary=False)
    with path.open("rb") as file:
        table = ParquetTable(file, limits=Limits(), size=path.stat().st_size)
        assert table._batch_rows() < 40
        assert sum(1 for _item in table.items()) == 10
