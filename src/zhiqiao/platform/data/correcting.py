"""What people decide about postings: the post of a title, taking that back, and which postings do not count."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Count, Max, Min, Q
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from zhiqiao.infra.db.names import local_name
from zhiqiao.infra.jobs.api import JobContext, enqueue, publish
from zhiqiao.infra.ui import formats
from zhiqiao.platform.data import counting, settling
from zhiqiao.platform.data.errors import Refused
from zhiqiao.platform.data.events import PostingsRecoded
from zhiqiao.platform.data.models import (
    ImportState,
    JobPosting,
    JobRole,
    PostingExclusion,
    PostingImport,
    TitleCorrection,
)
from zhiqiao.platform.governance.api import ACTIONS, Actor, Scope, audit, require, visible

__all__ = [
    "CORRECT",
    "Corrected",
    "correct_titles",
    "exclude",
    "include",
    "latest",
    "own_postings",
    "run_settling",
    "undo",
]

CORRECT = "postings.correct"
#: Postings that are moved at once; more are moved by a job, so that nobody waits for the page.
AT_ONCE = 1_000
_TITLE = gettext_noop("更正岗位：%(title)s")
_SETTLING = gettext_noop("更正招聘信息的岗位")


@dataclass(frozen=True)
class Corrected:
    """What a correction did: postings in it, and whether a job still moves them."""

    postings: int
    is_queued: bool


def latest(titles: Iterable[str], posting: JobPosting | None = None) -> str:
    """Return what distinguishes the corrections about titles or a posting now from any later state of them."""
    about = Q(folded_title__in=list(titles))
    if posting is not None:
        about |= Q(posting_uuid=posting.uuid)
    found = TitleCorrection.objects.filter(about).aggregate(last=Max("id"), undone=Count("undone_at"))
    return f"{found['last'] or 0}-{found['undone']}"


@transaction.atomic
def correct_titles(
    actor: Actor,
    postings: Sequence[JobPosting],
    *,
    role: JobRole | None,
    also: Sequence[str] = (),
    only_these: bool = False,
    reason: str = "",
    seen: str | None = None,
) -> Corrected:
    """Say which post the titles of some postings mean, for these postings or all with such a title.

    `also` are further folded titles that mean the same, as far as the actor may correct postings that have them.
    `seen` is `latest` as the person saw it: Refused when somebody else corrected one of the titles since.
    """
    for posting in postings:
        require(actor, CORRECT, posting)
    if actor.org_root_id is None:
        raise Refused(_("请先选择要代表的机构。"))
    regional = _is_regional(actor)
    settling.lock(actor.org_root_id, regional=regional)
    by_title = {row.folded_title: row for row in postings}
    _refuse_unseen(by_title, postings[0] if only_these else None, seen)
    by_title |= {row.folded_title: row for row in own_postings(actor, also)} if also else {}
    rows = [
        TitleCorrection.objects.create(
            org_root_id=actor.org_root_id,
            folded_title=row.folded_title,
            title=row.title,
            role=role,
            posting_uuid=row.uuid if only_these else None,
            is_regional=regional,
            person_id=actor.user_id,
            reason=reason.strip()[:300],
        )
        for row in (postings if only_these else by_title.values())
    ]
    outcomes = [_settle_or_queue(row, actor) for row in rows]
    for row, outcome in zip(rows, outcomes, strict=True):
        detail = {
            "title": row.title,
            "role": role.key if role else "",
            "only": only_these,
            "reason": row.reason,
        }
        audit(actor, "postings.corrected", row, detail=detail | {"postings": outcome.postings})
    return Corrected(sum(item.postings for item in outcomes), any(item.is_queued for item in outcomes))


@transaction.atomic
def undo(actor: Actor, correction: TitleCorrection) -> Corrected:
    """Take a correction back: an earlier one holds again, else what the machine had said."""
    require(actor, CORRECT, correction)
    settling.lock(correction.org_root_id, regional=correction.is_regional)
    current = TitleCorrection.objects.select_for_update(of=("self",)).get(pk=correction.pk)
    if current.undone_at is not None:
        raise Refused(
            _("%(person)s 已在 %(time)s 撤销了这条更正。")
            % {"person": current.undone_by or "", "time": formats.moment(current.undone_at)}
        )
    current.undone_at, current.undone_by_id = timezone.now(), actor.user_id
    current.save(update_fields=["undone_at", "undone_by", "updated_at"])
    outcome = _settle_or_queue(current, actor)
    audit(
        actor,
        "postings.correction_undone",
        current,
        detail={"title": current.title, "postings": outcome.postings},
    )
    return outcome


def run_settling(context: JobContext, correction: TitleCorrection) -> dict[str, object]:
    """Move what a correction moves, a portion per transaction; done again, it goes on where it stopped."""
    ids = settling.affected(correction)
    for start in range(0, len(ids), settling.CHUNK):
        context.progress(start, len(ids), _SETTLING)
        with transaction.atomic():
            settling.lock(correction.org_root_id, regional=correction.is_regional)
            _tell(settling.settle(ids[start : start + settling.CHUNK]))
    return {"postings": len(ids)}


@transaction.atomic
def exclude(actor: Actor, posting: JobPosting, *, reason: str) -> None:
    """Take a posting out of all figures; it stays in the list."""
    current = _locked(actor, posting)
    if not reason.strip():
        raise Refused(_("请写明不计入的原因，它会留在审计记录里。"))
    if current.is_excluded:
        raise Refused(_("这条招聘信息已经不计入统计，可能有人刚刚处理过。"))
    counting.take_out([current.pk])
    JobPosting.objects.filter(pk=current.pk).update(is_excluded=True)
    PostingExclusion.objects.create(
        org_root_id=actor.org_root_id or current.org_root_id,
        posting_uuid=current.uuid,
        person_id=actor.user_id,
        reason=reason.strip()[:300],
    )
    audit(
        actor, "postings.excluded", current, detail={"title": current.title, "reason": reason.strip()[:300]}
    )
    _tell({current.posting_import_id})


@transaction.atomic
def include(actor: Actor, posting: JobPosting, *, reason: str) -> None:
    """Let an excluded posting count again."""
    current = _locked(actor, posting)
    if not reason.strip():
        raise Refused(_("请写明重新计入的原因，它会留在审计记录里。"))
    if not current.is_excluded:
        raise Refused(_("这条招聘信息本来就计入统计，可能有人刚刚处理过。"))
    JobPosting.objects.filter(pk=current.pk).update(is_excluded=False)
    counting.put_in([current.pk])
    PostingExclusion.objects.filter(posting_uuid=current.uuid).delete()
    audit(
        actor, "postings.included", current, detail={"title": current.title, "reason": reason.strip()[:300]}
    )
    _tell({current.posting_import_id})


def _locked(actor: Actor, posting: JobPosting) -> JobPosting:
    """Return a posting as it is now, held with the figures of its import."""
    require(actor, CORRECT, posting)
    held = PostingImport.objects.select_for_update().filter(
        pk=posting.posting_import_id, state=ImportState.LIVE
    )
    if held.first() is None:
        raise Http404
    return JobPosting.objects.select_for_update(of=("self",)).get(pk=posting.pk)


def _is_regional(actor: Actor) -> bool:
    return ACTIONS[CORRECT].scope_of(actor.role, actor.org_kind) in {Scope.REGION, Scope.ALL}


def _refuse_unseen(titles: Iterable[str], posting: JobPosting | None, seen: str | None) -> None:
    if seen is None or latest(titles, posting) == seen:
        return
    rows = TitleCorrection.objects.select_related("role", "person", "undone_by")
    last = rows.filter(folded_title__in=list(titles)).order_by("-updated_at").first()
    assert last is not None
    values = {
        "person": (last.undone_by if last.undone_at else last.person) or "",
        "time": formats.moment(last.updated_at),
        "title": last.title,
        "role": local_name(last.role.name_zh, last.role.name_en) if last.role else _("没有对应岗位"),
    }
    if last.undone_at:
        raise Refused(
            _("%(person)s 在 %(time)s 撤销了“%(title)s”的更正。请看过现在的结果，再决定要不要改。") % values
        )
    raise Refused(
        _("%(person)s 在 %(time)s 已把“%(title)s”更正为“%(role)s”。请看过现在的结果，再决定要不要改。")
        % values
    )


def _settle_or_queue(correction: TitleCorrection, actor: Actor) -> Corrected:
    ids = settling.affected(correction)
    if len(ids) <= AT_ONCE:
        for start in range(0, len(ids), settling.CHUNK):
            _tell(settling.settle(ids[start : start + settling.CHUNK]))
        return Corrected(len(ids), is_queued=False)
    enqueue(
        CORRECT,
        owner_id=actor.user_id,
        org_root_id=correction.org_root_id,
        title=_TITLE,
        title_values={"title": correction.title},
        params={"correction_uuid": str(correction.uuid)},
        exclusive=f"corrections:{correction.org_root_id}",
    )
    return Corrected(len(ids), is_queued=True)


def _tell(imports: Iterable[int]) -> None:
    for row in PostingImport.objects.filter(id__in=list(imports)).select_related("source").order_by("id"):
        publish(PostingsRecoded(str(row.uuid), row.org_root_id, is_shared=row.source.is_shared))


def own_postings(actor: Actor, titles: Sequence[str]) -> list[JobPosting]:
    """Return the first live posting the actor may correct for each of some folded titles."""
    rows = visible(actor, CORRECT, JobPosting.objects.live()).filter(folded_title__in=titles)
    first = rows.order_by().values("folded_title").annotate(first=Min("id")).values("first")
    found = JobPosting.objects.filter(id__in=first).select_related("role", "posting_import__source")
    return list(found.order_by("folded_title"))
