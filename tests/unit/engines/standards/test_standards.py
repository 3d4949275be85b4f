"""Standards load whole or not at all; plans are compared row by row; every deviation needs its reason."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhiqiao.engines import standards
from zhiqiao.engines.plans import Course, Orientation, Plan, Post, WorkTask
from zhiqiao.engines.rules import State
from zhiqiao.engines.standards import (
    Outcome,
    Part,
    Reason,
    Standard,
    StandardCourse,
    StandardError,
    StandardPost,
    StandardTask,
)
from zhiqiao.packs import folder

SHIPPED = folder("common", "curriculum") / "standards"
OLD = Standard(
    key="s",
    edition="2023",
    name="课程标准（合成）",
    programme="人工智能技术应用",
    issuer="示例",
    valid_from=date(2023, 1, 1),
    state=State.PART,
    source="合成",
    posts=(StandardPost("p1", "AI 测试工程师", ("人工智能测试工程师",)), StandardPost("p2", "售前工程师")),
    tasks=(StandardTask("t1", "标注数据", ("p1",)),),
    courses=(
        StandardCourse("c1", "数据处理", 120, ("t1",)),
        StandardCourse("c2", "智能系统运维", 160),
        StandardCourse("c3", "模型测试"),
    ),
)
PLAN = Plan(
    key="plan",
    orientation=Orientation(posts=(Post("a", "人工智能测试工程师"), Post("b", "直播运营"))),
    tasks=(WorkTask("x", "标注 数据"),),
    courses=(
        Course("k1", "数据处理", hours=120),
        Course("k2", "智能系统运维（一）", hours=64),
        Course("k3", "智能系统运维（二）", hours=64),
        Course("k4", "模型测试", hours=32),
        Course("k5", "本地产业认知", hours=16),
    ),
)
LINKS = {"course:k2": "course:c2", "course:k3": "course:c2"}


def test_the_eleven_posts_in_four_kinds_of_enterprise_load() -> None:
    (standard,) = standards.read_standards(SHIPPED)
    assert len(standard.posts or ()) == 11
    assert len(standard.enterprises or ()) == 4
    assert standard.state is State.PART
    assert standard.source
    found = standards.compare(PLAN, standard)
    assert found.unknown == ("standard.tasks", "standard.courses")
    assert not found.is_complete
    posts = [item for item in found.items if item.part is Part.POST]
    assert [item.key for item in posts if item.outcome is Outcome.KEPT] == ["ai-testing"]
    assert sum(item.outcome is Outcome.DROPPED for item in posts) == 10


def test_every_row_of_both_sides_is_kept_dropped_added_or_changed() -> None:
    found = standards.compare(PLAN, OLD, links=LINKS)
    assert {item.id: str(item.outcome) for item in found.items} == {
        "post:p1": "kept",
        "post:p2": "dropped",
        "post:+b": "added",
        "task:t1": "kept",
        "course:c1": "kept",
        "course:c2": "kept",
        "course:c3": "kept",
        "course:+k5": "added",
        "hours:c1": "kept",
        "hours:c2": "changed",
    }
    hours = next(item for item in found.items if item.id == "hours:c2")
    assert (hours.told, hours.found) == (160, 128)
    assert hours.paths == ("courses[k2].hours", "courses[k3].hours")
    assert found.unknown == ("standard.courses[c3].hours",)


def test_a_deviation_is_open_until_it_has_a_reason_with_evidence() -> None:
    reasons = [
        Reason("post:p2", "本地企业不设售前岗位", ("survey-2026#p2",)),
        Reason("post:+b", "本地需求", ()),  # no evidence
        Reason("hours:c2", " ", ("survey-2026#h",)),  # no words
        Reason("course:c1", "已保留，不需要理由", ("x",)),
    ]
    found = standards.compare(PLAN, OLD, links=LINKS, reasons=reasons)
    assert [item.id for item in found.open] == ["post:+b", "course:+k5", "hours:c2"]
    assert [reason.item for reason in found.unused] == ["course:c1"]
    known = replace(OLD, courses=tuple(replace(one, hours=one.hours or 32) for one in OLD.courses or ()))
    every = [Reason(item.id, "本地需求", ("survey",)) for item in found.deviations]
    assert standards.compare(PLAN, known, links=LINKS, reasons=every).is_complete
    assert not standards.compare(PLAN, known, links=LINKS, reasons=every[1:]).is_complete


@pytest.mark.parametrize(
    ("links", "reasons", "said"),
    [
        ({"course:k9": "course:c1"}, [], "course:k9"),
        ({"course:k1": "course:c9"}, [], "course:c9"),
        ({"course:k1": "post:p1"}, [], "post:p1"),
        ({}, [Reason("post:p2", "a", ("x",)), Reason("post:p2", "b", ("y",))], "two reasons: post:p2"),
    ],
)
def test_links_and_reasons_that_can_not_hold_are_refused(
    links: dict[str, str], reasons: list[Reason], said: str
) -> None:
    with pytest.raises(StandardError, match=said):
        standards.compare(PLAN, OLD, links=links, reasons=reasons)


def test_what_is_unknown_makes_no_deviation_and_is_listed() -> None:
    found = standards.compare(Plan(key="empty"), OLD)
    assert found.items == ()
    assert found.unknown == ("plan.orientation.posts", "plan.tasks", "plan.courses")
    assert not found.is_complete


def test_a_new_edition_makes_comparisons_outdated_from_its_day_on() -> None:
    new = replace(
        OLD,
        edition="2027",
        valid_from=date(2027, 3, 1),
        posts=(*(OLD.posts or ())[:1], StandardPost("p3", "智能体工程师")),
        courses=(StandardCourse("c1", "数据处理", 140), *(OLD.courses or ())[1:]),
    )
    compared = standards.compare(PLAN, OLD)
    both = (OLD, new)
    assert not standards.is_outdated(compared, both, on=date(2027, 2, 28))
    assert standards.is_outdated(compared, both, on=date(2027, 3, 1))
    assert standards.newest(both, "other", on=date(2027, 3, 1)) is None
    assert [item.id for item in standards.changed(OLD, new)] == ["post:p2", "post:+p3", "hours:c1"]


@settings(max_examples=40, deadline=None)
@given(
    ours=st.lists(st.sampled_from("甲乙丙丁戊"), unique=True),
    theirs=st.lists(st.sampled_from("甲乙丙丁戊"), unique=True),
)
def test_by_name_kept_dropped_and_added_are_what_sets_say(ours: list[str], theirs: list[str]) -> None:
    plan = Plan(key="p", orientation=Orientation(posts=tuple(Post(f"o{one}", one) for one in ours)))
    standard = replace(OLD, posts=tuple(StandardPost(f"s{one}", one) for one in theirs))
    items = [item for item in standards.compare(plan, standard).items if item.part is Part.POST]
    by_outcome = {outcome: {item.name for item in items if item.outcome is outcome} for outcome in Outcome}
    assert by_outcome[Outcome.KEPT] == set(ours) & set(theirs)
    assert by_outcome[Outcome.DROPPED] == set(theirs) - set(ours)
    assert by_outcome[Outcome.ADDED] == set(ours) - set(theirs)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("edition", 'edition = ""\n#'), "edition: may not be blank"),
        (("state", 'state = "sure"\n#'), "“sure” is none of"),
        (("posts", 'tasks = [{ key = "t", name = "t", posts = ["p9"] }]\nposts'), r"tasks\[t\].posts: p9"),
        (("enterprises", "enterprise = ["), "no such field|Cannot|Expected|Invalid"),
    ],
)
def test_a_file_with_something_wrong_is_refused(tmp_path: Path, change: tuple[str, str], said: str) -> None:
    text = (SHIPPED / "ai-application-2023.toml").read_text(encoding="utf-8")
    at = text.index(f"\n{change[0]} =") + 1
    path = tmp_path / "bad.toml"
    path.write_text(text[:at] + change[1] + text[at + len(change[0]) :], encoding="utf-8")
    with pytest.raises(StandardError, match=said):
        standards.read_standard(path)


def test_an_edition_stands_once(tmp_path: Path) -> None:
    text = (SHIPPED / "ai-application-2023.toml").read_text(encoding="utf-8")
    for name in ("a.toml", "b.toml"):
        (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(StandardError, match="stands twice: ai-application 2023"):
        standards.read_standards(tmp_path)
