"""Monthly tables from files: both layouts, and every fault named."""

from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.unit.engines.demand.tables import PARAMETERS, VOCABULARY
from zhiqiao.engines import demand, tabular

MONTHS = [f"2023-{month:02d}" for month in range(1, 9)]


def read(path: Path, *keys: str) -> demand.Reading:
    return demand.read_table(path, keys=keys, vocabulary=VOCABULARY, parameters=PARAMETERS)


def wide(path: Path, *rows: str, header: str = f"skill,{','.join(MONTHS)}") -> Path:
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return path


def counted(reading: demand.Reading) -> set[tuple[int, str, str]]:
    return {(row.row, row.field, row.reason) for row in reading.rejected}


def test_a_wide_table_is_read(tmp_path: Path) -> None:
    reading = read(wide(tmp_path / "a.csv", "java,1,2,3,4,5,6,7,8", "焊接,0,0,1,0,2,0,0,1"), "skill")
    assert reading.layout == "wide"
    assert reading.table.keys == (("java",), ("焊接",))
    assert reading.table.months == tuple(MONTHS)
    assert reading.table.values[0].tolist() == [1, 2, 3, 4, 5, 6, 7, 8]
    assert not reading.rejected
    assert not reading.flags


def test_gzip_and_parquet_give_the_same_table(tmp_path: Path) -> None:
    plain = wide(tmp_path / "a.csv", "x,1,2,3,4,5,6,7,8.5")
    packed = tmp_path / "a.csv.gz"
    packed.write_bytes(gzip.compress(plain.read_bytes()))
    columns = {"skill": ["x"], **{m: [float(at + 1) if at < 7 else 8.5] for at, m in enumerate(MONTHS)}}
    pq.write_table(pa.table(columns), tmp_path / "a.parquet")
    tables = [read(path, "skill").table for path in (plain, packed, tmp_path / "a.parquet")]
    assert all(np.array_equal(one.values, tables[0].values) for one in tables)


def test_a_long_table_in_chinese_is_read_in_any_order(tmp_path: Path) -> None:
    lines = ["岗位,技能,月份,数量"]
    lines += [
        f"焊工,{skill},2023年{month}月,{month * size}"
        for month in (8, 3, 1, 2, 7, 6, 5, 4)
        for skill, size in (("a", 1), ("b", 2))
    ]
    path = tmp_path / "a.csv"
    path.write_text("\n".join(lines), encoding="gb18030")
    reading = read(path, "岗位", "技能")
    assert reading.layout == "long"
    assert reading.table.keys == (("焊工", "a"), ("焊工", "b"))
    assert reading.table.values[1].tolist() == [2, 4, 6, 8, 10, 12, 14, 16]


def test_all_other_columns_are_keys_when_none_is_named(tmp_path: Path) -> None:
    reading = read(wide(tmp_path / "a.csv", "x,y,1,2,3,4,5,6,7,8", header=f"p,q,{','.join(MONTHS)}"))
    assert reading.table.key_names == ("p", "q")


def test_bad_cells_are_unknown_and_named(tmp_path: Path) -> None:
    reading = read(wide(tmp_path / "a.csv", 'x,-1,n/a,3,inf,5,,"1,200",8', "y,1,2,3,4,5,6,7,8"), "skill")
    assert counted(reading) == {
        (2, "2023-01", "negative"),
        (2, "2023-02", "not_a_number"),
        (2, "2023-04", "not_a_number"),
        (2, "2023-07", "not_a_number"),
    }
    known = reading.table.values[0]
    assert np.isnan(known).tolist() == [True, True, False, True, False, True, True, False]
    assert {(flag.code, flag.keys) for flag in reading.flags} == {("gaps", ("x",)), ("short", ("x",))}


def test_a_key_with_two_different_rows_is_left_out(tmp_path: Path) -> None:
    row = "1,2,3,4,5,6,7,8"
    reading = read(
        wide(tmp_path / "a.csv", f"x,{row}", "x,9,2,3,4,5,6,7,8", f"y,{row}", f"y,{row}", f",{row}"), "skill"
    )
    assert reading.table.keys == (("y",),)
    assert counted(reading) == {
        (2, "skill", "duplicate_key"),
        (3, "skill", "duplicate_key"),
        (5, "skill", "duplicate_key"),
        (6, "skill", "no_key"),
    }


