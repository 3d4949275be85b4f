"""Pages of imports: the list, the wizard, an import's run and result, withdrawal."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from zhiqiao.infra.ui import formats
from zhiqiao.platform.data import actions, intake, tables, uploads
from zhiqiao.platform.data.errors import Refused
from zhiqiao.platform.data.forms import ColumnsForm, SourceForm, WithdrawForm
from zhiqiao.platform.data.models import ImportState, PostingImport
from zhiqiao.platform.data.selectors import imports as selectors
from zhiqiao.platform.governance.api import ActorRequest, action, audit, can

STEPS = (gettext_lazy("来源与文件"), gettext_lazy("核对各列"), gettext_lazy("确认并开始"))


@require_GET
@action("imports.read")
def import_list(request: ActorRequest) -> HttpResponse:
    """List the imports of one's organisation."""
    rows = selectors.imports(request.actor)
    table = tables.imports_table(may_import=can(request.actor, "imports.create")).bind(
        request, rows, demo=any(row.is_demo for row in rows)
    )
    if table.export:
        audit(request.actor, "imports.exported")
        return table.response()
    return render(
        request, "data/imports.html", {"table": table, "may_import": can(request.actor, "imports.create")}
    )


@require_http_methods(["GET", "POST"])
@action("imports.create")
@uploads.accepts_upload
def import_new(request: ActorRequest) -> HttpResponse:
    """Step 1: choose or register the source and send the file."""
    form = SourceForm(
        request.POST or None,
        request.FILES or None,
        sources=list(selectors.own_sources(request.actor)),
    )
    if request.method == "POST":
        # too large a file never arrives: say so instead of "no file was chosen"
        if uploads.too_large(request):
            form.errors.pop("file", None)
            most = formats.number(uploads.upload_limit() // 1024**2)
            form.add_error(
                "file", _("文件超过 %(limit)s MB 的上限，没有保存。请拆分后分别导入。") % {"limit": most}
            )
        upload = uploads.received(request, "file")
        if form.is_valid() and upload is not None:
            posting_import = actions.receive_file(request.actor, source=form.chosen(), upload=upload)
            try:
                intake.preview(posting_import)
            except Refused as error:
                actions.cancel_import(request.actor, posting_import)
                form.add_error("file", str(error))
            else:
                return redirect("data:import_columns", uuid=posting_import.uuid)
    context = {"form": form, "steps": STEPS, "limit_mb": uploads.upload_limit() // 1024**2}
    return render(request, "data/import_new.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
@action("imports.create")
def import_columns(request: ActorRequest, uuid: UUID) -> HttpResponse:
    """Step 2: check which column holds what."""
    posting_import = _unstarted(request, uuid)
    try:
        found = intake.preview(posting_import)
    except Refused as error:
        messages.error(request, str(error))
        return redirect("data:import_new")
    form = ColumnsForm(request.POST or None, columns=found.info.columns, chosen=found.columns)
    if request.method == "POST" and form.is_valid():
        try:
            actions.save_columns(request.actor, posting_import, form.columns())
        except Refused as error:
            form.add_error(None, str(error))
        else:
            return redirect("data:import_confirm", uuid=uuid)
    context = {
        "form": form,
        "found": found,
        "item": selectors.import_view(posting_import),
        "steps": STEPS,
        "size": formats.number(round(posting_import.file_size / 1024**2, 1)),
    }
    return render(request, "data/import_columns.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@action("imports.create")
def import_confirm(request: ActorRequest, uuid: UUID) -> HttpResponse:
    """Step 3: say once more what will happen, and start."""
    posting_import = _unstarted(request, uuid)
    if request.method == "POST":
        try:
            actions.start_import(request.actor, posting_import)
        except Refused as error:
            messages.error(request, str(error))
        return redirect("data:import", uuid=uuid)
    if not posting_import.columns:
        return redirect("data:import_columns", uuid=uuid)
    try:
        found = intake.preview(posting_import)
    except Refused as error:
        messages.error(request, str(error))
        return redirect("data:import_new")
    context = {
        "item": selectors.import_view(posting_import),
        "found": found,
        "columns": tables.named_columns(posting_import.columns),
        "steps": STEPS,
    }
    return render(request, "data/import_confirm.html", context)


@require_GET
@action("imports.read")
def import_detail(request: ActorRequest, uuid: UUID) -> HttpResponse:
    """Show an import: its progress while it runs, its result afterwards."""
    return render(request, "data/import.html", _detail(request, uuid))


@require_GET
@action("imports.read")
def import_progress(request: ActorRequest, uuid: UUID) -> HttpResponse:
    """Return the changing part of a running import's page; a finished one loads the whole page anew."""
    context = _detail(request, uuid)
    if not context["item"].is_open:  # type: ignore[attr-defined]  # an ImportView
        response = HttpResponse(status=204)
        response["HX-Redirect"] = reverse("data:import", args=[uuid])
        return response
    return render(request, "data/_import_progress.html", context)


@require_POST
@action("imports.create")
def import_cancel(request: ActorRequest, uuid: UUID) -> HttpResponse:
    """Stop an import that is not live yet."""
    posting_import = selectors.get_import(request.actor, "imports.create", uuid)
    try:
        actions.cancel_import(request.actor, posting_import)
        messages.success(request, _("已取消，没有保存任何招聘信息。"))
    except Refused as error:
        messages.error(request, str(error))
    return redirect("data:import", uuid=uuid)


@require_http_methods(["GET", "POST"])
@action("imports.withdraw")
def import_withdraw(request: ActorRequest, uuid: UUID) -> HttpResponse:
    """Name what a withdrawal removes, ask for the reason, and withdraw."""
    posting_import = selectors.get_import(request.actor, "imports.withdraw", uuid)
    form = WithdrawForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.withdraw_import(request.actor, posting_import, reason=form.cleaned_data["reason"])
        except Refused as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("已撤回，这些招聘信息不再计入任何统计。"))
        return redirect("data:import", uuid=uuid)
    if posting_import.state != ImportState.LIVE:
        return redirect("data:import", uuid=uuid)
    context = {"form": form, "item": selectors.import_view(posting_import)}
    return render(request, "data/import_withdraw.html", context, status=422 if form.errors else 200)


@require_GET
@action("imports.create")
def import_rejected(request: ActorRequest, uuid: UUID) -> FileResponse:
    """Hand out the quarantine file, to be corrected and imported again."""
    posting_import = selectors.get_import(request.actor, "imports.create", uuid)
    path = selectors.rejected_file(posting_import)
    if path is None:
        raise Http404
    audit(
        request.actor,
        "postings.quarantine_downloaded",
        posting_import,
        detail={"rows": posting_import.quarantined},
    )
    name = _("隔离行-%(file)s.csv") % {"file": posting_import.file_name.split(".")[0]}
    return FileResponse(
        path.open("rb"), as_attachment=True, filename=name, content_type="text/csv; charset=utf-8"
    )


def _unstarted(request: ActorRequest, uuid: UUID) -> PostingImport:
    """Return an import that can still be changed; one that has started is shown on its own page."""
    rows: QuerySet[PostingImport] = PostingImport.objects.filter(
        state__in=[ImportState.UPLOADED, ImportState.FAILED]
    )
    posting_import = selectors.get_import(request.actor, "imports.create", uuid)
    if not rows.filter(pk=posting_import.pk).exists():
        raise Http404
    return posting_import


def _detail(request: ActorRequest, uuid: UUID) -> dict[str, object]:
    posting_import = selectors.get_import(request.actor, "imports.read", uuid)
    run = selectors.run_of(posting_import)
    item = selectors.import_view(posting_import, run.state if run else None)
    return {
        "item": item,
        "run": run,
        "may_change": can(request.actor, "imports.create", posting_import),
        "may_withdraw": item.is_live and can(request.actor, "imports.withdraw", posting_import),
        "may_retry": item.state == ImportState.FAILED and uploads.present(uuid),
        "has_rejected": selectors.rejected_file(posting_import) is not None,
        "columns": tables.named_columns(posting_import.columns),
        "reasons": tables.named_reasons(item.summary.get("quarantine_reasons", {})),
        "same_as": item.summary.get("same_as", ""),
    }
