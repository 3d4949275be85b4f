"""Pages of the plans: the list and how one begins, reading, comparing, approval and record."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from zhiqiao.apps.teaching import page, selectors
from zhiqiao.apps.teaching.columns import Grid
from zhiqiao.apps.teaching.comparing import difference
from zhiqiao.apps.teaching.document import Document, plan_of
from zhiqiao.apps.teaching.errors import TeachingError
from zhiqiao.apps.teaching.files import CONTENT_TYPES, written
from zhiqiao.apps.teaching.models import Origin, PlanVersion
from zhiqiao.apps.teaching.operations import value_at
from zhiqiao.apps.teaching.shown import cell_text, value_text
from zhiqiao.apps.teaching.starting import Wish, revise, start
from zhiqiao.apps.teaching.steps import STEPS, add_remark, close_point, close_remark, take_step
from zhiqiao.apps.teaching.storing import load
from zhiqiao.apps.teaching.tables import PLANS
from zhiqiao.platform.governance.api import ActorRequest, action, audit

_SECOND_HALF = 7
_LARGEST_FILE = 5 * 1024 * 1024


@dataclass(frozen=True)
class _Line:
    """A row of a table as it is read: each cell with the name of its column."""

    key: str
    cells: tuple[tuple[str, str, bool], ...]


@require_GET
@action("training_plans.read")
def plan_list(request: ActorRequest) -> HttpResponse:
    """List the plans one may see, with the form that begins one."""
    return _list(request)


def _list(request: ActorRequest, *, error: str = "", status: int = 200) -> HttpResponse:
    rows = selectors.plans_of(request.actor)
    table = PLANS.bind(request, rows, demo=any(row.is_demo for row in rows))
    if table.export:
        audit(request.actor, "training_plans.exported")
        return table.response()
    today = timezone.localdate()
    context = {
        "table": table,
        "rows": rows,
        "startable": selectors.startable(request.actor),
        "year": today.year + (today.month >= _SECOND_HALF),
        "origins": [
            (Origin.LAST_YEAR, _("复制上一年的方案，列出待核对事项")),
            (Origin.COURSES, _("用本专业现有的课程表")),
            (Origin.NOTHING, _("从空白开始")),
            (Origin.FILE, _("导入方案文件（XLSX、DOCX 或 JSON）")),
        ],
        "given": request.POST,
        "error": error,
    }
    return render(request, "teaching/plans.html", context, status=status)


@require_POST
@action("training_plans.edit")
def plan_start(request: ActorRequest) -> HttpResponse:
    """Begin a plan and open its editor; a wish that can not be met says why."""
    data = request.POST
    year = data.get("year", "")
    try:
        wish = Wish(
            UUID(data.get("programme", "")),
            int(year) if year.isascii() and year.isdecimal() else 0,
            Origin(data.get("origin", "")),
            _file(request),
        )
    except ValueError:
        fault = _("请选择专业、入学年份和开始方式；文件不超过 %(size)s MB。") % {"size": _LARGEST_FILE >> 20}
        return _list(request, error=fault, status=422)
    try:
        made = start(wish, acting=request.actor, now=timezone.now())
    except TeachingError as error:
        return _list(request, error=str(error), status=422)
    return redirect("teaching:editor", uuid=made.uuid)


def _file(request: ActorRequest) -> bytes:
    upload = request.FILES.get("file")
    if upload is None:
        return b""
    if (upload.size or 0) > _LARGEST_FILE:
        raise ValueError
    content: bytes = upload.read()
    return content


@require_GET
@action("training_plans.read")
def version(request: ActorRequest, uuid: UUID) -> HttpResponse:
    """Show a version to read and to print."""
    row = selectors.version_row(request.actor, uuid)
    document = load(row).document
    parts = []
    for part in page.parts_of(document):
        fields = [
            (one.label, value_text(one, value_at(document.head, one.path), document)) for one in part.fields
        ]
        grids = [(grid, _lines(grid, document)) for grid in part.grids if document.is_known(grid.table)]
        texts = [
            (one.label, document.rows("sections").get(one.value, {}).get("text", "")) for one in part.sections
        ]
        parts.append((part, [one for one in fields if one[1]], grids, texts))
    context = {
        "version": selectors.version(request.actor, row),
        "parts": parts,
        "rail": page.rail(request, row, document, leads=False),
        "tab": "plan",
    }
    return render(request, "teaching/version.html", context)


def _lines(grid: Grid, document: Document) -> list[_Line]:
    """Return the rows of a table with the columns that hold anything."""
    rows = document.rows(grid.table)
    texts = {
        column: [cell_text(column, document, grid.table, key) for key in rows] for column in grid.columns
    }
    used = [column for column, found in texts.items() if any(found)]
    return [
        _Line(
            key,
            tuple((column.head, texts[column][at], column.kind in {"number", "term"}) for column in used),
        )
        for at, key in enumerate(rows)
    ]


@require_GET
@action("training_plans.read")
def plan_file(request: ActorRequest, uuid: UUID, kind: str) -> HttpResponse:
    """Give out a version as a workbook or a document in the usual outline, or as the file of a plan."""
    if kind not in CONTENT_TYPES:
        raise Http404
    row = selectors.version_row(request.actor, uuid)
    view = selectors.version(request.actor, row)
    data = written(
        plan_of(load(row).document),
        kind,
        on=timezone.localdate(),
        school=view.school.zh,
        is_demo=view.is_demo,
    )
    audit(
        request.actor,
        "training_plan.downloaded",
        obj=("plan_version", str(row.uuid)),
        detail={"kind": kind},
    )
    response = HttpResponse(data, content_type=CONTENT_TYPES[kind])
    name = f"training-plan-{row.plan.entry_year}-v{row.number}.{kind}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_GET
@action("training_plans.read")
def compare(request: ActorRequest, uuid: UUID) -> HttpResponse:
    """Compare a version with an earlier one of the programme: the one it was made from, or the one chosen."""
    row = selectors.version_row(request.actor, uuid)
    others = selectors.siblings(request.actor, row)
    wanted = request.GET.get("with", "")
    other = next((one for one in others if str(one.uuid) == wanted), None)
    if wanted and other is None:
        raise Http404
    other = other or next((one for one in others if one.pk == row.based_on_id), next(iter(others), None))
    context: dict[str, object] = {
        "version": selectors.version(request.actor, row),
        "others": others,
        "other": other,
        "tab": "compare",
    }
    if other is not None:
        before, after = load(other).document, load(row).document
        shown = page.parts_of(after)
        context["difference"] = difference(before, after, shown, on=timezone.localdate())
    return render(request, "teaching/compare.html", context)


@require_GET
@action("training_plans.read")
def history(request: ActorRequest, uuid: UUID) -> HttpResponse:
    """Show steps, open points and remarks of a version."""
    return _history(request, selectors.version_row(request.actor, uuid))


def _history(request: ActorRequest, row: PlanVersion, *, error: str = "", status: int = 200) -> HttpResponse:
    context = {
        "version": selectors.version(request.actor, row),
        "steps": selectors.steps(row),
        "points": selectors.points(row),
        "remarks": selectors.remarks(row),
        "changes": row.sequence,
        "error": error,
        "tab": "history",
    }
    return render(request, "teaching/history.html", context, status=status)


@require_POST
@action("training_plans.edit")
def version_revise(request: ActorRequest, uuid: UUID) -> HttpResponse:
    """Begin a new version from this one."""
    row = selectors.version_row(request.actor, uuid)
    try:
        made = revise(uuid, acting=request.actor, now=timezone.now())
    except TeachingError as error:
        return _history(request, row, error=str(error), status=409)
    return redirect("teaching:editor", uuid=made.uuid)


@require_POST
@action("training_plans.read")
def version_step(request: ActorRequest, uuid: UUID) -> HttpResponse:
    """Take a step with a version; the step itself asks whether the person may."""
    row = selectors.version_row(request.actor, uuid)
    name = request.POST.get("step", "")
    if name not in STEPS:
        raise Http404
    try:
        take_step(
            uuid,
            name,
            acting=request.actor,
            now=timezone.now(),
            reason=request.POST.get("reason", ""),
        )
    except TeachingError as error:
        return _history(request, row, error=str(error), status=409)
    messages.success(request, _("已记录。"))
    return redirect("teaching:history", uuid=uuid)


@require_POST
@action("training_plans.remark")
def remark_add(request: ActorRequest, uuid: UUID) -> HttpResponse:
    """Keep a remark."""
    row = selectors.version_row(request.actor, uuid)
    try:
        add_remark(uuid, acting=request.actor, text=request.POST.get("text", ""), now=timezone.now())
    except TeachingError as error:
        return _history(request, row, error=str(error), status=422)
    return redirect("teaching:history", uuid=uuid)


@require_POST
@action("training_plans.edit")
def remark_close(request: ActorRequest, uuid: UUID) -> HttpResponse:
    """Say that a remark is dealt with."""
    remark = close_remark(uuid, acting=request.actor, now=timezone.now())
    return redirect("teaching:history", uuid=remark.version.uuid)


@require_POST
@action("training_plans.edit")
def point_close(request: ActorRequest, uuid: UUID) -> HttpResponse:
    """Say that an open point was looked at."""
    point = close_point(uuid, acting=request.actor, now=timezone.now())
    return redirect("teaching:history", uuid=point.version.uuid)
