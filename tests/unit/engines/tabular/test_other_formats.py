"""JSON lines, Parquet and XLSX: records, odd values, broken records."""

from __future__ import annotations

import datetime as dt
import gzip
import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.unit.engines.tabular.tables import (
    errors_of,
    numbers_of,
    read_all,
    replace_part,
    rows_of,
    workbook,
    write,
)
from zhiqiao.engines.tabular import DamagedFile, Limits, TooManyColumns, UnknownSheet, inspect


def test_json_lines_keep_numbers_as_written_and_join_tags(tmp_path: Path) -> None:
    record = (
        '{"id": 12345678901234567890, "pay": 1.50, "tags": ["java", "五险"], "on": true, "x": {"a": [1]}}\n'
    )
    path = write(tmp_path / "t.jsonl", record + '{"id": 2, "pay": null}\n')
    info = inspect(path)
    assert (info.format, info.columns) == ("jsonl", ("id", "pay", "tags", "on", "x"))
    first, second = rows_of(read_all(path))
    assert first == {
        "id": "12345678901234567890",
        "pay": "1.50",
        "tags": "java|五险",
        "on": "true",
        "x": '{"a": ["1"]}',
    }
    assert second == {"id": "2", "pay": None, "tags": None, "on": None, "x": None}


def test_a_bad_json_line_is_an_error_and_reading_goes_on(tmp_path: Path) -> None:
    lines = ['{"id": 1}', "{broken", "[1, 2]", '{"id": "\\ud800"}', "[" * 100_000, '{"id": 2}']
    chunks = read_all(write(tmp_path / "t.jsonl", "\n".join(lines)))
    assert [(error.row, error.reason) for error in errors_of(chunks)] == [
        (2, "bad_json"),
        (3, "not_an_object"),
        (4, "undecodable"),
        (5, "bad_json"),
    ]
    assert errors_of(chunks)[0].rest == "{broken"
    assert numbers_of(chunks) == [1, 6]


def test_a_key_that_comes_late_becomes_a_column(tmp_path: Path) -> None:
    lines = [json.dumps({"id": str(n)}) for n in range(300)] + [json.dumps({"id": "300", "late": "yes"})]
    chunks = read_all(write(tmp_path / "t.jsonl", "\n".join(lines)))
    assert rows_of(chunks)[-1] == {"id": "300", "late": "yes"}
    assert rows_of(chunks)[0] == {"id": "0", "late": None}


def test_more_keys_than_columns_allowed_is_a_row_error(tmp_path: Path) -> None:
    lines = [json.dumps({"id": str(n)}) for n in range(100)] + [json.dumps({f"k{n}": "x" for n in range(9)})]
    chunks = read_all(write(tmp_path / "t.jsonl", "\n".join(lines)), limits=Limits(max_columns=5))
    assert [error.reason for error in errors_of(chunks)] == ["too_many_fields"]
    assert len(rows_of(chunks)) == 100


@pytest.mark.parametrize("packed", [False, True])
def test_parquet_gives_every_type_as_text(tmp_path: Path, packed: bool) -> None:
    table = pa.table(
        {
            "id": pa.array([1, 2], pa.int64()),
            "title": pa.array(["会计", None]).dictionary_encode(),
            "tags": pa.array([["a", "b"], None]),
            "day": pa.array([dt.date(2024, 1, 2), None]),
            "raw": pa.array([b"ok", b"\xff"], pa.binary()),
        }
    )
    path = tmp_path / "t.parquet"
    pq.write_table(table, path)
    if packed:
        path.write_bytes(gzip.compress(path.read_bytes()))
    info = inspect(path)
    assert (info.format, info.estimated_rows, info.compressed) == ("parquet", 2, packed)
    chunks = read_all(path)
    assert rows_of(chunks) == [{"id": "1", "title": "会计", "tags": "a|b", "day": "2024-01-02", "raw": "ok"}]
    (error,) = errors_of(chunks)
    assert (error.row, error.field, error.reason) == (2, "raw", "undecodable")


def test_a_cut_off_parquet_is_damaged(tmp_path: Path) -> None:
    path = tmp_path / "t.parquet"
    pq.write_table(pa.table({"id": ["1"] * 1000}), path)
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(DamagedFile):
        inspect(path)


def test_workbook_cells_read_as_a_person_sees_them(tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "t.xlsx",
        jobs=[
            ["id", "标题", "日期", "薪资", "在招"],
            [1, " 会计 ", dt.date(2024, 1, 2), 1.5, True],
            [None, None, None, None, None],
            ["=1+1", "x\ny", dt.datetime.fromisoformat("2024-01-02 03:04"), 20000000000.0, None],
        ],
    )
    chunks = read_all(path)
    assert numbers_of(chunks) == [2, 4]
    first, second = rows_of(chunks)
    assert first == {"id": "1", "标题": " 会计 ", "日期": "2024-01-02", "薪资": "1.5", "在招": "TRUE"}
    assert second["标题"] == "x\ny"
    assert second["日期"] == "2024-01-02 03:04:00"
    assert second["薪资"] == "20000000000"