def test_a_month_given_twice_in_a_long_table_is_unknown_unless_the_values_agree(tmp_path: Path) -> None:
    lines = ["k,month,value", *(f"x,{month},5" for month in MONTHS), "x,2023-02,5", "x,2023-03,6", "x,soon,1"]
    path = tmp_path / "a.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    reading = read(path, "k")
    assert [row.reason for row in reading.rejected] == ["duplicate_month", "duplicate_month", "no_month"]
    assert np.flatnonzero(np.isnan(reading.table.values[0])).tolist() == [2]


def test_a_month_that_all_lack_is_put_in_unknown_and_named(tmp_path: Path) -> None:
    header = "skill," + ",".join(month for month in MONTHS if month != "2023-04") + ",2023-09"
    reading = read(wide(tmp_path / "a.csv", "x,1,2,3,5,6,7,8,", "y,1,2,,5,6,7,8,", header=header), "skill")
    assert reading.table.months == tuple(MONTHS)
    assert np.isnan(reading.table.values[:, 3]).all()
    assert {(flag.code, flag.month or flag.keys) for flag in reading.flags} == {
        ("month_missing", "2023-04"),
        ("no_value_at_the_end", "2023-09"),
        ("gaps", ("y",)),
    }


def test_zeros_and_empty_series_are_named(tmp_path: Path) -> None:
    reading = read(wide(tmp_path / "a.csv", "x,0,0,0,0,0,0,0,0", "y,,,,,,,,", "z,1,1,1,1,1,1,1,2"), "skill")
    assert {(flag.code, flag.keys) for flag in reading.flags} == {("all_zero", ("x",)), ("no_value", ("y",))}


@pytest.mark.parametrize(
    ("text", "error", "words"),
    [
        ("skill,a\nx,1\n", demand.NoMonthColumn, "No months"),
        ("skill,month,value,2023-01\nx,2023-01,1,1\n", demand.MixedLayout, "wide or long"),
        ("skill,2023-01,2023/1\nx,1,1\n", demand.MixedLayout, "same month"),
        ("other,2023-01\nx,1\n", demand.MissingColumn, "no column skill"),
        ("skill,2023-01,2023-02\nx,1,2\n", demand.ShortTable, "Only 2 months"),
        ("skill,2023-01\nx,\n", demand.NoSeries, "missing or unusable"),
        ("skill,2023-01\n,1\n", demand.NoSeries, "No usable series"),
    ],
)
def test_a_table_that_can_not_be_forecast_is_named(
    tmp_path: Path, text: str, error: type[demand.DemandError], words: str
) -> None:
    path = tmp_path / "a.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(error, match=words):
        read(path, "skill")


def test_a_file_that_is_no_table_keeps_its_own_error(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"")
    with pytest.raises(tabular.EmptyTable):
        read(path, "skill")


@pytest.mark.parametrize(
    "text",
    ["2023-07", "2023/7", "202307", "2023年7月", "2023.07", "2023-07-01", "2023-07-01 00:00:00", " 2023-07 "],
)
def test_a_month_in_its_usual_writings(text: str) -> None:
    number = demand.month_number(text)
    assert number is not None
    assert demand.month_text(number) == "2023-07"


@pytest.mark.parametrize("text", ["2023", "2023-13", "2023-07-15", "07-2023", "Q3", "20230", "12345678"])
def test_what_is_no_month(text: str) -> None:
    assert demand.month_number(text) is None


def test_the_calendar_counts_published_days() -> None:
    calendar_months = ["2023-10", "2023-06", "2022-10", "2024-05", "2026-10"]
    from tests.unit.engines.demand.tables import CALENDAR

    days = CALENDAR.effective_days(calendar_months)
    assert days is not None
    assert days.tolist() == [19, 21, 18, 21, 18]
    new_year = CALENDAR.effective_days(["2022-12", "2023-01", "2023-02"])
    assert new_year is not None
    assert new_year[1] < 12 < new_year[0] < 22
    assert CALENDAR.effective_days(["1999-01"]) is None
    unpublished = CALENDAR.effective_days(["2027-03", "2027-10"])
    assert unpublished is not None
    assert unpublished[1] < 19 < unpublished[0]
