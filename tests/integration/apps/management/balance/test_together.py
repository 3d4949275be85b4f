"""Two officers at once: one proposal waits, one decision counts, nobody approves their own."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from tests.integration.apps.management.conftest import NOW, World
from tests.together import together
from zhiqiao.apps.management.balance import decisions
from zhiqiao.apps.management.balance.decisions import Wish
from zhiqiao.apps.management.errors import AlreadyDecided, BadEdit
from zhiqiao.apps.management.models import BalanceReport, DecisionState, ProgrammeDecision
from zhiqiao.platform.governance.access import Actor
from zhiqiao.platform.governance.models import AuditEvent, User

pytestmark = pytest.mark.django_db(transaction=True)
ActorOf = Callable[[User], Actor]


def propose(balance: BalanceReport, region: World, acting: Actor) -> ProgrammeDecision:
    return decisions.propose(
        region.programme.uuid,
        acting=acting,
        wish=Wish("reduce", 30, "毕业生去向不理想"),
        seen_report=balance.uuid,
        now=NOW,
    )


def decide(row: ProgrammeDecision, acting: Actor, *, approve: bool) -> ProgrammeDecision:
    return decisions.decide(
        row.uuid, acting=acting, version=row.version, approve=approve, reason="看过了", now=NOW
    )


def test_of_two_proposals_one_waits(
    balance: BalanceReport, region: World, officer: User, second_officer: User, actor_of: ActorOf
) -> None:
    people = [actor_of(officer), actor_of(second_officer)]
    outcomes = together(*(lambda who=who: propose(balance, region, who) for who in people * 2))
    raised = [one for one in outcomes if isinstance(one, Exception)]
    assert [type(one) for one in raised] == [AlreadyDecided] * 3
    assert ProgrammeDecision.objects.count() == 1
    assert AuditEvent.objects.filter(action="decision.proposed").count() == 1


def test_of_two_approvers_one_decides(
    balance: BalanceReport,
    region: World,
    school_admin: User,
    officer: User,
    second_officer: User,
    actor_of: ActorOf,
) -> None:
    row = propose(balance, region, actor_of(school_admin))
    first, second = actor_of(officer), actor_of(second_officer)
    outcomes = together(
        lambda: decide(row, first, approve=True),
        lambda: decide(row, second, approve=False),
        lambda: decide(row, second, approve=True),
    )
    assert [type(one) for one in outcomes if isinstance(one, Exception)] == [AlreadyDecided] * 2
    kept = next(one for one in outcomes if isinstance(one, ProgrammeDecision))
    row.refresh_from_db()
    assert (row.state, row.decided_by_id) == (kept.state, kept.decided_by_id)
    assert AuditEvent.objects.filter(action__in=("decision.approved", "decision.returned")).count() == 1


def test_who_proposed_can_not_approve_not_even_at_the_same_moment(
    balance: BalanceReport,
    region: World,
    officer: User,
    second_officer: User,
    actor_of: ActorOf,
    sign_in: Callable[[User], Client],
) -> None:
    row = propose(balance, region, actor_of(officer))
    own, other = actor_of(officer), actor_of(second_officer)
    outcomes = together(lambda: decide(row, own, approve=True), lambda: decide(row, other, approve=True))
    assert isinstance(outcomes[0], BadEdit | AlreadyDecided)
    row.refresh_from_db()
    assert (row.state, row.decided_by_id) == (DecisionState.APPROVED, second_officer.pk)
    url = reverse("management:decision_decide", args=[row.uuid])
    answer = sign_in(officer).post(url, {"decision": "approve", "version": "1"})
    assert answer.status_code in {409, 422}