def test_the_first_sheet_with_something_in_it_is_read_unless_one_is_named(tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "t.xlsx", empty=[], first=[["id", "text"], ["1", "a"]], second=[["id", "text"], ["2", "b"]]
    )
    info = inspect(path)
    assert (info.sheets, info.sheet) == (("empty", "first", "second"), "first")
    assert "sheet_chosen" in [note.code for note in info.notes]
    assert rows_of(read_all(path, sheet="second")) == [{"id": "2", "text": "b"}]
    with pytest.raises(UnknownSheet) as caught:
        inspect(path, sheet="third")
    assert "first" in caught.value.text("zh")


def test_title_rows_above_the_header_are_passed_over(tmp_path: Path) -> None:
    rows: list[list[object]] = [["2024 招聘信息汇总"], ["id", "职位名称", "薪资"], ["1", "会计", "5千"]]
    path = workbook(tmp_path / "t.xlsx", jobs=rows)
    chunks = read_all(path)
    assert rows_of(chunks) == [{"id": "1", "职位名称": "会计", "薪资": "5千"}]
    assert numbers_of(chunks) == [3]
    assert [note.code for note in inspect(path).notes] == ["title_rows_skipped"]


def test_cells_right_of_the_header_are_told(tmp_path: Path) -> None:
    path = workbook(tmp_path / "t.xlsx", jobs=[["id", "text"], ["1", "a", "stray"], ["2", "b"]])
    chunks = read_all(path)
    assert [(error.row, error.reason, error.rest) for error in errors_of(chunks)] == [
        (2, "too_many_fields", "stray")
    ]
    assert numbers_of(chunks) == [3]


def test_inspecting_a_long_workbook_looks_at_its_head_only(tmp_path: Path) -> None:
    rows: list[list[object]] = [["id", "职位名称"], *[[str(n), f"职位{n}"] for n in range(3_000)]]
    path = workbook(tmp_path / "t.xlsx", jobs=rows)
    info = inspect(path)
    assert [row["职位名称"] for row in info.preview] == [f"职位{n}" for n in range(20)]
    assert not info.complete
    assert 2_900 <= info.estimated_rows <= 3_100
    assert len(rows_of(read_all(path))) == 3_000


@pytest.mark.parametrize(
    "rows",
    [
        b'<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
        b'<row r="1">' + b"<c><v>1</v></c>" * 16_384 + b'</row><row r="1048576"><c><v>1</v></c></row>',
        b'<row r="1"><c r="A1"><v>1</v></c><c r="XFD1048576" x="' + b"y" * 900_000 + b'"><v>1</v></c></row>',
    ],
    ids=["far corner", "cells without reference", "long attribute"],
)
def test_a_sheet_that_spans_more_than_it_fills_is_refused(tmp_path: Path, rows: bytes) -> None:
    source = workbook(tmp_path / "a.xlsx", jobs=[["id"], ["1"]])
    start = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    xml = start + rows + b"</sheetData></worksheet>"
    path = replace_part(source, tmp_path / "b.xlsx", "xl/worksheets/sheet1.xml", xml)
    for attempt in (inspect, read_all):
        with pytest.raises(TooManyColumns):
            attempt(path)


@pytest.mark.parametrize("keep", [0.3, 0.9])
def test_a_cut_off_workbook_is_damaged(tmp_path: Path, keep: float) -> None:
    path = workbook(tmp_path / "t.xlsx", jobs=[["id"], ["1"]])
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * keep)])
    with pytest.raises(DamagedFile):
        inspect(path)


def test_a_workbook_with_a_broken_part_is_damaged(tmp_path: Path) -> None:
    source = workbook(tmp_path / "a.xlsx", jobs=[["id"], ["1"]])
    path = replace_part(
        source, tmp_path / "b.xlsx", "xl/worksheets/sheet1.xml", b"<worksheet><sheetData><row r="
    )
    with pytest.raises(DamagedFile):
        read_all(path)


def test_parquet_values_that_can_not_be_read_cost_their_row_only(tmp_path: Path) -> None:
    words = pa.Array.from_buffers(
        pa.string(), 2, [None, pa.py_buffer(b"\0\0\0\0\1\0\0\0\2\0\0\0"), pa.py_buffer(b"a\xff")]
    )
    lists = pa.ListArray.from_arrays([0, 1, 2], words)
    path = tmp_path / "t.parquet"
    pq.write_table(pa.table({"id": ["1", "2"], "tags": lists}), path)
    chunks = read_all(path)
    assert rows_of(chunks) == [{"id": "1", "tags": "a"}]
    assert [(error.row, error.field, error.reason) for error in errors_of(chunks)] == [
        (2, "tags", "bad_value")
    ]


def test_duplicate_parquet_columns_are_told_apart(tmp_path: Path) -> None:
    path = tmp_path / "t.parquet"
    pq.write_table(pa.Table.from_arrays([pa.array(["1"]), pa.array(["2"])], names=["text", "text"]), path)
    assert rows_of(read_all(path)) == [{"text": "1", "text (2)": "2"}]
