"""CSV and TSV: encodings, delimiters, quoting, and recovery from broken rows."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from tests.unit.engines.tabular.tables import HEADER, errors_of, numbers_of, read_all, rows_of, write
from zhiqiao.engines.tabular import Limits, inspect, read

TITLES = "职位名称,公司,岗位描述\n软件工程师,某某科技,熟悉 Java 开发；热爱学习\n会计,测试公司,负责日常账务\n"


@pytest.mark.parametrize(
    ("encoding", "told"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("gb18030", "gb18030"),
        ("utf-16", "utf-16-le"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
    ],
)
@pytest.mark.parametrize("packed", [False, True])
def test_encoding_is_found_by_content(tmp_path: Path, encoding: str, told: str, packed: bool) -> None:
    path = tmp_path / "postings.csv"
    data = TITLES.encode(encoding)
    path.write_bytes(gzip.compress(data) if packed else data)
    info = inspect(path)
    assert (info.format, info.compressed, info.encoding, info.delimiter) == ("csv", packed, told, ",")
    assert info.columns == ("职位名称", "公司", "岗位描述")
    assert info.preview[1] == {"职位名称": "会计", "公司": "测试公司", "岗位描述": "负责日常账务"}
    assert (info.estimated_rows, info.complete) == (2, True)
    assert [row["职位名称"] for row in rows_of(read_all(path))] == ["软件工程师", "会计"]


def test_encoding_is_decided_where_the_first_chinese_character_stands(tmp_path: Path) -> None:
    plain = "".join(f"{number},clerk,ledger work\n" for number in range(30_000))
    path = write(tmp_path / "late.csv", HEADER + plain + "30000,会计,负责日常账务\n", "gb18030")
    chunks = read_all(path)
    assert rows_of(chunks)[-1] == {"id": "30000", "title": "会计", "text": "负责日常账务"}
    assert not errors_of(chunks)


@pytest.mark.parametrize(("delimiter", "name"), [("\t", "tsv"), (";", "csv"), ("|", "csv"), (",", "csv")])
def test_delimiter_is_found_even_under_the_wrong_name(tmp_path: Path, delimiter: str, name: str) -> None:
    text = "id,title,text\n1,clerk,books\n2,cook,soup\n".replace(",", delimiter)
    info = inspect(write(tmp_path / "table.txt", text))
    assert (info.format, info.delimiter, info.columns) == (name, delimiter, ("id", "title", "text"))


def test_commas_in_the_text_do_not_hide_the_tab(tmp_path: Path) -> None:
    path = write(tmp_path / "table.csv", "id\ttext\n1\ta, b, c\n2\td, e\n")
    assert rows_of(read_all(path)) == [{"id": "1", "text": "a, b, c"}, {"id": "2", "text": "d, e"}]


def test_row_numbers_count_as_a_spreadsheet_does(tmp_path: Path) -> None:
    path = write(tmp_path / "t.csv", HEADER + '1,a,"two\nlines"\n\n2,b,c\n')
    chunks = read_all(path)
    assert numbers_of(chunks) == [2, 4]
    assert rows_of(chunks)[0]["text"] == "two\nlines"


def test_whitespace_and_nul_stay_and_empty_cells_are_null(tmp_path: Path) -> None:
    path = write(tmp_path / "t.csv", HEADER + "1,  a ,\n2,x\0y,😀\n")
    assert rows_of(read_all(path)) == [
        {"id": "1", "title": "  a ", "text": None},
        {"id": "2", "title": "x\0y", "text": "😀"},
    ]


def test_old_macintosh_line_ends_are_read(tmp_path: Path) -> None:
    path = write(tmp_path / "t.csv", "id,text\r1,a\r2,b\r")
    assert [row["text"] for row in rows_of(read_all(path))] == ["a", "b"]


def test_rows_of_wrong_width_go_to_errors_with_their_cells(tmp_path: Path) -> None:
    path = write(tmp_path / "t.csv", HEADER + "1,a\n2,b,c\n3,d,e,f,g\n")
    chunks = read_all(path)
    few, many = errors_of(chunks)
    assert numbers_of(chunks) == [3]
    assert (few.row, few.reason, few.raw) == (2, "too_few_fields", ("1", "a"))
    assert (many.row, many.reason, many.raw, many.rest) == (4, "too_many_fields", ("3", "d", "e"), "f | g")


@pytest.mark.parametrize(
    "stray",
    [
        '5,"abc,x\n',
        '5,a,"x\n',
        '5,"a"b,x\n',
        '"5,a,x\n',
    ],
)
def test_a_stray_quote_costs_its_own_row_only(tmp_path: Path, stray: str) -> None:
    before = "".join(f"{n},t{n},text\n" for n in range(5))
    after = "".join(f'{n},t{n},"quoted, text"\n' for n in range(6, 30))
    chunks = read_all(write(tmp_path / "t.csv", HEADER + before + stray + after))
    (error,) = errors_of(chunks)
    assert (error.row, error.reason) == (7, "stray_quote")
    assert len(error.raw) == 3
    assert [row["id"] for row in rows_of(chunks)] == [str(n) for n in range(30) if n != 5]


def test_a_stray_quote_with_no_partner_to_the_end_loses_nothing(tmp_path: Path) -> None:
    plain = "".join(f"{n},t,x\n" for n in range(5_000))
    chunks = read_all(write(tmp_path / "t.csv", HEADER + '0,"t,x\n' + plain))
    assert [error.row for error in errors_of(chunks)] == [2]
    assert len(rows_of(chunks)) == 5_000


def test_two_stray_quotes_do_not_swallow_the_rows_between(tmp_path: Path) -> None:
    chunks = read_all(write(tmp_path / "t.csv", HEADER + '1,a,"x\n2,b,y\n3,c,z\n4,d,w"\n5,e,v\n'))
    assert [error.row for error in errors_of(chunks)] == [2]
    assert [row["id"] for row in rows_of(chunks)] == ["2", "3", "4", "5"]


def test_a_quoted_text_of_many_lines_is_one_row(tmp_path: Path) -> None:
    text = "\n".join(f"{n}、负责, 维护" for n in range(200))
    path = write(tmp_path / "t.csv", f'{HEADER}1,a,"{text}"\n2,b,c\n')
    assert [row["text"] for row in rows_of(read_all(path))] == [text, "c"]


def test_a_line_break_outside_quotes_is_told(tmp_path: Path) -> None:
    chunks = read_all(write(tmp_path / "t.csv", HEADER + "1,a\rb,c\n2,d,e\n"))
    assert [error.reason for error in errors_of(chunks)] == ["stray_line_break"]
    assert numbers_of(chunks) == [3]


def test_lines_in_another_encoding_are_errors_shown_readably(tmp_path: Path) -> None:
    good = "".join(f"{n},会计,负责账务\n" for n in range(10)).encode()
    path = tmp_path / "mixed.csv"
    path.write_bytes(HEADER.encode() + good + "99,销售,负责客户\n".encode("gb18030") + good)
    chunks = read_all(path)
    (error,) = errors_of(chunks)
    assert (error.row, error.field, error.reason) == (12, "title", "undecodable")
    assert error.raw == ("99", "销售", "负责客户")
    assert len(rows_of(chunks)) == 20


def test_bytes_of_no_encoding_are_shown_as_replaced(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(HEADER.encode() + "1,会计,账务\n".encode() + b"2,\xff\xff,x\n")
    (error,) = errors_of(read_all(path))
    assert error.raw == ("2", "\ufffd\ufffd", "x")


def test_ten_megabytes_in_one_cell_cost_that_row_only(tmp_path: Path) -> None:
    giant = "字" * 3_500_000
    chunks = read_all(write(tmp_path / "t.csv", f"{HEADER}1,a,b\n2,x,{giant}\n3,c,d\n"))
    (error,) = errors_of(chunks)
    assert (error.row, error.field, error.reason) == (3, "text", "oversized_cell")
    assert error.detail == "3500000 > 1000000"
    assert len(error.raw[2]) < 33_000
    assert numbers_of(chunks) == [2, 4]


def test_a_giant_quoted_cell_of_many_lines_is_one_error(tmp_path: Path) -> None:
    giant = "\n".join(["line of text, with a comma"] * 500)
    path = write(tmp_path / "t.csv", f'{HEADER}1,a,b\n2,x,"{giant}"\n3,c,d\n')
    chunks = read_all(path, limits=Limits(max_cell_chars=1_000))
    assert [(error.row, error.reason) for error in errors_of(chunks)] == [(3, "oversized_cell")]
    assert numbers_of(chunks) == [2, 4]


def test_a_line_over_what_is_held_is_passed_over(tmp_path: Path) -> None:
    path = write(tmp_path / "t.csv", f"{HEADER}1,a,b\n2,x,{'y' * 3_000_000}\n3,c,d\n")
    chunks = read_all(path, limits=Limits(max_record_bytes=1 << 20))
    (error,) = errors_of(chunks)
    assert (error.row, error.reason, error.raw[0]) == (3, "oversized_row", "2")
    assert numbers_of(chunks) == [2, 4]


def test_an_open_quote_over_what_is_held_costs_its_own_row_only(tmp_path: Path) -> None:
    plain = "".join(f"{n},title,text\n" for n in range(20_000))
    path = write(tmp_path / "t.csv", f'{HEADER}x,"a,b\n{plain}')
    chunks = read_all(path, limits=Limits(max_record_bytes=100_000))
    assert [error.row for error in errors_of(chunks)] == [2]
    assert len(rows_of(chunks)) == 20_000


def test_duplicate_and_missing_column_names_are_mended_and_noted(tmp_path: Path) -> None:
    info = inspect(write(tmp_path / "t.csv", "标题,标题,,标题 (2)\na,b,c,d\n"))
    assert info.columns == ("标题", "标题 (3)", "column_3", "标题 (2)")
    assert [note.code for note in info.notes] == ["duplicate_column", "unnamed_column"]


def test_one_column_is_a_table_too(tmp_path: Path) -> None:
    chunks = read_all(write(tmp_path / "t.csv", 'text\nalpha\n""\nbeta\n'))
    assert [row["text"] for row in rows_of(chunks)] == ["alpha", None, "beta"]


def test_chunks_have_the_rows_asked_for_and_progress_reaches_the_size(tmp_path: Path) -> None:
    path = write(tmp_path / "t.csv", HEADER + "".join(f"{n},a,b\n" for n in range(25)))
    seen: list[tuple[int, int]] = []
    chunks = list(read(path, batch_rows=10, progress=lambda done, total: seen.append((done, total))))
    assert [chunk.rows.num_rows for chunk in chunks] == [10, 10, 5]
    size = path.stat().st_size
    assert seen[-1] == (size, size)
    assert all(done <= total == size for done, total in seen)


def test_a_long_file_is_estimated_from_its_head(tmp_path: Path) -> None:
    path = write(tmp_path / "t.csv", HEADER + "".join(f"{n:06},title,some text\n" for n in range(40_000)))
    info = inspect(path)
    assert not info.complete
    assert 38_000 < info.estimated_rows < 42_000
    assert len(info.preview) == 20


def test_a_bad_line_in_a_plain_ascii_file_does_not_decide_the_encoding(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(
        HEADER.encode() + b"1,a,b\n2,\xff\xff,c\n3,d,e\n" + "4,会计,账务\n".encode("gb18030") * 20
    )
    chunks = read_all(path)
    assert [error.row for error in errors_of(chunks)] == [3]
    assert rows_of(chunks)[-1]["title"] == "会计"


def test_a_late_line_of_no_encoding_is_a_row_error(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    plain = "".join(f"{n},clerk,ledger work\n" for n in range(30_000)).encode()
    path.write_bytes(HEADER.encode() + plain + b"x,\xff\xff,c\n")
    chunks = read_all(path)
    assert [error.reason for error in errors_of(chunks)] == ["undecodable"]
    assert len(rows_of(chunks)) == 30_000


def test_a_nul_in_gb18030_text_does_not_make_it_utf16(tmp_path: Path) -> None:
    path = write(tmp_path / "t.csv", "编号,职位名称\n1,会\0计\n2,工程\0师\n3,出纳\0\n", "gb18030")
    assert [row["职位名称"] for row in rows_of(read_all(path))] == ["会\0计", "工程\0师", "出纳\0"]


def test_gb18030_that_is_utf8_by_chance_is_told_by_the_other_lines(tmp_path: Path) -> None:
    path = write(tmp_path / "t.csv", "职位名称\n师\n师师师师师师师师\n", "gb18030")
    assert [row["职位名称"] for row in rows_of(read_all(path))] == ["师", "师" * 8]


def test_accents_in_utf8_are_not_taken_for_gb18030(tmp_path: Path) -> None:
    path = write(tmp_path / "t.csv", "id,title\n1,café\n2,garçon\n")
    assert [row["title"] for row in rows_of(read_all(path))] == ["café", "garçon"]


def test_the_preview_shows_the_beginning_of_long_cells(tmp_path: Path) -> None:
    (row,) = inspect(write(tmp_path / "t.csv", f"id,text\n1,{'x' * 9_000}\n")).preview
    assert row["text"] == "x" * 2_000 + "…"


def test_many_long_cells_come_in_small_chunks(tmp_path: Path) -> None:
    path = write(tmp_path / "t.csv", "id,text\n" + f"1,{'x' * 900_000}\n" * 40)
    assert [chunk.rows.num_rows for chunk in read(path)] == [19, 19, 2]


def test_errors_of_every_kind_show_cells_without_our_apostrophe(tmp_path: Path) -> None:
    chunks = read_all(write(tmp_path / "t.csv", HEADER + "1,'=a\n2,'=b,\"c\n3,d,e\n"))
    assert [(error.reason, error.raw[1]) for error in errors_of(chunks)] == [
        ("too_few_fields", "=a"),
        ("stray_quote", "=b"),
    ]
