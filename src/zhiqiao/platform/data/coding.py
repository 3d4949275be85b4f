"""Occupations of job titles on the platform: fitting a version of the coder, its answers, and corrections.

The fit and the answers are background work (`jobs`); a page reads stored answers and never loads the model.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from zhiqiao.engines import occupations as engine
from zhiqiao.infra import storage
from zhiqiao.infra.jobs.api import JobContext, JobFailed, JobRun, JobState, enqueue, runs
from zhiqiao.platform.data import uploads
from zhiqiao.platform.data.errors import Refused
from zhiqiao.platform.data.models import (
    CoderState,
    JobPosting,
    Occupation,
    OccupationAnswer,
    OccupationCoder,
    OccupationCorrection,
)
from zhiqiao.platform.governance.api import Actor, actor_of_person, audit, require

__all__ = [
    "Answer",
    "Guess",
    "answer_for",
    "answer_titles",
    "correct",
    "current",
    "discard_ended",
    "queue_answers",
    "refit",
    "run_fit",
    "start_fit",
]

FIT, ANSWER = "occupations.fit", "occupations.answer"
_BATCH = 500
_TITLE_FIT = gettext_noop("训练职业编码模型")
_TITLE_ANSWER = gettext_noop("给职位名称编职业")
_EXCLUSIVE = "occupations"


@dataclass(frozen=True)
class Guess:
    """One occupation with its probability; the name as the loaded classification has it."""

    code: str
    name: str
    score: float


@dataclass(frozen=True)
class Answer:
    """What is known of a title's occupation; `why` says why nothing is (no_model, waiting)."""

    guesses: tuple[Guess, ...] = ()
    nearest: tuple[tuple[str, str, float], ...] = ()
    version: str = ""
    corrected_by: str = ""
    why: str = ""


def current() -> OccupationCoder | None:
    """Return the version that answers."""
    return OccupationCoder.objects.filter(state=CoderState.READY).order_by("-finished_at", "-id").first()


@transaction.atomic
def start_fit(actor: Actor, *, classification: uploads.Upload, titles: uploads.Upload) -> JobRun:
    """Keep the two files and queue a fit."""
    require(actor, "occupations.manage")
    coder = OccupationCoder.objects.create(
        classification_name=classification.name,
        titles_name=titles.name,
        classification_upload=uuid4(),
        titles_upload=uuid4(),
        fitted_by_id=actor.user_id,
    )
    assert coder.classification_upload is not None
    assert coder.titles_upload is not None
    uploads.keep(classification, coder.classification_upload)
    uploads.keep(titles, coder.titles_upload)
    return _queue_fit(actor, coder)


@transaction.atomic
def refit(actor: Actor) -> JobRun:
    """Queue a fit on the titles of the current version and all corrections."""
    require(actor, "occupations.manage")
    now = current()
    if now is None:
        raise Refused(_("还没有可用的模型，请先上传职业分类和已编码的职位名称。"))
    coder = OccupationCoder.objects.create(
        classification_name=now.classification_name, titles_name=now.titles_name, fitted_by_id=actor.user_id
    )
    return _queue_fit(actor, coder)


@transaction.atomic
def correct(actor: Actor, *, title: str, code: str) -> OccupationCorrection:
    """Say which occupation a title is; holds at once for this folded title and enters the next fit."""
    require(actor, "occupations.correct")
    if not Occupation.objects.filter(code=code).exists():
        raise Refused(_("职业分类里没有代码“%(code)s”，请核对后再填。") % {"code": code})
    folded = engine.fold_title(title)
    before = _correction(folded)
    row = OccupationCorrection.objects.create(
        title=title[:300], folded=folded, code=code, corrected_by_id=actor.user_id
    )
    audit(
        actor,
        "occupations.corrected",
        row,
        detail={"title": title[:100], "code": code, "before": before.code if before else ""},
    )
    return row


def answer_for(title: str) -> Answer:
    """Return what the current version and people say of a title."""
    folded = engine.fold_title(title)
    correction, coder = _correction(folded), current()
    stored = OccupationAnswer.objects.filter(coder=coder, folded=folded).first() if coder else None
    found = [(code, score) for code, score in stored.codes] if stored else []
    nearest = [tuple(item) for item in stored.nearest] if stored else []
    if correction is not None:
        found = [(correction.code, 1.0), *((code, 0.0) for code, _ in found if code != correction.code)][:5]
    codes = [code for code, _ in found] + [code for _, code, _ in nearest]
    names = dict(Occupation.objects.filter(code__in=codes).values_list("code", "name")) if codes else {}
    return Answer(
        guesses=tuple(Guess(code, names.get(code, ""), score) for code, score in found),
        nearest=tuple(
            (known, f"{code} {names.get(code, '')}".strip(), score) for known, code, score in nearest
        ),
        version=coder.version if coder else "",
        corrected_by=str(correction.corrected_by or "") if correction else "",
        why="" if found else ("waiting" if coder else "no_model"),
    )


