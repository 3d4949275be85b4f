"""The questionnaire of an enterprise: a link is enough, no account, no script, one page after another."""

from __future__ import annotations

from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from zhiqiao.infra.links import admit, quiet
from zhiqiao.infra.ui import formats
from zhiqiao.platform.data.errors import Conflict
from zhiqiao.platform.data.survey import answering
from zhiqiao.platform.data.survey.answering import AnsweredAlready, BadAnswers, LinkClosed, Sheet, Why
from zhiqiao.platform.data.survey.bank import section_name
from zhiqiao.platform.data.survey.charts import text_of
from zhiqiao.platform.data.survey.forms import read_answers
from zhiqiao.platform.data.survey.parameters import parameters
from zhiqiao.platform.data.survey.sheets import answer_text, shown_questions
from zhiqiao.platform.governance.api import Organisation, address_of, public


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sheet(request: HttpRequest, token: str) -> HttpResponse:
    """Show one page of the questionnaire, keep what is filled in, hand in at the end."""
    now = timezone.now()
    try:
        return _answered(request, answering.find_sheet(token, now=now))
    except AnsweredAlready:
        return _done(request, answering.find_sheet(token, now=now), is_second=True)
    except LinkClosed as error:
        if admit(address_of(request), most=parameters().unknown_links_a_minute, now=now):
            return quiet(_closed(request, error))
        return _busy(request)


def _answered(request: HttpRequest, found: Sheet) -> HttpResponse:
    if found.is_submitted:
        return _done(request, found, is_second=request.method == "POST")
    if request.method != "POST":
        return _page(request, found)
    if not admit(str(found.unit.uuid), most=parameters().saves_a_minute, now=timezone.now()):
        return _busy(request)
    return _submit(request, found) if "submit" in request.POST else _save(request, found)


def _at(request: HttpRequest) -> int:
    text = request.GET.get("part", "1")
    return int(text) if text.isascii() and text.isdigit() else 1


def _seen(request: HttpRequest) -> int:
    text = request.POST.get("version", "")
    return int(text) if text.isascii() and text.isdigit() else 0


def _save(request: HttpRequest, found: Sheet) -> HttpResponse:
    parts = found.parts
    at = min(max(_at(request), 1), len(parts)) if parts else 1
    asked = parts[at - 1] if parts else []
    given = read_answers(request.POST, asked)
    try:
        fresh = answering.save_part(
            found, given, keys={one.key for one in asked}, version=_seen(request), now=timezone.now()
        )
    except BadAnswers as error:
        english = (get_language() or "").startswith("en")
        problems = {one.question: one.en if english else one.zh for one in error.checked.problems}
        return quiet(_page(request, found, given=given, problems=problems, error=str(error), status=422))
    except Conflict as error:
        again = answering.find_sheet_of(found)
        return quiet(_page(request, again, given=given, error=str(error), status=409))
    if "later" in request.POST:
        return redirect(f"{request.path}?part={at}&saved=1")
    following = at - 1 if "back" in request.POST else at + 1
    count = len(fresh.parts)
    return redirect(f"{request.path}?part={max(1, min(following, count + 1))}")


def _submit(request: HttpRequest, found: Sheet) -> HttpResponse:
    try:
        answering.submit(
            found, may_reuse="may_reuse" in request.POST, version=_seen(request), now=timezone.now()
        )
    except BadAnswers as error:
        return quiet(_page(request, found, error=str(error), status=422))
    except Conflict as error:
        return quiet(_page(request, answering.find_sheet_of(found), error=str(error), status=409))
    return redirect(request.path)


def _page(
    request: HttpRequest,
    found: Sheet,
    *,
    given: Mapping[str, object] | None = None,
    problems: Mapping[str, str] | None = None,
    error: str = "",
    status: int = 200,
) -> HttpResponse:
    parts = found.parts
    at = min(max(_at(request), 1), len(parts) + 1)
    owner = Organisation.objects.filter(pk=found.survey.org_root_id).first()
    context: dict[str, object] = {
        "survey": found.survey,
        "owner": owner.name if owner else "",
        "enterprise": found.unit.enterprise.name,
        "version": found.row.version,
        "at": at,
        "count": len(parts),
        "error": error,
        "was_saved": "saved" in request.GET,
        "expires_at": found.unit.expires_at,
        "is_correction": found.row.number > 1,
        "least": 3,
    }
    if at > len(parts):
        return render(request, "data/survey/sheet_review.html", context | _review(found), status=status)
    context["title"] = section_name(parts[at - 1][0].section)
    told = {**found.answers, **(given or {})}
    context["questions"] = shown_questions(parts[at - 1], told, problems or {})
    return render(request, "data/survey/sheet.html", context, status=status)


def _review(found: Sheet) -> dict[str, object]:
    lines = []
    for number, part in enumerate(found.parts, start=1):
        for one in part:
            answer = found.answers.get(one.key)
            lines.append(
                {
                    "part": number,
                    "key": one.key,
                    "text": text_of(one.text),
                    "answer": None if answer is None else answer_text(one, answer),
                    "is_missing": one.required and answer is None,
                }
            )
    return {
        "lines": lines,
        "missing": sum(bool(line["is_missing"]) for line in lines),
        "may_reuse": bool(found.row.may_reuse),
    }


def _done(request: HttpRequest, found: Sheet, *, is_second: bool) -> HttpResponse:
    at = formats.moment(found.row.submitted_at) if found.row.submitted_at else ""
    text = _(
        "贵单位的问卷已于 %(at)s 提交，谢谢。一个链接只能答一次；要更正，请向发放问卷的协会索取新的链接。"
    )
    heading = _("这份问卷已经答过") if is_second else _("已提交，谢谢")
    response = _message(
        request, heading, text % {"at": at}, survey=found.survey, status=409 if is_second else 200
    )
    return quiet(response) if is_second else response


def _closed(request: HttpRequest, error: LinkClosed) -> HttpResponse:
    texts = {
        Why.UNKNOWN: (
            _("链接无效"),
            _("没有这个链接，或者已换成新的链接。请用最近收到的一个，或向协会索取。"),
        ),
        Why.EXPIRED: (_("链接已过期"), _("这个链接的有效期已过。填过的内容还在，请向协会索取新的链接。")),
        Why.WITHDRAWN: (_("链接已撤回"), _("协会撤回了这个链接，不需要再填。有疑问请与协会联系。")),
        Why.CLOSED: (_("调研已结束"), _("这项调研已经结束，不再收答卷。谢谢。")),
    }
    heading, text = texts[error.why]
    return _message(request, heading, text, survey=error.survey, status=410)


def _busy(request: HttpRequest) -> HttpResponse:
    return quiet(_message(request, _("操作过于频繁"), _("请过一分钟再试。"), survey=None, status=429))


def _message(
    request: HttpRequest, heading: str, text: str, *, survey: object, status: int = 200
) -> HttpResponse:
    context = {"heading": heading, "text": text, "survey": survey}
    return render(request, "data/survey/sheet_message.html", context, status=status)
