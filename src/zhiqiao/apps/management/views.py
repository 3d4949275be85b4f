"""Pages of programmes: gap list, proposals, course table, coverage matrix, module."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from zhiqiao.apps.management import actions, charts, reasons, selectors
from zhiqiao.apps.management.errors import BadEdit, ManagementError
from zhiqiao.apps.management.forms import read_decision
from zhiqiao.apps.management.gap import PROTECTED
from zhiqiao.apps.management.jobs import enqueue_gap
from zhiqiao.apps.management.models import GapReport, Proposal
from zhiqiao.apps.management.tables import GAP, PROGRAMMES, programme_rows
from zhiqiao.platform.data.api import (
    ProgrammeView,
    alerts_of_roles,
    coverage,
    module_revisions,
    programme,
    programme_brief,
    programme_of_module,
    programmes,
)
from zhiqiao.platform.governance.api import ActorRequest, action, audit, can, require

_ALERTS_SHOWN = 5


def _page(
    request: ActorRequest, template: str, view: ProgrammeView, *, tab: str, context: dict[str, object]
) -> HttpResponse:
    """Render a page of one programme with what all its tabs share."""
    scope = GapReport(programme_path=view.path, org_root_id=view.org_root_id)
    shared = {
        "programme": view,
        "tab": tab,
        "may_compute": can(request.actor, "gaps.compute", scope),
        "may_decide": can(
            request.actor,
            "proposals.decide",
            Proposal(programme_path=view.path, org_root_id=view.org_root_id),
        ),
    }
    return render(request, f"management/{template}.html", {**shared, **context})


def _titled(items: Sequence[selectors.ProposalView]) -> list[tuple[selectors.ProposalView, str]]:
    return [(item, reasons.proposal_title(item)) for item in items]


@require_GET
@action("programmes.read")
def programme_list(request: ActorRequest) -> HttpResponse:
    """List the programmes one may see, with the state of their gap."""
    views = programmes(request.actor)
    demo = any(view.is_demo for view in views)
    table = PROGRAMMES.bind(request, programme_rows(request.actor, views), demo=demo)
    if table.export:
        audit(request.actor, "programmes.exported")
        return table.response()
    return render(request, "management/programmes.html", {"table": table})


@require_GET
@action("gaps.read")
def gap(request: ActorRequest, uuid: UUID) -> HttpResponse:
    """Show the gap list of a programme."""
    view = programme(request.actor, uuid)
    report = selectors.report_of(request.actor, uuid)
    table = GAP.bind(request, report.lines, demo=report.is_demo) if report else None
    gaps = coverage(request.actor, [role.id for role in view.roles], today=timezone.localdate())
    if table and table.export:
        table.notes = gaps.texts
        audit(request.actor, "gap.exported", obj=("gap_report", str(report.uuid) if report else ""))
        return table.response()
    context: dict[str, object] = {"report": report, "table": table, "coverage": gaps}
    if report:
        context["bar"] = charts.demand_bar(report.lines)
        context["counts"] = {status: report.count(status) for status in ("missing", "thin", "covered")}
        context["proposals"] = _titled(selectors.proposals_of(request.actor, view, states=["open"])[:3])
    return _page(request, "gap", view, tab="gap", context=context)


@require_GET
@action("gaps.read")
def demand_alerts(request: ActorRequest, uuid: UUID) -> HttpResponse:
    """Return the lines about changed demand in the programme's target posts, a part of its gap page."""
    view = programme_brief(request.actor, uuid)
    items = alerts_of_roles(request.actor, [role.key for role in view.roles])[:_ALERTS_SHOWN]
    return render(request, "management/_alerts.html", {"alerts": items, "programme": view})


@require_POST
@action("gaps.compute")
def recompute(request: ActorRequest, uuid: UUID) -> HttpResponse:
    """Queue a new computation and show its run page."""
    view = programme(request.actor, uuid)
    require(request.actor, "gaps.compute", GapReport(programme_path=view.path, org_root_id=view.org_root_id))
    run = enqueue_gap(view, acting=request.actor)
    return redirect("jobs:run", uuid=run.uuid)


