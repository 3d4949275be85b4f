"""Drafts of changes, what they would do, into force and out of it again; and the other verbs of the editor.

A decision about mentions is first a draft whose impact is worked out, then activated by the version it was looked at
under: when somebody else was faster, the second is told and looks again.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Literal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from zhiqiao.engines import jobmining
from zhiqiao.infra.jobs.api import JobRun, enqueue
from zhiqiao.platform.data import catalogue, importing
from zhiqiao.platform.data.errors import Refused
from zhiqiao.platform.data.models import (
    ChangeKind,
    ChangeState,
    ProposalState,
    Skill,
    SkillChange,
    SkillProposal,
)
from zhiqiao.platform.data.taxonomy import overlay
from zhiqiao.platform.data.taxonomy.keeping import (
    REMINE,
    behind,
    behind_of,
    cancel_remining,
    current,
    may_decide,
    name_of,
    remine_behind,
    require_decider,
)
from zhiqiao.platform.data.taxonomy.proposing import COUNT, decide, propose, reject, reopen, still_open
from zhiqiao.platform.data.taxonomy.words import checked, new_key
from zhiqiao.platform.governance.api import Actor, audit

__all__ = [
    "COUNT",
    "PREVIEW",
    "REMINE",
    "NewSkill",
    "activate",
    "behind",
    "behind_of",
    "cancel_remining",
    "current",
    "discard",
    "draft",
    "draft_skill",
    "impact_field",
    "may_decide",
    "propose",
    "reject",
    "remine_behind",
    "reopen",
    "require_decider",
    "start_preview",
    "withdraw",
]

PREVIEW = "taxonomy.preview"


@dataclass(frozen=True)
class NewSkill:
    """What an officer writes down about a new skill."""

    zh: str
    en: str
    kind: str
    category: str
    broader: str = ""
    aliases: tuple[str, ...] = ()
    exact: bool = False


@transaction.atomic
def draft_skill(
    actor: Actor, new: NewSkill, *, proposal: SkillProposal | None = None, reason: str = ""
) -> SkillChange:
    """Write down a new skill as a draft and start working its impact out."""
    require_decider(actor)
    still_open(proposal)
    fields = asdict(new) | {
        "zh": checked(new.zh),
        "en": checked(new.en) if new.en.strip() else "",
        "aliases": list(dict.fromkeys(checked(alias) for alias in new.aliases if alias.strip())),
    }
    taken = {skill.id for skill in current().taxonomy.skills} | set(
        Skill.objects.values_list("key", flat=True)
    )
    taken |= set(SkillChange.objects.filter(kind=ChangeKind.ADD_SKILL).values_list("skill_key", flat=True))
    key = new_key((new.en.strip(), new.zh.strip()), taken)
    return _draft(
        actor,
        SkillChange(kind=ChangeKind.ADD_SKILL, skill_key=key, surface=fields["zh"], skill=fields),
        proposal=proposal,
        reason=reason,
    )


@transaction.atomic
def draft(
    actor: Actor,
    kind: ChangeKind,
    skill_key: str,
    *,
    surface: str = "",
    proposal: SkillProposal | None = None,
    reason: str = "",
) -> SkillChange:
    """Write down another writing, or that a writing or a skill is retired, as a draft; start its preview."""
    require_decider(actor)
    still_open(proposal)
    text = checked(surface) if kind is ChangeKind.ADD_ALIAS else surface.strip()
    if not any(skill.id == skill_key for skill in current().taxonomy.skills):
        raise Refused(_("目录里没有这个技能，请重新选择。"))
    change = SkillChange(kind=kind, skill_key=skill_key, surface=text)
    return _draft(actor, change, proposal=proposal, reason=reason)


def _draft(actor: Actor, change: SkillChange, *, proposal: SkillProposal | None, reason: str) -> SkillChange:
    change.org_root_id, change.made_by_id = actor.org_root_id or 0, actor.user_id
    change.proposal, change.reason = proposal, reason.strip()[:300]
    _fitting(change)
    if proposal is not None:  # a second thought replaces the first
        SkillChange.objects.filter(
            proposal=proposal, state=ChangeState.DRAFT, made_by_id=actor.user_id
        ).delete()
    change.save()
    audit(actor, "taxonomy.drafted", change, detail=_told(change))
    start_preview(actor, change)
    return change


def _fitting(change: SkillChange) -> overlay.Effective:
    """Return the catalogue with a change, or refuse it with the owner of what it would take."""
    new = overlay.effective(importing.skills_folder(), plus=change)
    for row, fault in new.unapplied:
        if row is change:
            raise Refused(_fault(change, fault))
    if change.kind == ChangeKind.ADD_SKILL:
        owned = jobmining.owners(current().taxonomy)
        for surface in change.skill["aliases"]:
            if owner := owned.get(jobmining.term_key(surface)):
                raise Refused(
                    _("“%(term)s”已经是技能“%(skill)s”的名称或写法。")
                    % {"term": surface, "skill": name_of(owner)}
                )
    return new


def _fault(change: SkillChange, fault: jobmining.Unapplied) -> str:
    values = {"term": change.surface, "skill": name_of(fault.owner)}
    if fault.reason == "taken":
        return _("“%(term)s”已经是技能“%(skill)s”的名称或写法。") % values
    if fault.reason == "unknown":
        return _("目录里没有这个技能，请重新选择。")
    match change.kind:
        case ChangeKind.ADD_ALIAS:
            return _("“%(term)s”已经是“%(skill)s”的写法，不需要再加。") % values
        case ChangeKind.RETIRE_ALIAS:
            return _("“%(term)s”不是“%(skill)s”的其他写法。正式名称不能单独停用。") % values
    return _("这项改动已经在目录里了。")


def start_preview(actor: Actor, change: SkillChange) -> JobRun:
    """Work out, in the background, what bringing a draft into force, or withdrawing an active change, would do."""
    require_decider(actor)
    run = enqueue(
        PREVIEW,
        owner_id=actor.user_id,
        org_root_id=actor.org_root_id,
        title=gettext_noop("预览影响：%(term)s"),
        title_values={"term": change.surface or change.skill_key},
        params={"change_uuid": str(change.uuid)},
        exclusive=f"taxonomy-preview:{actor.user_id}",
    )
    fields = {"job_uuid": run.uuid, impact_field(change): {}}
    SkillChange.objects.filter(pk=change.pk).update(**fields)
    change.refresh_from_db()
    return run


def impact_field(change: SkillChange) -> Literal["impact", "undo_impact"]:
    """Return where the impact of what can be decided next about a change is kept."""
    return "impact" if change.state == ChangeState.DRAFT else "undo_impact"


@transaction.atomic
def discard(actor: Actor, change: SkillChange) -> None:
    """Throw a draft away."""
    require_decider(actor)
    gone, _rows = SkillChange.objects.filter(pk=change.pk, state=ChangeState.DRAFT).delete()
    if not gone:
        raise Refused(_("这项改动已经生效，不能放弃；需要时可以撤销。"))
    audit(actor, "taxonomy.discarded", change, detail=_told(change))


def activate(actor: Actor, change: SkillChange, *, seen: str) -> None:
    """Bring a draft into force, under the version `seen` in its preview, and mine what it touches again."""
    require_decider(actor)
    with transaction.atomic():
        still_open(change.proposal)  # first of all locks, as in `draft`
        row = _locked(change, ChangeState.DRAFT)
        _same_version(seen)
        new = _fitting(row)
        row.state, row.activated_at = ChangeState.ACTIVE, timezone.now()
        _into_force(actor, row, new.taxonomy, is_withdrawal=False)
        if row.proposal is not None:
            merged = row.kind == ChangeKind.ADD_ALIAS
            state = ProposalState.MERGED if merged else ProposalState.ACCEPTED
            decide(actor, SkillProposal.objects.get(pk=row.proposal.pk), state, reason=row.reason)
        audit(actor, "taxonomy.activated", row, detail=_told(row))
        remine_behind(actor)


def withdraw(actor: Actor, change: SkillChange, *, reason: str, seen: str) -> None:
    """Take an active change back: the catalogue and, mined again, the figures are as if it had not been made."""
    require_decider(actor)
    if not reason.strip():
        raise Refused(_("请写明撤销的原因，它会留在记录里。"))
    with transaction.atomic():
        row = _locked(change, ChangeState.ACTIVE)
        _same_version(seen)
        before = {item.pk for item, _fault in current().unapplied}
        new = overlay.effective(importing.skills_folder(), without=row)
        for other, _why in new.unapplied:
            if other.pk not in before:
                raise Refused(
                    _("改动“%(other)s”建立在这项改动之上，请先撤销它。")
                    % {"other": other.surface or other.skill_key}
                )
        row.state, row.withdrawn_at = ChangeState.WITHDRAWN, timezone.now()
        row.withdrawn_by_id, row.withdraw_reason = actor.user_id, reason.strip()[:300]
        _into_force(actor, row, new.taxonomy, is_withdrawal=True)
        if row.proposal is not None:
            proposal = SkillProposal.objects.select_for_update().get(pk=row.proposal.pk)
            decide(actor, proposal, ProposalState.OPEN, reason=reason)
        audit(actor, "taxonomy.withdrawn", row, detail={**_told(row), "reason": reason.strip()[:200]})
        remine_behind(actor)


def _locked(change: SkillChange, state: ChangeState) -> SkillChange:
    overlay.lock()
    rows = SkillChange.objects.exclude(
        kind=ChangeKind.REJECT
    )  # a rejected term is opened again, not withdrawn
    row = rows.select_for_update(of=("self",)).filter(pk=change.pk).first()
    if row is None:
        raise Refused(_("这份草稿已被放弃或被新的草稿代替。"))
    if row.state != state:
        raise Refused(_("这项改动现在是“%(state)s”。") % {"state": row.get_state_display()})
    return row


def _same_version(seen: str) -> None:
    last = overlay.current_version()
    if current().taxonomy.version != seen:
        who = last.made_by if last and last.made_by else _("系统")
        raise Refused(
            _("在您查看之后，%(who)s改动了技能目录。请按新目录再看一次影响，然后决定。") % {"who": who}
        )


def _into_force(actor: Actor, row: SkillChange, taxonomy: jobmining.Taxonomy, *, is_withdrawal: bool) -> None:
    before = current().taxonomy
    overlay.keep(before)
    overlay.keep(taxonomy)
    catalogue.write_skills(taxonomy)
    version = overlay.record(taxonomy, change=row, made_by_id=actor.user_id, is_withdrawal=is_withdrawal)
    if not is_withdrawal:
        row.turn, row.version_before, row.version_after = version.number, before.version, taxonomy.version
    row.job_uuid = None
    row.save()


def _told(row: SkillChange) -> dict[str, object]:
    return {"kind": row.kind, "skill": row.skill_key, "term": row.surface}
