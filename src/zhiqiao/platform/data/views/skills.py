"""Pages of skills: the catalogue with demand, and one skill with posts, months, sentences and modules."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from zhiqiao.platform.data import charts, tables
from zhiqiao.platform.data.selectors import skills as selectors
from zhiqiao.platform.data.selectors.codes import doubted
from zhiqiao.platform.data.selectors.coverage import coverage, source_shares
from zhiqiao.platform.data.selectors.demand import live
from zhiqiao.platform.data.selectors.postings import sentences
from zhiqiao.platform.data.taxonomy.actions import behind_of, may_decide
from zhiqiao.platform.data.views.postings import exported
from zhiqiao.platform.governance.api import ActorRequest, action, can

_SENTENCES = 20


@require_GET
@action("skills.read")
def skill_list(request: ActorRequest) -> HttpResponse:
    """List the skills with their demand."""
    among = live(request.actor)
    lines = selectors.skill_lines(request.actor, among=among)
    demo = among.is_demo
    table = tables.skills_table(lines).bind(
        request, lines, demo=demo, can_export=can(request.actor, "postings.export")
    )
    reads = can(request.actor, "postings.read")
    gaps = coverage(request.actor, today=timezone.localdate(), among=among) if reads else None
    if table.export:
        table.notes = gaps.texts if gaps else ()
        return exported(request, table)
    bar = charts.top_skills(lines, title=_("要求最多的技能"), demo=demo)
    context = {
        "table": table,
        "bar": bar if bar["categories"] else None,
        "total": lines[0].total if lines else 0,
        "may_import": can(request.actor, "imports.create"),
        "reads_postings": reads,
        "coverage": gaps,
        "may_propose": can(request.actor, "taxonomy.propose"),
        "behind": behind_of(among) if can(request.actor, "taxonomy.read") else 0,
        "doubted": doubted(among) if reads else None,
    }
    return render(request, "data/skills.html", context)


@require_GET
@action("skills.read")
def skill(request: ActorRequest, key: str) -> HttpResponse:
    """Show one skill."""
    among = live(request.actor)
    page = selectors.skill_page(request.actor, key, among=among)
    reads, demo = can(request.actor, "postings.read"), among.is_demo
    context = {
        "page": page,
        "line": page.line,
        "demo": demo,
        "reads_postings": reads,
        "reads_programmes": can(request.actor, "programmes.read"),
        "bar": charts.by_role(page, demo=demo) if page.roles else None,
        "months": charts.by_month(page, demo=demo) if page.months else None,
        "graph": charts.skill_graph(page, demo=demo) if page.roles or page.modules else None,
        "sentences": sentences(request.actor, key, limit=_SENTENCES) if reads and page.line.count else [],
        "coverage": coverage(request.actor, today=timezone.localdate(), among=among) if reads else None,
        "shares": source_shares(among, skill_id=page.line.skill.id) if reads else (),
        "may_keep": may_decide(request.actor) and page.is_active,
        "modules": [(item, charts.module_url(item.uuid)) for item in page.modules],
    }
    return render(request, "data/skill.html", context)
