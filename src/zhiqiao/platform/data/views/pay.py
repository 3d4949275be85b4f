"""Pages of pay by source: all posts, and one post with its figures side by side."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from zhiqiao.platform.data import source_tables
from zhiqiao.platform.data.merging import merging_rules
from zhiqiao.platform.data.selectors import pay as selectors
from zhiqiao.platform.data.selectors.demand import live
from zhiqiao.platform.data.views.postings import exported
from zhiqiao.platform.governance.api import ActorRequest, action, can


@require_GET
@action("postings.read")
def conflicts(request: ActorRequest) -> HttpResponse:
    """List the posts of which sources state the pay, contradictions first."""
    among = live(request.actor)
    rows = selectors.pay_by_role(request.actor, among=among)
    table = source_tables.PAY.bind(
        request, rows, demo=among.is_demo, can_export=can(request.actor, "postings.export")
    )
    if table.export:
        return exported(request, table)
    context = {
        "table": table,
        "rules": merging_rules().conflict,
        "contradicting": sum(bool(row.conflicts) for row in rows),
    }
    return render(request, "data/sources_conflicts.html", context)


@require_GET
@action("postings.read")
def role_pay(request: ActorRequest, key: str) -> HttpResponse:
    """Show what every source says of one post's pay."""
    among = live(request.actor)
    found = selectors.pay_of_role(request.actor, key, among=among)
    contradicting = {
        (pair.one.figure_uuid, pair.other.figure_uuid): pair.difference for pair in found.conflicts
    }
    marked = {uuid for pair in contradicting for uuid in pair}
    context = {
        "found": found,
        "lines": [(figure, figure.figure_uuid in marked) for figure in found.figures],
        "rules": merging_rules().conflict,
        "demo": any(figure.is_demo for figure in found.figures),
    }
    return render(request, "data/sources_pay.html", context)
