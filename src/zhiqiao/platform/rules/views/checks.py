"""Pages of checks: those that are kept, a file checked, the findings of one check."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from zhiqiao.platform.governance.api import Actor, ActorRequest, action, audit, can
from zhiqiao.platform.rules import checking, selectors
from zhiqiao.platform.rules.checking import check_and_keep, check_only
from zhiqiao.platform.rules.documents import PLAN, kind_of
from zhiqiao.platform.rules.errors import AlreadyDone, BadDocument, Damaged, RulesRefused
from zhiqiao.platform.rules.forms import CheckForm
from zhiqiao.platform.rules.models import RuleCheck
from zhiqiao.platform.rules.showing import finding_view, grouped, set_name
from zhiqiao.platform.rules.tables import CHECKS
from zhiqiao.platform.rules.waiving import may_give

_PROBLEMS_SHOWN = 100


@require_GET
@action("rule_checks.read")
def check_list(request: ActorRequest) -> HttpResponse:
    """List the checks one may read."""
    table = CHECKS.bind(request, selectors.checks(request.actor))
    if table.export:
        audit(request.actor, "rule_checks.exported")
        return table.response()
    return render(request, "rules/checks.html", {"table": table})


@require_http_methods(["GET", "POST"])
@action("rule_checks.make")
def check_new(request: ActorRequest) -> HttpResponse:
    """Check an uploaded plan file: the findings are shown at once, and kept if that was asked for."""
    initial = {"on": timezone.localdate(), "sets": ["tp"]}
    form = CheckForm(request.POST or None, request.FILES or None, initial=initial)
    page: dict[str, object] = {"form": form}
    if request.method != "POST":
        return render(request, "rules/check_new.html", page)
    if form.is_valid():
        data = form.cleaned_data
        try:
            if data["keep"]:
                row = check_and_keep(
                    data["file"], PLAN.key, data["sets"], data["on"], request.actor, now=timezone.now()
                )
                return redirect("rules:check", uuid=row.uuid)
            judged = check_only(data["file"], PLAN.key, data["sets"], data["on"])
        except RulesRefused as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
            page["problems"] = error.problems[:_PROBLEMS_SHOWN] if isinstance(error, BadDocument) else ()
        else:
            found = [finding_view(one, number) for number, one in enumerate(judged.report.findings)]
            page |= {
                "judged": judged,
                "sets": [set_name(name) for name in judged.sets],
                "groups": grouped(found),
                "blocking": sum(one.blocks for one in found),
                "form": CheckForm(initial=data | {"file": None}),
            }
            return render(request, "rules/check_new.html", page)
    return render(request, "rules/check_new.html", page, status=422)


@require_GET
@action("rule_checks.read")
def check(request: ActorRequest, uuid: UUID) -> HttpResponse:
    """Show the findings of a kept check as they stand today."""
    return shown(request, selectors.check_row(request.actor, uuid))


def shown(request: ActorRequest, row: RuleCheck, *, status: int = 200) -> HttpResponse:
    """Render a kept check; one that is damaged says so and shows nothing of it."""
    today = timezone.localdate()
    try:
        marked, found = selectors.marked_views(row, on=today)
    except Damaged as error:
        return render(request, "rules/damaged.html", {"check": row, "reason": str(error)}, status=500)
    context = {
        "check": row,
        "kind": kind_of(row.kind).label,
        "sets": [set_name(name) for name in row.sets],
        "versions": sorted(row.versions.items()),
        "groups": grouped(found),
        "blocking": sum(one.blocks for one in found),
        "waivers": [selectors.waiver_view(one, on=today) for one in (*marked.counting, *marked.others)],
        "waivable": _waivable(request.actor, row),
        "may_share": not row.is_shared and can(request.actor, "rule_checks.share", row),
        "today": today,
    }
    return render(request, "rules/check.html", context, status=status)


def _waivable(actor: Actor, row: RuleCheck) -> set[str]:
    """Return the rules that this person may waive for this document."""
    if not can(actor, "waivers.give", row):
        return set()
    judged = checking.rules_of(row).judged
    return {one.id for one in judged for kind in one.waivers if may_give(actor, row, kind)}


@require_POST
@action("rule_checks.share")
def check_share(request: ActorRequest, uuid: UUID) -> HttpResponse:
    """Show a check to the education authority."""
    try:
        checking.share(request.actor, uuid, today=timezone.localdate())
    except AlreadyDone as error:
        messages.info(request, str(error))
    else:
        messages.success(request, _("已提交主管部门，教育局可以查看并给予豁免。"))
    return redirect("rules:check", uuid=uuid)


@require_GET
@action("rule_checks.read")
def check_document(request: ActorRequest, uuid: UUID) -> HttpResponse:
    """Give out the checked document as it was checked."""
    row = selectors.check_row(request.actor, uuid)
    try:
        text = checking.document_of(row)
    except Damaged as error:
        return render(request, "rules/damaged.html", {"check": row, "reason": str(error)}, status=500)
    audit(request.actor, "rule_checks.downloaded", row)
    name = content_disposition_header(as_attachment=True, filename=f"{row.document_key[:80]}.json")
    headers = {"Content-Disposition": name or "attachment", "ETag": f'"{row.document_digest}"'}
    return HttpResponse(text, content_type="application/json; charset=utf-8", headers=headers)
