"""Weights into frameworks: begun from a version, taken into a draft by its owner, refused when things changed."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest
from django.http import Http404
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.integration.apps.evaluation.conftest import CONSISTENT, NEAR, NOW, Story
from zhiqiao.apps.evaluation import actions, frameworks, inviting
from zhiqiao.apps.evaluation.errors import BadStudy, NoResult, NotNow
from zhiqiao.apps.evaluation.models import WeightStudy
from zhiqiao.platform.data import evidence
from zhiqiao.platform.data.competency import building, drafting
from zhiqiao.platform.data.competency.frameworks import framework_version
from zhiqiao.platform.data.models import Dimension, FrameworkState, FrameworkVersion, Skill, SkillCategory
from zhiqiao.platform.governance.api import Actor, AuditEvent, User

Acts = Callable[[User], Actor]
SignIn = Callable[[User], Client]
NAMES = ("基础", "数据库", "算法", "实践")


@pytest.fixture
def acting(olive: User, actor_of: Acts) -> Actor:
    return actor_of(olive)


@pytest.fixture
def draft(acting: Actor) -> FrameworkVersion:
    """Four dimensions, the first with two indicators."""
    row = building.start_framework(acting, "人工智能能力标准", "AI framework")
    for seen, name in enumerate(NAMES, start=1):
        drafting.add_dimension(acting, row.uuid, name, seen=seen)
    first = Dimension.objects.get(name_zh="基础")
    for seen, name in enumerate(("编程", "英语"), start=5):
        drafting.add_indicator(acting, row.uuid, first.uuid, name, seen=seen)
    return fresh(row)


def fresh(row: FrameworkVersion) -> FrameworkVersion:
    row.refresh_from_db()
    return row


def closed(
    acting: Actor,
    version: FrameworkVersion,
    *,
    part: str = "",
    kind: str = "ahp",
    answers: Sequence[list[float]] = (CONSISTENT, NEAR),
) -> WeightStudy:
    """Return a closed study of a version's part."""
    study = frameworks.start_study(acting, version.uuid, part=part, kind=kind)
    names = "甲乙丙"[: len(answers)]
    links = inviting.invite(
        study.uuid, "".join(f"{name}，\n" for name in names), acting=acting, now=timezone.now()
    )
    story = Story(study, links, acting)
    story.open_round()
    for code, values in zip(("E01", "E02", "E03"), answers, strict=False):
        story.answer(code, values)
    story.close_round()
    return actions.close_study(study.uuid, acting=acting, now=NOW)


def take(acting: Actor, study: WeightStudy, row: FrameworkVersion, **said: bool) -> None:
    frameworks.take_weights(acting, study.uuid, row.uuid, seen=fresh(row).edition, **said)


def test_a_study_asks_about_the_parts_of_a_version_by_key(draft: FrameworkVersion, acting: Actor) -> None:
    study = frameworks.start_study(acting, draft.uuid, part="", kind="ahp")
    keys = {one.name_zh: one.key for one in Dimension.objects.all()}
    assert {item.name_zh: item.part_key for item in study.items.all()} == keys
    assert study.framework_version_uuid == draft.uuid
    indicators = frameworks.start_study(acting, draft.uuid, part=keys["基础"], kind="delphi")
    assert [item.name_zh for item in indicators.items.all()] == ["编程", "英语"]
    with pytest.raises(BadStudy, match="至少要有两项"):
        frameworks.start_study(acting, draft.uuid, part=keys["算法"], kind="ahp")
    with pytest.raises(NotNow, match="已没有这个维度"):
        frameworks.start_study(acting, draft.uuid, part="nothing", kind="ahp")


def test_the_items_of_such_a_study_are_the_frameworks(draft: FrameworkVersion, acting: Actor) -> None:
    study = frameworks.start_study(acting, draft.uuid, part="", kind="ahp")
    text = actions.StudyText("新名称", "", "ahp", "\n".join(NAMES))
    changed = actions.change_draft(study.uuid, text, acting=acting)
    assert all(item.part_key for item in changed.items.all())
    assert changed.framework_key
    with pytest.raises(BadStudy, match="来自能力标准"):
        actions.change_draft(study.uuid, actions.StudyText("x", "", "ahp", "基础\n其他"), acting=acting)


