"""Files of classifications and titles: columns, encodings, and rows that are left out and told."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from tests.unit.engines.occupations.conftest import (
    ENTRIES,
    labelled,
    write,
    write_classification,
    write_titles,
)
from zhiqiao.engines.occupations import InputError, Rejected, read_classification, read_titles


def test_classification_keeps_all_fields_in_order_of_codes(tmp_path: Path) -> None:
    found = read_classification(write_classification(tmp_path / "c.csv"))
    assert found.entries == ENTRIES
    assert found.rejected == ()


def test_gzip_and_gb18030_are_read(tmp_path: Path) -> None:
    plain = write(tmp_path / "c.csv", [("代码", "名称"), ("1-01-01-01", "桥梁巡查员")], encoding="gb18030")
    packed = tmp_path / "c.csv.gz"
    packed.write_bytes(gzip.compress(plain.read_bytes()))
    for path in (plain, packed):
        assert [entry.name for entry in read_classification(path).entries] == ["桥梁巡查员"]


@pytest.mark.parametrize(
    ("code", "level"), [("2-00-00-00", 1), ("2-03-00-00", 2), ("2-03-01-00", 3), ("2-03-01-01", 4)]
)
def test_level_follows_from_the_code_when_it_is_not_told(tmp_path: Path, code: str, level: int) -> None:
    path = write(tmp_path / "c.csv", [("code", "name"), (code, "某职业")])
    assert read_classification(path).entries[0].level == level


def test_bad_rows_of_a_classification_are_told(tmp_path: Path) -> None:
    rows = [("level", "code", "name"), ("4", "1", "甲"), ("4", "1", "乙"), ("4", "", "丙"), ("9", "2", "丁")]
    found = read_classification(write(tmp_path / "c.csv", rows))
    assert [entry.name for entry in found.entries] == ["甲"]
    assert [row.reason for row in found.rejected] == ["code_twice", "no_code_or_name", "bad_level"]
    assert found.rejected[0].row == 3


def test_missing_column_is_named_in_both_languages(tmp_path: Path) -> None:
    with pytest.raises(InputError) as fault:
        read_classification(write(tmp_path / "c.csv", [("name", "definition"), ("甲", "乙")]))
    assert "缺少列 code" in fault.value.zh
    assert "column code is missing" in fault.value.en


def test_a_file_that_is_no_table_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "c.csv"
    path.write_bytes(bytes(1000))
    with pytest.raises(InputError):
        read_classification(path)


def test_titles_with_unknown_codes_or_without_text_are_left_out_and_told(tmp_path: Path) -> None:
    classification = read_classification(write_classification(tmp_path / "c.csv"))
    rows = [
        ("job_name", "expected_code"),
        ("甜品师", "2-03-01-01"),
        ("飞行员", "9-99-99-99"),
        (" ", "2-03-01-01"),
    ]
    found = read_titles(write(tmp_path / "t.csv", rows), classification)
    assert [row.title for row in found.rows] == ["甜品师"]
    assert found.rejected == (
        Rejected(3, "飞行员 9-99-99-99", "unknown_code"),
        Rejected(4, "2-03-01-01", "empty_title"),
    )


def test_all_titles_of_a_good_file_are_read(tmp_path: Path) -> None:
    classification = read_classification(write_classification(tmp_path / "c.csv"))
    assert list(read_titles(write_titles(tmp_path / "t.csv"), classification).rows) == labelled()
