"""Evidence is walked both ways, respects permission, and recomputes to the same value."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID, uuid4

import pytest
from django.http import Http404
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from tests.integration.platform.data.conftest import Upload
from zhiqiao.platform.data.evidence import Edge, Hop, add_edges, edges_of, kinds, remove_edges_of, resolve
from zhiqiao.platform.data.figures import (
    ALL_POSTINGS,
    Scope,
    demand_uuid,
    read_demand_uuid,
    scope_of,
    scope_roles,
)
from zhiqiao.platform.data.models import JobPosting, JobRole, Skill, SkillCount
from zhiqiao.platform.governance.api import Actor, User

ActorOf = Callable[[User], Actor]


def ends(links: object) -> set[tuple[str, UUID]]:
    """Return kind and uuid of links."""
    return {(link.kind, link.uuid) for link in links}  # type: ignore[attr-defined]


@given(skill=st.integers(1, 2**47), scope=st.sampled_from(Scope), number=st.integers(0, 2**61))
def test_a_demand_uuid_tells_what_it_is_about(skill: int, scope: Scope, number: int) -> None:
    uuid = demand_uuid(skill, (scope, number))
    found = read_demand_uuid(uuid)
    assert uuid.version == 8
    assert found is not None
    assert (found.skill_id, found.scope, found.scope_id) == (skill, scope, number)


def test_a_random_uuid_is_no_demand_figure() -> None:
    assert read_demand_uuid(uuid4()) is None


@pytest.mark.django_db
def test_a_set_of_posts_keeps_its_figure() -> None:
    scope = scope_of((7, 3, 7))
    assert scope == scope_of((3, 7))
    figure = read_demand_uuid(demand_uuid(1, scope))
    assert figure is not None
    assert scope_roles(figure) == (3, 7)


def test_from_posting_to_skill_to_demand_and_back(
    alice: User, import_file: Upload, actor_of: ActorOf
) -> None:
    done = import_file(alice)
    actor = actor_of(alice)
    posting = JobPosting.objects.get(title="Python开发工程师")
    skill = Skill.objects.get(key="python")
    figure = demand_uuid(skill.pk, (Scope.ALL, 0))
    up = resolve(actor, "posting", posting.uuid)
    assert ("skill", skill.uuid) in ends(up.derived)
    assert ("posting_import", done.uuid) in ends(up.basis)
    assert ("skill_demand", figure) in ends(resolve(actor, "skill", skill.uuid).derived)
    down = resolve(actor, "skill_demand", figure)
    assert {("skill", skill.uuid), ("posting", posting.uuid), ("posting_import", done.uuid)} <= ends(
        down.basis
    )
    assert down.value.startswith("1 / 3")


def test_every_figure_recomputes_to_itself(alice: User, import_file: Upload, actor_of: ActorOf) -> None:
    done = import_file(alice)
    actor = actor_of(alice)
    role = JobRole.objects.get(key="developer")
    figures = [
        ("posting_import", done.uuid),
        ("postings_total", ALL_POSTINGS),
        ("role_postings", role.uuid),
        *(
            ("skill_demand", demand_uuid(skill, scope))
            for skill in set(SkillCount.objects.values_list("skill", flat=True))
            for scope in ((Scope.ALL, 0), (Scope.ROLE, role.pk))
        ),
    ]
    for kind, uuid in figures:
        hop = resolve(actor, kind, uuid)
        assert hop.recompute is not None
        assert hop.recompute() == hop.value, kind


def test_a_figure_changed_behind_our_back_is_seen(
    alice: User, import_file: Upload, actor_of: ActorOf
) -> None:
    import_file(alice)
    skill = Skill.objects.get(key="python")
    SkillCount.objects.filter(skill=skill).update(postings=3)
    hop = resolve(actor_of(alice), "skill_demand", demand_uuid(skill.pk, (Scope.ALL, 0)))
    assert hop.recompute is not None
    assert hop.recompute() != hop.value


@pytest.mark.parametrize("who", ["student", "auditor"])
def test_who_may_not_read_postings_gets_no_evidence(
    request: pytest.FixtureRequest, who: str, alice: User, import_file: Upload, actor_of: ActorOf
) -> None:
    done = import_file(alice, shared=True)
    actor = actor_of(request.getfixturevalue(who))
    posting = JobPosting.objects.first()
    assert posting is not None
    figure = demand_uuid(Skill.objects.get(key="python").pk, (Scope.ALL, 0))
    for kind, uuid in (("posting", posting.uuid), ("posting_import", done.uuid), ("skill_demand", figure)):
        with pytest.raises(Http404):
            resolve(actor, kind, uuid)


def test_stored_edges_are_walked_in_both_directions(
    alice: User, import_file: Upload, actor_of: ActorOf
) -> None:
    import_file(alice)
    actor = actor_of(alice)
    first, second = Skill.objects.get(key="python"), Skill.objects.get(key="java")
    edge = Edge(("skill", first.uuid), ("skill", second.uuid), "rests_on", "test", "1", {"n": 1})
    assert add_edges([edge], org_root_id=actor.org_root_id or 0) == 1
    assert edges_of("skill", first.uuid).basis == (edge,)
    assert edges_of("skill", second.uuid).derived == (edge,)
    assert ("skill", second.uuid) in ends(resolve(actor, "skill", first.uuid).basis)
    assert ("skill", first.uuid) in ends(resolve(actor, "skill", second.uuid).derived)


@pytest.mark.django_db
def test_an_edge_written_again_gets_the_new_detail() -> None:
    ends_ = (("a", uuid4()), ("b", uuid4()))
    add_edges([Edge(*ends_, "r", "m", "1", {"n": 1})], org_root_id=1)
    add_edges([Edge(*ends_, "r", "m", "2", {"n": 2})], org_root_id=1)
    (edge,) = edges_of("a", ends_[0][1]).basis
    assert (edge.method_version, edge.detail) == ("2", {"n": 2})
    assert remove_edges_of("a", [ends_[0][1]]) == 1
    assert edges_of("a", ends_[0][1]).basis == ()


def test_the_drawer_is_a_fragment_and_the_page_is_whole(
    alice: User, import_file: Upload, sign_in: Callable[[User], Client]
) -> None:
    import_file(alice)
    address = reverse(
        "evidence", args=["skill_demand", demand_uuid(Skill.objects.get(key="python").pk, (Scope.ALL, 0))]
    )
    client = sign_in(alice)
    fragment = client.get(address, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in fragment
    assert "1 / 3" in fragment
    assert "<html" in client.get(address).content.decode()
    assert "一致" in client.get(address, {"recompute": "1"}).content.decode()


@pytest.mark.parametrize(
    "kind", ["nothing", "posting", "skill", "posting_import", "skill_demand", "role_postings"]
)
def test_what_does_not_exist_is_not_found(alice: User, sign_in: Callable[[User], Client], kind: str) -> None:
    assert sign_in(alice).get(reverse("evidence", args=[kind, uuid4()])).status_code == 404


def test_all_kinds_of_this_package_are_registered() -> None:
    assert {"posting", "skill", "posting_import", "skill_demand", "role_postings", "postings_total"} <= set(
        kinds()
    )
    assert Hop("a", UUID(int=0), "t").recompute is None
