"""Pages of alerts of changed demand: the list, one alert, what was decided about it."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from zhiqiao.platform.data.errors import Refused
from zhiqiao.platform.data.forecasting import alerting
from zhiqiao.platform.data.forecasting.tables import ALERTS
from zhiqiao.platform.data.models import AlertState, JobRole
from zhiqiao.platform.data.selectors import alerts as selectors
from zhiqiao.platform.data.selectors.demand import live
from zhiqiao.platform.data.taxonomy.forms import ReasonForm
from zhiqiao.platform.data.views.forecast_tabs import tabs_of
from zhiqiao.platform.governance.api import ActorRequest, action, audit, can


@require_GET
@action("alerts.read")
def alert_list(request: ActorRequest) -> HttpResponse:
    """List the changes that were noticed, the newest first."""
    rows = selectors.alert_rows(request.actor)
    if not any(request.GET.get(name) for name in ("state", "q")):
        rows = rows.exclude(state=AlertState.DISMISSED)
    table = ALERTS.bind(
        request,
        rows,
        demo=live(request.actor).is_demo,
        can_export=can(request.actor, "postings.export"),
    )
    if table.export:
        audit(request.actor, "alerts.exported")
        return table.response()
    context = {
        "table": table,
        "may_decide": can(request.actor, "alerts.decide"),
        **tabs_of(request, "alerts"),
    }
    return render(request, "data/forecasting/alerts.html", context)


@require_GET
@action("alerts.read")
def alert(request: ActorRequest, uuid: UUID) -> HttpResponse:
    """Show one alert in plain words."""
    return _page(request, uuid, ReasonForm())


def _page(request: ActorRequest, uuid: UUID, form: ReasonForm, *, status: int = 200) -> HttpResponse:
    item = selectors.alert(request.actor, uuid)
    context = {
        "item": item,
        "roles": list(JobRole.objects.filter(key__in=item.role_keys).order_by("key")),
        "may_decide": item.is_open and can(request.actor, "alerts.decide"),
        "form": form,
        "series_url": _series_url(item),
        **tabs_of(request, "alerts"),
    }
    return render(request, "data/forecasting/alert.html", context, status=status)


def _series_url(item: selectors.AlertView) -> str:
    url = reverse("data:forecast_series", args=["skills", item.skill_key])
    return f"{url}?industry={item.industry_key}" if item.industry_key else url


@require_POST
@action("alerts.decide")
def decide(request: ActorRequest, uuid: UUID) -> HttpResponse:
    """Note an alert as seen, or dismiss it with a reason."""
    form = ReasonForm(request.POST)
    dismisses = request.POST.get("verb") == "dismiss"
    if dismisses and not form.is_valid():
        return _page(request, uuid, form, status=422)
    try:
        if dismisses:
            alerting.dismiss(request.actor, uuid, reason=form.cleaned_data["reason"], now=timezone.now())
        else:
            alerting.mark_seen(request.actor, uuid, now=timezone.now())
    except Refused as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("已记录。"))
    return redirect("data:alert", uuid=uuid)


@require_POST
@action("alerts.decide")
def watch(request: ActorRequest) -> HttpResponse:
    """Look for changes now, and compare published forecasts with the months that have come."""
    return redirect("jobs:run", uuid=alerting.start_watch(request.actor).uuid)
