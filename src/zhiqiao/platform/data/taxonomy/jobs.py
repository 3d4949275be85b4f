"""Background work of the editor: counting terms, previews, mining again; takes ids and may be run again."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from zhiqiao.engines import jobmining
from zhiqiao.infra.jobs.api import JobContext, enqueue, job, subscribe
from zhiqiao.platform.data import importing
from zhiqiao.platform.data.events import PostingsImported
from zhiqiao.platform.data.mined_with import current_rules
from zhiqiao.platform.data.models import (
    ChangeState,
    ImportState,
    PostingImport,
    ProposalCount,
    ProposalSource,
    SkillChange,
    SkillProposal,
)
from zhiqiao.platform.data.taxonomy import actions, impact, overlay, terms
from zhiqiao.platform.data.taxonomy.remining import REMINING, run_remining
from zhiqiao.platform.data.taxonomy.words import LONGEST
from zhiqiao.platform.governance.api import Actor, User, actor_of_person

COLLECT = "taxonomy.collect"
_COUNTING = gettext_noop("查找词语")
_COLLECTING = gettext_noop("汇总新词")
_COMPARING = gettext_noop("比较新旧目录的识别结果")
#: Terms of one import that reach the list: beyond them nobody reads on.
_MOST_TERMS = 2_000
_CHUNK = 200


@job(actions.REMINE, attempts=5)
def remine_import(context: JobContext, *, import_uuid: str) -> dict[str, object]:
    """Bring one import to the catalogue in force."""
    person = User.objects.filter(pk=context.run.owner_id or 0).first()
    acting = actor_of_person(person, org_root_id=context.run.org_root_id)
    context.progress(0, 1, REMINING)
    return run_remining(context, UUID(import_uuid), actor=acting)


@job(actions.PREVIEW)
def preview_change(context: JobContext, *, change_uuid: str) -> dict[str, object]:
    """Work out what a draft, or the withdrawal of an active change, does; a draft that is gone needs nothing."""
    row = SkillChange.objects.filter(uuid=change_uuid, job_uuid=context.run.uuid).first()
    if row is None or row.state == ChangeState.WITHDRAWN:
        return {}
    folder = importing.skills_folder()
    old = overlay.effective(folder).taxonomy
    draft = row.state == ChangeState.DRAFT
    new = overlay.effective(folder, plus=row) if draft else overlay.effective(folder, without=row)

    def progress(done: int, total: int) -> None:
        context.check_cancelled()
        context.progress(done, total, _COMPARING)

    found = impact.measure(old, new.taxonomy, rules=current_rules(), progress=progress)
    fields = {actions.impact_field(row): impact.written(found)}
    SkillChange.objects.filter(pk=row.pk, state=row.state, job_uuid=context.run.uuid).update(**fields)
    return {"added": found.added, "moved": found.moved, "lost": found.lost}


@job(actions.COUNT)
def count_term(context: JobContext, *, proposal_uuid: str) -> dict[str, object]:
    """Count where a term that a person proposed stands."""
    row = SkillProposal.objects.filter(uuid=proposal_uuid).first()
    if row is None:
        return {}
    imports = list(PostingImport.objects.filter(state=ImportState.LIVE).order_by("id"))
    total = sum(item.kept for item in imports)

    def report(done: int) -> bool:
        context.check_cancelled()
        context.progress(done, total, _COUNTING)
        return False

    found = terms.look([item.uuid for item in imports], row.term, contexts=0, stop=report)
    with transaction.atomic():
        ProposalCount.objects.filter(proposal=row).delete()
        ProposalCount.objects.bulk_create(
            _count_row(row, item, found.counts[item.uuid]) for item in imports if item.uuid in found.counts
        )
    return {"postings": found.postings}


@job(COLLECT)
def collect_terms(context: JobContext, *, import_uuid: str) -> dict[str, object]:
    """Bring the terms that the learned stage found in one import onto the list."""
    row = PostingImport.objects.filter(uuid=import_uuid, state=ImportState.LIVE).first()
    if row is None:
        return {"terms": 0}
    owned = jobmining.owners(actions.current().taxonomy)
    found = [
        item
        for item in terms.candidate_terms(row.uuid, limit=_MOST_TERMS)
        if item.term not in owned and len(item.surface) <= LONGEST
    ]
    for start in range(0, len(found), _CHUNK):
        context.check_cancelled()
        context.progress(start, len(found), _COLLECTING)
        _collect(row, found[start : start + _CHUNK])
    return {"terms": len(found)}


@transaction.atomic
def _collect(row: PostingImport, found: list[terms.Candidate]) -> None:
    """Write some terms and their counts; what people have decided about a term stays decided."""
    SkillProposal.objects.bulk_create(
        [
            SkillProposal(
                term=item.term,
                surface=item.surface,
                kind=item.kind if item.kind in _KINDS else "",
                source=ProposalSource.LEARNED,
                score=item.score,
            )
            for item in found
        ],
        ignore_conflicts=True,
    )
    proposals = {
        item.term: item for item in SkillProposal.objects.filter(term__in=[item.term for item in found])
    }
    better = []
    for item in found:
        known = proposals[item.term]
        if known.score is None or item.score > known.score:
            known.score, known.updated_at = item.score, timezone.now()
            better.append(known)
    SkillProposal.objects.bulk_update(better, ["score", "updated_at"])
    ProposalCount.objects.bulk_create(
        [_count_row(proposals[item.term], row, item.count) for item in found],
        update_conflicts=True,
        unique_fields=["proposal", "posting_import"],
        update_fields=["postings", "mentions", "months"],
    )


_KINDS = frozenset({"tool", "knowledge", "ability", "soft", "certificate", "language"})


def _count_row(proposal: SkillProposal, row: PostingImport, count: terms.TermCount) -> ProposalCount:
    return ProposalCount(
        proposal=proposal,
        posting_import=row,
        postings=count.postings,
        mentions=count.mentions,
        months=dict(count.months),
    )


@subscribe(PostingsImported)
def after_import(event: PostingsImported) -> None:
    """Collect an import's terms, and catch it up when the catalogue was changed while it was read."""
    row = PostingImport.objects.filter(uuid=event.import_uuid, state=ImportState.LIVE).first()
    if row is None:
        return
    enqueue(
        COLLECT,
        owner_id=None,
        org_root_id=row.org_root_id,
        title=gettext_noop("汇总新词：%(file)s"),
        title_values={"file": row.file_name},
        params={"import_uuid": event.import_uuid},
    )
    if row.taxonomy_version != actions.current().taxonomy.version:
        actions.remine_behind(Actor.system())
