"""Every rule shipped, on the cases that lie beside it."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from decimal import Decimal

import pytest

from tests.rule_cases import Case, book, directory, example_plan, read_cases
from zhiqiao.engines import plans, rules

CASES = read_cases()
ON = date(2026, 11, 1)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.rule}-{case.name}")
def test_case(case: Case) -> None:
    report = plans.check_plan(case.subject(), book(), on=ON, directory=directory())
    found = [one for one in report.of(case.rule) if one.outcome == case.outcome]
    assert report.outcome(case.rule) == case.outcome, [one.message.zh for one in report.of(case.rule)]
    if case.severity:
        assert {one.severity for one in found} == {case.severity}
    if case.message:
        assert any(case.message in one.message.zh for one in found), [one.message.zh for one in found]
    if case.values:
        assert any(case.values.items() <= dict(one.values).items() for one in found), found[0].values
    for one in report.findings:
        assert "{" not in one.message.zh + one.message.en
        if one.outcome == "missing":
            assert [path for path in one.at if book().words.field(path).zh.isascii()] == [], (
                "a field without a name"
            )


def test_each_rule_has_cases_inside_outside_and_with_data_missing() -> None:
    kinds: defaultdict[str, set[str]] = defaultdict(set)
    for case in CASES:
        kinds[case.rule].add(case.kind)
    lacking = {rule.id for rule in book().rules} - {
        rule for rule, have in kinds.items() if {"inside", "outside", "missing"} <= have
    }
    assert lacking == set()
    assert kinds.keys() == {rule.id for rule in book().rules}


def test_each_message_is_given_in_some_case() -> None:
    """A message that no case brings about may be wrong without anybody seeing it."""
    given: defaultdict[str, set[str]] = defaultdict(set)
    for case in CASES:
        subject = case.subject()
        rule = next(rule for rule in book().rules if rule.id == case.rule)
        scope = plans.scope_of(subject)
        if any(scope[name] not in values for name, values in rule.applies_to.items()):
            continue
        context = rules.Context(ON, "", rules.Params(rule.params), {"directory": directory()})
        for verdict in book().predicates[rule.predicate].judge(subject, context):
            given[rule.id].add(verdict.message)
            assert set(verdict.values) <= set(
                book().predicates[rule.predicate].messages.get(verdict.message, ())
            )
    never = {
        (rule.id, message)
        for rule in book().rules
        for message in rule.messages
        if message not in given[rule.id]
    }
    assert never <= NOT_IN_CASES


#: Messages that the shipped data can not bring about (no retired code is loaded), or that other tests bring about.
NOT_IN_CASES = {("TP-03", "retired")}


@pytest.mark.parametrize("name", ["higher", "secondary"])
def test_the_example_plans_obey_all_rules(name: str) -> None:
    report = plans.check_plan(example_plan(name), book(), on=ON, directory=directory())
    assert {report.outcome(rule) for rule in report.rules} == {"pass", "not_applicable"}
    assert report.blocking == ()


def test_a_report_comes_back_from_json() -> None:
    for case in CASES[::20]:
        report = plans.check_plan(case.subject(), book(), on=ON, directory=directory())
        assert rules.read_report(rules.report_json(report)) == report


def test_figures_are_exact() -> None:
    case = next(one for one in CASES if "1,299" in one.name)
    finding = plans.check_plan(case.subject(), book(), on=ON).of("TP-13")[0]
    assert finding.values["share"] == Decimal("0.499615")
    assert finding.inputs["courses[c30].activities[internship]"] == 559
    assert finding.source.document.zh.startswith("教职成〔2019〕13号")
