"""The page of an invited expert: a link is enough, no account, no script needed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from zhiqiao.apps.evaluation import answering, words
from zhiqiao.apps.evaluation.answering import Key, Questions, Reply, field_of
from zhiqiao.apps.evaluation.computing import answers_of, compute
from zhiqiao.apps.evaluation.errors import BadAnswers, EvaluationError, LinkInvalid, NoResult, SavedElsewhere
from zhiqiao.apps.evaluation.forms import read_answers
from zhiqiao.apps.evaluation.inviting import find_expert
from zhiqiao.apps.evaluation.loading import asked_up_to
from zhiqiao.apps.evaluation.models import StudyExpert, StudyItem, StudyKind
from zhiqiao.apps.evaluation.parameters import Option, questionnaire
from zhiqiao.engines import weights
from zhiqiao.infra.db.names import Name
from zhiqiao.infra.links import admit, quiet
from zhiqiao.platform.governance.api import address_of, public


@dataclass(frozen=True)
class Choice:
    """An option of a select."""

    value: str
    label: str
    is_chosen: bool


@dataclass(frozen=True)
class Question:
    """One question as the page shows it; `note` is what the round before said of it."""

    field: str
    label: str
    choices: Sequence[Choice]
    basis: Sequence[Choice] = ()
    familiarity: Sequence[Choice] = ()
    basis_field: str = ""
    familiarity_field: str = ""
    note: str = ""
    problem: str = ""
    is_doubtful: bool = False


@dataclass(frozen=True)
class Section:
    """Questions that stand together."""

    title: str
    questions: Sequence[Question]


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, token: str) -> HttpResponse:
    """Show the questions of the latest round, and take answers while it is open."""
    limits = questionnaire().limits
    try:
        expert = find_expert(token, now=timezone.now())
    except LinkInvalid as error:
        if not admit(address_of(request), most=limits["unknown_links_a_minute"], now=timezone.now()):
            return _busy(request)
        return quiet(_message(request, _("链接无效"), str(error), status=410))
    found = answering.questions(expert)
    if found is None:
        return _message(
            request,
            expert.study.title,
            _("这项研究还没有开始征询。开始后请用同一个链接打开。"),
            study=expert.study,
        )
    if request.method != "POST":
        return _sheet(request, found, found.replies)
    if not admit(str(expert.uuid), most=limits["saves_a_minute"], now=timezone.now()):
        return _busy(request)
    return _take(request, found)


def _take(request: HttpRequest, found: Questions) -> HttpResponse:
    replies: Mapping[Key, Reply] = found.replies
    try:
        version, replies = read_answers(request.POST, found)
        submit = "submit" in request.POST
        answering.save(found, replies, version=version, submit=submit, now=timezone.now())
    except BadAnswers as error:
        return quiet(_sheet(request, found, replies, error=str(error), problems=error.problems, status=422))
    except SavedElsewhere as error:
        fresh = answering.questions(found.expert) or found
        return quiet(_sheet(request, fresh, replies, error=str(error), status=409))
    except EvaluationError as error:
        fresh = answering.questions(found.expert) or found
        return quiet(_sheet(request, fresh, fresh.replies, error=str(error), status=409))
    return redirect(f"{request.path}?{'submitted' if submit else 'saved'}=1")


def _busy(request: HttpRequest) -> HttpResponse:
    return quiet(_message(request, _("操作过于频繁"), _("请过一分钟再试。"), status=429))


def _message(
    request: HttpRequest, heading: str, text: str, *, status: int = 200, study: object = None
) -> HttpResponse:
    context = {"heading": heading, "text": text, "study": study}
    return render(request, "evaluation/answer_message.html", context, status=status)


def _sheet(
    request: HttpRequest,
    found: Questions,
    replies: Mapping[Key, Reply],
    *,
    error: str = "",
    problems: Mapping[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    study = found.expert.study
    names = words.names_of(found.items)
    told = found.consistency() if study.kind == StudyKind.AHP else []
    consistent = [
        {
            "group": _title(one.group.parent),
            "cr": f"{one.found.cr:.3f}",
            "limit": f"{one.found.limit:g}",
            "is_usable": one.found.usable,
            "worst": words.worst_pair(one, names),
            "change": words.helpful_change(one, names),
        }
        for one in told
    ]
    doubtful = {
        frozenset((one.worst.first, one.worst.second)) for one in told if one.worst and not one.found.usable
    }
    middle, middle_reason = _middle(found)
    context = {
        "study": study,
        "questions": found,
        "round": found.sheet.round,
        "is_ahp": study.kind == StudyKind.AHP,
        "sections": _sections(found, replies, problems=problems or {}, doubtful=doubtful, middle=middle),
        "consistent": consistent,
        "middle_reason": middle_reason,
        "answered": len(found.replies),
        "asked": len(found.keys),
        "error": error,
        "was_saved": "saved" in request.GET,
        "was_submitted": "submitted" in request.GET,
    }
    return render(request, "evaluation/answer.html", context, status=status)


def _middle(found: Questions) -> tuple[dict[str, weights.FeedbackLine], str]:
    """Return the round before's middle by item, or why it is not shown."""
    number = found.sheet.round.number
    study = found.expert.study
    if study.kind != StudyKind.DELPHI or number < 2:
        return {}, ""
    try:
        asked = asked_up_to(study, number - 1)
        result = compute(asked).delphi
        assert result is not None
        sheet = answering.feedback_of(found, result, answers_of(asked))
    except NoResult as error:
        return {}, str(error)
    except weights.WeightsError as error:
        return {}, str(Name(error.zh, error.en))
    return {line.item: line for line in sheet.lines}, ""


