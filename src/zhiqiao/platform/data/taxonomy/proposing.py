"""Terms that may be missing skills: put on the list, rejected for a reason, opened again."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from zhiqiao.engines import jobmining
from zhiqiao.infra.jobs.api import enqueue
from zhiqiao.platform.data.errors import Refused
from zhiqiao.platform.data.models import (
    ChangeKind,
    ChangeState,
    ProposalSource,
    ProposalState,
    SkillChange,
    SkillProposal,
)
from zhiqiao.platform.data.taxonomy.keeping import current, name_of, require_decider
from zhiqiao.platform.data.taxonomy.words import checked
from zhiqiao.platform.governance.api import Actor, audit, notify, require

__all__ = ["COUNT", "decide", "propose", "reject", "reopen", "still_open"]

COUNT = "taxonomy.count"


@transaction.atomic
def propose(actor: Actor, surface: str, *, note: str = "") -> SkillProposal:
    """Put a term on the list; one that is there already is given back, one that has a skill is refused."""
    require(actor, "taxonomy.propose")
    text = checked(surface)
    term = jobmining.term_key(text)
    if owner := jobmining.owners(current().taxonomy).get(term):
        raise Refused(
            _("“%(term)s”已经是技能“%(skill)s”的名称或写法。") % {"term": text, "skill": name_of(owner)}
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
    open_ones = SkillProposal.objects.filter(pk__in=ids, state=ProposalState.OPEN)
    for row in open_ones.select_for_update().order_by(
        "pk"
    ):  # in one order: two who reject do not block each other
        decide(actor, row, ProposalState.REJECTED, reason=reason)
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


def decide(actor: Actor, row: SkillProposal, state: ProposalState, *, reason: str) -> None:
    """Write a decision down and tell who proposed the term; inside the caller's transaction."""
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


def still_open(proposal: SkillProposal | None) -> None:
    """Refuse when a term was decided meanwhile; inside a transaction nobody decides it until the end of that."""
    if proposal is None:
        return
    rows = SkillProposal.objects.select_related("decided_by").select_for_update(of=("self",))
    row = rows.get(pk=proposal.pk)
    if row.state != ProposalState.OPEN:
        raise Refused(
            _("“%(term)s”已由%(who)s处理（%(state)s），请看处理结果。")
            % {"term": row.surface, "who": row.decided_by or "—", "state": row.get_state_display()}
        )
