"""Pages of competency discovery: the runs, a new one, one with its groups, and experts' edits."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from zhiqiao.infra.text import is_plain
from zhiqiao.platform.data.competency import building, editing, studies, studying, tables
from zhiqiao.platform.data.competency.forms import FromStudyForm, StudyForm
from zhiqiao.platform.data.competency.groups import read_grouping
from zhiqiao.platform.data.competency.settings import study_rules
from zhiqiao.platform.data.errors import Conflict, Refused
from zhiqiao.platform.data.models import CompetencyStudy, Skill, StudyState
from zhiqiao.platform.governance.api import Actor, ActorRequest, action, audit, can


@require_GET
@action("competency.read")
def study_list(request: ActorRequest) -> HttpResponse:
    """List the runs of one's organisation."""
    table = tables.STUDIES.bind(request, studies.studies(request.actor))
    if table.export:
        audit(request.actor, "competency.exported")
        return table.response()
    context = {"table": table, "may_manage": can(request.actor, "competency.manage")}
    return render(request, "data/competency/studies.html", context)


@require_http_methods(["GET", "POST"])
@action("competency.manage")
def study_new(request: ActorRequest) -> HttpResponse:
    """Choose what a run looks at, and start it."""
    form = StudyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            study = studying.start_study(request.actor, form.wanted())
        except Refused as error:
            form.add_error(None, str(error))
        else:
            return redirect("data:study", uuid=study.uuid)
    status = 422 if form.errors else 200
    return render(request, "data/competency/study_new.html", {"form": form}, status=status)


@require_GET
@action("competency.read")
def study(request: ActorRequest, uuid: UUID) -> HttpResponse:
    """Show a run: its progress while it is on its way, its groups afterwards."""
    row = studies.get_study(request.actor, "competency.read", uuid)
    context = _context(request.actor, row) | {"at": request.GET.get("at", "")}
    return render(request, "data/competency/study.html", context)


@require_GET
@action("competency.read")
def study_progress(request: ActorRequest, uuid: UUID) -> HttpResponse:
    """Return the changing part of a run's page; a finished one loads the whole page anew."""
    row = studies.get_study(request.actor, "competency.read", uuid)
    context = _head(request.actor, row)
    if not context["is_open"]:
        response = HttpResponse(status=204)
        response["HX-Redirect"] = reverse("data:study", args=[uuid])
        return response
    return render(request, "data/competency/_study_progress.html", context)


def _head(actor: Actor, row: CompetencyStudy) -> dict[str, object]:
    run = studies.run_of(row)
    state = studies.state_of(row, run)
    return {
        "item": row,
        "run": run,
        "state": state,
        "is_open": state in studying.OPEN,
        "may_manage": can(actor, "competency.manage", row),
    }


def _context(actor: Actor, row: CompetencyStudy) -> dict[str, object]:
    context = _head(actor, row) | {"scope": studies.scope_names(row)}
    if context["state"] != StudyState.DONE:
        return context
    rules, unclustered = study_rules(), read_grouping(row.grouping).unclustered
    edits = studies.edit_lines(row)
    return context | {
        "groups": studies.groups_of(actor, row),
        "edits": edits,
        "may_undo": any(one.undone_at is None for one in edits),
        "left": Skill.objects.filter(key__in=unclustered).order_by("key") if unclustered else (),
        "left_count": len(unclustered),
        "is_stable": row.agreement is not None and row.agreement >= rules.stable_from,
        "is_coherent": row.coherence is not None and row.coherence >= rules.coherent_from,
        "may_frame": can(actor, "frameworks.manage"),
        "carried": row.carried,
    }


@require_POST
@action("competency.manage")
def study_act(request: ActorRequest, uuid: UUID) -> HttpResponse:
    """Carry out one verb on a run and come back to where the person was; what is refused keeps what was filled in."""
    row = studies.get_study(request.actor, "competency.manage", uuid)
    target = row
    try:
        match request.POST.get("verb"):
            case "cancel":
                studying.cancel_study(request.actor, row)
                messages.success(request, _("已取消，没有保存任何结果。"))
            case "rerun":
                target = studying.rerun_study(request.actor, row)
            case verb:
                _edit(request.actor, row, str(verb), request.POST)
                messages.success(request, _("已撤销。") if verb == "undo" else _("已保存；可以撤销。"))
    except Refused as error:
        return _refused(request, uuid, error)
    at = request.POST.get("at", "")
    place = f"?at={at}#{at}" if at.isalnum() else ""
    return redirect(f"{reverse('data:study', args=[target.uuid])}{place}")


def _refused(request: ActorRequest, uuid: UUID, error: Refused) -> HttpResponse:
    given, row = request.POST, studies.get_study(request.actor, "competency.manage", uuid)
    at, grouping = given.get("at", ""), read_grouping(row.grouping)
    places = {group.id for group in grouping.groups} | ({"left"} if grouping.unclustered else set())
    context = _context(request.actor, row) | {
        "fault": str(error),
        "at": at if at in places else "",
        "given": given,
        "picked": given.getlist("picked"),
    }
    status = 409 if isinstance(error, Conflict) else 422
    return render(request, "data/competency/study.html", context, status=status)


@transaction.atomic
def _edit(actor: Actor, row: CompetencyStudy, verb: str, data: QueryDict) -> None:
    if not all(is_plain(value) for _name, values in data.lists() for value in values):
        raise Refused(_("含有看不见的控制字符，没有保存；请重新输入。"))
    text = data.get("seen", "")
    seen = int(text) if text.isascii() and text.isdigit() else -1
    group, picked = data.get("group", ""), data.getlist("picked")
    match verb:
        case "rename":
            editing.rename_group(actor, row, group, data.get("name", ""), seen=seen)
        case "merge":
            editing.merge_groups(actor, row, [group, data.get("to", "")], seen=seen)
        case "split":
            editing.split_group(actor, row, group, picked, name=data.get("name", ""), seen=seen)
        case "undo":
            editing.undo_last(actor, row, seen=seen)
        case "move" | "remove" | "add" if picked:
            for number, skill in enumerate(picked):
                _edit_skill(actor, row, (verb, skill, data.get("to", "")), seen=seen + number)
        case "move" | "remove" | "add":
            raise Refused(_("请先勾选技能。"))
        case _:
            raise Refused(_("没有这个操作。"))


def _edit_skill(actor: Actor, row: CompetencyStudy, edit: tuple[str, str, str], *, seen: int) -> None:
    verb, skill, to = edit
    match verb:
        case "move":
            editing.move_skill(actor, row, skill, to, seen=seen)
        case "remove":
            editing.remove_skill(actor, row, skill, seen=seen)
        case _:
            editing.add_skill(actor, row, skill, to, seen=seen)


@require_http_methods(["GET", "POST"])
@action("frameworks.manage")
def study_framework(request: ActorRequest, uuid: UUID) -> HttpResponse:
    """Choose groups of a run and make a framework of them."""
    row = studies.get_study(request.actor, "competency.read", uuid)
    groups = [(one.id, one.name) for one in read_grouping(row.grouping).groups]
    form = FromStudyForm(request.POST or None, groups=groups, initial={"name_zh": row.title})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            made = building.from_study(
                request.actor, row, data["name_zh"], groups=data["groups"], most_skills=data["most_skills"]
            )
        except Refused as error:
            form.add_error(None, str(error))
        else:
            return redirect("data:framework_edit", uuid=made.uuid)
    context = {"form": form, "item": row}
    return render(
        request, "data/competency/study_framework.html", context, status=422 if form.errors else 200
    )
