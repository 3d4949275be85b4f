"""Tables of any text through JSON lines, Parquet, XLSX and gzip and back; stopping in the middle."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.engines.tabular.tables import HEADER, errors_of, numbers_of, read_all, rows_of, write
from zhiqiao.engines.tabular import CsvWriter, inspect, read, write_xlsx

COLUMNS = ["id", "职位", "text"]
CELL = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=10)
ROWS = st.lists(st.lists(CELL, min_size=3, max_size=3), min_size=1, max_size=6)
Rows = list[list[str]]


def save_jsonl(path: Path, rows: Rows) -> None:
    """Write rows as JSON lines."""
    records = (json.dumps(dict(zip(COLUMNS, row, strict=True)), ensure_ascii=False) for row in rows)
    path.write_text("\n".join(records), encoding="utf-8")


def save_parquet(path: Path, rows: Rows) -> None:
    """Write rows as Parquet."""
    columns = zip(*rows, strict=True)
    pq.write_table(pa.table([pa.array(column, pa.string()) for column in columns], names=COLUMNS), path)


def save_xlsx(path: Path, rows: Rows) -> None:
    """Write rows as a workbook."""
    write_xlsx(path, COLUMNS, rows, title="t")


def save_csv(path: Path, rows: Rows) -> None:
    """Write rows as CSV."""
    with CsvWriter(path, COLUMNS) as writer:
        for row in rows:
            writer.write(row)


SAVES = {"jsonl": save_jsonl, "parquet": save_parquet, "xlsx": save_xlsx, "csv": save_csv}


@pytest.mark.parametrize("packed", [False, True], ids=["plain", "gzip"])
@pytest.mark.parametrize("kind", SAVES)
@settings(max_examples=30, deadline=None)
@given(rows=ROWS)
def test_any_text_comes_back_from_every_format(kind: str, packed: bool, rows: Rows) -> None:
    save: Callable[[Path, Rows], None] = SAVES[kind]
    if kind == "xlsx":  # a workbook keeps no cell of spaces alone, and a row without cells is none
        rows = [[cell if cell.strip(" ") else "" for cell in row] for row in rows]
    wanted = [row for row in rows if kind != "xlsx" or any(row)]
    if not wanted:
        return
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"t.{kind}"
        save(path, rows)
        if packed:
            path.write_bytes(gzip.compress(path.read_bytes()))
        info = inspect(path)
        chunks = read_all(path)
    assert (info.format, info.compressed, list(info.columns)) == (kind, packed, COLUMNS)
    assert info.estimated_rows == len(wanted)
    assert errors_of(chunks) == []
    assert [[row[name] or "" for name in COLUMNS] for row in rows_of(chunks)] == wanted


@pytest.mark.parametrize(("kind", "first"), [("jsonl", 1), ("parquet", 1), ("xlsx", 2), ("csv", 2)])
def test_rows_are_numbered_as_a_person_counts(tmp_path: Path, kind: str, first: int) -> None:
    path = tmp_path / f"t.{kind}"
    SAVES[kind](path, [["1", "a", "b"], ["2", "c", "d"]])
    assert numbers_of(read_all(path)) == [first, first + 1]


@pytest.mark.parametrize("kind", SAVES)
def test_every_chunk_carries_text_columns_and_whole_numbers(tmp_path: Path, kind: str) -> None:
    path = tmp_path / f"t.{kind}"
    SAVES[kind](path, [[str(number), "职位", ""] for number in range(25)])
    chunks = list(read(path, batch_rows=10))
    assert [chunk.rows.num_rows for chunk in chunks] == [10, 10, 5]
    for chunk in chunks:
        assert chunk.rows.schema == pa.schema([(name, pa.string()) for name in COLUMNS])
        assert chunk.row_numbers.type == pa.int64()
        assert chunk.rows.column(2).null_count == chunk.rows.num_rows


@pytest.mark.parametrize("kind", SAVES)
def test_progress_never_runs_back_and_ends_at_the_size(tmp_path: Path, kind: str) -> None:
    path = tmp_path / f"t.{kind}"
    SAVES[kind](path, [[str(number), "职位", "x"] for number in range(100)])
    seen: list[tuple[int, int]] = []
    list(read(path, batch_rows=10, progress=lambda done, total: seen.append((done, total))))
    size = path.stat().st_size
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)
    assert seen[-1] == (size, size)
    assert len(seen) == 11


def test_reading_can_be_stopped_and_begun_again(tmp_path: Path) -> None:
    path = write(tmp_path / "t.csv", HEADER + "".join(f"{number},a,b\n" for number in range(50)))
    stopped = iter(read(path, batch_rows=5))
    first = next(stopped)
    stopped.close()  # type: ignore[attr-defined]  # read gives a generator
    again = next(iter(read(path, batch_rows=5)))
    assert first.rows.equals(again.rows)


def test_a_name_given_beside_the_path_is_the_one_that_is_judged(tmp_path: Path) -> None:
    path = write(tmp_path / "upload-1234", "id,text\n1,a\n")
    assert inspect(path, name="postings.csv").notes == ()
    assert [note.code for note in inspect(path, name="postings.xlsx").notes] == ["extension_differs"]
