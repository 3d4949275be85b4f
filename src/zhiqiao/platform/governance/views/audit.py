"""The audit trail for the audit administrator: filter, export, verify."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from contextlib import suppress

from django import forms
from django.db.models import QuerySet
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from zhiqiao.engines.tabular import safe_cell
from zhiqiao.platform.governance import selectors
from zhiqiao.platform.governance.access import action
from zhiqiao.platform.governance.audit import AuditBrokenError, audit, verify_audit
from zhiqiao.platform.governance.http import ActorRequest
from zhiqiao.platform.governance.models import AuditEvent
from zhiqiao.platform.governance.views.paging import page_of

_EXPORTED = (
    "sequence",
    "at",
    "action",
    "actor_id",
    "actor_name",
    "role",
    "org_root_id",
    "object_kind",
    "object_id",
    "succeeded",
    "address",
    "detail",
    "previous",
    "digest",
)


class FilterForm(forms.Form):
    """Which entries to show."""

    action = forms.CharField(label=_("动作"), required=False, max_length=80)
    person = forms.CharField(label=_("人员"), required=False, max_length=100)
    since = forms.DateField(
        label=_("从"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    until = forms.DateField(
        label=_("到"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    failed = forms.BooleanField(label=_("只看失败的"), required=False)


@action("audit.read")
@require_safe
def index(request: ActorRequest) -> HttpResponse:
    """List the entries, the newest first."""
    form, events = _filtered(request)
    rows, query = page_of(request, events)
    return render(request, "governance/audit.html", {"form": form, "rows": rows, "query": query})


@action("audit.read")
@require_safe
def export(request: ActorRequest) -> StreamingHttpResponse:
    """Export the filtered entries as CSV; the export is itself an entry."""
    _form, events = _filtered(request)
    audit(request.actor, "audit.exported", detail={"filter": dict(request.GET.items())})
    response = StreamingHttpResponse(_lines(events), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="audit.csv"'
    return response


@action("audit.read")
@require_POST
def verify(request: ActorRequest) -> HttpResponse:
    """Check the whole chain and show what was found."""
    verdict = verify_audit()
    # a trail whose head was tampered with takes no entry, and this page is where that is told
    with suppress(AuditBrokenError):
        audit(request.actor, "audit.verified", detail={"entries": verdict.entries}, succeeded=verdict.holds)
    faults = [{"sequence": fault.sequence, "text": _fault_text(fault.kind)} for fault in verdict.faults]
    return render(request, "governance/audit_verdict.html", {"verdict": verdict, "faults": faults})


def _filtered(request: ActorRequest) -> tuple[FilterForm, QuerySet[AuditEvent]]:
    form = FilterForm(request.GET or None)
    wanted = form.cleaned_data if form.is_valid() else {}
    return form, selectors.audit_events(request.actor, **wanted)


def _fault_text(kind: str) -> str:
    return {
        "edited": gettext("这一条被改动，或是后来插入的"),
        "missing": gettext("从这一条起有记录被删去"),
        "unchained": gettext("这一条没有接在前一条之后，顺序被改动"),
        "cut_off": gettext("从这一条起，末尾的记录被截去"),
        "head": gettext("链头被改动"),
    }[kind]


def _lines(events: QuerySet[AuditEvent]) -> Iterator[str]:
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    yield "\ufeff"  # spreadsheets take the file for UTF-8 only with this mark
    writer.writerow(_EXPORTED)
    for event in events.iterator(chunk_size=1000):
        values = {name: getattr(event, name) for name in _EXPORTED}
        values |= {"at": event.at.isoformat(), "detail": json.dumps(event.detail, ensure_ascii=False)}
        writer.writerow([safe_cell(values[name]) for name in _EXPORTED])
        if buffer.tell() > 64 * 1024:
            yield _drain(buffer)
    yield _drain(buffer)


def _drain(buffer: io.StringIO) -> str:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text
