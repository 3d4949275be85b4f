"""Accepting, editing and rejecting: what changes, who may, what happens when two decide."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import pytest
from django.http import Http404

from tests.integration.apps.management.conftest import NOW, World
from zhiqiao.apps.management import actions
from zhiqiao.apps.management.actions import Edit
from zhiqiao.apps.management.errors import AlreadyDecided, BadEdit
from zhiqiao.apps.management.models import GapReport, Proposal, ProposalState, ReportState
from zhiqiao.infra.jobs.api import run_waiting
from zhiqiao.platform.data.api import SkillHours
from zhiqiao.platform.data.models import Module, ModuleRevision
from zhiqiao.platform.governance.access import Actor
from zhiqiao.platform.governance.models import AuditEvent, User

ActorOf = Callable[[User], Actor]


@pytest.fixture
def update(report: GapReport) -> Proposal:
    return report.proposals.get(change="update")


def accept(
    proposal: Proposal, acting: Actor, edit: Edit | None = None, version: int | None = None
) -> Proposal:
    return actions.accept(
        proposal.uuid,
        acting=acting,
        version=proposal.version if version is None else version,
        edit=edit or Edit(),
        reason="企业座谈确认",
        now=NOW,
    )


def test_accepting_teaches_the_skill_in_the_module_and_keeps_what_was(
    update: Proposal, world: World, alice: User, actor_of: ActorOf
) -> None:
    done = accept(update, actor_of(alice))
    module = Module.objects.get(uuid=world.ceramics.uuid)
    assert (done.state, module.revision, module.hours) == (ProposalState.ACCEPTED, 2, 24 + update.hours)
    assert module.skills.get(skill__key="ceramic-chip-packaging").hours == update.skills[0]["hours"]
    first, second = ModuleRevision.objects.order_by("revision")
    assert [skill["key"] for skill in first.content["skills"]] == ["tape-casting"]
    assert (second.proposal_uuid, second.reason) == (update.uuid, "企业座谈确认")


def test_half_of_the_added_hours_are_practice(
    update: Proposal, world: World, alice: User, actor_of: ActorOf
) -> None:
    accept(update, actor_of(alice))
    module = Module.objects.get(uuid=world.ceramics.uuid)
    assert (module.theory_hours, module.practice_hours) == (12 + 10, 12 + 10)


def test_an_edited_proposal_is_done_as_edited(
    update: Proposal, world: World, alice: User, actor_of: ActorOf
) -> None:
    edit = Edit(skills=(SkillHours("ceramic-chip-packaging", 8, 2),), module_uuid=world.typing.uuid)
    done = accept(update, actor_of(alice), edit)
    assert done.state == ProposalState.EDITED
    taught = Module.objects.get(uuid=world.typing.uuid).skills.get(skill__key="ceramic-chip-packaging")
    assert (taught.hours, taught.level) == (8, 2)


@pytest.mark.parametrize(
    ("skills", "words"),
    [
        ((), "至少保留一项"),
        ((SkillHours("ceramic-chip-packaging", 0, 2),), "学时"),
        ((SkillHours("ceramic-chip-packaging", 201, 2),), "学时"),
        ((SkillHours("ceramic-chip-packaging", float("nan"), 2),), "学时"),
        ((SkillHours("ceramic-chip-packaging", 8, 9),), "掌握程度"),
        ((SkillHours("typing", 8, 2),), "不在其中"),
    ],
)
def test_an_edit_that_makes_no_sense_is_refused_in_words(
    update: Proposal, alice: User, actor_of: ActorOf, skills: tuple[SkillHours, ...], words: str
) -> None:
    with pytest.raises(BadEdit, match=words):
        accept(update, actor_of(alice), Edit(skills=skills))
    assert Module.objects.filter(revision__gt=1).count() == 0


def test_the_second_to_decide_is_told_so(update: Proposal, alice: User, actor_of: ActorOf) -> None:
    accept(update, actor_of(alice), version=1)
    with pytest.raises(AlreadyDecided):
        actions.reject(update.uuid, acting=actor_of(alice), version=1, reason="晚了一步", now=NOW)
    assert ModuleRevision.objects.count() == 2


def test_a_decision_on_an_older_version_is_refused(update: Proposal, alice: User, actor_of: ActorOf) -> None:
    with pytest.raises(AlreadyDecided):
        accept(update, actor_of(alice), version=update.version - 1)


def test_rejecting_needs_a_reason_and_changes_nothing(
    update: Proposal, world: World, alice: User, actor_of: ActorOf
) -> None:
    with pytest.raises(BadEdit, match="理由"):
        actions.reject(update.uuid, acting=actor_of(alice), version=1, reason="  ", now=NOW)
    done = actions.reject(update.uuid, acting=actor_of(alice), version=1, reason="设备未到位", now=NOW)
    assert (done.state, done.decision_reason) == (ProposalState.REJECTED, "设备未到位")
    assert Module.objects.get(uuid=world.ceramics.uuid).revision == 1


def test_retiring_takes_the_module_out_but_keeps_it(
    report: GapReport, world: World, alice: User, actor_of: ActorOf
) -> None:
    accept(report.proposals.get(change="retire"), actor_of(alice))
    module = Module.objects.get(uuid=world.typing.uuid)
    assert not module.is_active
    assert module.skills.count() == 1


@pytest.mark.parametrize("name", ["bob", "charlie", "student", "officer", "mentor"])
def test_nobody_but_the_head_and_the_school_admin_decides(
    update: Proposal, actor_of: ActorOf, request: pytest.FixtureRequest, name: str
) -> None:
    with pytest.raises(Http404):
        accept(update, actor_of(request.getfixturevalue(name)))
    update.refresh_from_db()
    assert update.state == ProposalState.OPEN


def test_the_school_admin_may_decide(update: Proposal, school_admin: User, actor_of: ActorOf) -> None:
    assert accept(update, actor_of(school_admin)).state == ProposalState.ACCEPTED


def test_every_decision_is_in_the_audit_trail(update: Proposal, alice: User, actor_of: ActorOf) -> None:
    accept(update, actor_of(alice))
    acts = list(AuditEvent.objects.order_by("sequence").values_list("action", flat=True))
    assert acts[-2:] == ["module.changed", "proposal.accepted"]


def test_a_withdrawn_import_makes_report_and_open_proposals_stale(
    update: Proposal, world: World, alice: User, actor_of: ActorOf
) -> None:
    assert actions.mark_stale(world.posting_import.uuid, reason="撤回") == 1
    update.refresh_from_db()
    assert (update.state, update.report.state) == (ProposalState.STALE, ReportState.STALE)
    with pytest.raises(AlreadyDecided, match="依据"):
        accept(update, actor_of(alice))


def test_an_import_nobody_counted_makes_nothing_stale(update: Proposal) -> None:
    assert actions.mark_stale(UUID(int=1), reason="撤回") == 0
    update.refresh_from_db()
    assert update.state == ProposalState.OPEN


@pytest.mark.django_db(transaction=True)
def test_a_changed_module_makes_the_report_stale_and_leaves_other_proposals_open(
    report: GapReport, alice: User, actor_of: ActorOf
) -> None:
    accept(report.proposals.get(change="update"), actor_of(alice))
    run_waiting()
    report.refresh_from_db()
    assert (report.state, report.stale_reason) == (ReportState.STALE, "课程表已有改动")
    assert report.proposals.get(change="retire").state == ProposalState.OPEN
