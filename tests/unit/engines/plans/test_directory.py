"""The specialty directory: what is read, what is refused, and what a loaded, retired or unsure code means."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from tests.rule_cases import book, directory, example_plan
from zhiqiao.engines import plans
from zhiqiao.packs import folder, read_rows

HEAD = "code,name,level,class,edition,retired_from,state\n"
ON = date(2026, 11, 1)


def write(path: Path, *rows: str, head: str = HEAD) -> Path:
    path.write_text(head + "\n".join(rows) + "\n", encoding="utf-8")
    return path


def read(tmp_path: Path, *rows: str) -> plans.Directory:
    return plans.read_directory(write(tmp_path / "d.csv", *rows))


def test_a_code_is_found_in_its_edition_only(tmp_path: Path) -> None:
    found = read(tmp_path, "510203,软件技术,higher,计算机类,2021,,confirmed")
    one = found.find("510203", "2021")
    assert one is not None
    assert (one.name, one.class_name, one.retired_from) == ("软件技术", "计算机类", None)
    assert found.find("510203", "2015") is None
    assert found.editions == ("2021",)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("51020,软件技术,higher,,2021,,verify", "code: a code has six digits"),
        ("５10203,软件技术,higher,,2021,,verify", "code: a code has six digits"),
        ("510203,,higher,,2021,,verify", "name: may not be blank"),
        ("510203,软件技术,high,,2021,,verify", "level: must be secondary or higher"),
        ("510203,软件技术,higher,,,,verify", "edition: may not be blank"),
        ("510203,软件技术,higher,,2021,soon,verify", "retired_from: must be a year"),
        ("510203,软件技术,higher,,2021,,sure", "state: must be confirmed"),
    ],
)
def test_a_bad_row_is_named(tmp_path: Path, row: str, said: str) -> None:
    with pytest.raises(plans.DirectoryError) as caught:
        read(tmp_path, "510201,计算机应用技术,higher,,2021,,verify", row)
    assert f"d.csv row 3 {said}" in caught.value.en


def test_a_code_twice_and_missing_columns_are_named(tmp_path: Path) -> None:
    row = "510203,软件技术,higher,,2021,,verify"
    with pytest.raises(plans.DirectoryError, match="stands twice"):
        read(tmp_path, row, row)
    with pytest.raises(plans.DirectoryError, match="row 1 state: this column is missing"):
        plans.read_directory(write(tmp_path / "e.csv", head="code,name,level,class,edition,retired_from\n"))
    (tmp_path / "f.csv").write_bytes(HEAD.encode() + "软件".encode("gb18030"))
    with pytest.raises(plans.DirectoryError, match="not UTF-8"):
        plans.read_directory(tmp_path / "f.csv")


@pytest.mark.parametrize(
    ("retired", "state", "outcome", "severity"),
    [
        ("", "confirmed", "pass", "block"),
        ("2027", "confirmed", "pass", "block"),
        ("2026", "confirmed", "fail", "block"),
        ("2026", "verify", "fail", "warn"),
        ("", "verify", "pass", "warn"),
    ],
)
def test_a_retired_code_blocks_where_the_directory_is_confirmed(
    tmp_path: Path, retired: str, state: str, outcome: str, severity: str
) -> None:
    codes = read(tmp_path, f"510203,软件技术,higher,,2021,{retired},{state}")
    (found,) = plans.check_plan(example_plan(), book(), on=ON, directory=codes).of("TP-03")
    assert (found.outcome, found.severity) == (outcome, severity)
    assert bool(found.notes) == (state != "confirmed")


def test_without_a_directory_a_code_is_unknown_and_warns() -> None:
    (found,) = plans.check_plan(example_plan(), book(), on=ON).of("TP-03")
    assert (found.outcome, found.severity, found.blocks) == ("missing", "warn", False)


def test_the_shipped_codes_are_those_of_the_demo_and_none_is_confirmed() -> None:
    demo = {row["code"]: row["zh"] for row in read_rows(folder("bazhong", "programmes.csv")) if row["code"]}
    shipped = directory().specialties
    assert {code for _, code in shipped} == demo.keys()
    assert all(demo[code].startswith(one.name) for (_, code), one in shipped.items())
    assert {one.state for one in shipped.values()} == {"verify"}


def test_a_name_with_another_word_in_brackets_is_a_direction() -> None:
    plan = example_plan()
    assert plan.programme is not None
    other = replace(plan, programme=replace(plan.programme, name="软件技术与应用"))
    assert plans.check_plan(other, book(), on=ON, directory=directory()).outcome("TP-03") == "fail"
