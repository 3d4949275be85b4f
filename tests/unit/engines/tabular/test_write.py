"""Writing for spreadsheets: nothing runs as a formula, and what is written reads back as it was."""

from __future__ import annotations

import io
import string
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from tests.unit.engines.tabular.tables import HEADER, errors_of, read_all, rows_of, write
from zhiqiao.engines.tabular import (
    MARK_COLUMNS,
    NOTES,
    ROW_REASONS,
    CsvWriter,
    Note,
    QuarantineWriter,
    RowError,
    inspect,
    safe_cell,
    text_of_error,
    text_of_note,
    text_of_reason,
    write_xlsx,
)

FORMULAS = ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1+1", "'=1", "''@x"]


@pytest.mark.parametrize("text", FORMULAS)
def test_what_could_start_a_formula_gets_an_apostrophe(text: str) -> None:
    assert safe_cell(text) == f"'{text}"


@pytest.mark.parametrize("text", ["-5", "+3.5", "-1,234.50", "-12%", "1e-5", "8千-1.5万", "it's", "a=b", ""])
def test_numbers_and_harmless_texts_stay(text: str) -> None:
    assert safe_cell(text) == text


def test_values_that_are_no_text_are_written_plainly() -> None:
    assert [safe_cell(value) for value in (None, -3, 2.5, True)] == ["", "-3", "2.5", "True"]