def test_the_owner_takes_the_weights_and_each_keeps_where_it_is_from(
    draft: FrameworkVersion, acting: Actor
) -> None:
    study = closed(acting, draft)
    take(acting, study, draft)
    view = framework_version(acting, draft.uuid)
    values = [one.weight.value for one in view.dimensions]
    assert None not in values
    assert sum(values) == pytest.approx(1, abs=1e-9)  # type: ignore[arg-type]
    for one in view.dimensions:
        assert one.weight.state == "judged"
        assert one.weight.evidence == ("weight_study", study.uuid)
        assert {"method", "study", "round", "experts", "cr"} <= set(one.weight.detail)
        assert (one.weight.detail["round"], one.weight.detail["experts"]) == (1, 2)
        assert one.weight.detail["cr"] < 0.1
    assert view.state == FrameworkState.DRAFT
    assert [one.weight.value for one in view.dimensions[0].indicators] == [None, None]
    hop = evidence.resolve(acting, "framework_dimension", view.dimensions[0].uuid)
    assert "一致性比率 CR" in dict(hop.facts)
    assert ("weight_study", study.uuid) in {(link.kind, link.uuid) for link in hop.basis}
    assert AuditEvent.objects.filter(action="study.weights_taken").count() == 1


def test_weights_of_the_indicators_of_one_dimension_sum_to_one(
    draft: FrameworkVersion, acting: Actor
) -> None:
    part = Dimension.objects.get(name_zh="基础").key
    study = closed(acting, draft, part=part, kind="delphi", answers=([4.0, 2.0], [5.0, 1.0], [3.0, 1.0]))
    take(acting, study, draft)
    view = framework_version(acting, draft.uuid)
    first = view.dimensions[0]
    assert [one.weight.value for one in first.indicators] == [pytest.approx(0.75), pytest.approx(0.25)]
    assert first.indicators[0].weight.detail["method"] == "delphi"
    assert "w" in first.indicators[0].weight.detail
    assert [one.weight.state for one in view.dimensions] == ["unknown"] * 4


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda a, r, d: drafting.add_dimension(a, r.uuid, "第五", seen=None), "新增了“第五”"),
        (lambda a, r, d: drafting.remove_part(a, r.uuid, d["实践"].uuid, seen=None), "少了“实践”"),
        (
            lambda a, r, d: drafting.rename_part(a, r.uuid, d["实践"].uuid, "研究", seen=None),
            "“实践”改名为“研究”",
        ),
    ],
)
def test_a_framework_that_changed_meanwhile_takes_nothing(
    draft: FrameworkVersion, acting: Actor, change: Callable[..., object], why: str
) -> None:
    study = closed(acting, draft)
    change(acting, draft, {one.name_zh: one for one in Dimension.objects.all()})
    with pytest.raises(NotNow, match=why):
        take(acting, study, draft)
    assert not Dimension.objects.exclude(weight=None).exists()


def test_an_edit_in_between_and_a_published_version_are_refused(
    draft: FrameworkVersion, acting: Actor
) -> None:
    study = closed(acting, draft)
    with pytest.raises(NotNow, match="刚才有人改过"):
        frameworks.take_weights(acting, study.uuid, draft.uuid, seen=fresh(draft).edition - 1)
    FrameworkVersion.objects.filter(pk=draft.pk).update(
        state=FrameworkState.PUBLISHED, is_public=True, published_at=NOW
    )
    with pytest.raises(NotNow, match="不能再改"):
        take(acting, study, draft)
    later = building.next_draft(acting, draft.framework)
    take(acting, study, later)
    assert framework_version(acting, later.uuid).is_weighted
    assert not framework_version(acting, draft.uuid).is_weighted


def test_an_open_study_or_one_of_another_framework_is_refused(draft: FrameworkVersion, acting: Actor) -> None:
    study = frameworks.start_study(acting, draft.uuid, part="", kind="ahp")
    with pytest.raises(NoResult):
        take(acting, study, draft)
    other = building.start_framework(acting, "另一个")
    with pytest.raises(NotNow, match="不是为这个能力标准"):
        take(acting, closed(acting, draft), other)


