"""Pages of what a survey found: response and bias, statistics of all questions, one question by class."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from zhiqiao.engines.surveys import LEAST_SHOWN, Bias, Kind, QuestionResult
from zhiqiao.platform.data.models import PostSurvey
from zhiqiao.platform.data.survey.bank import section_name
from zhiqiao.platform.data.survey.charts import bias_chart, question_chart, text_of
from zhiqiao.platform.data.survey.counting import Counted, count
from zhiqiao.platform.data.survey.opening import mined_skills
from zhiqiao.platform.data.survey.selectors import StratumWords, get_survey, stratum_words
from zhiqiao.platform.data.survey.sheets import answer_text
from zhiqiao.platform.data.survey.tables import bias_table
from zhiqiao.platform.data.views.surveys import shown
from zhiqiao.platform.governance.api import ActorRequest, action, audit, can


@require_GET
@action("surveys.read")
def results(request: ActorRequest, uuid: UUID) -> HttpResponse:
    """Show response, bias and the statistics of all questions."""
    row = get_survey(request.actor, uuid)
    counted, words = count(row), stratum_words()
    may_manage = can(request.actor, "surveys.manage", row)
    table = bias_table().bind(
        request, _bias_rows(counted.bias, words, may_manage=may_manage), demo=row.is_demo
    )
    if table.export:
        audit(request.actor, "survey.bias_exported", row)
        return table.response()
    weights = counted.weights
    context = {
        "response": counted.response,
        "least": LEAST_SHOWN,
        "has_results": counted.weights is not None,
        "effective": weights.effective if weights else None,
        "design_effect": weights.design_effect if weights else None,
        "merged": [_stratum_name(words, name) for name in weights.merged] if weights else [],
        "uncovered": [(_stratum_name(words, name), number) for name, number in weights.uncovered.items()]
        if weights
        else [],
        "bias_charts": [
            bias_chart(one, words, demo=row.is_demo, hide=_hidden(one, may_manage=may_manage))
            for one in counted.bias
        ],
        "table": table,
        "sections": _sections(counted, row),
    }
    return shown(request, uuid, "results", context, tab="results", row=row)


def _hidden(one: Bias, *, may_manage: bool) -> dict[str, bool]:
    """Name classes with one or two answers: others than the office could tell who took part.

    Where one is hidden alone, the next smallest is with it, for it would follow from the rest.
    """
    if may_manage:
        return {}
    hidden = {part.name: True for part in one.classes if 0 < part.answered < LEAST_SHOWN}
    if len(hidden) == 1:
        rest = [part for part in one.classes if part.answered >= LEAST_SHOWN]
        if rest:
            hidden[min(rest, key=lambda part: (part.answered, part.name)).name] = True
    return hidden


def _bias_rows(found: tuple[Bias, ...], words: StratumWords, *, may_manage: bool) -> list[dict[str, object]]:
    titles = {"industry": _("产业"), "size": _("规模"), "place": _("县区")}
    rows = []
    for one in found:
        hidden = _hidden(one, may_manage=may_manage)
        for part in one.classes:
            kept = not hidden.get(part.name)
            rows.append(
                {
                    "margin": titles[one.margin],
                    "name": words.of(one.margin, part.name),
                    "frame": part.frame,
                    "frame_share": part.frame_share,
                    "answered": part.answered if kept else None,
                    "share": part.share if kept else None,
                    "points": part.points if kept else None,
                }
            )
    return rows


def _stratum_name(words: StratumWords, name: str) -> str:
    parts = ["" if part == "?" else part for part in name.split("/")]
    margins = ("industry", "size", "place")
    return " · ".join(words.of(margin, part) for margin, part in zip(margins, parts, strict=False))


def _sections(counted: Counted, row: PostSurvey) -> list[dict[str, object]]:
    sections: dict[str, list[dict[str, object]]] = {}
    for one in counted.results:
        sections.setdefault(one.question.section, []).append(_result(one, row))
    return [{"title": section_name(key), "questions": questions} for key, questions in sections.items()]


def _result(one: QuestionResult, row: PostSurvey) -> dict[str, object]:
    names = {option.key: text_of(option.text) for option in one.question.options}
    return {
        "key": one.question.key,
        "text": text_of(one.question.text),
        "unit": text_of(one.question.unit),
        "asked": one.asked,
        "answered": one.answered,
        "effective": one.effective,
        "hidden": one.hidden,
        "is_text": one.question.kind is Kind.TEXT,
        "is_amounts": one.question.kind is Kind.AMOUNTS or one.question.kind is Kind.NUMBER,
        "chart": question_chart(one, demo=row.is_demo),
        "shares": [{"name": names.get(share.key, share.key), "row": share} for share in one.shares],
        "amounts": [
            {"name": names.get(amount.key, amount.key) or text_of(one.question.text), "row": amount}
            for amount in one.amounts
        ],
        "kept_back": bool(one.question.options)
        and bool(one.amounts)
        and len(one.amounts) < len(one.question.options),
    }


@require_GET
@action("surveys.read")
def question_results(request: ActorRequest, uuid: UUID, key: str) -> HttpResponse:
    """Show one question: its statistics, by class, and to those who run the survey every answer by code."""
    row = get_survey(request.actor, uuid)
    counted, words = count(row), stratum_words()
    found = next((one for one in counted.results if one.question.key == key), None)
    if found is None:
        raise Http404
    may_manage = can(request.actor, "surveys.manage", row)
    one = found.question
    context: dict[str, object] = {
        "result": _result(found, row),
        "least": LEAST_SHOWN,
        "classes": [
            (title, _classes(counted, words, margin, key))
            for margin, title in (("industry", _("按产业")), ("size", _("按规模")), ("place", _("按县区")))
        ]
        if not found.hidden and one.kind is not Kind.TEXT
        else [],
        "skills": mined_skills(counted, [key]).get(key, [])
        if one.kind is Kind.TEXT and not found.hidden
        else [],
        "may_manage": may_manage,
    }
    if may_manage:
        audit(request.actor, "survey.answers_read", row, detail={"question": key})
        context["answers"] = [
            (unit.code, unit.row.enterprise.name, answer_text(one, unit.sheet.answers[key]))
            for unit in counted.units
            if unit.sheet and key in unit.sheet.answers
        ]
    return shown(request, uuid, "question_results", context, tab="results", row=row)


def _classes(counted: Counted, words: StratumWords, margin: str, key: str) -> list[dict[str, object]]:
    """Return the leading answer of each class; one of too few enterprises says so."""
    lines = []
    for name, result in counted.by_margin(margin, key).items():
        options = {option.key: text_of(option.text) for option in result.question.options}
        lines.append(
            {
                "name": words.of(margin, name),
                "hidden": result.hidden,
                "answered": result.answered,
                "shares": [
                    (options[share.key], share.share)
                    for share in sorted(result.shares, key=lambda share: -share.share)[:3]
                ],
                "amounts": [
                    (options.get(amount.key, ""), amount.mean, amount.count) for amount in result.amounts
                ],
            }
        )
    return lines
