"""Files that are no table, or ask too much: a clear error, soon, whatever the name says."""

from __future__ import annotations

import gzip
import pickle
import zipfile
from pathlib import Path

import pytest

from tests.unit.engines.tabular.tables import (
    HEADER,
    encrypted_workbook,
    gzip_of_zeros,
    lying_zip,
    read_all,
    replace_part,
    rows_of,
    workbook,
    write,
)
from zhiqiao.engines import tabular
from zhiqiao.engines.tabular import (
    ArchiveBomb,
    BadEncoding,
    BinaryContent,
    Chunk,
    DamagedFile,
    EmptyTable,
    HeaderOnly,
    JsonDocument,
    Limits,
    MissingHeader,
    OldWorkbook,
    OtherDocument,
    ProtectedWorkbook,
    TableError,
    TooLarge,
    TooManyColumns,
    TooManyRows,
    WebPageTable,
    inspect,
    read,
)

SMALL = Limits(max_bytes=64 << 20, ratio_from=1 << 20)


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("empty.csv", b"", EmptyTable),
        ("blank.csv", b"\n \n\n", EmptyTable),
        ("mark.csv", b"\xef\xbb\xbf", EmptyTable),
        ("header.csv", b"id,title\n", HeaderOnly),
        ("numbers.csv", b"1,2,3\n4,5,6\n", MissingHeader),
        ("old.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1000), OldWorkbook),
        ("paper.csv", b"%PDF-1.7\n%\xe2\xe3\n1 0 obj", OtherDocument),
        ("photo.xlsx", b"\x89PNG\r\n\x1a\n" + bytes(100), OtherDocument),
        ("page.xls", b"<html><body><table><tr><td>1</td></tr></table></body></html>", WebPageTable),
        ("page.csv", b'\n<?xml version="1.0"?>\n<Workbook></Workbook>', WebPageTable),
        ("page.mht", b"MIME-Version: 1.0\nContent-Type: multipart/related", WebPageTable),
        ("array.json", b'[{"id": 1}, {"id": 2}]', JsonDocument),
        ("indented.json", b'{\n  "id": 1\n}\n', JsonDocument),
        ("cut.xlsx", b"PK\x03\x04 no more", DamagedFile),
        ("cut.csv.gz", gzip.compress(b"id,text\n1,a\n")[:5], DamagedFile),
        ("twice.csv.gz", gzip.compress(gzip.compress(b"id,text\n1,a\n")), OtherDocument),
        ("noise.csv", bytes(range(128, 256)) * 50 + b"\n" + bytes(range(255, 127, -1)) * 50, BadEncoding),
    ],
    # file names, for the bytes of a gzip hold the time
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_refused_with_the_error_that_fits(
    tmp_path: Path, name: str, content: bytes, kind: type[TableError]
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    for attempt in (lambda: inspect(path), lambda: list(read(path))):
        with pytest.raises(TableError) as caught:
            attempt()
        assert type(caught.value) is kind


@pytest.mark.parametrize("sectors_before", [0, 2_000])
def test_encrypted_workbook_asks_to_remove_the_password(tmp_path: Path, sectors_before: int) -> None:
    with pytest.raises(ProtectedWorkbook) as caught:
        inspect(encrypted_workbook(tmp_path / "t.xlsx", sectors_before=sectors_before))
    assert "密码" in caught.value.text("zh")


@pytest.mark.parametrize(("inner", "kind"), [("word/document.xml", "Word"), ("readme.txt", "ZIP")])
def test_another_zip_is_named(tmp_path: Path, inner: str, kind: str) -> None:
    path = tmp_path / "t.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(inner, "x")
    with pytest.raises(OtherDocument) as caught:
        inspect(path)
    assert kind in caught.value.text("zh")


def test_a_workbook_named_csv_and_a_csv_named_xlsx_are_read_by_content(tmp_path: Path) -> None:
    book = workbook(tmp_path / "a.xlsx", jobs=[["id", "text"], ["1", "a"]]).rename(tmp_path / "a.csv")
    text = write(tmp_path / "b.xlsx", "id,text\n1,a\n")
    for path, kind in ((book, "xlsx"), (text, "csv")):
        info = inspect(path)
        assert info.format == kind
        assert [note.code for note in info.notes] == ["extension_differs"]
        assert rows_of(read_all(path)) == [{"id": "1", "text": "a"}]


def test_a_gigabyte_of_zeros_is_refused_from_its_head(tmp_path: Path) -> None:
    path = tmp_path / "zeros.csv"
    with path.open("wb") as file:
        file.truncate(1 << 30)
    with pytest.raises(BinaryContent):
        inspect(path)
    with pytest.raises(BinaryContent):
        read(path)


def test_gzipped_zeros_are_refused_from_their_head(tmp_path: Path) -> None:
    path = gzip_of_zeros(tmp_path / "zeros.csv.gz", size=32 << 20)
    with pytest.raises(BinaryContent):
        read(path)


def test_zeros_behind_a_good_head_stop_at_the_ratio_and_keep_the_rows(tmp_path: Path) -> None:
    head = (HEADER + "".join(f"{n},title,text\n" for n in range(30_000))).encode()
    path = gzip_of_zeros(tmp_path / "t.csv.gz", size=64 << 20, head=head)
    assert inspect(path).columns == ("id", "title", "text")
    seen: list[Chunk] = []
    with pytest.raises(ArchiveBomb) as caught:
        seen.extend(iter(read(path, limits=SMALL)))
    assert len(rows_of(seen)) == caught.value.rows_read == 30_000
    assert "30000" in caught.value.text("zh")


def test_zeros_behind_a_good_head_in_a_plain_file_are_one_bad_row(tmp_path: Path) -> None:
    path = write(tmp_path / "t.csv", HEADER + "1,a,b\n" * 60_000)
    with path.open("ab") as file:
        file.truncate(32 << 20)
    chunks = read_all(path, limits=Limits(max_record_bytes=4 << 20))
    assert len(rows_of(chunks)) == 60_000
    assert [error.reason for chunk in chunks for error in chunk.errors] == ["oversized_row"]


def test_a_cut_off_gzip_keeps_the_rows_before_the_cut(tmp_path: Path) -> None:
    path = tmp_path / "t.csv.gz"
    data = gzip.compress((HEADER + "".join(f"{n},{hash(n) % 7919},text\n" for n in range(80_000))).encode())
    path.write_bytes(data[: len(data) * 3 // 4])
    seen: list[Chunk] = []
    with pytest.raises(DamagedFile) as caught:
        seen.extend(iter(read(path)))
    assert 0 < len(rows_of(seen)) == caught.value.rows_read < 80_000
    assert [int(row["id"] or -1) for row in rows_of(seen)] == list(range(len(rows_of(seen))))


def test_too_many_bytes_rows_or_columns_each_say_so(tmp_path: Path) -> None:
    path = write(tmp_path / "t.csv", HEADER + "1,a,b\n" * 200_000)
    with pytest.raises(TooLarge):
        read_all(path, limits=Limits(max_bytes=1 << 20))
    with pytest.raises(TooManyRows) as caught:
        read_all(path, limits=Limits(max_rows=10))
    assert "10" in caught.value.text("en")
    with pytest.raises(TooManyColumns):
        inspect(path, limits=Limits(max_columns=2))


def test_a_workbook_part_that_unpacks_to_much_is_a_bomb_by_its_directory(tmp_path: Path) -> None:
    source = workbook(tmp_path / "a.xlsx", jobs=[["id"], ["1"]])
    path = replace_part(source, tmp_path / "b.xlsx", "xl/worksheets/sheet1.xml", bytes(48 << 20))
    for attempt in (inspect, read_all):
        with pytest.raises(ArchiveBomb):
            attempt(path)


def test_a_workbook_part_that_unpacks_to_more_than_it_tells_is_a_bomb(tmp_path: Path) -> None:
    source = workbook(tmp_path / "a.xlsx", jobs=[["id"], ["1"]])
    xml = zipfile.ZipFile(source).read("xl/worksheets/sheet1.xml")
    path = lying_zip(
        source,
        tmp_path / "b.xlsx",
        part="xl/worksheets/sheet1.xml",
        content=xml + b" " * (8 << 20),
        told=len(xml),
    )
    with pytest.raises(ArchiveBomb):
        read_all(path)


def test_a_large_but_honest_workbook_is_too_large_not_a_bomb(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", jobs=[["id"], ["1"]])
    with pytest.raises(TooLarge) as caught:
        inspect(path, limits=Limits(max_workbook_bytes=100))
    assert type(caught.value) is TooLarge


def error_kinds(kind: type[TableError] = TableError) -> list[type[TableError]]:
    """Return the whole tree of errors."""
    return [kind, *(each for below in kind.__subclasses__() for each in error_kinds(below))]


def test_every_error_has_a_code_of_its_own_and_both_languages() -> None:
    kinds = error_kinds()
    assert len({kind.code for kind in kinds}) == len(kinds)
    params: dict[str, str | int] = dict.fromkeys(
        ("columns", "what", "kind", "row", "found", "sheet", "sheets", "detail", "limit", "ratio"), "7"
    )
    for kind in kinds:
        error = kind(**params)
        assert "{" not in error.text("zh") + error.text("en")
        assert any("\u4e00" <= letter <= "\u9fff" for letter in error.text("zh"))
        assert error.text("en").isascii() or "“" in error.text("en")
        assert kind is TableError or kind.__name__ in tabular.__all__


def test_errors_cross_process_borders_whole() -> None:
    error = TooManyRows(limit=10)
    error.rows_read = 7
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is TooManyRows
    assert again.text("zh") == error.text("zh")
