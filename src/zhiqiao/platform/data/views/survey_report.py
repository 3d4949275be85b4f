"""Pages of the report of posts needed: read it, write its texts, publish it, take it away as a file."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from zhiqiao.engines.documents import to_docx, to_pdf
from zhiqiao.engines.surveys import REPORT_SECTIONS, Claim, ReportContent
from zhiqiao.platform.data.errors import Conflict, Refused
from zhiqiao.platform.data.models import PostSurvey, SurveyReport
from zhiqiao.platform.data.survey import designing, reporting
from zhiqiao.platform.data.survey.charts import text_of
from zhiqiao.platform.data.survey.counting import Counted, count
from zhiqiao.platform.data.survey.document import report_document
from zhiqiao.platform.data.survey.selectors import get_survey
from zhiqiao.platform.data.views.surveys import findings_shown, shown
from zhiqiao.platform.governance.api import ActorRequest, action, audit, can

_FILES = {
    "docx": (to_docx, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "pdf": (to_pdf, "application/pdf"),
}


@require_GET
@action("surveys.read")
def report(request: ActorRequest, uuid: UUID) -> HttpResponse:
    """Show the newest report: what was published, or to those who run the survey the draft with its texts."""
    row = get_survey(request.actor, uuid)
    return _page(request, row)


def _page(
    request: ActorRequest,
    survey: PostSurvey,
    *,
    written: dict[str, str] | None = None,
    error: str = "",
    status: int = 200,
) -> HttpResponse:
    may_manage = can(request.actor, "surveys.manage", survey)
    row = reporting.newest_report(request.actor, survey)
    context: dict[str, object] = {"report": row, "error": error}
    if row is not None and (row.published_at is not None or may_manage):
        counted = count(survey)
        content = _content(request, counted, row)
        texts = written if written is not None else content.texts
        context |= {
            "content": content,
            "is_draft": row.published_at is None,
            "posts": [(text_of(one.name), one) for one in content.posts],
            "sections": [
                {
                    "key": key,
                    "title": text_of(title),
                    "text": texts.get(key, ""),
                    "claims": [_claim(survey, one) for one in content.of(key)],
                }
                for key, title in REPORT_SECTIONS.items()
            ],
        }
        if may_manage:
            found = reporting.judge_report(counted, content, on=timezone.localdate())
            context["findings"] = findings_shown(found)
    return shown(request, survey.uuid, "report", context, tab="report", status=status, row=survey)


def _content(request: ActorRequest, counted: Counted, row: SurveyReport) -> ReportContent:
    if row.published_at is not None:
        return reporting.published_content(row)
    return reporting.compose(counted, row.texts, acting=request.actor)


def _claim(survey: PostSurvey, one: Claim) -> dict[str, object]:
    labels = {"answers": _("答卷"), "postings": _("招聘信息"), "visits": _("走访")}
    kind, _sign, target = one.link.partition(":")
    url = (
        reverse("evidence", args=[kind, UUID(target)])
        if target
        else reverse("data:survey_question_results", args=[survey.uuid, one.link])
    )
    return {
        "text": text_of(one.text),
        "source": labels[one.source],
        "count": one.count,
        "bias": text_of(one.bias),
        "url": url,
        "is_evidence": bool(target),
    }


@require_POST
@action("surveys.manage")
def begin(request: ActorRequest, uuid: UUID) -> HttpResponse:
    """Begin a report."""
    reporting.begin_report(uuid, acting=request.actor)
    return redirect("data:survey_report", uuid=uuid)


@require_POST
@action("surveys.manage")
def write(request: ActorRequest, uuid: UUID) -> HttpResponse:
    """Keep what was written."""
    survey = designing.managed(uuid, acting=request.actor, locked=False)
    texts = {key: request.POST.get(f"text-{key}", "").replace("\r\n", "\n") for key in REPORT_SECTIONS}
    try:
        reporting.save_texts(uuid, texts, seen=_seen(request), acting=request.actor)
    except Conflict as error:
        return _page(request, survey, written=texts, error=str(error), status=409)
    except Refused as error:
        return _page(request, survey, written=texts, error=str(error), status=422)
    messages.success(request, _("已保存。"))
    return redirect("data:survey_report", uuid=uuid)


@require_POST
@action("surveys.manage")
def publish(request: ActorRequest, uuid: UUID) -> HttpResponse:
    """Publish the report."""
    try:
        reporting.publish_report(uuid, seen=_seen(request), acting=request.actor, now=timezone.now())
    except Refused as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("已发布；内容从此不变，全区域可以看。"))
    return redirect("data:survey_report", uuid=uuid)


@require_GET
@action("surveys.read")
def file(request: ActorRequest, uuid: UUID, kind: str) -> HttpResponse:
    """Give the newest report as DOCX or PDF, in the reader's language."""
    survey = get_survey(request.actor, uuid)
    row = reporting.newest_report(request.actor, survey)
    hidden = row is not None and row.published_at is None and not can(request.actor, "surveys.manage", survey)
    if row is None or hidden or kind not in _FILES:
        raise Http404
    write_file, content_type = _FILES[kind]
    english = (get_language() or "").startswith("en")
    at = row.published_at or timezone.now()
    document = report_document(
        _content(request, count(survey), row),
        language="en" if english else "zh",
        day=timezone.localdate(at),
        digest=row.digest,
        number=row.number,
    )
    audit(request.actor, "survey.report_downloaded", survey, detail={"number": row.number, "kind": kind})
    headers = {"Content-Disposition": f'attachment; filename="post-survey-report-{row.number}.{kind}"'}
    return HttpResponse(write_file(document), content_type=content_type, headers=headers)


def _seen(request: ActorRequest) -> int:
    text = request.POST.get("version", "")
    return int(text) if text.isascii() and text.isdigit() else 0
