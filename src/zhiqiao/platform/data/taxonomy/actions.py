"""What people do with the catalogue: propose a term, decide about it, change a skill, bring it into force, undo it.

A decision about mentions is first a draft whose impact is worked out, then activated by the version it was looked at
under: when somebody else was faster, the second is told and looks again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Literal

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from zhiqiao.engines import jobmining
from zhiqiao.infra.jobs.api import JobRun, JobState, enqueue, request_cancel, runs
from zhiqiao.platform.data import catalogue, importing
from zhiqiao.platform.data.errors import Refused
from zhiqiao.platform.data.models import (
    ChangeKind,
    ChangeState,
    ImportState,
    PostingImport,
    ProposalSource,
    ProposalState,
    Skill,
    SkillChange,
    SkillProposal,
)
from zhiqiao.platform.data.selectors.demand import Live
from zhiqiao.platform.data.taxonomy import overlay
from zhiqiao.platform.data.taxonomy.words import checked, new_key
from zhiqiao.platform.governance.api import Actor, audit, can, notify, require

__all__ = [
    "NewSkill",
    "activate",
    "cancel_remining",
    "discard",
    "draft",
    "draft_skill",
    "may_decide",
    "propose",
    "reject",
    "remine_behind",
    "reopen",
    "require_decider",
    "start_preview",
    "withdraw",
]

REMINE, PREVIEW, COUNT = "taxonomy.remine", "taxonomy.preview", "taxonomy.count"
_OPEN_RUNS = (JobState.QUEUED, JobState.RUNNING)


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


def may_decide(actor: Actor) -> bool:
    """Tell whether the person decides for the region: an association officer, or a data officer of the bureau."""
    return can(actor, "taxonomy.decide") and (actor.role != "data_officer" or actor.org_kind == "government")


def require_decider(actor: Actor) -> None:
    """Stop with 404 unless the person decides for the region."""
    if not may_decide(actor):
        require(Actor(actor.user_id, actor.name, "nobody"), "taxonomy.decide")


def current() -> overlay.Effective:
    """Return the catalogue in force."""
    return overlay.effective(importing.skills_folder())


# terms


@transaction.atomic
def propose(actor: Actor, surface: str, *, note: str = "") -> SkillProposal:
    """Put a term on the list; one that is there already is given back, one that has a skill is refused."""
    require(actor, "taxonomy.propose")
    text = checked(surface)
    term = jobmining.term_key(text)
    if owner := jobmining.owners(current().taxonomy).get(term):
        raise Refused(
            _("“%(term)s”已经是技能“%(skill)s”的名称或写法。") % {"term": text, "skill": _name(owner)}
        )
    row, is_new = SkillProposal.objects.get_or_create(
        term=term,
        defaults={
            "surface": text,
            "source": ProposalSource.HAND,
            "note": note.strip()[:300],
            "proposed_by_id": actor.user_id,
        },
    )
    if is_new:
        run = enqueue(
            COUNT,
            owner_id=actor.user_id,
            org_root_id=actor.org_root_id,
            title=gettext_noop("统计词语：%(term)s"),
            title_values={"term": text},
            params={"proposal_uuid": str(row.uuid)},
        )
        row.job_uuid = run.uuid
        row.save(update_fields=["job_uuid", "updated_at"])
        audit(actor, "taxonomy.proposed", row, detail={"term": text})
    return row


@transaction.atomic
def reject(actor: Actor, proposals: Sequence[SkillProposal], *, reason: str) -> int:
    """Reject open terms for a reason that stays with them; those decided meanwhile are left as they are."""
    require_decider(actor)
    if not reason.strip():
        raise Refused(_("请写明驳回的理由，提出的人会看到。"))
    done = 0
    ids = [row.pk for row in proposals]
    for row in SkillProposal.objects.select_for_update().filter(pk__in=ids, state=ProposalState.OPEN):
        _decide(actor, row, ProposalState.REJECTED, reason=reason)
        SkillChange.objects.create(
            org_root_id=actor.org_root_id or 0,
            kind=ChangeKind.REJECT,
            state=ChangeState.ACTIVE,
            surface=row.surface,
            proposal=row,
            reason=reason.strip()[:300],
            made_by_id=actor.user_id,
            activated_at=timezone.now(),
        )
        audit(actor, "taxonomy.rejected", row, detail={"term": row.surface, "reason": reason.strip()[:200]})
        done += 1
    return done


@transaction.atomic
def reopen(actor: Actor, proposal: SkillProposal) -> None:
    """Put a rejected term back on the list."""
    require_decider(actor)
    row = SkillProposal.objects.select_for_update().get(pk=proposal.pk)
    if row.state != ProposalState.REJECTED:
        raise Refused(_("这个词现在是“%(state)s”，不需要重新打开。") % {"state": row.get_state_display()})
    row.state, row.reason, row.decided_by, row.decided_at = ProposalState.OPEN, "", None, None
    row.version += 1
    row.save()
    SkillChange.objects.filter(proposal=row, kind=ChangeKind.REJECT, state=ChangeState.ACTIVE).update(
        state=ChangeState.WITHDRAWN, withdrawn_by_id=actor.user_id, withdrawn_at=timezone.now()
    )
    audit(actor, "taxonomy.reopened", row, detail={"term": row.surface})


def _decide(actor: Actor, row: SkillProposal, state: ProposalState, *, reason: str) -> None:
    row.state, row.reason = state, reason.strip()[:300]
    row.decided_by_id, row.decided_at = actor.user_id, timezone.now()
    row.version += 1
    row.save()
    if row.proposed_by_id and row.proposed_by_id != actor.user_id:
        notify(
            [row.proposed_by_id],
            "taxonomy.decided",
            values={"term": row.surface, "state": _BOTH[state], "reason": row.reason or "—"},
            url=reverse("data:taxonomy_proposal", args=[row.uuid]),
        )


_BOTH = {
    ProposalState.ACCEPTED: {"zh": "已收为技能", "en": "made a skill"},
    ProposalState.MERGED: {"zh": "已并入已有技能", "en": "merged into a skill"},
    ProposalState.REJECTED: {"zh": "已驳回", "en": "rejected"},
    ProposalState.OPEN: {"zh": "重新待审", "en": "open again"},
}


# drafts


@transaction.atomic
def draft_skill(
    actor: Actor, new: NewSkill, *, proposal: SkillProposal | None = None, reason: str = ""
) -> SkillChange:
    """Write down a new skill as a draft and start working its impact out."""
    require_decider(actor)
    _still_open(proposal)
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
    _still_open(proposal)
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
                    % {"term": surface, "skill": _name(owner)}
                )
    return new


def _fault(change: SkillChange, fault: jobmining.Unapplied) -> str:
    values = {"term": change.surface, "skill": _name(fault.owner)}
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


def _name(key: str) -> str:
    skill = next((skill for skill in current().taxonomy.skills if skill.id == key), None)
    return skill.zh or skill.en if skill else key


def _still_open(proposal: SkillProposal | None) -> None:
    if proposal is None:
        return
    row = SkillProposal.objects.select_related("decided_by").get(pk=proposal.pk)
    if row.state != ProposalState.OPEN:
        raise Refused(
            _("“%(term)s”已由%(who)s处理（%(state)s），请看处理结果。")
            % {"term": row.surface, "who": row.decided_by or "—", "state": row.get_state_display()}
        )


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


# into force and out of it


def activate(actor: Actor, change: SkillChange, *, seen: str) -> None:
    """Bring a draft into force, under the version `seen` in its preview, and mine what it touches again."""
    require_decider(actor)
    with transaction.atomic():
        row = _locked(change, ChangeState.DRAFT)
        _same_version(seen)
        _still_open(row.proposal)
        new = _fitting(row)
        row.state, row.activated_at = ChangeState.ACTIVE, timezone.now()
        _into_force(actor, row, new.taxonomy, is_withdrawal=False)
        if row.proposal is not None:
            merged = row.kind == ChangeKind.ADD_ALIAS
            state = ProposalState.MERGED if merged else ProposalState.ACCEPTED
            proposal = SkillProposal.objects.select_for_update().get(pk=row.proposal.pk)
            _decide(actor, proposal, state, reason=row.reason)
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
            _decide(actor, proposal, ProposalState.OPEN, reason=reason)
        audit(actor, "taxonomy.withdrawn", row, detail={**_told(row), "reason": reason.strip()[:200]})
        remine_behind(actor)


def _locked(change: SkillChange, state: ChangeState) -> SkillChange:
    row = SkillChange.objects.select_for_update(of=("self",)).filter(pk=change.pk).first()
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


# mining again


def behind() -> list[PostingImport]:
    """Return the live imports whose figures were computed with another version than the one in force."""
    rows = PostingImport.objects.filter(state=ImportState.LIVE).exclude(
        taxonomy_version=current().taxonomy.version
    )
    return list(rows.select_related("source").order_by("id"))


def behind_of(among: Live) -> int:
    """Return how many of these imports were computed with another version than the one in force."""
    version = current().taxonomy.version
    return sum(row.taxonomy_version != version for row in among.imports)


def remine_behind(actor: Actor) -> int:
    """Queue mining again for every import that is behind and not on its way; return how many."""
    if not actor.is_system:
        require_decider(actor)
    waiting = set(
        runs().filter(kind=REMINE, state__in=_OPEN_RUNS).values_list("params__import_uuid", flat=True)
    )
    rows = [row for row in behind() if str(row.uuid) not in waiting]
    for row in rows:
        enqueue(
            REMINE,
            owner_id=actor.user_id,
            org_root_id=row.org_root_id,
            title=gettext_noop("按新目录更新：%(file)s"),
            title_values={"file": row.file_name},
            params={"import_uuid": str(row.uuid)},
            exclusive=importing.exclusive_key(row),
        )
    return len(rows)


def cancel_remining(actor: Actor) -> int:
    """Stop what is on its way; imports that were not reached keep their version and can be caught up later."""
    require_decider(actor)
    found = list(runs().filter(kind=REMINE, state__in=_OPEN_RUNS))
    for run in found:
        request_cancel(run)
    if found:
        audit(actor, "taxonomy.remining_cancelled", detail={"runs": len(found)})
    return len(found)
