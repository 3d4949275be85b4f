"""Pages of the report: editions, reading, rewriting a text, the steps to publication, files, history."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_GET, require_POST

from zhiqiao.apps.management.errors import EditConflict, ManagementError
from zhiqiao.apps.management.models import ReportEdition
from zhiqiao.apps.management.report import page, selectors
from zhiqiao.apps.management.report.composing import LANGUAGES
from zhiqiao.apps.management.report.editing import edit_text
from zhiqiao.apps.management.report.jobs import enqueue_draft
from zhiqiao.apps.management.report.making import check_wish
from zhiqiao.apps.management.report.parts import open_part
from zhiqiao.apps.management.report.tables import EDITIONS
from zhiqiao.engines.documents import Language
from zhiqiao.platform.governance.api import ActorRequest, action, audit, can

_TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_SECOND_HALF = 7


@require_GET
@action("reports.read")
def report_list(request: ActorRequest) -> HttpResponse:
    """List the editions one may read, with the form that makes one."""
    return _list(request)


def _list(request: ActorRequest, *, error: str = "", status: int = 200) -> HttpResponse:
    rows = selectors.editions(request.actor)
    table = EDITIONS.bind(request, rows, demo=any(row.is_demo for row in rows))
    if table.export:
        audit(request.actor, "reports.exported")
        return table.response()
    today = timezone.localdate()
    context = {
        "table": table,
        "rows": rows,
        "may_make": can(
            request.actor, "reports.edit", ReportEdition(org_root_id=request.actor.org_root_id or 0)
        ),
        "year": today.year + (today.month >= _SECOND_HALF),
        "given": request.POST,
        "error": error,
    }
    return render(request, "management/report/list.html", context, status=status)


@require_POST
@action("reports.edit")
def report_make(request: ActorRequest) -> HttpResponse:
    """Queue the making of a draft and show its run page; a wish that can not be met says why."""
    given, correction = request.POST.get("year", ""), request.POST.get("correction", "").replace("\x00", "")
    try:
        year = int(given) if given.isascii() and given.isdecimal() else 0
        check_wish(year, acting=request.actor, correction=correction)
    except ManagementError as error:
        return _list(request, error=str(error), status=422)
    return redirect("jobs:run", uuid=enqueue_draft(year, acting=request.actor, correction=correction).uuid)


@require_GET
@action("reports.read")
def report(request: ActorRequest, uuid: UUID) -> HttpResponse:
    """Show a chapter of an edition, or all of it; `edit` opens one text for rewriting."""
    row = selectors.edition_row(request.actor, uuid)
    try:
        return page.reading(request, row, language=language_of(request.GET.get("lang", "")))
    except ManagementError as error:
        return page.damaged(request, row, str(error))


def language_of(wanted: str) -> Language:
    """Return the language a text is wanted in; that of the pages when it is neither."""
    return next((language for language in LANGUAGES if language == wanted), page.own_language())


@require_POST
@action("reports.edit")
def report_text(request: ActorRequest, uuid: UUID) -> HttpResponse:
    """Take a rewritten text; one that can not be taken comes back with what was written and why."""
    row = selectors.edition_row(request.actor, uuid)
    data, language = request.POST, language_of(request.POST.get("lang", ""))
    key, seen, text = data.get("key", ""), data.get("seen", ""), data.get("text", "")
    try:
        edit_text(
            uuid,
            acting=request.actor,
            language=language,
            key=key,
            seen=int(seen) if seen.isascii() and seen.isdecimal() else -1,
            text=text,
            now=timezone.now(),
        )
    except ManagementError as error:
        mine = error.mine if isinstance(error, EditConflict) else text
        failed = page.Failed(key, mine, str(error), is_conflict=isinstance(error, EditConflict))
        status = 200 if request.headers.get("HX-Request") else 409 if failed.is_conflict else 422
        return page.reading(request, row, language=language, failed=failed, status=status)
    chapter = data.get("chapter", "")
    query = urlencode({"lang": language, "chapter": chapter})
    return redirect(f"{reverse('management:report', args=[uuid])}?{query}#{page.anchor_of(key)}")


@require_GET
@action("reports.read")
def report_history(request: ActorRequest, uuid: UUID) -> HttpResponse:
    """Show who made, signed and published an edition, and to editors every change of a text."""
    row = selectors.edition_row(request.actor, uuid)
    context = {
        "report": selectors.edition(request.actor, row),
        "steps": selectors.steps(row),
        "changes": selectors.changes(request.actor, row),
        "versions": sorted(row.versions.items()),
        "files": selectors.files(row),
        "languages": page.LANGUAGE_NAMES,
        "tab": "history",
    }
    return render(request, "management/report/history.html", context)


@require_GET
@action("reports.read")
def report_file(request: ActorRequest, uuid: UUID, language: str, kind: str) -> HttpResponse:
    """Give out a published file, byte for byte as it was published."""
    row = selectors.edition_row(request.actor, uuid)
    if kind not in _TYPES:
        raise Http404
    part = selectors.file_row(row, language, kind)
    try:
        content = open_part(part)
    except ManagementError as error:
        return page.damaged(request, row, str(error))
    audit(
        request.actor,
        "report.downloaded",
        obj=("report_edition", str(row.uuid)),
        detail={"file": f"{language}.{kind}", "sha256": part.sha256},
    )
    response = HttpResponse(content, content_type=_TYPES[kind])
    name = f"demand-report-{row.region}-{row.year}-{row.number}-{language}.{kind}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["ETag"] = f'"{part.sha256}"'
    return response


def said(request: ActorRequest, uuid: UUID, text: str) -> HttpResponse:
    """Return to the edition with a word on what was done."""
    messages.success(request, text)
    return redirect("management:report", uuid=uuid)


def refused(request: ActorRequest, uuid: UUID, error: ManagementError) -> HttpResponse:
    """Show the edition with why a step can not be taken."""
    row = selectors.edition_row(request.actor, uuid)
    failed = page.Failed("", "", str(error), is_conflict=False)
    return page.reading(request, row, language=page.own_language(), failed=failed, status=409)
