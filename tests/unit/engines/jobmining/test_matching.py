"""Which writings are found, on which boundaries, and that spans are exact in whatever text."""

from __future__ import annotations

import pickle

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.engines.jobmining.conftest import skill
from zhiqiao.engines.jobmining import Rules, Skill, Taxonomy, build_taxonomy, mine_batch, read_rules
from zhiqiao.packs import folder

RULES = read_rules(folder("common", "jobmining"))
SKILLS = build_taxonomy(
    [
        skill("c", "C", exact=True),
        skill("java", "Java"),
        skill("spring-boot", "Spring Boot"),
        skill("database", "数据库", "knowledge"),
        skill("square", "m2"),
    ]
)


def found(text: str, taxonomy: Taxonomy, rules: Rules = RULES, kind: str = "text") -> list[dict[str, object]]:
    batch = pa.record_batch(
        {"posting_id": pa.array(["p"]), "text": pa.array([text]), "text_kind": pa.array([kind])}
    )
    rows: list[dict[str, object]] = mine_batch(batch, taxonomy=taxonomy, rules=rules).to_pylist()
    for row in rows:
        assert text[row["start"] : row["end"]] == row["surface"]  # type: ignore[misc]
    return rows


def surfaces(text: str, taxonomy: Taxonomy) -> list[object]:
    return [row["surface"] for row in found(text, taxonomy)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("熟悉Java、Python/Go", ["Java", "Python", "Go"]),
        ("精通C/C++/C#", ["C", "C++", "C#"]),
        ("熟悉C语言编程", ["C语言"]),
        ("掌握C编程，c语言", ["C", "c语言"]),
        ("C、R和Go均可", ["C", "R", "Go"]),
        ("JavaScript与Java", ["JavaScript", "Java"]),
        ("熟悉javascript", ["javascript"]),
        ("springboot、spring-boot、Spring  boot", ["springboot", "spring-boot", "Spring"]),
        ("Ｊａｖａ开发", ["Ｊａｖａ"]),
        ("熟悉Python3和Vue2.0", ["Python", "Vue"]),
        ("TCP/IP协议", ["TCP/IP"]),
        ("NodeJS、node.js", ["node.js"]),
        ("接口自动化测试", ["自动化测试"]),
        ("JavaMySQLabc、VueJS", []),
        ("技能要求：JavaMySQLOracle1. 本科", ["Java", "MySQL", "Oracle"]),
        ("MySQL+Redis", ["MySQL", "Redis"]),
        ("CET-6或CET6、cet 6", ["CET-6", "CET6", "cet 6"]),
        ("数据库、Oracle数据库", ["数据库", "Oracle"]),
    ],
)
def test_names_are_found_in_their_usual_writings(text: str, expected: list[str], taxonomy: Taxonomy) -> None:
    assert surfaces(text, taxonomy) == expected


@pytest.mark.parametrize(
    "text",
    [
        "C轮融资企业",
        "面向C端用户",
        "R&D部门",
        "B/S与C/S架构",
        "Let's GO! 一起GO",
        "Google Cloud",
        "MongoDB",
        "CRM与ERP",
        "Objective-C",
        "javac",
        "myjava",
        "B2C电商",
        "C919客机",
        "c位出道",
        "VITAMIN C片",
        "go to market",
        "R角",
        "CC++x",
        "会计师事务所",
        "c语",
        "Java开发工程师岗位",
    ],
)
def test_look_alikes_are_not_found(text: str, taxonomy: Taxonomy) -> None:
    assert surfaces(text, taxonomy) == []


def test_exact_names_want_their_letter_case(taxonomy: Taxonomy) -> None:
    assert surfaces("熟悉c、r、go、GO语言", taxonomy) == []
    assert surfaces("熟悉Ｃ、Go", taxonomy) == ["Ｃ", "Go"]


def test_a_long_match_that_fails_its_boundary_does_not_hide_a_short_one() -> None:
    taxonomy = build_taxonomy([skill("web", "web"), skill("web-service", "web ser")])
    assert surfaces("web server", taxonomy) == ["web"]


def test_the_longest_name_wins(taxonomy: Taxonomy) -> None:
    assert [row["skill_id"] for row in found("Spring Boot、Spring", taxonomy)] == ["spring-boot", "spring"]


def test_half_of_a_folded_character_is_no_match() -> None:
    assert surfaces("面积㎡", build_taxonomy([skill("two", "2"), skill("metre", "m")])) == []
    assert surfaces("面积㎡", SKILLS) == ["㎡"]


def test_a_tag_list_is_mined_tag_by_tag(taxonomy: Taxonomy) -> None:
    rows = found("五险一金|java|Spring|boot|数据库|团队合作", taxonomy, kind="tags")
    assert [row["surface"] for row in rows] == ["java", "Spring", "数据库", "团队合作"]


_PIECES = st.one_of(
    st.sampled_from(
        [
            "Java",
            "ＪＡＶＡ",
            "C",
            "数据库",
            "Spring Boot",
            "springboot",
            "㎡",
            "\r\n",
            "😀",
            "；",
            "，",
            "…",
            "ﬁ",
            "岗位职责：",
            "任职要求：",
            "熟悉",
            "優先",
            "İ",
            "ß",
            "\u3000",
            "1、",
            "(1)",
            "②",
            "　",
            "é",
            "e\u0301",
        ]
    ),
    st.text(max_size=6),
)


@settings(max_examples=300)
@given(st.lists(_PIECES, max_size=25).map("".join))
def test_every_span_gives_its_surface_in_any_text(text: str) -> None:
    last = 0
    for row in found(text, SKILLS):
        start, end = row["start"], row["end"]
        assert isinstance(start, int)
        assert isinstance(end, int)
        assert last <= start < end <= len(text)
        last = end


def test_a_posting_does_not_change_its_neighbours(taxonomy: Taxonomy) -> None:
    texts = ["熟悉Java", "", "精通C/C++；团队合作", "岗位职责：测试"]
    batch = pa.record_batch({"posting_id": pa.array(list("abcd")), "text": pa.array(texts)})
    together = mine_batch(batch, taxonomy=taxonomy, rules=RULES).to_pylist()
    apart = [
        row
        for number in range(4)
        for row in mine_batch(batch.slice(number, 1), taxonomy=taxonomy, rules=RULES).to_pylist()
    ]
    assert together == apart
    assert [row["posting_id"] for row in together] == ["a", "c", "c", "c", "d"]


def test_taxonomy_and_rules_travel_to_other_processes(taxonomy: Taxonomy) -> None:
    copied: tuple[Taxonomy, Rules] = pickle.loads(pickle.dumps((taxonomy, RULES)))
    assert copied[0] == taxonomy
    assert found("熟悉Java", copied[0], copied[1]) == found("熟悉Java", taxonomy)


def test_skills_of_an_empty_taxonomy_are_none() -> None:
    assert found("熟悉Java", build_taxonomy(list[Skill]())) == []
