"""Hiring plans: an enterprise's own, sums of three and more for others, nothing that tells one from the rest."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404

from tests.integration.platform.data.supply.conftest import ActorOf
from zhiqiao.platform.data.api import PlanScope, enterprise_plans, plan_uuid, resolve
from zhiqiao.platform.data.errors import Conflict, Refused
from zhiqiao.platform.data.models import EnterprisePlan, JobRole
from zhiqiao.platform.data.supply.plans import PlanFacts, get_plan, own_plans, remove_plan, save_plan
from zhiqiao.platform.governance.api import Actor, AuditEvent, User

Plan = Callable[..., EnterprisePlan]


def test_an_enterprise_sees_its_own_plan_and_no_other(
    enterprises: list[User], plan: Plan, actor_of: ActorOf
) -> None:
    first, second = enterprises[:2]
    row = plan(first, 12)
    view = enterprise_plans(actor_of(first))[0]
    assert (view.headcount, str(view.enterprise), view.note) == (12, "第0家", "扩产")
    assert enterprise_plans(actor_of(second)) == []
    with pytest.raises(Http404):
        get_plan(actor_of(second), row.uuid)
    with pytest.raises(Http404):
        remove_plan(actor_of(second), row, seen=1)


def test_a_sum_of_two_is_kept_back_and_of_three_is_shown(
    enterprises: list[User], officer: User, association: User, plan: Plan, actor_of: ActorOf
) -> None:
    for user, count in zip(enterprises[:2], (12, 30), strict=True):
        plan(user, count)
    for reader in (officer, association):
        view = enterprise_plans(actor_of(reader))[0]
        assert (view.headcount, view.enterprises, view.source) == (None, None, "未公开：少于三家")
    plan(enterprises[2], 5)
    view = enterprise_plans(actor_of(officer))[0]
    assert (view.headcount, view.enterprises, view.enterprise, view.uuid, view.note) == (
        47,
        3,
        None,
        None,
        "",
    )


def test_a_sum_opens_to_the_sums_of_its_posts_and_to_nothing_of_one_enterprise(
    enterprises: list[User], officer: User, alice: User, plan: Plan, actor_of: ActorOf
) -> None:
    for user, count in zip(enterprises, (12, 30, 5), strict=False):
        plan(user, count)
    plan(enterprises[0], 7, year=2029)
    acting, view = actor_of(officer), enterprise_plans(actor_of(officer))[-1]
    whole = resolve(acting, "plan_sums", plan_uuid(view.year, PlanScope.ALL))
    own = resolve(acting, *view.figure)
    assert (whole.value, own.value, list(own.basis)) == ("47", "47", [])
    assert [(link.kind, link.uuid) for link in whole.basis] == [view.figure]
    assert dict(own.facts)[str(view.role)] == "47 人，3 家企业"
    for kept_back in (plan_uuid(2029, PlanScope.ALL), plan_uuid(2029, PlanScope.ROLE, view.role_id)):
        with pytest.raises(Http404):
            resolve(acting, "plan_sums", kept_back)
    for stranger in (alice, enterprises[0]):
        with pytest.raises((Http404, PermissionDenied)):
            resolve(actor_of(stranger), *view.figure)


def test_years_are_not_added_to_reach_three(
    enterprises: list[User], officer: User, plan: Plan, actor_of: ActorOf
) -> None:
    plan(enterprises[0], 5)
    plan(enterprises[0], 5, year=2028)
    plan(enterprises[1], 5, year=2029)
    assert [view.headcount for view in enterprise_plans(actor_of(officer))] == [None, None, None]
    assert [view.year for view in enterprise_plans(actor_of(officer), [2028])] == [2028]


def test_the_system_gets_sums_too_so_no_stored_result_can_hold_a_single_plan(
    enterprises: list[User], plan: Plan
) -> None:
    plan(enterprises[0], 5)
    assert [view.headcount for view in enterprise_plans(Actor.system())] == [None]


def test_schools_and_mentors_see_nothing(
    enterprises: list[User], alice: User, mentor: User, plan: Plan, actor_of: ActorOf
) -> None:
    plan(enterprises[0], 5)
    for person in (alice, mentor):
        assert enterprise_plans(actor_of(person)) == []
        assert own_plans(actor_of(person)) == []


def test_the_bureau_can_not_plan_for_an_enterprise(
    enterprises: list[User], officer: User, developer: JobRole, plan: Plan, actor_of: ActorOf
) -> None:
    row = plan(enterprises[0], 5)
    with pytest.raises(Http404):
        save_plan(actor_of(officer), row, PlanFacts(developer, 2027, 6), seen=1)


def test_the_trail_names_the_change_and_not_the_figure(
    enterprises: list[User], developer: JobRole, plan: Plan, actor_of: ActorOf
) -> None:
    row = plan(enterprises[0], 4711)
    save_plan(actor_of(enterprises[0]), row, PlanFacts(developer, 2027, 4712, "扩产"), seen=1)
    remove_plan(actor_of(enterprises[0]), row, seen=2)
    events = AuditEvent.objects.filter(action__startswith="supply.plan")
    assert events.count() == 3
    assert "471" not in "".join(str(event.detail) for event in events)
    assert events[1].detail["values"] == {"headcount": ["…", "…"]}


def test_post_and_year_are_planned_once_and_old_versions_do_not_overwrite(
    enterprises: list[User], developer: JobRole, plan: Plan, actor_of: ActorOf
) -> None:
    actor = actor_of(enterprises[0])
    row = plan(enterprises[0], 5)
    with pytest.raises(Refused, match="2027 年的计划已经填过"):
        plan(enterprises[0], 6)
    save_plan(actor, row, PlanFacts(developer, 2027, 7), seen=1)
    with pytest.raises(Conflict):
        save_plan(actor, row, PlanFacts(developer, 2027, 8), seen=1)
    assert EnterprisePlan.objects.get().headcount == 7
