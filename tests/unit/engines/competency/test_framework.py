"""Frameworks: the paper's example with what it does not say left unknown, faults of files, differences of versions."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from zhiqiao.engines import competency, jobmining
from zhiqiao.engines.competency import Dimension, Framework, FrameworkError, Indicator, Weight
from zhiqiao.packs import common_file, folder

SHIPPED = common_file("competency", "frameworks", "ai-four-dimensions.toml")


def test_the_example_quotes_one_weight_and_leaves_three_unknown() -> None:
    framework = competency.read_framework(SHIPPED)
    assert [one.zh for one in framework.dimensions] == [
        "基础职业技能",
        "数据库与网络技能",
        "算法与设计技能",
        "研究与实践技能",
    ]
    weights = {one.zh: one.weight for one in framework.dimensions}
    quoted = weights.pop("算法与设计技能")
    assert (quoted.value, quoted.state) == (0.2564, "quoted")
    assert "4.1" in quoted.source
    assert set(weights.values()) == {Weight(None, "unknown", "")}
    assert not framework.weighted


def test_the_bounds_of_the_unknown_weights_follow_by_arithmetic() -> None:
    bounds = competency.weight_bounds(competency.read_framework(SHIPPED))
    assert bounds.pop("algorithms-design") == (0.2564, 0.2564)
    for least, most in bounds.values():
        assert (least, most) == (pytest.approx(0.2308), 0.2564)


def test_every_skill_of_the_example_is_in_the_catalogue_and_every_indicator_says_it_is_a_draft() -> None:
    framework = competency.read_framework(SHIPPED)
    known = {skill.id for skill in jobmining.read_taxonomy(folder("common", "skills")).skills}
    assert [skill for skill, _, _ in framework.places() if skill not in known] == []
    states = {one.state for dimension in framework.dimensions for one in dimension.indicators}
    assert states == {"house proposal, draft"}


def indicator(name: str, *skills: str) -> Indicator:
    return Indicator(name, name, name, skills)


def dimension(name: str, *indicators: Indicator, weight: float | None = None) -> Dimension:
    known = Weight() if weight is None else Weight(weight, "judged", "ahp")
    return Dimension(name, name, name, indicators, known)


BEFORE = Framework(
    "f", "甲", "A", "1", "draft", "us",
    (
        dimension("d1", indicator("i1", "a", "b"), indicator("i2", "c"), weight=0.4),
        dimension("d2", indicator("i3", "d"), weight=0.6),
    ),
)  # fmt: skip


def test_equal_versions_do_not_differ() -> None:
    assert competency.compare_frameworks(BEFORE, replace(BEFORE, version="2")).empty


def test_a_difference_names_skills_parts_names_and_weights() -> None:
    after = replace(
        BEFORE,
        dimensions=(
            replace(dimension("d1", indicator("i1", "a", "c"), weight=0.5), zh="新名"),
            dimension("d2", indicator("i3", "d", "e"), indicator("i4", "g")),
        ),
    )
    found = competency.compare_frameworks(BEFORE, after)
    assert found.added == (("e", ("d2", "i3")), ("g", ("d2", "i4")))
    assert found.removed == (("b", ("d1", "i1")),)
    assert found.moved == (("c", ("d1", "i2"), ("d1", "i1")),)
    assert found.renamed == (("d1", "d1", "新名"),)
    assert found.weights == (("d1", 0.4, 0.5), ("d2", 0.6, None))
    assert (found.parts_added, found.parts_removed) == (("d2/i4",), ("d1/i2",))


def test_bounds_without_a_greatest_weight_are_what_is_left() -> None:
    framework = replace(BEFORE, dimensions=(dimension("d1", weight=0.7), dimension("d2"), dimension("d3")))
    bounds = competency.weight_bounds(framework)
    assert bounds["d2"] == bounds["d3"] == (0.0, pytest.approx(0.3))


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('id = "ai-four-dimensions"\n', "", "'id' is missing"),
        ("weight = 0.2564\n", "", "weight None with weight_state 'quoted'"),
        ("weight = 0.2564\n", "weight = 1.4\n", "weights can not be"),
        ('skills = ["communication",', 'skills = ["responsibility",', "skill stands twice: responsibility"),
        ('greatest = "algorithms-design"', 'greatest = "x"', "greatest names no dimension: x"),
        ("[[dimensions]]", "[[dimensions", "ai.toml"),
    ],
)
def test_a_faulty_file_is_named_with_its_fault(tmp_path: Path, old: str, new: str, message: str) -> None:
    text = SHIPPED.read_text(encoding="utf-8")
    assert old in text
    (tmp_path / "ai.toml").write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(FrameworkError, match=message) as caught:
        competency.read_framework(tmp_path / "ai.toml")
    assert "ai.toml" in caught.value.en


def test_known_weights_that_do_not_sum_to_one_are_refused() -> None:
    wrong = replace(BEFORE, dimensions=(dimension("d1", weight=0.4), dimension("d2", weight=0.4)))
    with pytest.raises(FrameworkError, match=r"sum to 0\.8"):
        competency.check_framework(wrong)
