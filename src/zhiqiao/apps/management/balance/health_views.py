"""Pages of programme health and of the decisions that people take on it."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from zhiqiao.apps.management.balance import decisions, health, tables, wording
from zhiqiao.apps.management.errors import BadEdit, ManagementError
from zhiqiao.apps.management.models import DecisionChoice, ProgrammeDecision
from zhiqiao.engines.balance import Advice
from zhiqiao.platform.governance.api import ActorRequest, action, audit, can, get_visible

_MAX_REASON = 1000


@require_GET
@action("health.read")
def health_list(request: ActorRequest) -> HttpResponse:
    """List the programmes with figures and advice."""
    rows = health.healths(request.actor)
    table = tables.HEALTH.bind(request, rows, demo=any(row.is_demo for row in rows))
    if table.export:
        audit(request.actor, "health.exported")
        return table.response()
    context = {"table": table, "rows": rows, "may_see_balance": can(request.actor, "balance.read")}
    return render(request, "management/balance/health_list.html", context)


@require_GET
@action("health.read")
def health_page(request: ActorRequest, uuid: UUID) -> HttpResponse:
    """Show one programme's health, its decisions, and the forms to those who may."""
    return _page(request, uuid)


def _page(request: ActorRequest, uuid: UUID, *, error: str = "", status: int = 200) -> HttpResponse:
    item = health.health(request.actor, uuid)
    history = health.decisions(request.actor, uuid)
    row = ProgrammeDecision(programme_path=item.programme.path, org_root_id=item.programme.org_root_id)
    open_one = next((one for one in history if one.state == "proposed"), None)
    context = {
        "item": item,
        "stated": health.stated_years(request.actor, item),
        "advice": wording.ADVICE_LABELS[Advice(item.advice)],
        "tone": wording.ADVICE_TONES[Advice(item.advice)],
        "quantity": wording.index(item.quantity, signed=True),
        "uncovered": wording.share(item.uncovered),
        "overlap": tables.overlap_rows(item),
        "history": [(one, _seen(one)) for one in history],
        "open": open_one,
        "may_propose": open_one is None and can(request.actor, "decisions.propose", row),
        "may_approve": open_one is not None
        and can(request.actor, "decisions.approve", row)
        and open_one.proposed_by_id != request.actor.user_id,
        "is_own": open_one is not None and open_one.proposed_by_id == request.actor.user_id,
        "choices": DecisionChoice.choices,
        "suggested": wording.CHOICE_OF.get(Advice(item.advice), ""),
        "given": request.POST,
        "error": error,
    }
    return render(request, "management/balance/health.html", context, status=status)


def _seen(one: health.DecisionView) -> dict[str, str]:
    advice = wording.ADVICE_LABELS[Advice(one.seen_advice)] if one.seen_advice else _("没有健康档案")
    return {
        "advice": str(advice),
        "quantity": wording.index(one.seen_quantity, signed=True),
        "uncovered": wording.share(one.seen_uncovered),
    }


@require_POST
@action("decisions.propose")
def propose(request: ActorRequest, uuid: UUID) -> HttpResponse:
    """Take a proposal; one that can not be taken says why and keeps what was written."""
    item = health.health(request.actor, uuid)
    try:
        wish, seen = _read(request.POST)
        decisions.propose(
            item.programme.uuid, acting=request.actor, wish=wish, seen_report=seen, now=timezone.now()
        )
    except BadEdit as error:
        return _page(request, uuid, error=str(error), status=422)
    except ManagementError as error:
        return _page(request, uuid, error=str(error), status=409)
    messages.success(request, _("已提出，等教育局的另一个人审批。"))
    return redirect("management:health", uuid=uuid)


@require_POST
@action("decisions.approve")
def decide(request: ActorRequest, uuid: UUID) -> HttpResponse:
    """Approve or return a proposal."""
    row = get_visible(request.actor, "decisions.approve", ProgrammeDecision.objects.all(), uuid=uuid)
    approve = request.POST.get("decision") == "approve"
    try:
        decisions.decide(
            uuid,
            acting=request.actor,
            version=_whole(request.POST.get("version", "")) or 0,
            approve=approve,
            reason=_text(request.POST),
            now=timezone.now(),
        )
    except BadEdit as error:
        return _page(request, row.programme_uuid, error=str(error), status=422)
    except ManagementError as error:
        return _page(request, row.programme_uuid, error=str(error), status=409)
    messages.success(request, _("已批准，并记录在案。") if approve else _("已退回，理由已记录。"))
    return redirect("management:health", uuid=row.programme_uuid)


def _read(data: QueryDict) -> tuple[decisions.Wish, UUID | None]:
    try:
        seen = UUID(given) if (given := data.get("report")) else None
    except ValueError:
        raise BadEdit(_("页面已失效，请刷新后再提出。")) from None
    return decisions.Wish(data.get("choice", ""), _whole(data.get("places", "")), _text(data)), seen


def _whole(text: str) -> int | None:
    """Read a whole number; an empty one is None."""
    if not text.strip():
        return None
    try:
        return int(text)
    except ValueError:
        raise BadEdit(_("招生数须填写整数，不确定就留空。")) from None


def _text(data: QueryDict) -> str:
    return data.get("reason", "").replace("\x00", "").strip()[:_MAX_REASON]
