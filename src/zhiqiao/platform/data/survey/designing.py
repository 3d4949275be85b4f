"""Making a survey and its questionnaire: from the bank or with own questions, branching, versions.

A version is a draft until it is given to the first enterprise; from then on neither people nor the database change it,
and a further change begins the next version. Answers stay with the version they were given to.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from zhiqiao.engines.kernel import from_json, read_json, to_json, write_json
from zhiqiao.engines.surveys import Problem, Question, Questionnaire, problems_of
from zhiqiao.infra.text import is_plain
from zhiqiao.platform.data.errors import Conflict, Refused
from zhiqiao.platform.data.models import PostSurvey, Programme, QuestionnaireVersion, SurveyState
from zhiqiao.platform.data.supply import keeping
from zhiqiao.platform.data.survey.bank import bank, filled, template_for
from zhiqiao.platform.governance.api import Actor, audit, get_visible, require

__all__ = [
    "SurveyText",
    "add_from_bank",
    "change_questions",
    "create_survey",
    "draft_of",
    "latest",
    "managed",
    "move_question",
    "new_version",
    "publish_draft",
    "questionnaire_of",
    "questions_json",
    "remove_question",
    "save_question",
    "update_survey",
]

_MOST_QUESTIONS = 80
_KEY = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")


@dataclass(frozen=True)
class SurveyText:
    """What an officer says of a survey."""

    title: str
    purpose: str
    programme: Programme


def managed(uuid: UUID, *, acting: Actor, locked: bool = True) -> PostSurvey:
    """Return a survey that one runs, locked for a change; 404 otherwise."""
    found = get_visible(acting, "surveys.manage", PostSurvey.objects.select_related("programme"), uuid=uuid)
    if not locked:
        return found
    rows = PostSurvey.objects.select_for_update(of=("self",)).select_related("programme")
    return rows.get(pk=found.pk)


@transaction.atomic
def create_survey(text: SurveyText, *, acting: Actor, is_demo: bool = False) -> PostSurvey:
    """Make a survey with the standard questionnaire of its programme as a first draft."""
    require(acting, "surveys.manage")
    root = keeping.own_root(acting)
    _check_text(text)
    row = PostSurvey.objects.create(
        org_root_id=root,
        title=text.title.strip(),
        purpose=text.purpose.strip(),
        programme=text.programme,
        created_by_id=acting.user_id,
        is_demo=is_demo,
    )
    QuestionnaireVersion.objects.create(
        org_root_id=root,
        survey=row,
        number=1,
        questions=to_json(template_for(text.programme)),
        bank_version=bank().version,
    )
    audit(acting, "survey.created", row, detail={"title": row.title, "programme": text.programme.key})
    return row


@transaction.atomic
def update_survey(uuid: UUID, text: SurveyText, *, seen: int, acting: Actor) -> PostSurvey:
    """Change title and purpose; the programme only before anybody was asked. Raises Conflict."""
    row = managed(uuid, acting=acting)
    _check_text(text)
    if row.version != seen:
        raise Conflict(_("别人刚改过这项调研。请核对后再保存一次。"), row.version)
    if row.state != SurveyState.DRAFT and row.programme_id != text.programme.pk:
        raise Refused(_("已经开始调研，不能再换专业。"))
    old = {"title": row.title, "purpose": row.purpose, "programme": row.programme.key}
    row.title, row.purpose, row.programme = text.title.strip(), text.purpose.strip(), text.programme
    row.version += 1
    row.save()
    new = {"title": row.title, "purpose": row.purpose, "programme": row.programme.key}
    audit(acting, "survey.changed", row, detail={"values": {name: [old[name], new[name]] for name in old}})
    return row


def questionnaire_of(row: QuestionnaireVersion) -> Questionnaire:
    """Return the questions of a version."""
    # through text, for numbers are exact there and JSON of the database is not
    return from_json(Questionnaire, read_json(write_json(row.questions)))


def questions_json(questionnaire: Questionnaire) -> object:
    """Return questions as the database keeps them."""
    return to_json(questionnaire)


def latest(survey: PostSurvey) -> QuestionnaireVersion:
    """Return the newest version, draft or not."""
    row = survey.questionnaires.order_by("-number").first()
    assert row is not None, "a survey is made with a questionnaire"
    return row


def draft_of(survey: PostSurvey) -> QuestionnaireVersion:
    """Return the draft; raises Refused when the newest version was given out."""
    row = latest(survey)
    if row.published_at is not None:
        raise Refused(
            _("第 %(number)s 版问卷已经发给企业，不能再改；请先建立新版本。") % {"number": row.number}
        )
    return row


@transaction.atomic
def new_version(uuid: UUID, *, acting: Actor) -> QuestionnaireVersion:
    """Begin the next version from the last; those who were asked keep theirs."""
    survey = managed(uuid, acting=acting)
    if survey.state == SurveyState.CLOSED:
        raise Refused(_("调研已结束。"))
    last = latest(survey)
    if last.published_at is None:
        return last
    row = QuestionnaireVersion.objects.create(
        org_root_id=survey.org_root_id,
        survey=survey,
        number=last.number + 1,
        questions=last.questions,
        bank_version=last.bank_version,
    )
    audit(acting, "survey.version_begun", survey, detail={"number": row.number})
    return row


@transaction.atomic
def change_questions(
    uuid: UUID, change: Callable[[Questionnaire], Questionnaire], *, seen: int, acting: Actor, verb: str
) -> QuestionnaireVersion:
    """Apply a change to the draft; raises Conflict when it was changed since it was shown, Refused without a draft."""
    survey = managed(uuid, acting=acting)
    row = draft_of(survey)
    if row.version != seen:
        raise Conflict(_("别人刚改过问卷，没有保存。请看现在的问卷，再改一次。"), row.version)
    before = questionnaire_of(row)
    after = change(before)
    if len(after.questions) > _MOST_QUESTIONS:
        raise Refused(_("一份问卷最多 %(most)s 题。") % {"most": _MOST_QUESTIONS})
    if after == before:
        return row
    row.questions, row.version = to_json(after), row.version + 1
    row.save(update_fields=["questions", "version", "updated_at"])
    old, new = before.by_key(), after.by_key()
    changed = sorted(key for key in old.keys() | new.keys() if old.get(key) != new.get(key))
    audit(acting, f"survey.{verb}", survey, detail={"version": row.number, "questions": changed})
    return row


def add_from_bank(uuid: UUID, key: str, *, seen: int, acting: Actor) -> QuestionnaireVersion:
    """Add a question of the bank at the end of its section, with the choices of the programme."""
    survey = managed(uuid, acting=acting, locked=False)
    if key not in bank().questions:
        raise Refused(_("题库里没有这道题。"))
    one = filled(key, survey.programme)

    def change(before: Questionnaire) -> Questionnaire:
        if one.key in before.by_key():
            raise Refused(_("这道题已在问卷里。"))
        return Questionnaire(_placed(before.questions, one))

    return change_questions(uuid, change, seen=seen, acting=acting, verb="question_added")


def save_question(uuid: UUID, key: str, one: Question, *, seen: int, acting: Actor) -> QuestionnaireVersion:
    """Write a question in place of `key`, or at the end of its section when `key` is empty."""
    if not _KEY.fullmatch(one.key):
        raise Refused(_("题号只用小写字母、数字和连字符。"))
    texts = [one.text, *(option.text for option in one.options), *filter(None, (one.hint, one.unit))]
    if not all(is_plain(text.zh) and is_plain(text.en) for text in texts):
        raise Refused(_("含有看不见的控制字符，没有保存；请重新输入。"))

    def change(before: Questionnaire) -> Questionnaire:
        known = before.by_key()
        if one.key != key and one.key in known:
            raise Refused(_("题号“%(key)s”已经用过。") % {"key": one.key})
        if not key:
            return Questionnaire(_placed(before.questions, one))
        if key not in known:
            raise Refused(_("这道题已被删去。"))
        return Questionnaire(tuple(one if old.key == key else old for old in before.questions))

    return change_questions(uuid, change, seen=seen, acting=acting, verb="question_saved")


def remove_question(uuid: UUID, key: str, *, seen: int, acting: Actor) -> QuestionnaireVersion:
    """Take a question out; conditions that named it are shown as problems, not silently dropped."""

    def change(before: Questionnaire) -> Questionnaire:
        return Questionnaire(tuple(one for one in before.questions if one.key != key))

    return change_questions(uuid, change, seen=seen, acting=acting, verb="question_removed")


def move_question(uuid: UUID, key: str, *, by: int, seen: int, acting: Actor) -> QuestionnaireVersion:
    """Move a question up (-1) or down (1)."""

    def change(before: Questionnaire) -> Questionnaire:
        rows = list(before.questions)
        at = next((place for place, one in enumerate(rows) if one.key == key), None)
        if at is None or not 0 <= at + by < len(rows):
            return before
        rows[at], rows[at + by] = rows[at + by], rows[at]
        return Questionnaire(tuple(rows))

    return change_questions(uuid, change, seen=seen, acting=acting, verb="question_moved")


def publish_draft(survey: PostSurvey, *, acting: Actor, now: dt.datetime) -> QuestionnaireVersion:
    """Return the version to give out, fixing the draft; raises Refused when it can not be asked."""
    row = latest(survey)
    if row.published_at is not None:
        return row
    wrong = problems_of(questionnaire_of(row))
    if wrong:
        raise Refused(_("问卷有 %(count)s 处问题，请先改好再发放。") % {"count": len(wrong)})
    row.published_at = now
    row.save(update_fields=["published_at", "updated_at"])
    audit(acting, "survey.version_published", survey, detail={"number": row.number})
    return row


def problems_in_words(problems: tuple[Problem, ...], *, english: bool) -> list[tuple[str, str]]:
    """Return (question, sentence) of each problem."""
    return [(one.question, one.en if english else one.zh) for one in problems]


def _placed(questions: tuple[Question, ...], one: Question) -> tuple[Question, ...]:
    """Put a question behind the last of its section; its conditions stay behind what they name only by its author."""
    places = [at for at, other in enumerate(questions) if other.section == one.section]
    at = places[-1] + 1 if places else len(questions)
    return (*questions[:at], replace(one), *questions[at:])


def _check_text(text: SurveyText) -> None:
    if not text.title.strip():
        raise Refused(_("请写调研的名称。"))
    if not is_plain(text.title) or not is_plain(text.purpose):
        raise Refused(_("含有看不见的控制字符，没有保存；请重新输入。"))
