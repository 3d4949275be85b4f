"""Pages of postings and posts: list, one posting with its text, posts with their demand, posts × skills."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from zhiqiao.infra.ui.bound import BoundTable
from zhiqiao.platform.data import charts, coding, tables
from zhiqiao.platform.data.forms import CorrectionForm
from zhiqiao.platform.data.reading import passages
from zhiqiao.platform.data.selectors import postings as selectors
from zhiqiao.platform.data.selectors.codes import code_choices, doubted
from zhiqiao.platform.data.selectors.coverage import coverage
from zhiqiao.platform.data.selectors.demand import live
from zhiqiao.platform.data.selectors.skills import heat_map, skill_lines
from zhiqiao.platform.governance.api import ActorRequest, action, audit, can

_LONGEST_KEY = 100


@require_GET
@action("postings.read")
def posting_list(request: ActorRequest) -> HttpResponse:
    """List the postings one may see, narrowed by filters."""
    actor = request.actor
    among = live(actor)
    choices = selectors.filter_choices(actor, among, skill=request.GET.get("skill", "")[:_LONGEST_KEY])
    choices |= code_choices()
    table = tables.postings_table(choices, may_import=can(actor, "imports.create")).bind(
        request, selectors.postings(among), demo=among.is_demo, can_export=can(actor, "postings.export")
    )
    if table.export:
        return exported(request, table)
    context = {
        "table": table,
        "may_import": can(actor, "imports.create"),
        "may_correct": can(actor, "postings.correct"),
        "doubted": doubted(among),
    }
    return render(request, "data/postings.html", context)


@require_GET
@action("postings.read")
def posting(request: ActorRequest, uuid: UUID) -> HttpResponse:
    """Show one posting with the skills highlighted in its text."""
    item = selectors.posting_detail(request.actor, uuid)
    names = {skill.key: str(skill.name) for skill in item.skills}
    return render(
        request,
        "data/posting.html",
        {
            "item": item,
            "may_propose": can(request.actor, "taxonomy.propose"),
            "passages": passages(item.parts, names, doubts=item.codes.doubts),
            "answer": coding.answer_for(item.title),
            "form": CorrectionForm(),
            "may_correct": item.may_correct,
            "may_correct_occupation": can(request.actor, "occupations.correct"),
            "may_manage": can(request.actor, "occupations.manage"),
        },
    )


@require_GET
@action("postings.read")
def role_list(request: ActorRequest) -> HttpResponse:
    """List the posts of the region with their postings."""
    among = live(request.actor)
    rows = selectors.roles_in_demand(request.actor, among=among)
    table = tables.ROLES.bind(
        request, rows, demo=among.is_demo, can_export=can(request.actor, "postings.export")
    )
    if table.export:
        return exported(request, table)
    return render(request, "data/roles.html", {"table": table, "doubted": doubted(among)})


@require_GET
@action("postings.read")
def role(request: ActorRequest, key: str) -> HttpResponse:
    """Show the demand of one post: its skills with share and count."""
    among = live(request.actor)
    found = next(
        (line for line in selectors.roles_in_demand(request.actor, among=among) if line.key == key), None
    )
    if found is None:
        raise Http404
    lines = skill_lines(request.actor, role_id=found.id, asked_only=True, among=among)
    demo = among.is_demo
    table = tables.skills_table(lines).bind(
        request, lines, demo=demo, can_export=can(request.actor, "postings.export")
    )
    gaps = coverage(request.actor, [found.id], today=timezone.localdate(), among=among)
    if table.export:
        table.notes = gaps.texts
        return exported(request, table)
    bar = charts.top_skills(lines, title=_("这个岗位要求最多的技能"), demo=demo)
    context = {"role": found, "table": table, "bar": bar, "coverage": gaps}
    return render(request, "data/role.html", context)


@require_GET
@action("postings.read")
def heat(request: ActorRequest) -> HttpResponse:
    """Show posts × skills."""
    among = live(request.actor)
    found = heat_map(request.actor, among=among)
    data = charts.heat(found, demo=among.is_demo) if found.roles else None
    return render(
        request, "data/heat.html", {"data": data, "may_import": can(request.actor, "imports.create")}
    )


def exported(request: ActorRequest, table: BoundTable) -> HttpResponse:
    """Let an export out and leave a trace."""
    audit(request.actor, "postings.exported", detail={"path": request.get_full_path()[:300]})
    return table.response()
