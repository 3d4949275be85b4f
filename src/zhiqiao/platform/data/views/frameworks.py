"""Pages of competency frameworks: the list, a version, the editor, the difference of two versions, publication."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from zhiqiao.infra.text import is_plain
from zhiqiao.platform.data.competency import building, drafting, frameworks, publishing, tables
from zhiqiao.platform.data.competency.comparing import differences
from zhiqiao.platform.data.competency.forms import NewFrameworkForm
from zhiqiao.platform.data.competency.panels import panels
from zhiqiao.platform.data.errors import Refused
from zhiqiao.platform.data.models import CompetencyFramework
from zhiqiao.platform.data.selectors import taxonomy
from zhiqiao.platform.governance.api import Actor, ActorRequest, action, audit, can, get_visible


@require_GET
@action("frameworks.read")
def framework_list(request: ActorRequest) -> HttpResponse:
    """List the frameworks one may see."""
    found = frameworks.frameworks(request.actor)
    table = tables.FRAMEWORKS.bind(request, tables.framework_rows(found))
    if table.export:
        audit(request.actor, "frameworks.exported", detail={"what": "list"})
        return table.response()
    context = {"table": table, "may_manage": can(request.actor, "frameworks.manage")}
    return render(request, "data/competency/frameworks.html", context)


@require_http_methods(["GET", "POST"])
@action("frameworks.manage")
def framework_new(request: ActorRequest) -> HttpResponse:
    """Begin a framework by hand or from an example."""
    form = NewFrameworkForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = _begin(request.actor, form)
        except Refused as error:
            form.add_error(None, str(error))
        else:
            return redirect("data:framework_edit", uuid=made)
    status = 422 if form.errors else 200
    return render(request, "data/competency/framework_new.html", {"form": form}, status=status)


def _begin(actor: Actor, form: NewFrameworkForm) -> UUID:
    data = form.cleaned_data
    example = next((one for one in building.examples() if one.id == data["example"]), None)
    if example is not None:
        return building.from_example(actor, example).uuid
    return building.start_framework(actor, data["name_zh"], data["name_en"]).uuid


@require_GET
@action("frameworks.read")
def framework(request: ActorRequest, uuid: UUID) -> HttpResponse:
    """Lead to the version in force, else to the draft."""
    view = frameworks.framework_of(request.actor, uuid)
    shown = view.in_force or view.draft
    if shown is None:
        raise Http404
    return redirect("data:framework_version", uuid=shown.uuid)


@require_GET
@action("frameworks.read")
def framework_version(request: ActorRequest, uuid: UUID) -> HttpResponse:
    """Show a version whole, with the others of its framework."""
    row = frameworks.version_row(request.actor, "frameworks.read", uuid)
    view = frameworks.version_view(row)
    manages = can(request.actor, "frameworks.manage", row)
    context = {
        "view": view,
        "framework": frameworks.framework_of(request.actor, view.framework_uuid),
        "may_edit": manages and view.is_draft,
        "may_begin": manages and not view.is_draft,
        "may_publish": view.is_draft and can(request.actor, "frameworks.publish", row),
        "panels": panels(request.actor, view),
        "study": row.study if row.study and can(request.actor, "competency.read", row.study) else None,
    }
    return render(request, "data/competency/framework.html", context)


@require_GET
@action("frameworks.read")
def framework_export(request: ActorRequest, uuid: UUID) -> HttpResponse:
    """Hand a version out as a table, one line per skill."""
    view = frameworks.framework_version(request.actor, uuid)
    table = tables.LINES.bind(request, tables.lines_of(view), demo=view.is_demo)
    if not table.export:
        return redirect(f"{request.path}?export=csv")
    table.notes = [
        _("%(name)s，第 %(number)s 版，%(state)s，%(owner)s")
        % {"name": view.name, "number": view.number, "state": view.state_label, "owner": view.owner},
        *([_("来源：%(source)s") % {"source": view.source}] if view.source else []),
    ]
    audit(request.actor, "frameworks.exported", detail={"version": str(view.uuid)})
    return table.response()


@require_GET
@action("frameworks.read")
def framework_diff(request: ActorRequest, uuid: UUID) -> HttpResponse:
    """Show what changed between an older version and this one."""
    view = frameworks.framework_version(request.actor, uuid)
    owner = frameworks.framework_of(request.actor, view.framework_uuid)
    others = [one for one in owner.versions if one.number < view.number]
    wanted = request.GET.get("from", "")
    chosen = next((one for one in others if str(one.uuid) == wanted), others[0] if others else None)
    if chosen is None:
        messages.error(request, _("这是第一版，没有可以比较的旧版。"))
        return redirect("data:framework_version", uuid=uuid)
    old = frameworks.framework_version(request.actor, chosen.uuid)
    context = {"view": view, "old": old, "others": others, "parts": differences(old, view)}
    return render(request, "data/competency/framework_diff.html", context)


@require_POST
@action("frameworks.manage")
def framework_draft(request: ActorRequest, uuid: UUID) -> HttpResponse:
    """Begin the next version."""
    row = get_visible(request.actor, "frameworks.manage", CompetencyFramework.objects.all(), uuid=uuid)
    try:
        made = building.next_draft(request.actor, row)
    except Refused as error:
        messages.error(request, str(error))
        return redirect("data:framework", uuid=uuid)
    return redirect("data:framework_edit", uuid=made.uuid)


@require_http_methods(["GET", "POST"])
@action("frameworks.manage")
def framework_edit(request: ActorRequest, uuid: UUID) -> HttpResponse:
    """Edit a draft: every button is one verb, saved at once."""
    row = frameworks.version_row(request.actor, "frameworks.manage", uuid)
    if request.method == "POST":
        try:
            _edit(request.actor, uuid, request.POST)
        except Refused as error:
            messages.error(request, str(error))
        at = request.POST.get("at", "")
        place = f"?at={at}#{at}" if at.replace("-", "").isalnum() else ""
        return redirect(f"{reverse('data:framework_edit', args=[uuid])}{place}")
    view = frameworks.version_view(row)
    if not view.is_draft:
        return redirect("data:framework_version", uuid=uuid)
    context = {
        "view": view,
        "may_publish": can(request.actor, "frameworks.publish", row),
        "at": request.GET.get("at", "").removeprefix("p"),
    }
    return render(request, "data/competency/framework_edit.html", context)


def _edit(actor: Actor, version: UUID, data: QueryDict) -> None:
    if not all(is_plain(value) for _name, values in data.lists() for value in values):
        raise Refused(_("含有看不见的控制字符，没有保存；请重新输入。"))
    seen, zh, en = _seen(data), data.get("name_zh", ""), data.get("name_en", "")
    match data.get("verb"):
        case "add_dimension":
            drafting.add_dimension(actor, version, zh, en, seen=seen)
        case "add_indicator":
            drafting.add_indicator(actor, version, _uuid(data, "part"), zh, en, seen=seen)
        case "rename":
            drafting.rename_part(actor, version, _uuid(data, "part"), zh, en, seen=seen)
        case "remove":
            drafting.remove_part(actor, version, _uuid(data, "part"), seen=seen)
        case "up":
            drafting.shift_part(actor, version, _uuid(data, "part"), "up", seen=seen)
        case "down":
            drafting.shift_part(actor, version, _uuid(data, "part"), "down", seen=seen)
        case "move_indicator":
            drafting.move_indicator(actor, version, _uuid(data, "part"), _uuid(data, "to"), seen=seen)
        case "add_skill":
            drafting.add_skill(actor, version, _uuid(data, "part"), data.get("target", ""), seen=seen)
        case "remove_skill":
            drafting.remove_skill(actor, version, data.get("skill", ""), seen=seen)
        case "move_skill":
            drafting.move_skill(actor, version, data.get("skill", ""), _uuid(data, "to"), seen=seen)
        case _:
            raise Refused(_("没有这个操作。"))


def _seen(data: QueryDict) -> int:
    text = data.get("seen", "")
    return int(text) if text.isascii() and text.isdigit() else -1


def _uuid(data: QueryDict, name: str) -> UUID:
    try:
        return UUID(data.get(name, ""))
    except ValueError as error:
        raise Refused(_("请先选择要放到哪里。")) from error


@require_POST
@action("frameworks.publish")
def framework_publish(request: ActorRequest, uuid: UUID) -> HttpResponse:
    """Put a draft into force."""
    try:
        row = publishing.publish_version(request.actor, uuid, seen=_seen(request.POST))
        messages.success(request, _("第 %(number)s 版已发布，不能再改。") % {"number": row.number})
    except Refused as error:
        messages.error(request, str(error))
        return redirect("data:framework_edit", uuid=uuid)
    return redirect("data:framework_version", uuid=uuid)


@require_POST
@action("frameworks.manage")
def framework_discard(request: ActorRequest, uuid: UUID) -> HttpResponse:
    """Throw a draft away."""
    try:
        publishing.discard_draft(request.actor, uuid, seen=_seen(request.POST))
        messages.success(request, _("草稿已放弃。"))
    except Refused as error:
        messages.error(request, str(error))
        return redirect("data:framework_edit", uuid=uuid)
    return redirect("data:frameworks")


@require_GET
@action("frameworks.manage")
def framework_skills(request: ActorRequest) -> HttpResponse:
    """Return skills that match what is being typed, as choices."""
    query = request.GET.get("target_q", "")[:100]
    context = {"options": taxonomy.find_skills(query), "field": "target", "query": query}
    return render(request, "data/taxonomy/_options.html", context)
