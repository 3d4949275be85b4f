"""Pages of the taxonomy editor: find a missing skill, the list of terms, decide, changes with impact, versions."""

from __future__ import annotations

import time
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from zhiqiao.engines import jobmining
from zhiqiao.infra.jobs.api import runs
from zhiqiao.infra.ui.table import BulkAction
from zhiqiao.platform.data.errors import Refused
from zhiqiao.platform.data.models import ProposalState, SkillProposal
from zhiqiao.platform.data.selectors import taxonomy as selectors
from zhiqiao.platform.data.selectors.demand import live
from zhiqiao.platform.data.tables import LINE_ROLES
from zhiqiao.platform.data.taxonomy import actions, tables, terms
from zhiqiao.platform.data.taxonomy.forms import ReasonForm, TermForm
from zhiqiao.platform.data.taxonomy.words import checked, is_risky
from zhiqiao.platform.governance.api import ActorRequest, action, audit, can

#: Seconds that a page may look through texts; what is left is counted in the background.
PATIENCE = 1.5
_MOST_PICKED = 200
EFFECTS = {
    "added": gettext_lazy("新识别"),
    "moved": gettext_lazy("改归"),
    "lost": gettext_lazy("不再识别"),
}


def shown(contexts: tuple[selectors.ShownContext, ...]) -> list[dict[str, object]]:
    """Return sentences with their words for the template."""
    return [
        {
            "parts": item.parts,
            "role": LINE_ROLES.get(item.line_role, item.line_role),
            "counts": item.counts,
            "note": item.note,
            "url": item.url,
            "effect": EFFECTS.get(item.effect, ""),
        }
        for item in contexts
    ]


@require_GET
@action("taxonomy.read")
def proposal_list(request: ActorRequest) -> HttpResponse:
    """List the terms that may be missing skills."""
    actor, among = request.actor, live(request.actor)
    decides = actions.may_decide(actor)
    rows = selectors.proposals(actor, among)
    is_open = not any(request.GET.get(name) for name in ("state", "q"))
    bulk = (BulkAction(_("驳回所选的词…"), reverse("data:taxonomy_reject")),) if decides else ()
    table = tables.PROPOSALS.bind(
        request,
        rows.filter(state=ProposalState.OPEN) if is_open else rows,
        demo=among.is_demo,
        bulk=bulk,
        can_export=can(actor, "postings.export"),
    )
    if table.export:
        audit(actor, "taxonomy.exported", detail={"what": "terms"})
        return table.response()
    context = {"table": table, "is_open": is_open, **_common(request, "proposals")}
    return render(request, "data/taxonomy/proposals.html", context)


def _common(request: ActorRequest, tab: str) -> dict[str, object]:
    return {
        "tab": reverse(f"data:taxonomy_{tab}"),
        "tabs": [
            (_("待审的词"), reverse("data:taxonomy_proposals")),
            (_("改动记录"), reverse("data:taxonomy_changes")),
            (_("版本与更新"), reverse("data:taxonomy_versions")),
        ],
        "may_propose": can(request.actor, "taxonomy.propose"),
        "decides": actions.may_decide(request.actor),
    }


@require_GET
@action("taxonomy.read")
def find(request: ActorRequest) -> HttpResponse:
    """Look up whether a skill is there, and if not, where the term stands."""
    query = request.GET.get("term", "")
    form = TermForm({"term": query} if query else None)
    context: dict[str, object] = {"form": form, **_common(request, "proposals")}
    status = 200
    if query:
        try:
            context |= _looked_up(request, checked(query))
        except Refused as error:
            form.is_valid()
            form.errors.clear()
            form.add_error("term", str(error))
            status = 422
    return render(request, "data/taxonomy/find.html", context, status=status)


def _looked_up(request: ActorRequest, text: str) -> dict[str, object]:
    term, among = jobmining.term_key(text), live(request.actor)
    owner = selectors.owner_of(term)
    known = selectors.proposals(request.actor, among).filter(term=term).first()
    found: dict[str, object] = {"text": text, "owner": owner, "known": known, "risky": is_risky(text)}
    if owner is not None or not can(request.actor, "postings.read"):
        return found
    until = time.monotonic() + PATIENCE
    look = terms.look([row.uuid for row in among.imports], term, stop=lambda _n: time.monotonic() > until)
    return found | {
        "look": look,
        "total": sum(row.kept for row in among.imports),
        "contexts": shown(selectors.contexts_of(look.contexts, among)),
        "alikes": selectors.alikes([text]),
        "demo": among.is_demo,
    }


