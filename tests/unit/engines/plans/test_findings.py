"""What findings of plans show: a line for each place, inputs by place, both languages; regions and waivers at work."""

from __future__ import annotations

import json
import runpy
from copy import deepcopy
from datetime import date
from pathlib import Path
from typing import Any  # Any: JSON

import pytest

from tests.rule_cases import book, directory, example, plan_of, put, remove
from zhiqiao.engines import plans, rules
from zhiqiao.packs import folder

ON = date(2026, 11, 1)
ROOT = Path(__file__).resolve().parents[4]
FILE = 'version = "1"\nset = "tp"\n'
ENTRY = """
[[rule]]
state = "confirmed"
source = { document = { zh = "省（虚构）", en = "province (invented)" } }
"""


def report(
    *unset: str, plan: str = "higher", shelf: rules.RuleBook | None = None, **places: Any
) -> rules.Report:
    data = deepcopy(example(plan))
    for path, value in places.items():
        put(data, path, value)
    for path in unset:
        remove(data, path)
    return plans.check_plan(plan_of(data), shelf or book(), on=ON, directory=directory())


def places_of(found: rules.Report, rule: str, outcome: str = "fail") -> list[tuple[str, ...]]:
    return [one.at for one in found.of(rule) if one.outcome == outcome]


def test_each_failing_line_has_its_own_place() -> None:
    found = report(
        **{"courses[c14].credits": 5, "courses[c20].credits": 4, "courses[c08].credits": 9},
    )
    assert places_of(found, "TP-11") == [
        ("courses[c08].credits",),
        ("courses[c14].credits",),
        ("courses[c20].credits",),
    ]
    one = found.of("TP-11")[1]
    assert one.inputs == {
        "courses[c14].hours": 96,
        "courses[c14].credits": 5,
        "courses[c14].week_type": False,
    }
    assert one.message.en == "“程序设计基础”: 96 hours for 5 credits, not 16–18 hours a credit."


def test_what_fails_and_what_is_missing_stand_side_by_side() -> None:
    found = report("orientation.posts[p2].survey", **{"orientation.posts[p1].survey": ""})
    assert places_of(found, "TP-05") == [("orientation.posts[p1].survey",)]
    assert places_of(found, "TP-05", "missing") == [("orientation.posts[p2].survey",)]
    assert found.outcome("TP-05") == "fail"


def test_missing_data_of_one_kind_are_counted_not_listed() -> None:
    found = report("courses[c14].hours", "courses[c15].hours", "courses[c16].hours")
    (one,) = found.of("TP-10")
    assert one.message.en == "Can not be judged; missing: hours of a course (3 times)."
    assert one.at == ("courses[c14].hours", "courses[c15].hours", "courses[c16].hours")


def test_every_sum_that_is_wrong_is_told() -> None:
    found = report(
        **{"courses[c14].theory": 50, "courses[c18].terms": [{"term": 3, "hours": 90}], "summary.hours": 2700}
    )
    assert places_of(found, "TP-21") == [
        ("courses[c14].practice",),
        ("courses[c18].terms",),
        ("summary.hours",),
        ("summary.hours",),
    ]


def test_the_day_decides_which_course_stands_in() -> None:
    """c31 takes the place of c17 from September 2027 on; with no hours of its own the total falls."""
    data = deepcopy(example("higher"))
    put(data, "courses[c31].hours", 0)
    plan = plan_of(data)
    totals = [
        plans.check_plan(plan, book(), on=day).of("TP-10")[0].values["total"]
        for day in (date(2027, 8, 31), date(2027, 9, 1))
    ]
    assert totals == [2600, 2536]


def shelf_of(place: Path, entry: str, *, region: str = "510000") -> rules.RuleBook:
    where = f'region = "{region}"\n' if region else ""
    place.mkdir(exist_ok=True)
    (place / "tp.toml").write_text(FILE + ENTRY + where + entry, encoding="utf-8")
    return rules.read_rules(folder("common", "rules"), place, predicates=plans.PREDICATES)


def test_a_province_edits_the_table_of_minimums(tmp_path: Path) -> None:
    shelf = shelf_of(
        tmp_path,
        'id = "TP-20"\nbased_on = "TP-20"\nparams = { minimums = ['
        '{ key = "labour", tag = "劳动教育", unit = "hours", least = 32, notice = "省文件（虚构）" }, '
        '{ key = "career", tag = "职业发展与就业指导", unit = "hours", least = 20, level = "higher", '
        'notice = "省文件（虚构）" }] }',
    )
    found = report(shelf=shelf)
    said = [one for one in found.of("TP-20") if one.outcome == "fail"]
    assert [one.values["least"] for one in said] == [32]
    assert "省文件（虚构）" in said[0].message.zh
    assert "minimums.career.least = 20, looser than the floor 38" in said[0].notes[-1].en
    short = report(shelf=shelf, **{"courses[c11].tag_hours": {"职业发展与就业指导": 19}}).of("TP-20")
    assert sorted((str(one.values["least"]), str(one.values["notice"])) for one in short) == [
        ("20", "省文件（虚构）"),
        ("32", "省文件（虚构）"),
        ("38", "《大学生职业发展与就业指导课程教学要求》"),
    ]
    assert [one.outcome for one in report(plan="secondary", shelf=shelf).of("TP-20")] == ["fail"]


