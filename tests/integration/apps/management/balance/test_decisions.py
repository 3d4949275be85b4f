"""Health and decisions: what is advised, who proposes, who approves, what stays on record."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, transaction
from django.http import Http404
from django.test import Client
from django.urls import reverse

from tests.integration.apps.management.conftest import NOW, World
from zhiqiao.apps.management.balance import decisions, health
from zhiqiao.apps.management.balance.computing import compute_balance
from zhiqiao.apps.management.balance.decisions import Wish
from zhiqiao.apps.management.errors import AlreadyDecided, BadEdit
from zhiqiao.apps.management.models import BalanceReport, DecisionState, ProgrammeDecision
from zhiqiao.platform.data.api import resolve
from zhiqiao.platform.data.models import ProgrammeYear
from zhiqiao.platform.governance.access import Actor
from zhiqiao.platform.governance.models import AuditEvent, User

ActorOf = Callable[[User], Actor]
SignIn = Callable[[User], Client]
WISH = Wish("reduce", 30, "毕业生去向不理想")


@pytest.fixture
def proposed(
    balance: BalanceReport, region: World, school_admin: User, actor_of: ActorOf
) -> ProgrammeDecision:
    return decisions.propose(
        region.programme.uuid, acting=actor_of(school_admin), wish=WISH, seen_report=balance.uuid, now=NOW
    )


def test_health_holds_facts_of_the_newest_known_years_and_reasons_with_numbers(
    balance: BalanceReport, region: World, officer: User, actor_of: ActorOf
) -> None:
    found = health.health(actor_of(officer), region.programme.uuid)
    assert (found.graduates, found.enrolled, found.cost, found.overlap) == (20, 40, None, ())
    assert (found.placement, found.matching) == (pytest.approx(0.9), pytest.approx(12 / 18))
    assert found.years == {"graduates": 2025, "placement": 2025, "matching": 2025, "enrolled": 2026}
    # all postings and all graduates are of the one post: shares are equal
    assert found.quantity is not None
    assert found.quantity.value == pytest.approx(0)
    assert found.advice == "adjust"
    assert found.reasons[0].startswith("目标岗位的要求有 37.5%（")
    assert 0 < found.firmness < 1
    assert "未覆盖需求取区间下限" in found.flips


def test_unknown_graduates_give_no_advice(region: World, officer: User, actor_of: ActorOf) -> None:
    ProgrammeYear.objects.update(graduates=None, placed=None, placed_matching=None)
    compute_balance(acting=actor_of(officer), now=NOW)
    found = health.health(actor_of(officer), region.programme.uuid)
    assert (found.advice, found.quantity, found.places, found.placement) == ("unknown", None, None, None)


def test_the_drawer_recomputes_the_health(
    balance: BalanceReport, school_admin: User, actor_of: ActorOf
) -> None:
    hop = resolve(actor_of(school_admin), "programme_health", balance.health.get().uuid)
    assert hop.recompute is not None
    assert hop.recompute() == hop.value


def test_a_proposal_keeps_the_figures_that_were_seen(
    proposed: ProgrammeDecision, balance: BalanceReport, officer: User, actor_of: ActorOf
) -> None:
    row = balance.health.get()
    assert proposed.seen_report == balance.uuid
    assert proposed.seen["figures"] == row.figures
    assert proposed.seen["advice"] == "adjust" != proposed.choice


def test_another_person_of_the_bureau_approves_and_it_goes_on_record(
    proposed: ProgrammeDecision, officer: User, actor_of: ActorOf
) -> None:
    done = decisions.decide(
        proposed.uuid, acting=actor_of(officer), version=1, approve=True, reason="", now=NOW
    )
    assert (done.state, done.version, done.decided_by) == (DecisionState.APPROVED, 2, officer)
    told = AuditEvent.objects.filter(object_id=str(proposed.uuid)).values_list("action", flat=True)
    assert set(told) == {"decision.proposed", "decision.approved"}


def test_returning_needs_a_reason_and_frees_the_programme(
    proposed: ProgrammeDecision,
    balance: BalanceReport,
    region: World,
    officer: User,
    school_admin: User,
    actor_of: ActorOf,
) -> None:
    acting = actor_of(officer)
    with pytest.raises(BadEdit, match="退回的理由"):
        decisions.decide(proposed.uuid, acting=acting, version=1, approve=False, reason=" ", now=NOW)
    decisions.decide(proposed.uuid, acting=acting, version=1, approve=False, reason="请补充去向", now=NOW)
    again = decisions.propose(
        region.programme.uuid, acting=actor_of(school_admin), wish=WISH, seen_report=balance.uuid, now=NOW
    )
    history = health.decisions(acting, region.programme.uuid)
    assert [one.uuid for one in history] == [again.uuid, proposed.uuid]
    assert history[1].decision_reason == "请补充去向"


def test_nobody_approves_their_own_proposal(
    balance: BalanceReport, region: World, officer: User, second_officer: User, actor_of: ActorOf
) -> None:
    acting = actor_of(officer)
    row = decisions.propose(
        region.programme.uuid, acting=acting, wish=WISH, seen_report=balance.uuid, now=NOW
    )
    with pytest.raises(BadEdit, match="另一个人"):
        decisions.decide(row.uuid, acting=acting, version=1, approve=True, reason="", now=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        ProgrammeDecision.objects.filter(pk=row.pk).update(decided_by=officer)
    done = decisions.decide(
        row.uuid, acting=actor_of(second_officer), version=1, approve=True, reason="", now=NOW
    )
    assert done.state == DecisionState.APPROVED


def test_the_second_of_two_decisions_is_told_so(
    proposed: ProgrammeDecision, officer: User, second_officer: User, actor_of: ActorOf
) -> None:
    decisions.decide(proposed.uuid, acting=actor_of(officer), version=1, approve=True, reason="", now=NOW)
    with pytest.raises(AlreadyDecided):
        decisions.decide(
            proposed.uuid, acting=actor_of(second_officer), version=1, approve=False, reason="x", now=NOW
        )


@pytest.mark.parametrize("seen", [None, uuid4()])
def test_figures_that_are_no_longer_in_force_are_refused(
    balance: BalanceReport, region: World, officer: User, actor_of: ActorOf, seen: UUID | None
) -> None:
    with pytest.raises(AlreadyDecided, match="重新计算"):
        decisions.propose(
            region.programme.uuid, acting=actor_of(officer), wish=WISH, seen_report=seen, now=NOW
        )


def test_only_one_proposal_waits_for_a_programme(
    proposed: ProgrammeDecision, balance: BalanceReport, region: World, officer: User, actor_of: ActorOf
) -> None:
    with pytest.raises(AlreadyDecided, match="等审批"):
        decisions.propose(
            region.programme.uuid, acting=actor_of(officer), wish=WISH, seen_report=balance.uuid, now=NOW
        )


@pytest.mark.parametrize(
    ("wish", "words"),
    [
        (Wish("close", 1, "x"), "请选择"),
        (Wish("keep", 1, "  "), "理由"),
        (Wish("keep", -1, "x"), "招生数"),
        (Wish("keep", 5001, "x"), "招生数"),
        (Wish("stop", 5, "x"), "只能是 0"),
        (Wish("reduce", 0, "x"), "停止招生"),
    ],
)
def test_a_wish_that_can_not_be_taken_says_why(
    balance: BalanceReport, region: World, officer: User, actor_of: ActorOf, wish: Wish, words: str
) -> None:
    with pytest.raises(BadEdit, match=words):
        decisions.propose(
            region.programme.uuid, acting=actor_of(officer), wish=wish, seen_report=balance.uuid, now=NOW
        )


@pytest.mark.parametrize("name", ["alice", "bob", "charlie", "student", "data_officer"])
def test_others_neither_propose_nor_approve(
    proposed: ProgrammeDecision,
    region: World,
    balance: BalanceReport,
    actor_of: ActorOf,
    request: pytest.FixtureRequest,
    name: str,
) -> None:
    acting = actor_of(request.getfixturevalue(name))
    with pytest.raises(Http404):
        decisions.propose(region.programme.uuid, acting=acting, wish=WISH, seen_report=balance.uuid, now=NOW)
    with pytest.raises(Http404):
        decisions.decide(proposed.uuid, acting=acting, version=1, approve=True, reason="", now=NOW)


def test_the_school_that_proposes_does_not_approve(
    proposed: ProgrammeDecision, school_admin: User, actor_of: ActorOf
) -> None:
    with pytest.raises(Http404):
        decisions.decide(
            proposed.uuid, acting=actor_of(school_admin), version=1, approve=True, reason="", now=NOW
        )


def test_proposing_and_approving_on_the_pages(
    balance: BalanceReport, region: World, school_admin: User, officer: User, sign_in: SignIn
) -> None:
    page = reverse("management:health", args=[region.programme.uuid])
    school, bureau = sign_in(school_admin), sign_in(officer)
    url = reverse("management:health_propose", args=[region.programme.uuid])
    wrong = school.post(url, {"report": balance.uuid, "choice": "keep", "places": "viele", "reason": "x"})
    assert (wrong.status_code, "须填写整数" in wrong.content.decode()) == (422, True)
    school.post(url, {"report": balance.uuid, "choice": "reduce", "places": "30", "reason": "毕业生偏多"})
    assert "要由教育局的另一个人审批" in school.get(page).content.decode()
    row = ProgrammeDecision.objects.get()
    text = bureau.get(page).content.decode()
    assert 'name="decision" value="approve"' in text
    assert "专业设置建议等您审批" in bureau.get(reverse("home")).content.decode()
    answer = bureau.post(
        reverse("management:decision_decide", args=[row.uuid]),
        {"version": row.version, "decision": "approve", "reason": ""},
        follow=True,
    )
    assert "已批准" in answer.content.decode()
    late = bureau.post(
        reverse("management:decision_decide", args=[row.uuid]), {"version": 1, "decision": "return"}
    )
    assert late.status_code == 409
