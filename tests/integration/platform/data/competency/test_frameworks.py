"""Frameworks: begun from a study, by hand, from the example; edited, published, compared, exported; weights."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, transaction
from django.http import Http404

from tests.conftest import Places
from tests.factories import OrganisationFactory, person_with
from zhiqiao import packs
from zhiqiao.platform.data import api, catalogue, evidence
from zhiqiao.platform.data.competency import building, drafting, frameworks, publishing
from zhiqiao.platform.data.competency.comparing import differences
from zhiqiao.platform.data.errors import CatalogueError, Refused
from zhiqiao.platform.data.models import (
    CompetencyFramework,
    CompetencyStudy,
    Dimension,
    FrameworkVersion,
    Indicator,
    IndicatorSkill,
    Skill,
)
from zhiqiao.platform.governance.api import Actor, AuditEvent, OrganisationKind, Role, User

Acts = Callable[[User], Actor]


@pytest.fixture
def draft(trades: Path, acting: Actor) -> FrameworkVersion:
    """A draft with one dimension, one indicator and two skills."""
    row = building.start_framework(acting, "园艺与餐饮能力标准", "Trades")
    dimension = drafting.add_dimension(acting, row.uuid, "园艺", seen=1)
    indicator = drafting.add_indicator(acting, row.uuid, dimension.uuid, "养护", seen=2)
    drafting.add_skill(acting, row.uuid, indicator.uuid, "garden-1", seen=3)
    drafting.add_skill(acting, row.uuid, indicator.uuid, "garden-2", seen=4)
    row.refresh_from_db()
    return row


def publish(actor: Actor, row: FrameworkVersion) -> FrameworkVersion:
    row.refresh_from_db()
    return publishing.publish_version(actor, row.uuid, seen=row.edition)


def shape(actor: Actor, uuid: UUID) -> list[tuple[str, list[tuple[str, list[str]]]]]:
    view = frameworks.framework_version(actor, uuid)
    return [
        (str(one.name), [(str(item.name), [line.key for line in item.skills]) for item in one.indicators])
        for one in view.dimensions
    ]


def test_a_draft_is_edited_part_by_part(draft: FrameworkVersion, acting: Actor) -> None:
    dimension, indicator = Dimension.objects.get(), Indicator.objects.get()
    other = drafting.add_dimension(acting, draft.uuid, "餐饮", "Kitchen", seen=5)
    second = drafting.add_indicator(acting, draft.uuid, other.uuid, "烹饪", seen=6)
    drafting.move_skill(acting, draft.uuid, "garden-2", second.uuid, seen=7)
    drafting.shift_part(acting, draft.uuid, other.uuid, "up", seen=8)
    drafting.rename_part(acting, draft.uuid, indicator.uuid, "日常养护", seen=9)
    assert shape(acting, draft.uuid) == [
        ("餐饮", [("烹饪", ["garden-2"])]),
        ("园艺", [("日常养护", ["garden-1"])]),
    ]
    drafting.move_indicator(acting, draft.uuid, second.uuid, dimension.uuid, seen=10)
    drafting.remove_part(acting, draft.uuid, other.uuid, seen=11)
    drafting.remove_skill(acting, draft.uuid, "garden-2", seen=12)
    assert shape(acting, draft.uuid) == [("园艺", [("日常养护", ["garden-1"]), ("烹饪", [])])]
    assert AuditEvent.objects.filter(action="frameworks.edited").count() == 12


def test_what_can_not_be_is_refused_and_leaves_the_draft_alone(
    draft: FrameworkVersion, acting: Actor
) -> None:
    dimension, indicator = Dimension.objects.get(), Indicator.objects.get()
    for verb in (
        lambda: drafting.add_dimension(acting, draft.uuid, " ", seen=5),
        lambda: drafting.add_dimension(acting, draft.uuid, "长" * 201, seen=5),
        lambda: drafting.remove_part(acting, draft.uuid, dimension.uuid, seen=5),
        lambda: drafting.add_skill(acting, draft.uuid, indicator.uuid, "garden-1", seen=5),
        lambda: drafting.add_skill(acting, draft.uuid, indicator.uuid, "no-such", seen=5),
        lambda: drafting.remove_skill(acting, draft.uuid, "shop-1", seen=5),
        lambda: drafting.rename_part(acting, draft.uuid, uuid4(), "x", seen=5),
        lambda: drafting.move_indicator(acting, draft.uuid, indicator.uuid, dimension.uuid, seen=5),
    ):
        with pytest.raises(Refused):
            verb()
    draft.refresh_from_db()
    assert draft.edition == 5


def test_of_two_people_the_second_is_told(draft: FrameworkVersion, acting: Actor) -> None:
    drafting.add_dimension(acting, draft.uuid, "先到", seen=5)
    with pytest.raises(Refused, match="刚才有人改过"):
        drafting.add_dimension(acting, draft.uuid, "后到", seen=5)
    with pytest.raises(Refused, match="刚才有人改过"):
        publishing.publish_version(acting, draft.uuid, seen=5)


def test_publishing_makes_it_public_tells_others_and_closes_it(
    draft: FrameworkVersion,
    acting: Actor,
    alice: User,
    officer: User,
    mentor: User,
    actor_of: Acts,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told: list[object] = []
    monkeypatch.setattr(publishing, "publish", told.append)
    for reader in (alice, officer, mentor):
        assert frameworks.frameworks(actor_of(reader)) == []
        with pytest.raises(Http404):
            frameworks.framework_version(actor_of(reader), draft.uuid)
    publish(acting, draft)
    for reader in (alice, officer, mentor):
        assert [one.key for one in frameworks.frameworks(actor_of(reader))] == [draft.framework.key]
        assert frameworks.framework_version(actor_of(reader), draft.uuid).skills == 2
    framework = str(draft.framework.uuid)
    assert told == [api.FrameworkPublished(framework, str(draft.uuid), 1, draft.org_root_id)]
    assert AuditEvent.objects.filter(action="frameworks.published").exists()
    with pytest.raises(Refused, match="已发布"):
        drafting.add_dimension(acting, draft.uuid, "太晚", seen=None)
    with pytest.raises(Refused):
        publish(acting, draft)


def test_an_expert_edits_and_does_not_publish_others_do_neither(
    draft: FrameworkVersion, acting: Actor, expert: User, charlie: User, officer: User, actor_of: Acts
) -> None:
    drafting.add_dimension(actor_of(expert), draft.uuid, "专家所加", seen=5)
    with pytest.raises(Http404):
        publish(actor_of(expert), draft)
    publish_ready = Dimension.objects.get(name_zh="专家所加")
    drafting.remove_part(acting, draft.uuid, publish_ready.uuid, seen=6)
    publish(acting, draft)
    for stranger in (actor_of(charlie), actor_of(officer)):
        with pytest.raises(Http404):
            drafting.add_dimension(stranger, draft.uuid, "x", seen=None)
        with pytest.raises(Http404):
            building.next_draft(stranger, draft.framework)


def test_another_association_sees_what_is_published_and_changes_nothing(
    draft: FrameworkVersion, acting: Actor, places: Places, actor_of: Acts
) -> None:
    other = OrganisationFactory(key="association-b", kind=OrganisationKind.ASSOCIATION)
    stranger = actor_of(person_with(Role.ASSOCIATION_OFFICER, other, username="other-officer"))
    assert frameworks.frameworks(stranger) == []
    publish(acting, draft)
    assert frameworks.framework_version(stranger, draft.uuid)
    with pytest.raises(Http404):
        building.next_draft(stranger, draft.framework)
    with pytest.raises(Http404):
        api.set_weights(stranger, draft.uuid, {"d1": 1.0}, api.WeightOrigin("judged", "x"))


@pytest.mark.parametrize("missing", ["dimension", "indicator", "skill"])
def test_what_is_still_empty_is_named_at_publication(
    draft: FrameworkVersion, acting: Actor, missing: str
) -> None:
    match missing:
        case "dimension":
            Dimension.objects.all().delete()
        case "indicator":
            Indicator.objects.all().delete()
        case "skill":
            IndicatorSkill.objects.all().delete()
    with pytest.raises(Refused, match="不能发布"):
        publish(acting, draft)


def test_the_next_version_supersedes_and_the_old_stays_as_it_was(
    draft: FrameworkVersion, acting: Actor
) -> None:
    publish(acting, draft)
    before = shape(acting, draft.uuid)
    new = building.next_draft(acting, draft.framework)
    with pytest.raises(Refused, match="已经有一份草稿"):
        building.next_draft(acting, draft.framework)
    indicator = Indicator.objects.get(version=new)
    drafting.add_skill(acting, new.uuid, indicator.uuid, "kitchen-1", seen=1)
    drafting.rename_part(acting, new.uuid, indicator.uuid, "养护与更多", seen=2)
    drafting.remove_skill(acting, new.uuid, "garden-1", seen=3)
    publish(acting, new)
    draft.refresh_from_db()
    assert draft.state == "superseded"
    assert shape(acting, draft.uuid) == before
    old_view, new_view = (frameworks.framework_version(acting, uuid) for uuid in (draft.uuid, new.uuid))
    found = dict(differences(old_view, new_view))
    assert len(found["新增的技能"]) == len(found["删去的技能"]) == len(found["改名"]) == 1
    assert "权重" not in found
    assert differences(new_view, new_view) == []
    assert [one.number for one in frameworks.framework_of(acting, new.framework.uuid).versions] == [2, 1]


def test_the_database_holds_one_draft_and_one_version_in_force(draft: FrameworkVersion) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        FrameworkVersion.objects.create(
            org_root_id=draft.org_root_id, framework=draft.framework, number=2, state="draft"
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        Dimension.objects.filter(version=draft).update(weight=0.0)  # a value that says it is unknown


def test_weights_are_written_with_their_origin_and_open_it(draft: FrameworkVersion, acting: Actor) -> None:
    dimension = Dimension.objects.get()
    study = uuid4()
    origin = api.WeightOrigin("judged", "AHP，五位专家，CR 0.03", "weight_study", study)
    api.set_weights(acting, draft.uuid, {dimension.key: 1.0, f"{dimension.key}/i1": 1.0}, origin)
    view = api.framework_version(acting, draft.uuid)
    assert view.is_weighted
    assert view.dimensions[0].weight.evidence == ("weight_study", study)
    hop = evidence.resolve(acting, "framework_dimension", dimension.uuid)
    assert hop.value == "1.0"
    assert any(link.uuid == study for link in hop.basis)
    api.set_weights(acting, draft.uuid, {dimension.key: None}, api.WeightOrigin("judged", "专家撤回了判断"))
    weight = api.framework_version(acting, draft.uuid).dimensions[0].weight
    assert weight.value is None
    assert weight.reason == "专家撤回了判断"


@pytest.mark.parametrize(
    ("weights", "said"),
    [
        ({"d1": 0.7}, "权重之和"),
        ({"d1": 1.5}, "0 和 1"),
        ({"d1": float("nan")}, "0 和 1"),
        ({"d9": 0.5}, "d9"),
        ({"d1/i9": 0.5}, "d1/i9"),
    ],
)
def test_weights_that_can_not_be_are_refused_whole(
    draft: FrameworkVersion, acting: Actor, weights: dict[str, float], said: str
) -> None:
    with pytest.raises(Refused, match=said):
        api.set_weights(acting, draft.uuid, weights, api.WeightOrigin("computed", "熵权法"))
    assert Dimension.objects.get().weight is None


def test_a_framework_from_a_study_knows_where_it_is_from(study: CompetencyStudy, acting: Actor) -> None:
    row = building.from_study(acting, study, "三个行当能力标准", groups=["c01", "c03"], most_skills=3)
    view = frameworks.framework_version(acting, row.uuid)
    assert len(view.dimensions) == 2
    assert view.skills == 6
    assert view.dimensions[0].weight.value is None
    assert view.dimensions[0].weight.reason
    indicator = view.dimensions[0].indicators[0]
    hop = evidence.resolve(acting, "framework_indicator", indicator.uuid)
    assert hop.basis[0].kind == "competency_cluster"
    cluster = evidence.resolve(acting, "competency_cluster", hop.basis[0].uuid)
    assert any(link.uuid == indicator.uuid for link in cluster.derived)
    with pytest.raises(Refused):
        building.from_study(acting, study, "空", groups=["c99"], most_skills=3)


@pytest.fixture
def catalogue_of_the_pack(db: None) -> None:
    """The skills that ship."""
    catalogue.load_skills(packs.common_file("skills"))


def test_the_example_has_its_one_quoted_weight_and_three_unknown(
    catalogue_of_the_pack: None, acting: Actor
) -> None:
    example = building.examples()[0]
    row = building.from_example(acting, example)
    view = frameworks.framework_version(acting, row.uuid)
    weights = {one.key: one.weight for one in view.dimensions}
    assert [one.value for one in weights.values()] == [None, None, 0.2564, None]
    assert weights["algorithms-design"].state == "quoted"
    assert "0.2564" in weights["algorithms-design"].source
    assert weights["basic-vocational"].reason
    assert not view.is_weighted
    assert view.dimensions[0].bounds == pytest.approx((0.2308, 0.2564))
    assert view.dimensions[2].bounds is None
    with pytest.raises(Refused, match="已经有一个"):
        building.from_example(acting, example)


def test_a_region_pack_gives_the_example_to_an_association_once(
    catalogue_of_the_pack: None, places: Places, tmp_path: Path
) -> None:
    assert building.load_frameworks(tmp_path, is_demo=True) == 0
    path = tmp_path / "frameworks.csv"
    path.write_text("framework,organisation\nai-four-dimensions,association\n", encoding="utf-8")
    assert building.load_frameworks(tmp_path, is_demo=True) == 1
    assert building.load_frameworks(tmp_path, is_demo=True) == 0
    row = CompetencyFramework.objects.get()
    assert row.is_demo
    assert not row.is_public
    assert row.org_root_id == places.association.pk
    path.write_text("framework,organisation\nai-four-dimensions,nobody\n", encoding="utf-8")
    with pytest.raises(CatalogueError, match="nobody"):
        building.load_frameworks(tmp_path, is_demo=True)
    path.write_text("framework,organisation\nno-such,association\n", encoding="utf-8")
    with pytest.raises(CatalogueError, match="no-such"):
        building.load_frameworks(tmp_path, is_demo=True)


def test_a_skill_of_a_framework_is_not_deleted_from_under_it(draft: FrameworkVersion) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Skill.objects.filter(key="garden-1").delete()


def test_a_draft_is_thrown_away_with_its_framework_when_there_is_no_other(
    draft: FrameworkVersion, acting: Actor
) -> None:
    publishing.discard_draft(acting, draft.uuid, seen=5)
    assert not CompetencyFramework.objects.exists()
