"""Pages on which a person decides: one term, one change with its impact, the writings of one skill, the pack."""

from __future__ import annotations

import io
import time
import zipfile
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from zhiqiao.engines import jobmining
from zhiqiao.platform.data.errors import Refused
from zhiqiao.platform.data.models import ChangeKind, ChangeState, ProposalState, SkillChange, SkillProposal
from zhiqiao.platform.data.selectors import taxonomy as selectors
from zhiqiao.platform.data.selectors.demand import Live, live
from zhiqiao.platform.data.taxonomy import actions
from zhiqiao.platform.data.taxonomy.forms import ReasonForm, SkillForm
from zhiqiao.platform.data.taxonomy.words import is_risky
from zhiqiao.platform.data.views.taxonomy import PATIENCE, is_counting, shown
from zhiqiao.platform.governance.api import ActorRequest, action, audit, can


@require_http_methods(["GET", "POST"])
@action("taxonomy.read")
def proposal(request: ActorRequest, uuid: UUID) -> HttpResponse:
    """Show one term with its sentences and look-alikes; take the decision of an officer."""
    among = live(request.actor)
    row = selectors.proposal(request.actor, uuid, among)
    bound = request.POST if request.method == "POST" else None
    decision = bound.get("decision", "") if bound is not None else ""
    skill_form = SkillForm(bound if decision == "accept" else None, initial=_guess(row))
    reason_form = ReasonForm(bound if decision == "reject" else None)
    error = ""
    if decision:
        try:
            if answer := _decided(request, row, decision, skill_form, reason_form):
                return answer
        except Refused as refused:
            error = str(refused)
            row = selectors.proposal(request.actor, uuid, among)
    reads = can(request.actor, "postings.read")
    words = [row.surface, *([skill_form.data.get("en", "")] if bound else [])]
    context = {
        "item": row,
        "error": error,
        "decision": decision,
        "decides": actions.may_decide(request.actor),
        "is_open": row.state == ProposalState.OPEN,
        "risky": is_risky(row.surface),
        "counting": is_counting(row),
        "spread": selectors.spread(row, among),
        "contexts": _sentences(row, among) if reads else [],
        "alikes": selectors.alikes([word for word in words if word]),
        "skill_form": skill_form,
        "reason_form": reason_form,
        "target": bound.get("target", "") if bound else "",
        "typed": _typed(request),
        "broader": _option(bound.get("broader", "")) if bound else None,
        "changes": list(selectors.changes(request.actor).filter(proposal=row)),
        "demo": among.is_demo,
    }
    status = 200 if bound is None else 409 if error else 422
    return render(request, "data/taxonomy/proposal.html", context, status=status)


def _sentences(row: SkillProposal, among: Live) -> list[dict[str, object]]:
    until = time.monotonic() + PATIENCE
    return shown(selectors.sentences_with(row, among, stop=lambda: time.monotonic() > until))


def _decided(
    request: ActorRequest, row: SkillProposal, decision: str, skill: SkillForm, reason: ReasonForm
) -> HttpResponse | None:
    """Do what the form says; None when it is not filled in rightly."""
    actions.require_decider(request.actor)
    change: SkillChange | None = None
    if decision == "reject" and reason.is_valid():
        if not actions.reject(request.actor, [row], reason=reason.cleaned_data["reason"]):
            raise Refused(_("这个词刚刚已由别人处理，请看处理结果。"))
        messages.success(request, _("已驳回，理由已记录。以后的导入里再出现也不会重新提出。"))
        return redirect("data:taxonomy_proposal", uuid=row.uuid)
    if decision == "reopen":
        actions.reopen(request.actor, row)
        return redirect("data:taxonomy_proposal", uuid=row.uuid)
    if decision == "merge":
        target = request.POST.get("target", "")
        if not target:
            raise Refused(_("请选择要并入的技能。"))
        note = request.POST.get("merge_reason", "")
        change = actions.draft(
            request.actor, ChangeKind.ADD_ALIAS, target, surface=row.surface, proposal=row, reason=note
        )
    if decision == "accept" and skill.is_valid():
        new = skill.new_skill(request.POST.get("broader", ""))
        change = actions.draft_skill(request.actor, new, proposal=row, reason=skill.cleaned_data["reason"])
        if risky := skill.risky():
            messages.warning(
                request,
                _("“%(word)s”只有一个字，容易在别的意思上被误认，请仔细看下面的原句。") % {"word": risky[0]},
            )
    return redirect("data:taxonomy_change", uuid=change.uuid) if change is not None else None


def _guess(row: SkillProposal) -> dict[str, object]:
    english = row.surface if row.surface.isascii() else ""
    return {"zh": row.surface, "en": english, "kind": row.kind}


def _typed(request: ActorRequest) -> dict[str, object]:
    """Return what was typed into the search for skills with its hits: without a script they come with the page."""
    query = request.POST.get("target_q", "")[:100]
    return {"query": query, "options": selectors.find_skills(query)}