@require_GET
@action("proposals.read")
def proposals(request: ActorRequest, uuid: UUID) -> HttpResponse:
    """Show all proposals of a programme."""
    view = programme(request.actor, uuid)
    items = [
        (item, reasons.proposal_title(item), reasons.proposal_reason(item))
        for item in selectors.proposals_of(request.actor, view)
    ]
    report = selectors.report_of(request.actor, uuid)
    return _page(request, "proposals", view, tab="proposals", context={"items": items, "report": report})


@require_GET
@action("proposals.read")
def proposal(request: ActorRequest, uuid: UUID) -> HttpResponse:
    """Show one proposal with its reasons and, to its programme head, the decision."""
    return _proposal_page(request, uuid, error="")


def _proposal_page(request: ActorRequest, uuid: UUID, *, error: str, status: int = 200) -> HttpResponse:
    item, view = selectors.proposal(request.actor, uuid)
    context = {
        "item": item,
        "error": error,
        "title": reasons.proposal_title(item),
        "reason": reasons.proposal_reason(item),
        "lines": [(line, reasons.line_reason(line)) for line in item.lines],
        "names": reasons.new_module_name(item),
        "modules": [
            (course, module) for course, module in view.modules() if course.category not in PROTECTED
        ],
        "levels": [(1, _("了解")), (2, _("理解")), (3, _("掌握")), (4, _("熟练"))],
    }
    response = _page(request, "proposal", view, tab="proposals", context=context)
    response.status_code = status
    return response


@require_POST
@action("proposals.decide")
def decide(request: ActorRequest, uuid: UUID) -> HttpResponse:
    """Take the decision; a decision that can not be taken says why and keeps the page."""
    item, view = selectors.proposal(request.actor, uuid)
    try:
        decision = read_decision(request.POST, item, view)
        if request.POST.get("decision") == "reject":
            actions.reject(
                uuid,
                acting=request.actor,
                version=decision.version,
                reason=decision.reason,
                now=timezone.now(),
            )
            messages.success(request, _("已驳回，并记录理由。同样的建议不会再次提出。"))
        else:
            actions.accept(
                uuid,
                acting=request.actor,
                version=decision.version,
                edit=decision.edit,
                reason=decision.reason,
                now=timezone.now(),
            )
            messages.success(request, _("已采纳，课程表已更新，并保留了修改前的版本。"))
    except BadEdit as error:
        return _proposal_page(request, uuid, error=str(error), status=422)
    except ManagementError as error:
        return _proposal_page(request, uuid, error=str(error), status=409)
    return redirect("management:proposal", uuid=uuid)


@require_GET
@action("programmes.read")
def courses(request: ActorRequest, uuid: UUID) -> HttpResponse:
    """Show the course table with what each course alone teaches of what posts ask for."""
    view = programme(request.actor, uuid)
    report = selectors.report_of(request.actor, uuid) if can(request.actor, "gaps.read") else None
    exposed = selectors.exposed_by_course(view, report.lines) if report else {}
    rows = [(course, exposed.get(course.uuid, ())) for course in view.courses]
    return _page(request, "courses", view, tab="courses", context={"rows": rows, "report": report})


@require_GET
@action("gaps.read")
def matrix(request: ActorRequest, uuid: UUID) -> HttpResponse:
    """Show which course teaches which asked skill."""
    view = programme(request.actor, uuid)
    report = selectors.report_of(request.actor, uuid)
    chart = charts.coverage_matrix(view, report.lines) if report else None
    return _page(request, "matrix", view, tab="matrix", context={"report": report, "chart": chart})


@require_GET
@action("programmes.read")
def module(request: ActorRequest, uuid: UUID) -> HttpResponse:
    """Show one module: skills with demand, proposals, history."""
    view = programme_of_module(request.actor, uuid)
    course, found = next(
        (course, item) for course in view.courses for item in course.modules if item.uuid == uuid
    )
    may_gap = can(request.actor, "gaps.read")
    report = selectors.report_of(request.actor, view.uuid) if may_gap else None
    lines = {line.key: line for line in report.lines} if report else {}
    context = {
        "course": course,
        "module": found,
        "skills": [(skill, lines.get(skill.key)) for skill in found.skills],
        "proposals": _titled(selectors.proposals_of_module(request.actor, uuid, view)) if may_gap else (),
        "revisions": module_revisions(request.actor, uuid),
    }
    return _page(request, "module", view, tab="courses", context=context)
