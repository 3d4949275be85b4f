"""Pages of the balance: overview, industry, post, table 1; computing it anew."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from zhiqiao.apps.management.balance import document, selectors, tables, wording
from zhiqiao.apps.management.balance.jobs import enqueue_balance
from zhiqiao.apps.management.balance.selectors import BalanceView, IndustryLine, PostLine
from zhiqiao.apps.management.models import BalanceReport
from zhiqiao.engines.documents import to_docx, to_xlsx
from zhiqiao.infra.ui.table import Table
from zhiqiao.platform.governance.api import ActorRequest, action, audit, can, require

_FILES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def _page(request: ActorRequest, template: str, context: dict[str, object]) -> HttpResponse:
    may = can(request.actor, "balance.compute", BalanceReport(org_root_id=request.actor.org_root_id or 0))
    return render(request, f"management/balance/{template}.html", {"may_compute": may, **context})


def _bound(
    request: ActorRequest, table: Table, rows: object, view: BalanceView
) -> tuple[object, HttpResponse | None]:
    """Bind a table; a wanted export says what the figures count and goes on record."""
    bound = table.bind(request, list(rows), demo=view.is_demo)  # type: ignore[call-overload]
    if not bound.export:
        return bound, None
    bound.notes = document.limits(view)
    audit(
        request.actor, "balance.exported", obj=("balance_report", str(view.uuid)), detail={"table": table.key}
    )
    return bound, bound.response()


@require_GET
@action("balance.read")
def overview(request: ActorRequest) -> HttpResponse:
    """Show all industries with their indices, and what demand rests on, source by source."""
    view = selectors.balance(request.actor)
    if view is None:
        return _page(request, "overview", {"report": None})
    table, file = _bound(request, tables.INDUSTRIES, view.industries, view)
    context = {
        "report": view,
        "table": table,
        "bar": _bar(view),
        "limits": document.limits(view),
        "tab": "overview",
    }
    return file or _page(request, "overview", context)


def _bar(view: BalanceView) -> dict[str, object]:
    known = [item for item in view.industries if item.uncovered]
    return {
        "title": _("未被专业讲到的需求，按产业"),
        "unit": "%",
        "category_title": _("产业"),
        "categories": [str(item.name) for item in known],
        "links": [reverse("evidence", args=["balance_line", item.uuid]) for item in known],
        "series": [
            {
                "name": _("未覆盖的需求"),
                "data": [round(item.uncovered.value * 100, 1) for item in known if item.uncovered],
                "count": [item.postings for item in known],
                "low": [round(item.uncovered.low * 100, 1) for item in known if item.uncovered],
                "high": [round(item.uncovered.high * 100, 1) for item in known if item.uncovered],
            }
        ],
    }


def _report(request: ActorRequest) -> BalanceView:
    view = selectors.balance(request.actor)
    if view is None:
        raise Http404
    return view


@require_GET
@action("balance.read")
def industry(request: ActorRequest, key: str) -> HttpResponse:
    """Show the posts of an industry."""
    view = _report(request)
    item = view.industry(key)
    if item is None:
        raise Http404
    table, file = _bound(request, tables.POSTS, item.posts, view)
    context = {
        "report": view,
        "item": item,
        "index": wording.share(item.uncovered),
        "table": table,
        "top": [(line, wording.total_sentence(line)) for line in item.skills[:15]],
    }
    return file or _page(request, "industry", context)


@require_GET
@action("balance.read")
def post(request: ActorRequest, key: str) -> HttpResponse:
    """Show a post: its skills, the programmes that train for it with their hours, and its kinds of gap."""
    view = _report(request)
    item = view.post(key)
    if item is None:
        raise Http404
    table, file = _bound(request, tables.SKILLS, item.skills, view)
    context = {
        "report": view,
        "item": item,
        "uncovered": wording.share(item.uncovered),
        "quantity": wording.index(item.quantity, signed=True),
        "table": table,
        "gaps": wording.post_gaps(item),
        "hours": _hours(item),
    }
    return file or _page(request, "post", context)


def _hours(item: PostLine) -> list[tuple[object, list[tuple[str, float]]]]:
    """Return each programme with the hours at which it teaches the most asked skills of the post."""
    return [
        (view, [(str(line.skill.name), line.hours.get(str(view.uuid), 0.0)) for line in item.skills[:10]])
        for view in item.programmes
    ]


@require_GET
@action("balance.read")
def table_one(request: ActorRequest) -> HttpResponse:
    """Show table 1 for the lead industries or a chosen one, on screen and as a file."""
    view = selectors.balance(request.actor)
    if view is None:
        return redirect("management:balance")  # which says what will be here and how it comes about
    chosen = request.GET.get("industry", "")
    industries = _chosen(view, chosen)
    wanted = request.GET.get("export", "")
    if wanted == "csv":
        rows = tables.table_one_rows(industries)
        _table, file = _bound(request, tables.TABLE_ONE, rows, view)
        if file:
            return file
    if wanted in _FILES:
        made = document.table_one(view, industries)
        audit(
            request.actor,
            "balance.exported",
            obj=("balance_report", str(view.uuid)),
            detail={"table": wanted},
        )
        content = to_docx(made) if wanted == "docx" else to_xlsx(made)
        response = HttpResponse(content, content_type=_FILES[wanted])
        response["Content-Disposition"] = f'attachment; filename="balance-table-1.{wanted}"'
        return response
    context = {
        "report": view,
        "chosen": chosen,
        "choices": view.industries,
        "industries": [(item, [_cells(row) for row in item.posts]) for item in industries],
        "limits": document.limits(view),
        "tab": "table",
    }
    return _page(request, "table_one", context)


def _chosen(view: BalanceView, key: str) -> list[IndustryLine]:
    if key:
        found = view.industry(key)
        if found is None:
            raise Http404
        return [found]
    return [item for item in view.industries if item.is_lead]


def _cells(row: PostLine) -> dict[str, object]:
    top = sorted(row.skills, key=lambda line: (-line.share.value, line.skill.key))[: tables.CORE_SKILLS]
    return {
        "line": row,
        "skills": top,
        "gaps": wording.post_gaps(row),
        "many": len(row.programmes) + row.others > 1,
    }


@require_POST
@action("balance.compute")
def recompute(request: ActorRequest) -> HttpResponse:
    """Queue a new computation and show its run page."""
    require(request.actor, "balance.compute", BalanceReport(org_root_id=request.actor.org_root_id or 0))
    return redirect("jobs:run", uuid=enqueue_balance(acting=request.actor).uuid)