def _option(key: str) -> tuple[str, str] | None:
    found = next((skill for skill in actions.current().taxonomy.skills if skill.id == key), None)
    return (found.id, found.zh or found.en) if found else None


@require_GET
@action("taxonomy.read")
def change(request: ActorRequest, uuid: UUID) -> HttpResponse:
    """Show a change: its impact before it is decided, how far the figures are afterwards."""
    return render(request, "data/taxonomy/change.html", _change(request, uuid))


def _change(request: ActorRequest, uuid: UUID) -> dict[str, object]:
    view = selectors.change(request.actor, uuid)
    return {
        "view": view,
        "item": view.row,
        "impact": view.impact,
        "examples": shown(view.examples),
        "decides": actions.may_decide(request.actor),
        "is_draft": view.row.state == ChangeState.DRAFT,
        "is_active": view.row.state == ChangeState.ACTIVE,
        "is_undoing": view.is_undoing,
        "added_skill": view.row.skill if view.row.kind == ChangeKind.ADD_SKILL else None,
        "status": selectors.status(request.actor),
        "reason_form": ReasonForm(),
    }  # fmt: skip


@require_GET
@action("taxonomy.read")
def change_preview(request: ActorRequest, uuid: UUID) -> HttpResponse:
    """Return the changing part of a draft's page; when the impact is known the whole page is loaded anew."""
    context = _change(request, uuid)
    if not context["view"].is_waiting:  # type: ignore[attr-defined]  # a ChangeView
        response = HttpResponse(status=204)
        response["HX-Refresh"] = "true"
        return response
    return render(request, "data/taxonomy/_preview.html", context)


@require_POST
@action("taxonomy.decide")
def change_act(request: ActorRequest, uuid: UUID) -> HttpResponse:
    """Bring a draft into force, throw it away, look at its impact again, or take an active change back."""
    row = selectors.change(request.actor, uuid).row
    actions.require_decider(request.actor)
    verb, seen = request.POST.get("verb", ""), request.POST.get("seen", "")
    try:
        match verb:
            case "activate":
                actions.activate(request.actor, row, seen=seen)
                messages.success(request, _("已生效。招聘信息正在按新目录更新，可以离开此页。"))
            case "discard":
                proposal = row.proposal
                actions.discard(request.actor, row)
                messages.success(request, _("已放弃这份草稿，目录没有改动。"))
                if proposal is not None:
                    return redirect("data:taxonomy_proposal", uuid=proposal.uuid)
                return redirect("data:taxonomy_changes")
            case "preview":
                actions.start_preview(request.actor, row)
            case "withdraw":
                actions.withdraw(request.actor, row, reason=request.POST.get("reason", ""), seen=seen)
                messages.success(request, _("已撤销。招聘信息正在按撤销后的目录更新。"))
            case _:
                raise Http404
    except Refused as error:
        messages.error(request, str(error))
        if verb == "activate" and row.state == ChangeState.DRAFT and _is_there(row):
            actions.start_preview(request.actor, row)
    return (
        redirect("data:taxonomy_change", uuid=uuid) if _is_there(row) else redirect("data:taxonomy_changes")
    )


def _is_there(row: SkillChange) -> bool:
    return SkillChange.objects.filter(pk=row.pk).exists()


@require_http_methods(["GET", "POST"])
@action("taxonomy.decide")
def skill_edit(request: ActorRequest, key: str) -> HttpResponse:
    """Add or retire a writing of one skill, or the skill itself."""
    actions.require_decider(request.actor)
    found = next((skill for skill in actions.current().taxonomy.skills if skill.id == key), None)
    if found is None:
        raise Http404
    error = ""
    if request.method == "POST":
        kind = {"add": ChangeKind.ADD_ALIAS, "retire": ChangeKind.RETIRE_ALIAS}.get(
            request.POST.get("verb", ""), ChangeKind.RETIRE_SKILL
        )
        try:
            made = actions.draft(
                request.actor,
                kind,
                key,
                surface=request.POST.get("surface", "") if kind != ChangeKind.RETIRE_SKILL else found.zh,
                reason=request.POST.get("reason", ""),
            )
            return redirect("data:taxonomy_change", uuid=made.uuid)
        except Refused as refused:
            error = str(refused)
    context = {"skill": found, "name": found.zh or found.en, "error": error}
    return render(request, "data/taxonomy/skill.html", context, status=409 if error else 200)


@require_GET
@action("taxonomy.read")
def export_pack(request: ActorRequest) -> HttpResponse:
    """Hand out the catalogue in force as a pack that `zhiqiao mine --taxonomy` reads."""
    taxonomy = actions.current().taxonomy
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in jobmining.pack_files(taxonomy).items():
            # a fixed time: the same catalogue gives the same bytes
            archive.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), text.encode("utf-8"))
    audit(request.actor, "taxonomy.exported", detail={"what": "pack", "version": taxonomy.version})
    response = HttpResponse(packed.getvalue(), content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="skills-{taxonomy.version}.zip"'
    return response
