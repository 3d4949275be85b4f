"""The verbs on proposals: accept, edit, reject; and marking stale what rests on changed inputs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from zhiqiao.apps.management.errors import AlreadyDecided, BadEdit
from zhiqiao.apps.management.events import ProposalDecided
from zhiqiao.apps.management.gap import parameters
from zhiqiao.apps.management.models import GapReport, Proposal, ProposalState, ReportState
from zhiqiao.infra.jobs.api import publish
from zhiqiao.platform.data.api import (
    ChangeNote,
    SkillHours,
    add_module,
    retire_module,
    teach_in_module,
)
from zhiqiao.platform.governance.api import Actor, audit, get_visible

MAX_HOURS = 200
LEVELS = (1, 2, 3, 4)


@dataclass(frozen=True)
class Edit:
    """What the programme head changed before accepting; None keeps what was proposed."""

    skills: tuple[SkillHours, ...] | None = None
    module_uuid: UUID | None = None
    names: tuple[str, str] | None = None


@transaction.atomic
def accept(
    proposal_uuid: UUID, *, acting: Actor, version: int, edit: Edit, reason: str, now: dt.datetime
) -> Proposal:
    """Make the change in the course table and close the proposal.

    `version` is the one the person saw. Raises AlreadyDecided when it is another by now, BadEdit when the edited
    hours, levels or names can not be taken.
    """
    proposal = _open(proposal_uuid, acting=acting, version=version)
    proposed = tuple(SkillHours(item["key"], item["hours"], item["level"]) for item in proposal.skills)
    skills = edit.skills if edit.skills is not None else proposed
    _check(proposal, skills)
    edited = skills != proposed or (edit.module_uuid or proposal.module_uuid) != proposal.module_uuid
    note = ChangeNote(reason or str(proposal.get_change_display()), proposal.uuid)
    proposal.decided_module_uuid = _apply(proposal, skills, edit=edit, acting=acting, note=note)
    proposal.decided_skills = [asdict(item) for item in skills]
    state = ProposalState.EDITED if edited else ProposalState.ACCEPTED
    return _close(proposal, state, acting=acting, reason=reason, now=now)


@transaction.atomic
def reject(proposal_uuid: UUID, *, acting: Actor, version: int, reason: str, now: dt.datetime) -> Proposal:
    """Close the proposal without a change; a reason is required, and the same proposal is not made again."""
    proposal = _open(proposal_uuid, acting=acting, version=version)
    if not reason.strip():
        raise BadEdit(_("请写明驳回理由。"))
    return _close(proposal, ProposalState.REJECTED, acting=acting, reason=reason.strip(), now=now)


def mark_stale(import_uuid: UUID, *, reason: str) -> int:
    """Mark reports that count an import, and their open proposals, as stale; return how many reports."""
    return _stale(_reports_on(import_uuid), reason=reason)


def mark_outdated(import_uuid: UUID, *, reason: str) -> int:
    """Mark reports that count an import as stale because it is read differently now; open proposals stay open."""
    reports = GapReport.objects.filter(pk__in=_reports_on(import_uuid))
    return reports.update(state=ReportState.STALE, stale_reason=reason)


def _reports_on(import_uuid: UUID) -> list[int]:
    return [
        report.pk
        for report in GapReport.objects.filter(state=ReportState.CURRENT)
        if str(import_uuid) in {item["uuid"] for item in report.inputs["imports"]}
    ]


def mark_programme_stale(programme_uuid: UUID, *, reason: str) -> int:
    """Mark the report of a programme as stale because its course table changed."""
    current = GapReport.objects.filter(programme_uuid=programme_uuid, state=ReportState.CURRENT)
    return current.update(state=ReportState.STALE, stale_reason=reason)


@transaction.atomic
def _stale(reports: Sequence[int], *, reason: str) -> int:
    Proposal.objects.filter(report__in=reports, state=ProposalState.OPEN).update(
        state=ProposalState.STALE, stale_reason=reason
    )
    return GapReport.objects.filter(pk__in=reports).update(state=ReportState.STALE, stale_reason=reason)


def _open(proposal_uuid: UUID, *, acting: Actor, version: int) -> Proposal:
    rows = Proposal.objects.select_for_update()
    proposal = get_visible(acting, "proposals.decide", rows, uuid=proposal_uuid)
    if proposal.state == ProposalState.STALE:
        raise AlreadyDecided(_("这条建议的依据已经变化，请重新计算差距后再处理。"))
    if proposal.state != ProposalState.OPEN or proposal.version != version:
        raise AlreadyDecided(_("这条建议已由他人处理，页面已更新，请查看处理结果。"))
    return proposal


def _check(proposal: Proposal, skills: Sequence[SkillHours]) -> None:
    if proposal.change == Proposal.Change.RETIRE:
        return
    if not skills:
        raise BadEdit(_("请至少保留一项技能，或者驳回这条建议。"))
    known = {item["key"] for item in proposal.skills}
    for item in skills:
        if item.key not in known:
            raise BadEdit(_("只能调整建议中的技能：%(skill)s 不在其中。") % {"skill": item.key})
        if not 0 < item.hours <= MAX_HOURS:
            raise BadEdit(_("学时须大于 0 且不超过 %(most)s。") % {"most": MAX_HOURS})
        if item.level not in LEVELS:
            raise BadEdit(_("掌握程度须为了解、理解、掌握或熟练。"))


def _apply(
    proposal: Proposal, skills: Sequence[SkillHours], *, edit: Edit, acting: Actor, note: ChangeNote
) -> UUID:
    practice = parameters().proposal["practice_share"]
    target = edit.module_uuid or proposal.module_uuid
    if proposal.change == Proposal.Change.RETIRE:
        assert proposal.module_uuid is not None
        return retire_module(proposal.module_uuid, acting=acting, note=note)
    if target is not None:
        return teach_in_module(target, acting=acting, skills=skills, practice_share=practice, note=note)
    names = edit.names or ("", "")
    if not names[0].strip():
        raise BadEdit(_("请填写新模块的名称。"))
    return add_module(
        proposal.course_uuid,
        acting=acting,
        names=(names[0].strip(), names[1].strip() or names[0].strip()),
        skills=skills,
        practice_share=practice,
        note=note,
    )


def _close(
    proposal: Proposal, state: ProposalState, *, acting: Actor, reason: str, now: dt.datetime
) -> Proposal:
    proposal.state = state
    proposal.version += 1
    proposal.decided_by_id = acting.user_id
    proposal.decided_at = now
    proposal.decision_reason = reason
    proposal.save()
    audit(
        acting,
        f"proposal.{state}",
        obj=("proposal", str(proposal.uuid)),
        detail={"change": proposal.change, "reason": reason, "skills": proposal.decided_skills},
    )
    publish(
        ProposalDecided(
            proposal_uuid=str(proposal.uuid),
            programme_uuid=str(proposal.programme_uuid),
            state=str(state),
            org_root_id=proposal.org_root_id,
        )
    )
    return proposal
