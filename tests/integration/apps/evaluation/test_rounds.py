"""From judgements to kept weights: the verbs of a study and the engine's figures."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.integration.apps.evaluation.conftest import (
    CONSISTENT,
    CONTRADICTORY,
    FOUR,
    NEAR,
    NOW,
    RATINGS,
    TREE,
    Story,
    Tell,
)
from zhiqiao.apps.evaluation import actions, inviting, selectors
from zhiqiao.apps.evaluation.errors import BadStudy, NoResult, NotNow
from zhiqiao.apps.evaluation.models import (
    AnswerSheet,
    Judgement,
    StudyExpert,
    StudyRound,
    StudyState,
    WeightStudy,
)
from zhiqiao.engines import weights
from zhiqiao.packs import common_file
from zhiqiao.platform.governance.access import Actor
from zhiqiao.platform.governance.models import AuditEvent, User

NAMES = ("基础", "数据库", "算法", "实践")
PAIRS = [(a, b) for at, a in enumerate(NAMES) for b in NAMES[at + 1 :]]


def matrix(values: list[float]) -> weights.PairwiseMatrix:
    return weights.from_judgements(NAMES, dict(zip(PAIRS, values, strict=True)))


def kept(story: Story) -> dict[str, float]:
    row = StudyRound.objects.filter(study=story.study).last()
    assert row is not None
    names = {str(item.uuid): item.name_zh for item in story.study.items.all()}
    return {names[uuid]: weight for uuid, weight in row.result["weights"].items()}


def test_ahp_weights_are_the_engines_for_the_consistent_experts(ahp: Story) -> None:
    index = weights.read_random_index(common_file("evaluation", "random_index.toml"))
    wanted = weights.group_priorities(
        {"E01": matrix(CONSISTENT), "E02": matrix(NEAR), "E03": matrix(CONTRADICTORY)}, random_index=index
    )
    assert wanted.left_out == ("E03",)
    assert kept(ahp) == pytest.approx(wanted.aij.by_name(), abs=1e-12)
    assert sum(kept(ahp).values()) == pytest.approx(1, abs=1e-12)


def test_delphi_weights_are_means_over_their_sum_and_a_dimension_is_the_sum_below(delphi: Story) -> None:
    means = [sum(column) / 4 for column in zip(*RATINGS.values(), strict=True)]
    found = kept(delphi)
    for name, mean in zip(("流延", "封装", "检测", "沟通", "外语"), means, strict=True):
        assert found[name] == pytest.approx(mean / sum(means))
    assert found["技能"] == pytest.approx(found["流延"] + found["封装"] + found["检测"])


def test_levels_multiply_down_and_an_only_child_takes_all(tell: Tell) -> None:
    story = tell("ahp", "甲\n- 甲一\n- 甲二\n乙\n- 乙一", 2)
    story.open_round()
    story.answer("E01", [3.0, 1.0])  # 甲:乙, 甲一:甲二
    story.answer("E02", [3.0, 1.0])
    story.close_round()
    assert kept(story) == pytest.approx({"甲": 0.75, "乙": 0.25, "甲一": 0.375, "甲二": 0.375, "乙一": 0.25})


def test_a_sheet_that_was_not_submitted_does_not_count(tell: Tell) -> None:
    story = tell("ahp", "甲\n乙", 2)
    story.open_round()
    story.answer("E01", [3.0])
    story.answer("E02", [1 / 9], submit=False)
    story.close_round()
    assert kept(story) == pytest.approx({"甲": 0.75, "乙": 0.25})


def test_a_round_nobody_answered_closes_without_weights(tell: Tell) -> None:
    story = tell("delphi", TREE, 2)
    story.open_round()
    story.close_round()
    assert kept(story) == {}


def test_two_sheets_of_an_anonymous_round_give_no_weights(tell: Tell) -> None:
    story = tell("delphi", TREE, 3)
    story.open_round()
    story.answer("E01", [5.0] * 5)
    story.answer("E02", [4.0] * 5)
    story.close_round()
    assert kept(story) == {}


def test_a_later_round_leaves_the_earlier_judgements_and_weights(delphi: Story) -> None:
    before = list(Judgement.objects.order_by("id").values("id", "value", "changed_at"))
    first = StudyRound.objects.get(study=delphi.study).result
    delphi.open_round()
    delphi.answer("E01", [1.0, 1.0, 1.0, 1.0, 5.0])
    delphi.close_round()
    assert list(Judgement.objects.order_by("id").values("id", "value", "changed_at"))[: len(before)] == before
    assert StudyRound.objects.get(study=delphi.study, number=1).result == first


def test_a_dropped_item_is_not_asked_again(delphi: Story) -> None:
    foreign = delphi.study.items.get(name_zh="外语")
    delphi.open_round(drop={foreign.uuid})
    for code in ("E01", "E02", "E03"):
        delphi.answer(code, [5.0, 5.0, 4.0, 3.0])
    delphi.close_round()
    assert set(kept(delphi)) == {"技能", "流延", "封装", "检测", "素养", "沟通"}


def test_only_while_two_experts_have_links_and_no_round_is_open(
    olive: User, actor_of: Callable[[User], Actor], tell: Tell
) -> None:
    study = actions.create_study(actions.StudyText("空", "", "ahp", FOUR), acting=actor_of(olive))
    with pytest.raises(NotNow, match="至少要有 2 位"):
        actions.open_round(study.uuid, acting=actor_of(olive), now=NOW)
    story = tell("ahp", FOUR, 2)
    story.open_round()
    with pytest.raises(NotNow, match="还有一轮正在进行"):
        story.open_round()
    with pytest.raises(NotNow, match="先完成并结束"):
        actions.close_study(story.study.uuid, acting=story.acting, now=NOW)
    with pytest.raises(NotNow, match="条目不能再改"):
        actions.change_draft(story.study.uuid, actions.StudyText("x", "", "ahp", FOUR), acting=story.acting)


@pytest.mark.parametrize(
    ("items", "words"),
    [
        ("- 甲", "第 1 行“甲”上面没有维度"),
        ("甲\n甲", "第 2 行“甲”与第 1 行重名"),
        ("甲\n- \n乙", "第 2 行没有名称"),
        ("甲", "至少要有两项"),
        ("\n".join(f"项{n}" for n in range(16)), "两两比较最多 15 项"),
        ("\n".join(f"项{n}" for n in range(70)), "共 70 项，最多 60 项"),
        ("长" * 101 + "\n乙", "第 1 行的名称太长"),
    ],
)
def test_items_that_can_not_be_taken_are_named_by_row(
    olive: User, actor_of: Callable[[User], Actor], items: str, words: str
) -> None:
    with pytest.raises(BadStudy, match=words):
        actions.create_study(actions.StudyText("题", "", "ahp", items), acting=actor_of(olive))
    assert not WeightStudy.objects.exists()


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("，某单位", "第 1 行：没有姓名"),
        ("张三，某单位，不是邮箱", "不像一个邮箱"),
        ("@nobody", "没有用户名 nobody"),
        ("专家1，单位1", "已在名单中"),
        ("a,b,c,d", "超过三项"),
        ("", "请每行写一位专家"),
    ],
)
def test_guests_that_can_not_be_taken_are_named_by_row(tell: Tell, line: str, words: str) -> None:
    story = tell("ahp", FOUR, 1)
    with pytest.raises(BadStudy, match=words):
        inviting.invite(story.study.uuid, line, acting=story.acting, now=NOW)
    assert StudyExpert.objects.count() == 1


def test_somebody_with_an_account_is_invited_by_name_and_asked_at_once(tell: Tell, bob: User) -> None:
    story = tell("ahp", FOUR, 2)
    story.open_round()
    (link,) = inviting.invite(story.study.uuid, "@bob", acting=story.acting, now=NOW)
    assert (link.expert.user, link.expert.name, link.expert.code) == (bob, "Bob", "E03")
    assert AnswerSheet.objects.filter(expert=link.expert).count() == 1


def test_final_weights_are_handed_down_only_once_closed(
    ahp: Story, eve: User, actor_of: Callable[[User], Actor]
) -> None:
    with pytest.raises(NoResult, match="还没有结束"):
        selectors.final_weights(ahp.acting, ahp.study.uuid)
    actions.close_study(ahp.study.uuid, acting=ahp.acting, now=NOW)
    found = selectors.final_weights(actor_of(eve), ahp.study.uuid)
    assert {str(one.name.zh): one.weight for one in found.weights} == pytest.approx(kept(ahp))
    assert (found.experts, found.round, found.kind) == (3, 1, "ahp")
    assert ahp.fresh().state == StudyState.CLOSED
    assert not StudyExpert.objects.filter(token_hash__isnull=False).exists()


def test_examples_must_name_the_items_and_be_complete(ahp: Story) -> None:
    def put(table: str) -> None:
        actions.set_alternatives(ahp.study.uuid, table, acting=ahp.acting)

    with pytest.raises(BadStudy, match="缺少这些指标的列：实践"):
        put("名称,基础,数据库,算法\n甲,1,2,3\n乙,3,2,1\n")
    with pytest.raises(BadStudy, match="表头中没有这些指标：体力"):
        put("名称,基础,数据库,算法,实践,体力\n甲,1,2,3,4,5\n乙,3,2,1,5,5\n")
    with pytest.raises(BadStudy, match="第 3 行“算法”列"):
        put("名称,基础,数据库,算法,实践\n甲,1,2,3,4\n乙,3,2,,5\n")
    put("名称\t基础\t数据库\t算法\t实践\n甲\t1\t2\t3\t4\n乙\t3\t2\t1\t5\n")
    assert ahp.fresh().alternatives["names"] == ["甲", "乙"]
    put("")
    assert ahp.fresh().alternatives == {}


def test_every_write_is_audited_and_no_entry_holds_a_name_or_a_value(ahp: Story) -> None:
    inviting.renew_link(ahp.links[0].expert.uuid, acting=ahp.acting, now=NOW)
    inviting.end_link(ahp.links[1].expert.uuid, acting=ahp.acting)
    actions.close_study(ahp.study.uuid, acting=ahp.acting, now=NOW)
    entries = list(AuditEvent.objects.filter(action__startswith="study.").order_by("sequence"))
    assert [entry.action for entry in entries] == [
        "study.created",
        "study.invited",
        "study.round_opened",
        "study.submitted",
        "study.submitted",
        "study.submitted",
        "study.round_closed",
        "study.link_renewed",
        "study.link_ended",
        "study.closed",
    ]
    text = " ".join(f"{entry.detail} {entry.actor_name}" for entry in entries)
    assert "专家1" not in text
    assert "example.org" not in text
    assert "value" not in text