def test_csv_opens_in_spreadsheets_and_header_cells_are_safe_too(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    with CsvWriter(path, ["id", "=evil()"]) as writer:
        writer.write(["1", "=1"])
    assert path.read_bytes() == "\ufeffid,'=evil()\r\n1,'=1\r\n".encode()
    assert rows_of(read_all(path)) == [{"id": "1", "=evil()": "=1"}]


def test_a_row_of_another_width_is_refused(tmp_path: Path) -> None:
    with CsvWriter(tmp_path / "t.csv", ["id"]) as writer, pytest.raises(ValueError, match="2 cells under 1"):
        writer.write(["1", "2"])


CELL = st.text(
    st.one_of(
        st.characters(exclude_categories=["Cs"]),
        st.sampled_from(string.ascii_letters + "=+-@'\",;|\t\r\n 职位、，\0"),
    ),
    max_size=12,
)


def tables(cell: st.SearchStrategy[str]) -> st.SearchStrategy[tuple[list[str], list[list[str]]]]:
    """Tables of one to three columns with at least one row."""
    return st.integers(1, 3).flatmap(
        lambda width: st.tuples(
            st.just([f"column {letter}" for letter in "abc"[:width]]),
            st.lists(st.lists(cell, min_size=width, max_size=width), min_size=1, max_size=6),
        )
    )


def round_trip(columns: list[str], rows: list[list[str]], encoding: str) -> list[list[str]]:
    """Write a table, read it back, and return its rows."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "t.csv"
        with CsvWriter(path, columns, encoding=encoding) as writer:
            for row in rows:
                writer.write(row)
        chunks = read_all(path)
        assert errors_of(chunks) == []
        return [[row[name] or "" for name in columns] for row in rows_of(chunks)]


@settings(max_examples=150, deadline=None)
@given(table=tables(CELL))
def test_any_unicode_table_comes_back_from_utf8(table: tuple[list[str], list[list[str]]]) -> None:
    columns, rows = table
    assert round_trip(columns, rows, "utf-8-sig") == rows


@settings(max_examples=150, deadline=None)
@given(table=tables(st.text(st.sampled_from("职位名称岗位描述工程师，。、；=-+'\",\n a1"), max_size=12)))
def test_chinese_tables_come_back_from_gb18030(table: tuple[list[str], list[list[str]]]) -> None:
    columns, rows = table
    assert round_trip(["职位名称", *columns[1:]], rows, "gb18030") == rows


@settings(max_examples=150, deadline=None)
@given(
    lines=st.lists(st.text(st.sampled_from("ab,，职\ufffd"), min_size=1, max_size=9), min_size=1, max_size=30)
)
def test_rows_and_errors_together_are_the_lines_of_the_file(lines: list[str]) -> None:
    with TemporaryDirectory() as folder:
        path = write(Path(folder) / "t.csv", HEADER + "0,first,row\n" + "\n".join(lines))
        chunks = read_all(path)
        assert len(rows_of(chunks)) + len(errors_of(chunks)) == len(lines) + 1


@settings(max_examples=150, deadline=None)
@given(
    wild=st.lists(st.text(st.sampled_from('ab,"\n'), max_size=8), max_size=8),
    tail=st.integers(3, 12),
)
def test_wild_quotes_never_swallow_the_tail(wild: list[str], tail: int) -> None:
    closing = "".join(f"{n},tail,row\n" for n in range(tail))
    with TemporaryDirectory() as folder:
        path = write(Path(folder) / "t.csv", HEADER + "".join(f"{text}\n" for text in wild) + closing)
        ids = [row["id"] for row in rows_of(read_all(path)) if row["title"] == "tail"]
        assert ids == [str(n) for n in range(tail)]


def test_a_quarantine_file_is_corrected_and_read_again(tmp_path: Path) -> None:
    source = write(tmp_path / "t.csv", HEADER + "1,'=a\n2,b,c\n3,d,e,f\n")
    path = tmp_path / "rejected.csv"
    with QuarantineWriter(path, ["id", "title", "text"]) as writer:
        for error in errors_of(read_all(source)):
            writer.write(error)
        assert writer.written == 2
    text = path.read_text("utf-8-sig")
    assert text.splitlines()[0] == "id,title,text,_row,_field,_reason,_extra"
    assert "单元格少于列数 / fewer cells than columns" in text
    info = inspect(path)
    assert info.columns == ("id", "title", "text")
    assert "quarantine_file" in [note.code for note in info.notes]
    write(path, text.replace("1,'=a,,", "1,'=a,corrected,"))
    assert rows_of(read_all(path)) == [
        {"id": "1", "title": "=a", "text": "corrected"},
        {"id": "3", "title": "d", "text": "e"},
    ]


def test_a_quarantine_file_corrected_as_a_workbook_reads_the_same(tmp_path: Path) -> None:
    path = tmp_path / "rejected.xlsx"
    write_xlsx(path, ["id", "text", *MARK_COLUMNS], [["1", "'=a", 2, "text", "reason", ""]], title="t")
    assert rows_of(read_all(path)) == [{"id": "1", "text": "=a"}]


def test_a_quarantine_row_keeps_what_fits_no_column(tmp_path: Path) -> None:
    path = tmp_path / "rejected.csv"
    with QuarantineWriter(path, ["id", *MARK_COLUMNS]) as writer:
        writer.write(RowError(5, "", "bad_json", "Expecting value", rest="{=broken"))
    assert path.read_text("utf-8-sig").splitlines() == [
        "id,_row,_field,_reason,_extra",
        ",5,,不是有效的 JSON / not valid JSON (Expecting value),{=broken",
    ]


def test_every_reason_and_note_speaks_both_languages() -> None:
    for reason in ROW_REASONS:
        assert text_of_reason(reason, "zh") != text_of_reason(reason, "en")
        assert text_of_reason(reason, "en") in text_of_error(RowError(1, "", reason))
    params: dict[str, str | int] = dict.fromkeys(
        ("name", "renamed", "position", "rows", "count", "sheet", "extension", "format"), "7"
    )
    for code in NOTES:
        assert text_of_note(Note(code, params), "zh") != text_of_note(Note(code, params), "en")


def test_workbooks_hold_strings_never_formulas(tmp_path: Path) -> None:
    path = tmp_path / "t.xlsx"
    rows = [[text, 5] for text in FORMULAS] + [["#N/A", None], ["x\x01y", 1.5], ["z" * 40_000, True]]
    write_xlsx(path, ["=名称", "数"], rows, title="导出: 2024/05", note="演示数据 demo data")
    book = load_workbook(path)
    sheet = book.worksheets[0]
    cells = [cell for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str)]
    assert cells
    assert {cell.data_type for cell in cells} == {"s"}
    assert sheet["A1"].value == "=名称"
    assert sheet["A2"].value == "=1+1"
    assert sheet["B2"].value == 5
    assert len(str(sheet["A14"].value)) == 32_767
    assert book.worksheets[1]["A2"].value == "演示数据 demo data"
    assert sheet.title == "导出  2024 05"


def test_workbooks_are_written_to_streams_and_read_back(tmp_path: Path) -> None:
    stream = io.BytesIO()
    write_xlsx(stream, ["id", "text"], ([str(n), f"行{n}"] for n in range(100)), title="t")
    path = tmp_path / "t.xlsx"
    path.write_bytes(stream.getvalue())
    assert rows_of(read_all(path)) == [{"id": str(n), "text": f"行{n}"} for n in range(100)]
