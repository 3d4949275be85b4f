"""The rule book on pages: all rules, and one rule in full."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from zhiqiao.platform.governance.api import ActorRequest, action, audit, can
from zhiqiao.platform.rules import books
from zhiqiao.platform.rules.showing import OUTCOMES, rule_view
from zhiqiao.platform.rules.tables import book_table

CASE_KINDS = ("inside", "outside", "edge", "missing")


@require_GET
@action("rules.read")
def rule_list(request: ActorRequest) -> HttpResponse:
    """List the rules of the nation and of this region."""
    rows = [rule_view(rule) for rule in books.book().rules]
    table = book_table(rows).bind(request, rows)
    if table.export:
        audit(request.actor, "rules.exported")
        return table.response()
    context = {
        "table": table,
        "unconfirmed": sum(row.state != "confirmed" for row in rows),
        "total": len(rows),
        "may_check": can(request.actor, "rule_checks.make"),
    }
    return render(request, "rules/book.html", context)


@require_GET
@action("rules.read")
def rule_page(request: ActorRequest, rule_id: str) -> HttpResponse:
    """Show every entry of a rule: text, source, parameters, messages in both languages, cases."""
    entries = books.book().entries(rule_id.upper())
    if not entries:
        raise Http404
    today = timezone.localdate()
    cases = [(case, OUTCOMES[case.outcome]) for case in books.cases_of(entries[0].id)]
    context = {
        "rule": rule_view(entries[0]),
        "entries": [(rule_view(rule), rule.in_force(today)) for rule in entries],
        "cases": sorted(cases, key=lambda pair: CASE_KINDS.index(pair[0].kind)),
    }
    return render(request, "rules/rule.html", context)
