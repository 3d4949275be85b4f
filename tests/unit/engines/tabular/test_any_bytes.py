"""Whatever the bytes are, reading ends in rows, row errors or a TableError; never in another exception."""

from __future__ import annotations

import gzip
import io
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhiqiao.engines.tabular import QuarantineWriter, TableError, inspect, read, write_xlsx

TEXT = "id,职位,text\n" + "".join(f'{number},会计,"a, ""b"" {number}"\n' for number in range(40))


def xlsx_bytes() -> bytes:
    """Return a small workbook."""
    stream = io.BytesIO()
    write_xlsx(stream, ["id", "职位"], [[str(number), "会计"] for number in range(20)], title="t")
    return stream.getvalue()


def parquet_bytes() -> bytes:
    """Return a small Parquet file."""
    stream = io.BytesIO()
    pq.write_table(pa.table({"id": [str(number) for number in range(50)], "tags": [["a"]] * 50}), stream)
    return stream.getvalue()


SOUND = {
    "utf-8": TEXT.encode(),
    "gb18030": TEXT.encode("gb18030"),
    "utf-16": TEXT.encode("utf-16"),
    "gzip": gzip.compress(TEXT.encode(), mtime=0),
    "jsonl": b'{"id": 1, "tags": ["x"], "more": {"c": 1.5}}\n' * 20,
    "xlsx": xlsx_bytes(),
    "parquet": parquet_bytes(),
}


def check_wording(error: TableError) -> None:
    """Fill both templates from what the place that raised gave."""
    for template in (error.message_zh, error.message_en):
        marked = dict.fromkeys(error.params, "value")
        assert "{" not in template.format(**marked)
        assert template.format(**error.params)


def read_or_refuse(data: bytes) -> None:
    """Inspect and read the bytes as a file, and write its row errors to a quarantine file."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "upload"
        path.write_bytes(data)
        try:
            inspect(path)
        except TableError as error:
            check_wording(error)
        try:
            with QuarantineWriter(Path(folder) / "rejected.csv", ["id"]) as quarantine:
                for chunk in read(path):
                    chunk.rows.validate(full=True)
                    assert chunk.rows.num_rows == len(chunk.row_numbers)
                    for row_error in chunk.errors:
                        quarantine.write(row_error)
        except TableError as error:
            check_wording(error)


@settings(max_examples=100, deadline=None)
@given(data=st.binary(max_size=200))
def test_random_bytes(data: bytes) -> None:
    read_or_refuse(data)


@pytest.mark.parametrize("kind", SOUND)
@settings(max_examples=40, deadline=None)
@given(
    changes=st.lists(st.tuples(st.integers(0, 1 << 30), st.integers(0, 255)), max_size=8),
    keep=st.one_of(st.none(), st.floats(0, 1)),
)
def test_sound_files_with_some_bytes_changed_or_the_end_missing(
    kind: str, changes: list[tuple[int, int]], keep: float | None
) -> None:
    data = bytearray(SOUND[kind])
    for at, value in changes:
        data[at % len(data)] = value
    read_or_refuse(bytes(data if keep is None else data[: int(keep * len(data))]))
