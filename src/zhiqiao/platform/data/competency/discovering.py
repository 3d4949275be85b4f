"""What the worker does for a discovery run: gather, group, compare seeds, carry experts' names over, keep the files."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from uuid import UUID

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_noop

from zhiqiao.engines import competency, jobmining
from zhiqiao.infra import storage
from zhiqiao.infra.jobs.api import Cancelled, JobContext, JobFailed
from zhiqiao.platform.data.competency.gathering import scope_of, write_input
from zhiqiao.platform.data.competency.groups import carried_row, read_grouping, written
from zhiqiao.platform.data.competency.settings import parameters, study_rules
from zhiqiao.platform.data.competency.studying import OPEN
from zhiqiao.platform.data.mined_with import current_rules
from zhiqiao.platform.data.models import CompetencyStudy, ImportState, PostingImport, StudyState
from zhiqiao.platform.data.taxonomy.keeping import current
from zhiqiao.platform.governance.api import Actor, audit, notify

__all__ = ["run_study"]

_GATHERING = gettext_noop("取出招聘信息")
_READING = gettext_noop("读取职责与要求")
_SUGGESTING = gettext_noop("比较不同的组数")
_GROUPING = gettext_noop("技能分组")
_COMPARING = gettext_noop("换随机种子比较")
_FAILED = gettext_noop("没有完成：%(reason)s")
_UNSTABLE = (
    "没有一个组数是稳定的，无法建议；请自己填写组数，或扩大范围。",
    "No number of groups is stable, so none can be suggested; give one yourself, or widen the scope.",
)
_REPORT_EACH = 200


def run_study(context: JobContext, study_uuid: UUID, *, actor: Actor) -> dict[str, object]:
    """Carry a run out; doing it again after it was done or cancelled changes nothing."""
    rows = CompetencyStudy.objects.filter(uuid=study_uuid, state__in=OPEN)
    if not rows.update(state=StudyState.RUNNING):
        return {}
    study = CompetencyStudy.objects.select_related("previous").get(uuid=study_uuid)
    try:
        found, agreement = _discover(context, study)
        competency.write_discovery(found, storage.study_folder(study.uuid))
        context.check_cancelled()
        _finish(study, found, agreement, actor=actor)
    except Cancelled:
        _end(study, StudyState.CANCELLED)
        raise
    except competency.CompetencyError as error:
        _end(study, StudyState.FAILED, error={"zh": error.zh, "en": error.en})
        raise JobFailed(_FAILED, reason=error.zh) from error
    return {"groups": len(found.clusters), "postings": found.postings}


def _end(study: CompetencyStudy, state: StudyState, *, error: dict[str, str] | None = None) -> None:
    shutil.rmtree(storage.study_folder(study.uuid), ignore_errors=True)
    CompetencyStudy.objects.filter(pk=study.pk, state__in=[*OPEN, StudyState.CANCELLED]).update(
        state=state, error=error or {}, finished_at=timezone.now()
    )


def _discover(context: JobContext, study: CompetencyStudy) -> tuple[competency.Discovery, float | None]:
    corpus = _corpus(context, study)
    context.check_cancelled()
    wanted = parameters()
    space = competency.build_space(corpus, wanted)
    method: competency.Method = study.method  # type: ignore[assignment]  # one of the choices of the column
    k = study.k or _suggested(context, space, method=method, seed=study.seed)
    context.check_cancelled()
    context.progress(0, 1, _GROUPING)
    found = competency.discover(
        corpus,
        method=method,
        k=k,
        seed=study.seed,
        parameters=wanted,
        broader=jobmining.terms_above(current().taxonomy),
    )
    return found, _agreement(context, space, method=method, k=k, seed=study.seed)


def _suggested(context: JobContext, space: competency.Space, *, method: competency.Method, seed: int) -> int:
    context.progress(0, 1, _SUGGESTING)
    suggestion = competency.suggest_k(space, method=method, seed=seed, parameters=parameters())
    if suggestion.k is None:
        raise competency.ParameterError(*_UNSTABLE)
    return suggestion.k


def _agreement(
    context: JobContext, space: competency.Space, *, method: competency.Method, k: int, seed: int
) -> float | None:
    """Return the mean adjusted Rand index between runs of several seeds, the asked one among them."""
    count, labels = study_rules().stability_seeds, []
    for number in range(count):
        context.check_cancelled()
        context.progress(number, count, _COMPARING)
        run = competency.cluster(space, method=method, k=k, seed=seed + number, parameters=parameters())
        labels.append(run.labels)
    return competency.mean_agreement(labels)


def _corpus(context: JobContext, study: CompetencyStudy) -> competency.Corpus:
    imports = list(
        PostingImport.objects.filter(uuid__in=list(study.imports), state=ImportState.LIVE).order_by("id")
    )
    folder = storage.study_folder(study.uuid) / "input"

    def gathering(done: int, total: int) -> None:
        context.check_cancelled()
        context.progress(done, total, _GATHERING)

    try:
        scope = scope_of(study.industries, study.roles)
        count = write_input(imports, scope, folder, progress=gathering)
        return _read(context, folder, count)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _read(context: JobContext, folder: Path, count: int) -> competency.Corpus:
    reader = jobmining.LineReader(current_rules())

    def parts(texts: Sequence[str]) -> Iterator[Sequence[tuple[int, int, str]]]:
        for number, found in enumerate(jobmining.read_roles_of_texts(texts, reader)):
            if number % _REPORT_EACH == 0:
                context.check_cancelled()
                context.progress(number, count, _READING)
            yield found

    return competency.read_corpus(folder, parameters=parameters(), parts=parts)


@transaction.atomic
def _finish(
    study: CompetencyStudy, found: competency.Discovery, agreement: float | None, *, actor: Actor
) -> None:
    """Write the result into the row, unless the run was cancelled in the meantime."""
    row = CompetencyStudy.objects.select_for_update().get(pk=study.pk)
    if row.state != StudyState.RUNNING:
        raise Cancelled
    grouping, carried = competency.grouping_of(found), {}
    if study.previous is not None:
        kept = competency.carry_over(
            read_grouping(study.previous.grouping), grouping, least=study_rules().carry_over_least
        )
        grouping, carried = kept.grouping, carried_row(kept)
    row.state, row.finished_at, row.k = StudyState.DONE, timezone.now(), found.k
    row.postings, row.held_out = found.postings, found.held_out
    row.corpus_digest, row.taxonomy_version = found.corpus_digest, found.taxonomy_version
    row.parameters_version, row.coherence = found.parameters_version, found.coherence
    row.agreement, row.seeds = agreement, study_rules().stability_seeds
    row.grouping, row.carried, row.edition = written(grouping), carried, 1
    row.save()
    audit(actor, "competency.discovered", row, detail={"groups": len(found.clusters), "k": found.k})
    if row.made_by_id:
        notify(
            [row.made_by_id],
            "competency.discovered",
            values={"title": row.title, "groups": len(found.clusters)},
            url=reverse("data:study", args=[row.uuid]),
        )
