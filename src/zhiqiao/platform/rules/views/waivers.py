"""Pages of waivers: all one may see, giving one, one with its document, withdrawing it."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from zhiqiao.engines import rules
from zhiqiao.platform.governance.api import ActorRequest, action, audit, get_visible
from zhiqiao.platform.rules import checking, selectors, waiving
from zhiqiao.platform.rules.errors import AlreadyDone, RulesRefused
from zhiqiao.platform.rules.forms import WaiverForm, WithdrawForm, a_year_later
from zhiqiao.platform.rules.models import RuleCheck, RuleWaiver, WaiverScope
from zhiqiao.platform.rules.showing import rule_view
from zhiqiao.platform.rules.tables import WAIVER_STATES, WAIVERS


@require_GET
@action("waivers.read")
def waiver_list(request: ActorRequest) -> HttpResponse:
    """List the waivers one may see."""
    table = WAIVERS.bind(request, selectors.waivers(request.actor, on=timezone.localdate()))
    if table.export:
        audit(request.actor, "waivers.exported")
        return table.response()
    return render(request, "rules/waivers.html", {"table": table})


@require_http_methods(["GET", "POST"])
@action("waivers.give")
def waiver_new(request: ActorRequest, uuid: UUID, rule_id: str) -> HttpResponse:
    """Waive a rule for the document of a check."""
    rows = RuleCheck.objects.select_related("rules")
    row = get_visible(request.actor, "waivers.give", rows, uuid=uuid)
    entries = [one for one in checking.rules_of(row).judged if one.id == rule_id]
    if not entries:
        raise Http404
    today = timezone.localdate()
    kinds = tuple({kind.key: kind for one in entries for kind in one.waivers}.values())
    initial = {"granted": today, "expires": a_year_later(today)}
    form = WaiverForm(
        request.POST or None,
        request.FILES or None,
        initial=initial,
        actor=request.actor,
        check=row,
        kinds=kinds,
    )
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                waiver = waiving.give(
                    request.actor, uuid, form.wish(rule_id), today=today, now=timezone.now()
                )
            except RulesRefused as error:
                field = {"kind": "way", "office": "way"}.get(error.field, error.field)
                form.add_error(field if field in form.fields else None, str(error))
                status = 409 if isinstance(error, AlreadyDone) else 422
            else:
                messages.success(request, _("已给予豁免；问题仍列在检查结果里，注明已豁免。"))
                return redirect("rules:waiver", uuid=waiver.uuid)
    marked = waiving.findings_with_waivers(row, on=today)
    context = {
        "form": form,
        "check": row,
        "rule": rule_view(entries[0]),
        "found": [
            one.message.of("en" if request.LANGUAGE_CODE == "en" else "zh")
            for one in marked.report.of(rule_id)
            if one.outcome is rules.Outcome.FAIL
        ],
    }
    return render(request, "rules/waiver_new.html", context, status=status)


@require_GET
@action("waivers.read")
def waiver(request: ActorRequest, uuid: UUID) -> HttpResponse:
    """Show a waiver in full."""
    return _shown(request, selectors.waiver_row(request.actor, uuid), WithdrawForm())


@require_POST
@action("waivers.give")
def waiver_withdraw(request: ActorRequest, uuid: UUID) -> HttpResponse:
    """Withdraw a waiver with a reason."""
    form = WithdrawForm(request.POST)
    row = selectors.waiver_row(request.actor, uuid)
    if not form.is_valid():
        return _shown(request, row, form, status=422)
    try:
        waiving.withdraw(
            request.actor,
            uuid,
            reason=form.cleaned_data["reason"],
            today=timezone.localdate(),
            now=timezone.now(),
        )
    except RulesRefused as error:
        form.add_error("reason" if error.field else None, str(error))
        status = 409 if isinstance(error, AlreadyDone) else 422
        return _shown(request, selectors.waiver_row(request.actor, uuid), form, status=status)
    messages.success(request, _("已撤回，从今天起不再计入。"))
    return redirect("rules:waiver", uuid=uuid)


def _shown(request: ActorRequest, row: RuleWaiver, form: WithdrawForm, *, status: int = 200) -> HttpResponse:
    view = selectors.waiver_view(row, on=timezone.localdate())
    label, tone = WAIVER_STATES[view.state]
    language = "en" if request.LANGUAGE_CODE == "en" else "zh"
    context = {
        "waiver": view,
        "row": row,
        "state_label": label,
        "tone": tone,
        "scope_label": WaiverScope(row.scope).label,
        "seen": [one[language] for one in row.seen],
        "form": form,
        "may_withdraw": row.withdrawn_on is None and waiving.may_withdraw(request.actor, row),
    }
    return render(request, "rules/waiver.html", context, status=status)


@require_GET
@action("waivers.read")
def waiver_file(request: ActorRequest, uuid: UUID) -> HttpResponse:
    """Give out the document of a waiver, byte for byte as it was uploaded."""
    seen = selectors.waiver_row(request.actor, uuid)
    row = RuleWaiver.objects.only("file").get(pk=seen.pk)
    if row.file is None:
        raise Http404
    audit(request.actor, "waivers.file_downloaded", seen, detail={"sha256": seen.file_digest})
    name = content_disposition_header(as_attachment=True, filename=seen.file_name)
    headers = {"Content-Disposition": name or "attachment", "X-Content-Type-Options": "nosniff"}
    return HttpResponse(bytes(row.file), content_type="application/octet-stream", headers=headers)
