"""The demo programmes of the shipped region under the rules: what holds, what fails and what their files do not say."""

from __future__ import annotations

from datetime import date

import pytest

from tests.rule_cases import book, directory
from tests.unit.engines.plans.demo import demo_plans
from zhiqiao.engines import plans, rules

PLANS = demo_plans()
HIGHER = {key for key, plan in PLANS.items() if plan.level == "higher"}


def report(key: str) -> rules.Report:
    return plans.check_plan(PLANS[key], book().of_set("tp"), on=date(2026, 11, 1), directory=directory())


@pytest.mark.parametrize("key", sorted(PLANS))
def test_the_rules_on_hours_that_the_demo_is_written_by_hold(key: str) -> None:
    found = report(key)
    assert {
        rule: found.outcome(rule) for rule in ("TP-04", "TP-09", "TP-10", "TP-13", "TP-14")
    } == dict.fromkeys(("TP-04", "TP-09", "TP-10", "TP-13", "TP-14"), "pass")


@pytest.mark.parametrize("key", sorted(PLANS))
def test_public_basic_courses_with_limited_electives_are_above_a_third_in_secondary_schools(key: str) -> None:
    found = report(key)
    assert found.outcome("TP-12") == ("pass" if key in HIGHER else "fail")
    assert all(not one.blocks for one in found.of("TP-12"))


@pytest.mark.parametrize("key", sorted(PLANS))
def test_subjects_that_the_demo_lacks_are_named(key: str) -> None:
    found = report(key)
    said = {
        one.message.zh
        for rule in ("TP-07", "TP-08", "SC-04")
        for one in found.of(rule)
        if one.outcome == "fail"
    }
    absent = "职业素养" if key in HIGHER else ("物理" if key in {"bz-eldercare", "bz-agrofood"} else "化学")
    assert said == {f"没有开设：{absent}。", "没有开设：数字素养。"}


@pytest.mark.parametrize("key", sorted(PLANS))
def test_what_the_files_do_not_say_is_missing_and_no_pass(key: str) -> None:
    found = report(key)
    for rule in (
        "TP-01",
        "TP-02",
        "TP-05",
        "TP-06",
        "TP-11",
        "TP-15",
        "TP-16",
        "TP-17",
        "TP-18",
        "TP-19",
        "TP-21",
    ):
        assert found.outcome(rule) == "missing"
    assert found.outcome("TP-03") == ("missing" if key in {"bz-eldercare", "bz-agrofood"} else "pass")


@pytest.mark.parametrize("key", sorted(PLANS))
def test_a_demo_plan_is_written_and_read_again(key: str) -> None:
    assert plans.read_plan(plans.plan_json(PLANS[key])) == PLANS[key]
