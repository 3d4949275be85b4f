"""Pages of a survey as a whole: the list, making one, its overview with the findings of the rules, closing it."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from zhiqiao.engines.rules import Finding, Outcome, Report
from zhiqiao.infra.db.names import local_name
from zhiqiao.platform.data.errors import Conflict, Refused
from zhiqiao.platform.data.models import PostSurvey
from zhiqiao.platform.data.survey import asking, designing
from zhiqiao.platform.data.survey.counting import Counted, count
from zhiqiao.platform.data.survey.forms import SurveyForm
from zhiqiao.platform.data.survey.judging import judge, survey_file, survey_value
from zhiqiao.platform.data.survey.selectors import OUTCOME_LABELS, get_survey, survey_view, surveys
from zhiqiao.platform.data.survey.tables import surveys_table
from zhiqiao.platform.governance.api import ActorRequest, action, audit, can

__all__ = ["findings_shown", "shown"]


def shown(
    request: ActorRequest,
    uuid: UUID,
    template: str,
    context: Mapping[str, object],
    *,
    tab: str,
    status: int = 200,
    row: PostSurvey | None = None,
) -> HttpResponse:
    """Show a page of one survey under its head and tabs; `row` is the survey where the page has it already."""
    view = survey_view(request.actor, row or get_survey(request.actor, uuid))
    return render(
        request, f"data/survey/{template}.html", {"survey": view, "tab": tab, **context}, status=status
    )


@require_GET
@action("surveys.read")
def survey_list(request: ActorRequest) -> HttpResponse:
    """List the surveys one may see."""
    may_manage = can(request.actor, "surveys.manage")
    table = surveys_table(may_manage=may_manage).bind(request, surveys(request.actor))
    if table.export:
        audit(request.actor, "surveys.exported")
        return table.response()
    return render(request, "data/survey/surveys.html", {"table": table, "may_manage": may_manage})


@require_http_methods(["GET", "POST"])
@action("surveys.manage")
def survey_new(request: ActorRequest) -> HttpResponse:
    """Make a survey."""
    form = SurveyForm(request.POST or None, initial={"version": 0})
    if request.method == "POST" and form.is_valid():
        try:
            row = designing.create_survey(form.text(), acting=request.actor)
        except Refused as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("已建立，问卷先用标准卷。"))
            return redirect("data:survey_questions", uuid=row.uuid)
    status = 422 if request.method == "POST" else 200
    return render(request, "data/survey/survey_form.html", {"form": form}, status=status)


@require_http_methods(["GET", "POST"])
@action("surveys.manage")
def survey_edit(request: ActorRequest, uuid: UUID) -> HttpResponse:
    """Change what a survey is called and for."""
    row = designing.managed(uuid, acting=request.actor, locked=False)
    initial = {
        "title": row.title,
        "purpose": row.purpose,
        "programme": row.programme_id,
        "version": row.version,
    }
    form = SurveyForm(request.POST or None, initial=initial)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                designing.update_survey(uuid, form.text(), seen=form.seen, acting=request.actor)
            except Conflict as error:
                status = 409
                form.add_error(None, str(error))
                form.move_to(error.version)
            except Refused as error:
                form.add_error(None, str(error))
            else:
                messages.success(request, _("已保存。"))
                return redirect("data:survey", uuid=uuid)
    return shown(request, uuid, "survey_edit", {"form": form}, tab="overview", status=status)


@require_GET
@action("surveys.read")
def survey(request: ActorRequest, uuid: UUID) -> HttpResponse:
    """Show where a survey stands, and what the rules say of it to those who run it."""
    row = get_survey(request.actor, uuid)
    counted = count(row)
    context: dict[str, object] = {
        "response": counted.response,
        "outcomes": _outcomes(counted),
        "frame": len(counted.units),
        "questions": len(counted.questionnaire.questions),
    }
    if can(request.actor, "surveys.manage", row):
        report = judge(survey_value(counted), on=timezone.localdate())
        context["findings"] = findings_shown(report)
    return shown(request, uuid, "overview", context, tab="overview", row=row)


def _outcomes(counted: Counted) -> list[tuple[str, int]]:
    return [
        (str(OUTCOME_LABELS[outcome]), number)
        for outcome in OUTCOME_LABELS
        if (number := counted.response.counts.get(outcome, 0))
    ]


def findings_shown(report: Report) -> list[dict[str, object]]:
    """Return the findings of the rules as pages show them."""
    return [_finding(one) for one in report.findings]


def _finding(one: Finding) -> dict[str, object]:
    """Return a finding as the page shows it: the rule, what was found, what mends it, and its source."""
    labels = {
        Outcome.PASS: (_("符合"), "success"),
        Outcome.FAIL: (_("不符合"), "warning"),
        Outcome.MISSING: (_("缺数据"), "info"),
    }
    label, tone = labels.get(one.outcome, (_("不适用"), ""))
    texts = {name: getattr(one, name) for name in ("title", "message", "fix")}
    return {
        "rule": one.rule,
        "label": label,
        "tone": tone,
        "needs_fix": one.outcome in {Outcome.FAIL, Outcome.MISSING},
        "source": f"{local_name(one.source.document.zh, one.source.document.en)} {one.source.article or ''}",
        **{name: local_name(text.zh, text.en) for name, text in texts.items()},
    }


@require_GET
@action("surveys.manage")
def survey_rules_file(request: ActorRequest, uuid: UUID) -> HttpResponse:
    """Give the survey as a file that the rules read, enterprises by code."""
    row = designing.managed(uuid, acting=request.actor, locked=False)
    audit(request.actor, "survey.rules_file", row)
    headers = {"Content-Disposition": f'attachment; filename="survey-{uuid}.json"'}
    content = survey_file(survey_value(count(row)))
    return HttpResponse(content, content_type="application/json; charset=utf-8", headers=headers)


@require_POST
@action("surveys.manage")
def survey_close(request: ActorRequest, uuid: UUID) -> HttpResponse:
    """End a survey."""
    try:
        asking.close_survey(uuid, acting=request.actor, now=timezone.now())
    except Refused as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("调研已结束，统计向全区域公开，企业不具名。"))
    return redirect("data:survey", uuid=uuid)
