"""The JSON API of competency: published versions for all, drafts and runs for their own, differences by keys."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import pytest
from django.test import Client

from tests.described import call
from tests.factories import OrganisationFactory, person_with
from tests.integration.platform.data.competency.test_frameworks import draft, publish
from zhiqiao.platform.data.competency import building, drafting
from zhiqiao.platform.data.models import CompetencyStudy, FrameworkVersion
from zhiqiao.platform.governance.api import Actor, OrganisationKind, Role, User

__all__ = ["draft"]
SignIn = Callable[[User], Client]


@pytest.fixture
def rival(trades: Path) -> User:
    """Officer of another association; the stranger."""
    other = OrganisationFactory(key="rival", kind=OrganisationKind.ASSOCIATION)
    return person_with(Role.ASSOCIATION_OFFICER, other, username="rival")


def test_a_draft_is_there_for_its_association_only(
    draft: FrameworkVersion,
    keeper: User,
    expert: User,
    rival: User,
    alice: User,
    sign_in: SignIn,
) -> None:
    url = f"/api/frameworks/versions/{draft.uuid}"
    for own in (keeper, expert):
        found = call(sign_in(own), url)
        assert [one["name"]["zh"] for one in found["dimensions"]] == ["园艺"]
        assert found["dimensions"][0]["weight"]["value"] is None
    for stranger in (rival, alice):
        client = sign_in(stranger)
        call(client, url, status=404)
        call(client, f"/api/frameworks/{draft.framework.uuid}", status=404)
        assert call(client, "/api/frameworks")["items"] == []


def test_published_versions_are_for_all_and_their_differences_too(
    draft: FrameworkVersion,
    acting: Actor,
    keeper: User,
    rival: User,
    alice: User,
    student: User,
    sign_in: SignIn,
) -> None:
    first = publish(acting, draft)
    second = building.next_draft(acting, first.framework)
    drafting.add_dimension(acting, second.uuid, "餐饮", seen=second.edition)
    compare = f"/api/frameworks/versions/{second.uuid}/differences/{first.uuid}"
    found = call(sign_in(keeper), compare)
    assert len(found["parts_added"]) == 1
    assert found["parts_removed"] == []
    for reader in (rival, alice):
        client = sign_in(reader)
        listed = call(client, "/api/frameworks")["items"][0]
        # the draft of the next version is no version to others
        assert [one["number"] for one in listed["versions"]] == [1]
        assert call(client, f"/api/frameworks/versions/{first.uuid}")["number"] == 1
        call(client, f"/api/frameworks/versions/{second.uuid}", status=404)
        call(client, compare, status=404)
    call(sign_in(keeper), f"/api/frameworks/versions/{first.uuid}/differences/{second.uuid}", status=404)
    call(sign_in(keeper), f"/api/frameworks/versions/{uuid4()}", status=404)


def test_runs_are_there_for_their_organisation_with_groups(
    study: CompetencyStudy, keeper: User, rival: User, alice: User, sign_in: SignIn
) -> None:
    url = f"/api/competency/studies/{study.uuid}"
    found = call(sign_in(keeper), url)
    assert sum(len(group["skills"]) for group in found["groups"]) >= 10
    assert found["state"] == "done"
    assert keeper.username not in str(found)
    assert call(sign_in(keeper), "/api/competency/studies")["total"] == 1
    assert call(sign_in(rival), "/api/competency/studies")["total"] == 0
    call(sign_in(rival), url, status=404)
    call(sign_in(alice), url, status=404)
