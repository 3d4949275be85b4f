"""Pages of the source register: list, one source with its tabs, the form."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from zhiqiao.engines import tabular
from zhiqiao.infra.ui.export import ExportFormat, export_response
from zhiqiao.platform.data import connectors, registering, source_history, source_tables, uploads, wages
from zhiqiao.platform.data.delivering import reason_of
from zhiqiao.platform.data.errors import Refused
from zhiqiao.platform.data.merging import grades
from zhiqiao.platform.data.models import Facet, Source, SourceKind, WageTable
from zhiqiao.platform.data.selectors import sources as selectors
from zhiqiao.platform.data.source_forms import SCOPE_LABELS, SourceFactsForm, WageFileForm
from zhiqiao.platform.governance.api import ActorRequest, action, audit, can, get_visible

#: What the columns of a table of wages are called.
COLUMN_LABELS = {
    "title": gettext_lazy("职业"),
    "code": gettext_lazy("职业代码"),
    "place": gettext_lazy("地区"),
    "year": gettext_lazy("年份"),
    "low": gettext_lazy("低位"),
    "median": gettext_lazy("中位"),
    "high": gettext_lazy("高位"),
    "unit": gettext_lazy("单位"),
}
TABS = ("facts", "imports", "coverage", "connectors", "history")


@require_GET
@action("sources.read")
def source_register(request: ActorRequest) -> HttpResponse:
    """List the sources one may see with what wants attention."""
    rows = selectors.sources(request.actor, today=timezone.localdate())
    may_manage = can(request.actor, "sources.manage")
    may_import = can(request.actor, "imports.create")
    table = source_tables.sources_table(may_manage=may_manage, may_import=may_import).bind(
        request, rows, demo=any(row.is_demo for row in rows)
    )
    if table.export:
        audit(request.actor, "sources.exported")
        return table.response()
    context = {
        "table": table,
        "may_import": may_import,
        "may_manage": may_manage,
        "reads_postings": can(request.actor, "postings.read"),
        "grades": list(grades().values()),
    }
    return render(request, "data/sources.html", context)


@require_GET
@action("sources.read")
def source(request: ActorRequest, uuid: UUID, tab: str = "facts") -> HttpResponse:
    """Show one source under one of its tabs."""
    if tab not in TABS:
        raise Http404
    row = selectors.get_source(request.actor, "sources.read", uuid)
    context = {**source_context(request, row, tab=tab), **_of_tab(request, row, tab)}
    return render(request, f"data/sources_{tab}.html", context)


@require_http_methods(["GET", "POST"])
@action("sources.manage")
def source_new(request: ActorRequest) -> HttpResponse:
    """Register a source."""
    form = SourceFactsForm(request.POST or None, stewards=registering.stewards(request.actor.org_root_id))
    if request.method == "POST" and form.is_valid():
        try:
            row = registering.register_source(request.actor, form.facts())
        except Refused as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("已登记。接下来可以导入文件，或设置连接器。"))
            return redirect("data:source", uuid=row.uuid)
    context = {"form": form, "grades": list(grades().values())}
    return render(request, "data/sources_form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@action("sources.manage")
def source_edit(request: ActorRequest, uuid: UUID) -> HttpResponse:
    """Change what the register says of a source."""
    row = selectors.get_source(request.actor, "sources.manage", uuid)
    form = SourceFactsForm(
        request.POST or None,
        stewards=registering.stewards(row.org_root_id),
        initial=SourceFactsForm.initial_of(row),
    )
    if request.method == "POST" and form.is_valid():
        try:
            changed = registering.change_source(request.actor, row, form.facts())
        except Refused as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("已保存。") if changed else _("没有变化。"))
            return redirect("data:source", uuid=uuid)
    context = {"form": form, "row": row, "grades": list(grades().values())}
    return render(request, "data/sources_form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@action("sources.manage")
@uploads.accepts_upload
def wages_new(request: ActorRequest, uuid: UUID) -> HttpResponse:
    """Read a table of guideline wages in."""
    row = selectors.get_source(request.actor, "sources.manage", uuid)
    if row.kind != SourceKind.WAGE_GUIDELINE:
        raise Http404
    form = WageFileForm(request.POST or None, request.FILES or None)
    if request.method == "POST":
        upload = uploads.received(request, "file")
        if form.is_valid() and upload is not None:
            try:
                table = wages.import_table(request.actor, row, upload)
            except (Refused, tabular.TableError) as error:
                form.add_error("file", reason_of(error)["en" if request.LANGUAGE_CODE == "en" else "zh"])
            else:
                return redirect("data:wages", uuid=table.uuid)
    context = {"form": form, "row": row}
    return render(request, "data/sources_wages_new.html", context, status=422 if form.is_bound else 200)


@require_GET
@action("sources.read")
def wages_detail(request: ActorRequest, uuid: UUID) -> HttpResponse:
    """Show a table of wages: what went in, and which rows did not with the reason."""
    table = get_visible(request.actor, "sources.read", WageTable.objects.select_related("source"), uuid=uuid)
    rejected = [_rejection(**item) for item in table.rejected[:200]]
    context = {
        "table": table,
        "rows": table.wages.select_related("role").order_by("row")[:500],
        "rejected": rejected if table.org_root_id == request.actor.org_root_id else [],
        "rejected_count": len(table.rejected),
        "may_manage": can(request.actor, "sources.manage", table.source),
    }
    return render(request, "data/sources_wages.html", context)


@require_GET
@action("sources.manage")
def wages_rejected(request: ActorRequest, uuid: UUID) -> HttpResponse:
    """Hand out the rows that did not go in, under headings that are recognised when they come back."""
    rows = WageTable.objects.select_related("source")
    table = get_visible(request.actor, "sources.manage", rows, uuid=uuid)
    if not table.rejected:
        raise Http404
    audit(request.actor, "wages.rejected_downloaded", table.source, detail={"rows": len(table.rejected)})
    return export_response(
        ExportFormat.CSV,
        columns=[_("行"), _("字段"), _("原因"), *map(str, COLUMN_LABELS.values()), _("原始内容")],
        rows=(
            ([number, COLUMN_LABELS.get(field, field), _(reason), *cells], False)
            for number, field, reason, cells in wages.rejected_rows(table)
        ),
        name=_("未读入的行-%(file)s") % {"file": table.file_name.rsplit(".", 1)[0]},
        title=table.file_name,
        demo=False,
    )


@require_POST
@action("sources.manage")
def wages_remove(request: ActorRequest, uuid: UUID) -> HttpResponse:
    """Take a table of wages out."""
    rows = WageTable.objects.select_related("source")
    table = get_visible(request.actor, "sources.manage", rows, uuid=uuid)
    source_uuid = table.source.uuid
    wages.remove_table(request.actor, table)
    messages.success(request, _("已移除，这些工资数字不再显示。"))
    return redirect("data:source", uuid=source_uuid)


def _rejection(*, row: int, field: str, reason: str, cells: list[str]) -> tuple[int, str, str, list[str]]:
    label = COLUMN_LABELS.get(field)
    return row, str(label) if label else field, _(reason), cells


def source_context(request: ActorRequest, row: Source, *, tab: str) -> dict[str, object]:
    """Return what every page of one source shows."""
    may_manage = can(request.actor, "sources.manage", row)
    labels = {
        "facts": _("登记信息"),
        "imports": _("导入"),
        "coverage": _("实际覆盖"),
        "connectors": _("连接器"),
        "history": _("变更记录"),
    }
    shown = [name for name in TABS if may_manage or name not in {"connectors", "history"}]
    addresses = {name: _address(row, name) for name in shown}
    return {
        "item": selectors.source_view(request.actor, row, today=timezone.localdate()),
        "tabs": [(labels[name], addresses[name]) for name in shown],
        "current": addresses.get(tab, ""),
        "may_manage": may_manage,
        "may_import": can(request.actor, "imports.create", row) and row.kind != SourceKind.WAGE_GUIDELINE,
    }


def _address(row: Source, tab: str) -> str:
    return (
        reverse("data:source", args=[row.uuid])
        if tab == "facts"
        else reverse("data:source_tab", args=[row.uuid, tab])
    )


def _of_tab(request: ActorRequest, row: Source, tab: str) -> dict[str, object]:
    actor = request.actor
    match tab:
        case "imports":
            reads = can(actor, "imports.read")
            return {
                "imports": selectors.imports_of(actor, row) if reads else [],
                "wage_tables": selectors.wage_tables_of(row),
            }
        case "coverage":
            found = selectors.coverage_of(row)
            labels = {Facet.INDUSTRY: _("行业门类"), Facet.CITY: _("地区"), Facet.TEXT_KIND: _("文本")}
            return {
                "parts": [(labels[Facet(facet)], cells[:40], len(cells)) for facet, cells in found.items()]
            }
        case "connectors" | "history" if not can(actor, "sources.manage", row):
            raise Http404
        case "connectors":
            set_up = {connector.kind: connector for connector in row.connectors.all()}
            return {
                "kinds": [(kind, set_up.get(kind.name)) for kind in connectors.kinds().values()],
                "deliveries": selectors.deliveries_of(row),
                "tokens": [
                    (token, [SCOPE_LABELS.get(scope, scope) for scope in token.scopes])
                    for token in selectors.tokens_of(row)
                ],
                "inbox": registering.inbox_of(row),
            }
        case "history":
            return {"events": source_history.lines(selectors.history_of(actor, row))}
        case _:
            return {}