def test_the_quoted_weight_stays_unless_the_owner_says_so(acting: Actor, db: None) -> None:
    example = building.examples()[0]
    category = SkillCategory.objects.create(key="c", name_zh="类", name_en="C")
    for skill, _dimension, _indicator in example.places():
        Skill.objects.create(key=skill, name_zh=skill, name_en=skill, kind="ability", category=category)
    row = building.from_example(acting, example)
    before = [(one.weight.value, one.weight.state) for one in framework_version(acting, row.uuid).dimensions]
    assert sorted(value for value, _state in before if value is not None) == [0.2564]
    study = closed(acting, row)
    assert [
        (one.weight.value, one.weight.state) for one in framework_version(acting, row.uuid).dimensions
    ] == before
    with pytest.raises(NotNow, match=r"0\.2564"):
        take(acting, study, row)
    assert [
        (one.weight.value, one.weight.state) for one in framework_version(acting, row.uuid).dimensions
    ] == before
    take(acting, study, row, replace_quoted=True)
    after = framework_version(acting, row.uuid).dimensions
    assert {one.weight.state for one in after} == {"judged"}


def test_colleague_takes_stranger_does_not_find_the_draft(
    draft: FrameworkVersion, acting: Actor, otto: User, stella: User, actor_of: Acts, sign_in: SignIn
) -> None:
    study = closed(acting, draft)
    page = reverse("evaluation:framework_studies", args=[draft.uuid])
    assert sign_in(stella).get(page).status_code == 404
    with pytest.raises(Http404):
        take(actor_of(stella), study, draft)
    shown = sign_in(otto).get(page).content.decode()
    assert "采用到草稿" in shown
    data = {"study": str(study.uuid), "seen": str(fresh(draft).edition)}
    stranger = sign_in(stella).post(reverse("evaluation:weights_take", args=[draft.uuid]), data)
    assert stranger.status_code == 404
    done = sign_in(otto).post(reverse("evaluation:weights_take", args=[draft.uuid]), data, follow=True)
    assert "没有发布" in done.content.decode()
    assert framework_version(acting, draft.uuid).is_weighted
    assert "这一版用的是它" in sign_in(otto).get(page).content.decode()


def test_the_pages_lead_from_framework_to_study_to_judgements_and_back(
    draft: FrameworkVersion, acting: Actor, olive: User, sign_in: SignIn
) -> None:
    client = sign_in(olive)
    framework_page = reverse("data:framework_version", args=[draft.uuid])
    studies_page = reverse("evaluation:framework_studies", args=[draft.uuid])
    assert studies_page in client.get(framework_page).content.decode()
    begun = client.post(
        reverse("evaluation:study_start", args=[draft.uuid]), {"part": "", "kind": "ahp"}, follow=True
    )
    assert "邀请专家" in begun.content.decode()
    study = closed(acting, draft)
    table = "名称,基础,数据库,算法,实践\n甲岗,90,60,70,80\n乙岗,70,80,75,60"
    actions.set_alternatives(study.uuid, table, acting=acting)
    take(acting, study, draft)
    page = client.get(framework_page).content.decode()
    assert "权重变动多少，示例的排序才会改变" in page
    assert "甲岗" in page
    assert reverse("evaluation:study", args=[study.uuid]) in page
    overview = client.get(reverse("evaluation:study", args=[study.uuid])).content.decode()
    assert studies_page in overview
    assert studies_page in client.get(reverse("evaluation:results", args=[study.uuid])).content.decode()
    client.cookies["zq_language"] = "en"
    assert "How far a weight may move" in client.get(framework_page).content.decode()
    assert "Take into the draft" not in client.get(studies_page).content.decode()


def test_what_is_wrong_is_told_on_the_page(draft: FrameworkVersion, olive: User, sign_in: SignIn) -> None:
    client = sign_in(olive)
    wrong = client.post(reverse("evaluation:weights_take", args=[draft.uuid]), {"study": "x"}, follow=True)
    assert "请先选择一项研究" in wrong.content.decode()
    begun = client.post(
        reverse("evaluation:study_start", args=[draft.uuid]), {"part": "", "kind": "x"}, follow=True
    )
    assert "至少要有两项" in begun.content.decode()
