"""The shipped rules as data: states and severities as the register of rules has them, sources, no number in code."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.rule_cases import book
from zhiqiao.engines import plans, rules

ROOT = Path(__file__).resolve().parents[3]

#: State and target severity of each rule, as the register of rules has them; c: confirmed, p: part, v: verify.
REGISTER = {
    "TP-01": "c block",
    "TP-02": "p block",
    "TP-03": "c block",
    "TP-04": "c warn",
    "TP-05": "c block",
    "TP-06": "c warn",
    "TP-07": "c block",
    "TP-08": "c block",
    "TP-09": "c warn",
    "TP-10": "v block",
    "TP-11": "v warn",
    "TP-12": "v block",
    "TP-13": "c block",
    "TP-14": "v block",
    "TP-15": "p warn",
    "TP-16": "c warn",
    "TP-17": "v info",
    "TP-18": "v block",
    "TP-19": "c warn",
    "TP-20": "v warn",
    "TP-21": "c block",
    "TP-22": "c block",
    "SC-04": "c warn",
    "JS-01": "c info",
    "JS-02": "p block",
    "JS-03": "c warn",
    "JS-04": "c warn",
    "JS-05": "c warn",
    "GX-01": "c info",
    "GX-02": "c warn",
    "GX-03": "v warn",
    "GX-04": "c warn",
    "GX-05": "c warn",
    "CT-01": "c block",
    "CT-02": "c block",
    "CT-03": "c block",
}


def test_states_and_severities_are_those_of_the_register() -> None:
    # house rules (ZQ) are no law and stand in no register
    ruled = [rule for rule in book().rules if not rule.id.startswith("ZQ-")]
    assert {rule.id: f"{rule.state[0]} {rule.severity}" for rule in ruled} == REGISTER


@pytest.mark.parametrize("rule", book().rules, ids=lambda rule: rule.id)
def test_a_rule_tells_its_source_and_a_source_not_read_is_told(rule: rules.Rule) -> None:
    assert rule.source.document.zh
    assert rule.state is rules.State.CONFIRMED or rule.source.note is not None
    assert re.search(r"[\u4e00-\u9fff]", rule.title.zh + rule.text.zh)
    assert not re.search(r"[\u4e00-\u9fff]", rule.title.en)


def test_words_are_there_for_everything_a_rule_may_name() -> None:
    words = book().words
    subjects = {
        tag
        for rule in book().rules
        if rule.predicate == "subjects_held"
        for name in ("compulsory", "compulsory_or_limited")
        for tag in rules.Params(rule.params).texts(name)
    }
    terms = {f"tag.{tag}" for tag in subjects} | {f"category.{one}" for one in plans.Category}
    terms |= {f"activity.{one}" for one in plans.Activity} | {f"member.{one}" for one in plans.MemberKind}
    terms |= {f"certificate.{one}" for one in plans.CertificateKind} | {f"scope.{one}" for one in plans.Scope}
    terms |= {f"office.{office}" for rule in book().rules for kind in rule.waivers for office in kind.by}
    assert {term for term in terms if term not in words} == set()


def test_only_rules_with_a_floor_offer_to_lift_it() -> None:
    for rule in book().rules:
        assert any(kind.lifts_floor for kind in rule.waivers) == bool(rule.floors), rule.id


def test_the_numbers_of_the_law_stand_in_data_alone() -> None:
    code = "\n".join(
        path.read_text(encoding="utf-8") for path in (ROOT / "src/zhiqiao/engines/plans").glob("*.py")
    )
    assert re.findall(r"\b(3000|2500|183|180|0\.5|0\.25|0\.1|36|32|38)\b", code) == []


def test_every_predicate_is_used() -> None:
    assert {rule.predicate for rule in book().rules} == plans.PREDICATES.keys()


def test_addresses_of_sources_lead_out_of_the_product() -> None:
    addresses = [rule.source.url for rule in book().rules if rule.source.url]
    assert addresses
    assert all(address.startswith("https://") for address in addresses)