def run_fit(context: JobContext, coder_uuid: UUID) -> dict[str, object]:
    """Fit a version, keep it, load the classification's names and queue the answers."""
    coder = OccupationCoder.objects.get(uuid=coder_uuid)
    if coder.state == CoderState.READY:
        return {"version": coder.version}
    try:
        model, rejected = _fitted(context, coder)
    except engine.OccupationError as error:
        OccupationCoder.objects.filter(pk=coder.pk).update(
            state=CoderState.FAILED, error={"zh": error.zh, "en": error.en}, finished_at=timezone.now()
        )
        # kept in both languages: the run's page may be read in either, and no catalogue has the engine's sentence
        raise JobFailed(f"{error.zh} {error.en}") from error
    target = storage.occupation_model(coder.uuid)
    partial = target.with_suffix(".partial")
    model.save(partial)
    os.replace(partial, target)
    with transaction.atomic():
        _load_entries(model)
        coder.state, coder.version, coder.rejected = CoderState.READY, model.version, rejected
        coder.entries, coder.titles = len(model.entries), len(model.titles)
        coder.corrections, coder.finished_at = len(model.corrections), timezone.now()
        coder.save()
        audit(
            _system(coder),
            "occupations.fitted",
            coder,
            detail={"version": model.version, "titles": coder.titles},
        )
        queue_answers()
    _discard_files(coder)
    return {"version": model.version, "titles": coder.titles}


def answer_titles(context: JobContext) -> dict[str, object]:
    """Store the current version's answers for all titles that have none; older versions' answers go."""
    coder = current()
    if coder is None:
        return {"answered": 0}
    OccupationAnswer.objects.exclude(coder=coder).delete()
    known = set(OccupationAnswer.objects.filter(coder=coder).values_list("folded", flat=True))
    rows: QuerySet[JobPosting, str] = JobPosting.objects.values_list("title", flat=True).distinct()
    open_titles = sorted({engine.fold_title(title) for title in rows.iterator()} - known - {""})
    if not open_titles:
        return {"answered": 0}
    model = engine.load(storage.occupation_model(coder.uuid))
    for start in range(0, len(open_titles), _BATCH):
        context.check_cancelled()
        context.progress(start, len(open_titles), gettext_noop("编码职位名称"))
        part = open_titles[start : start + _BATCH]
        OccupationAnswer.objects.bulk_create(
            [
                OccupationAnswer(
                    coder=coder,
                    folded=title,
                    codes=list(zip(coded.codes, coded.scores, strict=True)),
                    nearest=[
                        [near.title, near.code, near.similarity] for near in model.nearest(title, count=3)
                    ],
                )
                for title, coded in zip(part, model.code(part), strict=True)
            ],
            ignore_conflicts=True,
        )
    return {"answered": len(open_titles)}


def discard_ended() -> int:
    """Remove the files of fits that were cancelled or failed; return how many fits that were."""
    open_fits = OccupationCoder.objects.exclude(state=CoderState.READY)
    ended = runs().filter(
        uuid__in=open_fits.values("job_uuid"), state__in=[JobState.FAILED, JobState.CANCELLED]
    )
    left = list(open_fits.filter(job_uuid__in=list(ended.values_list("uuid", flat=True))))
    for coder in left:
        _discard_files(coder)
    return len(left)


def queue_answers() -> None:
    """Queue the answers for titles that have none, when there is a version to answer."""
    if current() is not None:
        enqueue(ANSWER, owner_id=None, org_root_id=None, title=_TITLE_ANSWER, params={}, exclusive=_EXCLUSIVE)


def _queue_fit(actor: Actor, coder: OccupationCoder) -> JobRun:
    run = enqueue(
        FIT,
        owner_id=actor.user_id,
        org_root_id=actor.org_root_id,
        title=_TITLE_FIT,
        params={"coder_uuid": str(coder.uuid)},
        exclusive=_EXCLUSIVE,
    )
    OccupationCoder.objects.filter(pk=coder.pk).update(job_uuid=run.uuid)
    audit(actor, "occupations.fit_started", coder, detail={"titles": coder.titles_name})
    return run


def _discard_files(coder: OccupationCoder) -> None:
    for upload in (coder.classification_upload, coder.titles_upload):
        if upload is not None:
            uploads.discard(upload)


def _fitted(context: JobContext, coder: OccupationCoder) -> tuple[engine.OccupationModel, dict[str, int]]:
    rejected: dict[str, int] = {}
    if coder.titles_upload is not None and coder.classification_upload is not None:
        classification = engine.read_classification(storage.upload_path(coder.classification_upload))
        titles = engine.read_titles(storage.upload_path(coder.titles_upload), classification)
        entries, known = classification.entries, titles.rows
        for row in (*classification.rejected, *titles.rejected):
            rejected[row.reason] = rejected.get(row.reason, 0) + 1
    else:
        now = current()
        if now is None:
            raise engine.InputError("没有可沿用的模型。", "There is no version to go on from.")
        model = engine.load(storage.occupation_model(now.uuid))
        entries, known = model.entries, model.titles

    def progress(done: int, total: int) -> None:
        context.check_cancelled()
        context.progress(done, total, gettext_noop("训练"))

    return engine.fit(entries, known, corrections=_corrections(), progress=progress), rejected


def _corrections() -> list[engine.LabelledTitle]:
    """Return the newest correction of each title."""
    rows = OccupationCorrection.objects.order_by("id").values_list("folded", "title", "code")
    newest = {folded: engine.LabelledTitle(title, code) for folded, title, code in rows}
    return list(newest.values())


def _correction(folded: str) -> OccupationCorrection | None:
    rows = OccupationCorrection.objects.select_related("corrected_by").filter(folded=folded)
    return rows.order_by("-id").first()


def _load_entries(model: engine.OccupationModel) -> None:
    Occupation.objects.bulk_create(
        [
            Occupation(
                code=entry.code,
                level=entry.level,
                name=entry.name,
                definition=entry.definition,
                tasks=entry.tasks,
            )
            for entry in model.entries
        ],
        batch_size=_BATCH,
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["level", "name", "definition", "tasks", "updated_at"],
    )


def _system(coder: OccupationCoder) -> Actor:
    """Return the person who asked for the fit, as the audit trail names them."""
    return actor_of_person(coder.fitted_by, org_root_id=None)
