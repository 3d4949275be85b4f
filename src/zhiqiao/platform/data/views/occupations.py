"""Pages of occupation coding: the versions of the coder, a new fit, and a correction from a posting's page."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from zhiqiao.infra.jobs.api import JobRun, JobState, runs
from zhiqiao.infra.ui import formats
from zhiqiao.platform.data import coding, uploads
from zhiqiao.platform.data.errors import Refused
from zhiqiao.platform.data.forms import CoderForm, CorrectionForm
from zhiqiao.platform.data.models import CoderState, OccupationCoder, OccupationCorrection
from zhiqiao.platform.data.selectors import postings as selectors
from zhiqiao.platform.governance.api import ActorRequest, action, visible

_SHOWN = 20


@require_http_methods(["GET", "POST"])
@action("occupations.manage")
@uploads.accepts_upload
def coder(request: ActorRequest) -> HttpResponse:
    """Show the versions; take two files and queue a fit."""
    form = CoderForm(request.POST, request.FILES) if request.method == "POST" else CoderForm()
    if request.method == "POST":
        if uploads.too_large(request):
            _say_too_large(form)
        classification = uploads.received(request, "classification")
        titles = uploads.received(request, "titles")
        if form.is_valid() and classification is not None and titles is not None:
            coding.start_fit(request.actor, classification=classification, titles=titles)
            messages.success(request, _("已开始训练，完成前仍用原来的版本。"))
            return redirect("data:occupations")
    context = {
        "form": form,
        "versions": _versions(request),
        "may_refit": coding.current() is not None,
        "corrections": OccupationCorrection.objects.values("folded").distinct().count(),
    }
    return render(request, "data/occupations.html", context, status=422 if form.errors else 200)


@require_POST
@action("occupations.manage")
def refit(request: ActorRequest) -> HttpResponse:
    """Fit anew with the corrections."""
    try:
        coding.refit(request.actor)
    except Refused as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("已开始训练，完成前仍用原来的版本。"))
    return redirect("data:occupations")


@require_POST
@action("occupations.correct")
def correct(request: ActorRequest, uuid: UUID) -> HttpResponse:
    """Keep a person's word on the occupation of a posting's title."""
    title = selectors.posting_title(request.actor, uuid)
    form = CorrectionForm(request.POST)
    if form.is_valid():
        try:
            coding.correct(request.actor, title=title, code=form.cleaned_data["code"].strip())
        except Refused as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("已更正；同名职位立即生效，下次训练时学习。"))
    else:
        messages.error(request, _("请填写职业代码。"))
    return redirect("data:posting", uuid=uuid)


def _say_too_large(form: CoderForm) -> None:
    """Too large a file never arrives: say so instead of “no file was chosen”."""
    most = formats.number(uploads.upload_limit() // 1024**2)
    text = _("文件超过 %(limit)s MB 的上限，没有保存，请缩小后重新上传两个文件。") % {"limit": most}
    for name in form.fields:
        if form.errors.pop(name, None):
            form.add_error(name, text)
            return


def _versions(request: ActorRequest) -> list[dict[str, object]]:
    rows = list(
        visible(request.actor, "occupations.manage", OccupationCoder.objects.order_by("-id"))[:_SHOWN]
    )
    by_uuid = {
        run.uuid: run for run in runs().filter(uuid__in=[row.job_uuid for row in rows if row.job_uuid])
    }
    now = coding.current()
    language = "zh" if (get_language() or "zh").startswith("zh") else "en"
    return [
        {
            "version": row.version,
            "is_current": now is not None and row.pk == now.pk,
            **_standing(row, by_uuid.get(row.job_uuid) if row.job_uuid else None, language),
            "entries": row.entries if row.version else None,
            "titles": row.titles if row.version else None,
            "corrections": row.corrections if row.version else None,
            "rejected": sum(row.rejected.values()) if row.version else None,
        }
        for row in rows
    ]


def _standing(row: OccupationCoder, run: JobRun | None, language: str) -> dict[str, object]:
    """Return state, reason and live run of a version.

    A run that was cancelled or died never came to write its version's state, so the run's own word counts there.
    """
    if row.state != CoderState.QUEUED or run is None:
        return {"state": row.get_state_display(), "error": row.error.get(language, ""), "run": None}
    if run.state in {JobState.CANCELLED, JobState.FAILED}:
        return {"state": run.get_state_display(), "error": run.error_text, "run": None}
    return {"state": "", "error": "", "run": run}