def _sections(
    found: Questions,
    replies: Mapping[Key, Reply],
    *,
    problems: Mapping[str, str],
    doubtful: set[frozenset[str]],
    middle: Mapping[str, weights.FeedbackLine],
) -> list[Section]:
    before = answering.earlier_replies(found)
    if found.expert.study.kind == StudyKind.AHP:
        # an own comparison of the round before is a fair start; it counts only once it is saved again
        given = {**before, **replies} if not found.sheet.saved_at else replies
        return [
            Section(
                _title(group.parent),
                [_pair(a, b, given, problems, doubtful) for a, b in group.pairs()],
            )
            for group in found.groups
        ]
    parents = {item.id: item for item in found.items}
    sections: dict[str, list[Question]] = {}
    for item in found.items:
        if (item.id, None) in found.keys:
            title = _title(parents[item.parent_id]) if item.parent_id else _title(None)
            line = middle.get(item.name_zh)
            sections.setdefault(title, []).append(
                _rating(found.expert, item, replies, problems=problems, note=_note(line, before, item))
            )
    return [Section(title, questions) for title, questions in sections.items()]


def _title(item: StudyItem | None) -> str:
    return str(Name(item.name_zh, item.name_en)) if item else ""


def _pair(
    a: StudyItem,
    b: StudyItem,
    given: Mapping[Key, Reply],
    problems: Mapping[str, str],
    doubtful: set[frozenset[str]],
) -> Question:
    key = (a.id, b.id)
    first, second = _title(a), _title(b)
    chosen = given.get(key)
    steps = [(f"{value:g}", float(value)) for value in range(9, 0, -1)]
    steps += [(f"1/{value:g}", 1 / value) for value in range(2, 10)]
    choices = [
        Choice(
            text,
            words.step(first, second, value),
            chosen is not None and abs(chosen.value - value) < 1e-9,
        )
        for text, value in steps
    ]
    return Question(
        field_of(key),
        _("“%(first)s”与“%(second)s”，哪个更重要？") % {"first": first, "second": second},
        choices,
        note=words.comparison(first, second, chosen.value) if chosen and chosen.value > 0 else "",
        problem=problems.get(field_of(key), ""),
        is_doubtful=frozenset((a.name_zh, b.name_zh)) in doubtful,
    )


def _rating(
    expert: StudyExpert,
    item: StudyItem,
    replies: Mapping[Key, Reply],
    *,
    problems: Mapping[str, str],
    note: str,
) -> Question:
    key = (item.id, None)
    reply = replies.get(key)
    highest = expert.study.highest
    return Question(
        field_of(key),
        _title(item),
        [
            Choice(str(value), str(value), reply is not None and reply.value == value)
            for value in range(1, highest + 1)
        ],
        _options(questionnaire().basis, reply.basis if reply else None),
        _options(questionnaire().familiarity, reply.familiarity if reply else None),
        f"b-{item.id}",
        f"f-{item.id}",
        note,
        problems.get(field_of(key), ""),
    )


def _options(options: Sequence[Option], chosen: float | None) -> list[Choice]:
    return [Choice(f"{one.value:g}", str(one.name), one.value == chosen) for one in options]


def _note(line: weights.FeedbackLine | None, before: Mapping[Key, Reply], item: StudyItem) -> str:
    if line is None:
        return ""
    own = before.get((item.id, None))
    values = {
        "median": f"{line.median:g}",
        "low": f"{line.lower_quartile:g}",
        "high": f"{line.upper_quartile:g}",
        "own": f"{own.value:g}" if own else "",
        "place": words.position(line.position),
    }
    if own is None:
        return _("上一轮：中位数 %(median)s，中间一半专家在 %(low)s–%(high)s；您没有作答。") % values
    return _("上一轮：中位数 %(median)s，中间一半专家在 %(low)s–%(high)s；您评 %(own)s，%(place)s。") % values
