"""Pages of a questionnaire: its questions, one question, versions, and the preview as an enterprise sees it."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from zhiqiao.engines.surveys import Condition, Question, Questionnaire, problems_of
from zhiqiao.platform.data.errors import Conflict, Refused
from zhiqiao.platform.data.models import PostSurvey, QuestionnaireVersion
from zhiqiao.platform.data.survey import designing
from zhiqiao.platform.data.survey.answering import parts_of
from zhiqiao.platform.data.survey.bank import bank, section_name
from zhiqiao.platform.data.survey.charts import text_of
from zhiqiao.platform.data.survey.forms import (
    KIND_LABELS,
    QuestionForm,
    before_of,
    question_initial,
    read_answers,
)
from zhiqiao.platform.data.survey.sheets import shown_parts
from zhiqiao.platform.data.views.surveys import shown
from zhiqiao.platform.governance.api import ActorRequest, action


@require_GET
@action("surveys.manage")
def questions(request: ActorRequest, uuid: UUID) -> HttpResponse:
    """Show the questions of a version with what keeps it from being asked."""
    survey = designing.managed(uuid, acting=request.actor, locked=False)
    row = _version(survey, request.GET.get("version", ""))
    questionnaire = designing.questionnaire_of(row)
    problems: dict[str, list[str]] = {}
    for key, text in designing.problems_in_words(
        problems_of(questionnaire), english=(get_language() or "").startswith("en")
    ):
        problems.setdefault(key, []).append(text)
    known = questionnaire.by_key()
    context = {
        "row": row,
        "versions": list(survey.questionnaires.order_by("number")),
        "is_editable": row.published_at is None,
        "lines": [_line(one, known, problems.get(one.key, [])) for one in questionnaire.questions],
        "problem_count": sum(map(len, problems.values())),
        "general": problems.get("", []),
        "bank": [
            (section_name(section), [one for one in bank().questions.values() if one.section == section])
            for section in bank().sections
        ],
        "in_use": set(known),
        "bank_source": str(bank().source),
        "parts": len(parts_of(questionnaire, {})),
    }
    context["bank"] = [
        (name, [(one.key, text_of(one.text)) for one in rows if one.key not in known])
        for name, rows in context["bank"]  # type: ignore[attr-defined]  # as made above
    ]
    return shown(request, uuid, "questions", context, tab="questions")


def _version(survey: PostSurvey, number: str) -> QuestionnaireVersion:
    if not number:
        return designing.latest(survey)
    row = survey.questionnaires.filter(number=int(number)).first() if number.isdigit() else None
    if row is None:
        raise Http404
    return row


def _line(one: Question, known: dict[str, Question], problems: list[str]) -> dict[str, object]:
    return {
        "key": one.key,
        "text": text_of(one.text),
        "kind": KIND_LABELS[one.kind],
        "section": section_name(one.section),
        "required": one.required,
        "options": [text_of(option.text) for option in one.options],
        "when": [_condition(part, known) for part in one.when],
        "is_bank": bool(one.bank),
        "problems": problems,
    }


def _condition(part: Condition, known: dict[str, Question]) -> str:
    other = known.get(part.question)
    name = text_of(other.text) if other else part.question
    if part.any_of:
        options = {option.key: text_of(option.text) for option in other.options} if other else {}
        chosen = _("、").join(options.get(key, key) for key in part.any_of)
        return _("“%(question)s”选了 %(options)s") % {"question": name, "options": chosen}
    least = "" if part.least is None else f"≥ {part.least}"
    most = "" if part.most is None else f"≤ {part.most}"
    return _("“%(question)s” %(limits)s") % {"question": name, "limits": f"{least} {most}".strip()}


@require_http_methods(["GET", "POST"])
@action("surveys.manage")
def question(request: ActorRequest, uuid: UUID, key: str = "") -> HttpResponse:
    """Write a question: new without a key."""
    survey = designing.managed(uuid, acting=request.actor, locked=False)
    row = designing.latest(survey)
    questionnaire = designing.questionnaire_of(row)
    old = questionnaire.by_key().get(key)
    if key and old is None:
        raise Http404
    initial = {**(question_initial(old) if old else {}), "version": row.version}
    form = QuestionForm(request.POST or None, initial=initial, before=before_of(questionnaire, key))
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            written = form.question(old)
            own = [
                one for one in problems_of(_with(questionnaire, key, written)) if one.question == written.key
            ]
            english = (get_language() or "").startswith("en")
            for problem in own:
                form.add_error(None, problem.en if english else problem.zh)
            if not own:
                try:
                    designing.save_question(uuid, key, written, seen=form.seen, acting=request.actor)
                except Conflict as error:
                    status = 409
                    form.add_error(None, str(error))
                    form.move_to(error.version)
                except Refused as error:
                    form.add_error(None, str(error))
                else:
                    messages.success(request, _("已保存。"))
                    return redirect("data:survey_questions", uuid=uuid)
    context = {"form": form, "key": key, "is_editable": row.published_at is None}
    return shown(request, uuid, "question", context, tab="questions", status=status)


def _with(questionnaire: Questionnaire, key: str, one: Question) -> Questionnaire:
    if not key:
        return Questionnaire((*questionnaire.questions, one))
    return Questionnaire(tuple(one if old.key == key else old for old in questionnaire.questions))


@require_POST
@action("surveys.manage")
def questions_change(request: ActorRequest, uuid: UUID) -> HttpResponse:
    """Add from the bank, move, remove, or begin a new version."""
    verb, key = request.POST.get("verb", ""), request.POST.get("key", "")
    seen = request.POST.get("version", "")
    version = int(seen) if seen.isascii() and seen.isdigit() else 0
    verbs: dict[str, Callable[[], object]] = {
        "add": lambda: designing.add_from_bank(uuid, key, seen=version, acting=request.actor),
        "remove": lambda: designing.remove_question(uuid, key, seen=version, acting=request.actor),
        "up": lambda: designing.move_question(uuid, key, by=-1, seen=version, acting=request.actor),
        "down": lambda: designing.move_question(uuid, key, by=1, seen=version, acting=request.actor),
        "new_version": lambda: designing.new_version(uuid, acting=request.actor),
    }
    if verb not in verbs:
        raise Http404
    try:
        verbs[verb]()
    except Refused as error:
        messages.error(request, str(error))
    response = redirect("data:survey_questions", uuid=uuid)
    response["Location"] += f"#q-{key}" if verb in {"up", "down", "add"} else ""
    return response


@require_http_methods(["GET", "POST"])
@action("surveys.manage")
def preview(request: ActorRequest, uuid: UUID) -> HttpResponse:
    """Show the questionnaire as an enterprise sees it; answers tried here branch and are kept nowhere."""
    survey = designing.managed(uuid, acting=request.actor, locked=False)
    row = _version(survey, request.GET.get("version", ""))
    questionnaire = designing.questionnaire_of(row)
    tried = read_answers(request.POST, questionnaire.questions) if request.method == "POST" else {}
    context = {"row": row, "parts": shown_parts(questionnaire, tried), "is_preview": True}
    return shown(request, uuid, "preview", context, tab="questions")