def test_a_province_can_not_take_a_subject_from_a_level(tmp_path: Path) -> None:
    shelf = shelf_of(
        tmp_path,
        'id = "TP-20"\nbased_on = "TP-20"\nparams = { minimums = [{ key = "labour", tag = "劳动教育", '
        'unit = "hours", least = 16, level = "higher", notice = "省文件（虚构）" }] }',
    )
    found = report(plan="secondary", shelf=shelf, **{"courses[c12].tag_hours": {"劳动教育": 15}})
    assert found.outcome("TP-20") == "fail"


def test_a_province_sets_the_room_around_a_third(tmp_path: Path) -> None:
    shelf = shelf_of(
        tmp_path, 'id = "TP-12"\nbased_on = "TP-12"\nparams = { tolerance = { secondary = 0.01 } }'
    )
    assert report(plan="secondary").outcome("TP-12") == "pass"
    assert report(plan="secondary", shelf=shelf).outcome("TP-12") == "fail"
    (one,) = report(shelf=shelf).of("TP-12")
    assert (one.outcome, one.severity, one.region) == ("pass", "block", "510000")


def test_a_plan_of_another_province_is_not_touched(tmp_path: Path) -> None:
    shelf = shelf_of(tmp_path, 'id = "TP-13"\nbased_on = "TP-13"\nparams = { least = 0.9 }')
    assert report(shelf=shelf).outcome("TP-13") == "fail"
    assert report(shelf=shelf, region="520000").outcome("TP-13") == "pass"
    assert report("region", shelf=shelf).outcome("TP-13") == "pass"


def test_the_teaching_standard_of_a_specialty_stands_between_province_and_nation(tmp_path: Path) -> None:
    special = shelf_of(
        tmp_path / "a",
        'id = "TP-09"\nbased_on = "TP-09"\napplies_to = { specialty = ["510203"] }\n'
        "params = { least = 8, most = 10 }",
        region="",
    )
    province = shelf_of(tmp_path / "b", 'id = "TP-09"\nbased_on = "TP-09"\nparams = { most = 7 }')
    eight = {"courses[c29].category": "specialty_core", "courses[c16].category": "specialty_core"}
    found = [report(shelf=one, **eight).outcome("TP-09") for one in (book(), special, province)]
    assert found == ["pass", "pass", "fail"]
    assert report(shelf=special).outcome("TP-09") == "fail"
    assert report(shelf=special, **{"programme.code": "510201"}).outcome("TP-09") == "pass"
    assert report("programme.code", shelf=special).outcome("TP-09") == "missing"


def test_the_consent_of_the_authority_lifts_a_block() -> None:
    data = deepcopy(example("higher"))
    put(data, "courses[c30].activities", {"lecture": 720})
    waiver = rules.Waiver(
        "TP-13", "authority", "张", "education_authority", "试点", "批复（虚构）", date(2027, 8, 31)
    )
    plan = plan_of(data)
    assert [one.rule for one in plans.check_plan(plan, book(), on=ON).blocking].count("TP-13") == 1
    lifted = plans.check_plan(plan, book(), on=ON, waivers=[waiver])
    assert lifted.outcome("TP-13") == "waived"
    assert [one.rule for one in lifted.blocking] == ["TP-21"]
    late = plans.check_plan(plan, book(), on=date(2027, 9, 1), waivers=[waiver])
    assert late.outcome("TP-13") == "fail"


def test_arithmetic_can_not_be_waived() -> None:
    assert book().entries("TP-21")[0].waivers == ()


@pytest.mark.parametrize("name", ["higher", "secondary"])
def test_an_example_is_written_as_it_was_read(name: str) -> None:
    plan = plan_of(example(name))
    assert json.loads(plans.plan_json(plan)) == example(name)
    assert plans.read_plan(plans.plan_json(plan)) == plan


def test_the_benchmark_checks_sixty_courses() -> None:
    found = runpy.run_path(str(ROOT / "bench" / "rules.py"))["measure"]()
    assert (found["courses"], found["rules"]) == (60, 37)
    assert found["check_tp_ms"]["best"] > 0
