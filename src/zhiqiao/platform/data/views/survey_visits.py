"""Pages of the visits: the shortlist with the reason of every point, and the record of each visit."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from zhiqiao.platform.data.errors import Conflict, Refused
from zhiqiao.platform.data.models import EnterpriseVisit, SurveyUnit
from zhiqiao.platform.data.survey import asking, designing, visiting
from zhiqiao.platform.data.survey.counting import count
from zhiqiao.platform.data.survey.forms import VisitForm
from zhiqiao.platform.data.survey.parameters import parameters
from zhiqiao.platform.data.survey.tables import shortlist_table, visits_table
from zhiqiao.platform.data.survey.visiting import Listed
from zhiqiao.platform.data.views.surveys import shown
from zhiqiao.platform.governance.api import ActorRequest, action, audit, visible


@dataclass(frozen=True)
class ShortlistRow:
    """A place of the shortlist as the table shows it."""

    rank: int
    name: str
    points: float
    reasons: str
    visits: int
    url: str
    record: str


@dataclass(frozen=True)
class _Kept:
    """What a form of a visit writes: to which enterprise, why it was chosen, and the record it changes."""

    unit: SurveyUnit
    reason: str
    survey: UUID
    row: EnterpriseVisit | None = None


@require_GET
@action("surveys.manage")
def visits(request: ActorRequest, uuid: UUID) -> HttpResponse:
    """Show whom to visit and why, and what visits found."""
    survey = designing.managed(uuid, acting=request.actor, locked=False)
    rows = [_row(one) for one in visiting.places(count(survey), acting=request.actor)]
    table = shortlist_table().bind(request, rows, demo=survey.is_demo)
    records = visible(request.actor, "surveys.manage", EnterpriseVisit.objects.filter(survey=survey))
    done = visits_table().bind(
        request, records.select_related("unit__enterprise").order_by("-visited_on"), prefix="v-"
    )
    for one in (table, done):
        if one.export:
            audit(request.actor, "survey.visits_exported", survey)
            return one.response()
    context = {"shortlist": table, "visits": done, "rules": parameters().shortlist}
    return shown(request, uuid, "visits", context, tab="visits")


def _row(one: Listed) -> ShortlistRow:
    return ShortlistRow(
        one.place.rank,
        one.unit.row.enterprise.name,
        one.place.points,
        one.text,
        one.visits,
        reverse("data:survey_visit_new", args=[one.unit.row.uuid]),
        _("记一次走访"),
    )


@require_http_methods(["GET", "POST"])
@action("surveys.manage")
def visit_new(request: ActorRequest, uuid: UUID) -> HttpResponse:
    """Record a visit to an enterprise of a survey."""
    unit = asking.get_unit(request.actor, uuid)
    listed = visiting.places(count(unit.survey), acting=request.actor, size=5000)
    reason = next((one.text for one in listed if one.unit.row.pk == unit.pk), "")
    form = VisitForm(request.POST or None, initial={"version": 0, "visited_on": timezone.localdate()})
    return _kept(request, form, _Kept(unit, reason, unit.survey.uuid))


@require_http_methods(["GET", "POST"])
@action("surveys.manage")
def visit_edit(request: ActorRequest, uuid: UUID) -> HttpResponse:
    """Change the record of a visit."""
    row = visiting.get_visit(request.actor, uuid)
    names = ("visited_on", "visitors", "met", "findings", "version")
    form = VisitForm(request.POST or None, initial={name: getattr(row, name) for name in names})
    return _kept(request, form, _Kept(row.unit, row.reason, row.survey.uuid, row))


def _kept(request: ActorRequest, form: VisitForm, kept: _Kept) -> HttpResponse:
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                visiting.save_visit(
                    request.actor,
                    kept.row,
                    kept.unit.uuid,
                    form.facts(kept.reason),
                    today=timezone.localdate(),
                    seen=form.seen,
                )
            except Conflict as error:
                status = 409
                form.add_error(None, str(error))
                form.move_to(error.version)
            except Refused as error:
                form.add_error(None, str(error))
            else:
                messages.success(request, _("已保存。"))
                return redirect("data:survey_visits", uuid=kept.survey)
    context = {"form": form, "name": kept.unit.enterprise.name, "reason": kept.reason}
    return shown(request, kept.survey, "visit_form", context, tab="visits", status=status)