@require_POST
@action("taxonomy.propose")
def propose(request: ActorRequest) -> HttpResponse:
    """Put a term on the list."""
    try:
        row = actions.propose(request.actor, request.POST.get("term", ""), note=request.POST.get("note", ""))
    except Refused as error:
        messages.error(request, str(error))
        return redirect("data:taxonomy_find")
    if not actions.may_decide(request.actor):
        messages.success(request, _("已提出。行业协会审核后，结果会通知您。"))
    return redirect("data:taxonomy_proposal", uuid=row.uuid)


@require_http_methods(["GET", "POST"])
@action("taxonomy.decide")
def reject_many(request: ActorRequest) -> HttpResponse:
    """Ask for the reason to reject some terms, then do it."""
    actions.require_decider(request.actor)
    picked = request.POST.getlist("picked")[:_MOST_PICKED]
    among = live(request.actor)
    rows = list(
        selectors.proposals(request.actor, among).filter(uuid__in=_uuids(picked), state=ProposalState.OPEN)
    )
    if not rows:
        messages.error(request, _("请先在列表里勾选待审的词。"))
        return redirect("data:taxonomy_proposals")
    form = ReasonForm(request.POST if "confirmed" in request.POST else None)
    if form.is_valid():
        done = actions.reject(request.actor, rows, reason=form.cleaned_data["reason"])
        messages.success(request, _("已驳回 %(count)s 个词。") % {"count": done})
        return redirect("data:taxonomy_proposals")
    return render(
        request,
        "data/taxonomy/reject.html",
        {"rows": rows, "form": form},
        status=422 if form.is_bound else 200,
    )


def _uuids(texts: list[str]) -> list[UUID]:
    found = []
    for text in texts:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return found


@require_GET
@action("taxonomy.read")
def change_list(request: ActorRequest) -> HttpResponse:
    """List what was decided."""
    table = tables.CHANGES.bind(request, selectors.changes(request.actor))
    if table.export:
        audit(request.actor, "taxonomy.exported", detail={"what": "changes"})
        return table.response()
    return render(request, "data/taxonomy/changes.html", {"table": table, **_common(request, "changes")})


@require_GET
@action("taxonomy.read")
def version_list(request: ActorRequest) -> HttpResponse:
    """Show the catalogue in force, the imports that are behind, and earlier versions."""
    table = tables.VERSIONS.bind(request, selectors.versions(request.actor))
    if table.export:
        audit(request.actor, "taxonomy.exported", detail={"what": "versions"})
        return table.response()
    context = {"table": table, "status": selectors.status(request.actor), **_common(request, "versions")}
    return render(request, "data/taxonomy/versions.html", context)


@require_GET
@action("taxonomy.read")
def progress(request: ActorRequest) -> HttpResponse:
    """Return the changing part of a page while imports are brought up to date."""
    status = selectors.status(request.actor)
    context = {"status": status, "decides": actions.may_decide(request.actor)}
    return render(request, "data/taxonomy/_behind.html", context)


@require_POST
@action("taxonomy.decide")
def remine(request: ActorRequest) -> HttpResponse:
    """Bring imports that are behind up to date, or stop doing so."""
    if "cancel" in request.POST:
        count = actions.cancel_remining(request.actor)
        messages.success(
            request, _("已停止 %(count)s 个更新；没有更新到的仍按旧版目录统计。") % {"count": count}
        )
    else:
        count = actions.remine_behind(request.actor)
        messages.success(request, _("已开始更新 %(count)s 次导入。") % {"count": count})
    return redirect("data:taxonomy_versions")


@require_GET
@action("taxonomy.read")
def skill_options(request: ActorRequest) -> HttpResponse:
    """Return skills that match what is being typed, as choices."""
    field = "broader" if request.GET.get("field") == "broader" else "target"
    query = request.GET.get(f"{field}_q", "")[:100]
    context = {"options": selectors.find_skills(query), "field": field, "query": query}
    return render(request, "data/taxonomy/_options.html", context)


def is_counting(row: SkillProposal) -> bool:
    """Tell whether a term that a person proposed is still being counted."""
    run = runs().filter(uuid=row.job_uuid).first() if row.job_uuid else None
    return run is not None and not run.is_finished
