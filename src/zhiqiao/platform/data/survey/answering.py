"""What an enterprise does through its link: read, save half-way, come back, hand in once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from zhiqiao.engines.surveys import Answers, Checked, Question, Questionnaire, check_answers, shown
from zhiqiao.infra.links import hash_of
from zhiqiao.platform.data.errors import Conflict, DataError
from zhiqiao.platform.data.models import PostSurvey, SurveySheet, SurveyState, SurveyUnit, UnitOutcome
from zhiqiao.platform.data.survey.designing import questionnaire_of
from zhiqiao.platform.governance.api import Actor, audit

__all__ = [
    "AnsweredAlready",
    "BadAnswers",
    "LinkClosed",
    "Sheet",
    "Why",
    "find_sheet",
    "find_sheet_of",
    "parts_of",
    "save_part",
    "submit",
]


class Why(StrEnum):
    """Why a link opens nothing."""

    UNKNOWN = "unknown"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    CLOSED = "closed"


class LinkClosed(DataError):  # noqa: N818 - the state is the message
    """Raised when a link opens nothing; `why` tells one who guesses nothing that the others do not know."""

    def __init__(self, why: Why, survey: PostSurvey | None = None) -> None:
        super().__init__(why.value)
        self.why, self.survey = why, survey


class AnsweredAlready(DataError):  # noqa: N818 - the state is the message
    """Raised when a link was answered before; `at` is when."""

    def __init__(self, at: dt.datetime) -> None:
        super().__init__("answered")
        self.at = at


class BadAnswers(DataError):  # noqa: N818 - the state is the message
    """Raised when answers can not be kept or handed in; `checked` names the places."""

    def __init__(self, message: str, checked: Checked) -> None:
        super().__init__(message)
        self.checked = checked


@dataclass(frozen=True)
class Sheet:
    """A sheet as it is answered."""

    unit: SurveyUnit
    row: SurveySheet
    questionnaire: Questionnaire

    @property
    def survey(self) -> PostSurvey:
        """Return the survey."""
        return self.unit.survey

    @property
    def answers(self) -> Answers:
        """Return what was saved."""
        return dict(self.row.answers)

    @property
    def is_submitted(self) -> bool:
        """Tell whether it was handed in."""
        return self.row.submitted_at is not None

    @property
    def parts(self) -> list[list[Question]]:
        """Return the pages of the questionnaire as they are asked after the saved answers."""
        return parts_of(self.questionnaire, self.answers)


def find_sheet(token: str, *, now: dt.datetime) -> Sheet:
    """Return the sheet of a link; raises LinkClosed when it opens nothing."""
    rows = SurveyUnit.objects.select_related("survey__programme", "enterprise")
    unit = rows.filter(token_hash=hash_of(token)).first()
    if unit is None:
        raise LinkClosed(Why.UNKNOWN)
    row = unit.sheets.select_related("questionnaire").order_by("-number").first()
    if row is None:
        raise LinkClosed(Why.UNKNOWN)
    sheet = Sheet(unit, row, questionnaire_of(row.questionnaire))
    if sheet.is_submitted:
        return sheet
    if unit.outcome == UnitOutcome.WITHDRAWN or unit.expires_at is None:
        raise LinkClosed(Why.WITHDRAWN, unit.survey)
    if unit.survey.state == SurveyState.CLOSED:
        raise LinkClosed(Why.CLOSED, unit.survey)
    if unit.expires_at <= now:
        raise LinkClosed(Why.EXPIRED, unit.survey)
    if unit.opened_at is None:
        SurveyUnit.objects.filter(pk=unit.pk, opened_at=None).update(opened_at=now)
    return sheet


def parts_of(questionnaire: Questionnaire, answers: Answers) -> list[list[Question]]:
    """Part the asked questions into pages so that branching needs no script.

    A new page begins with a new section, and where a question depends on one of the page before it is shown: its answer
    has to be saved first.
    """
    depends = {key.question for one in questionnaire.questions for key in one.when}
    parts: list[list[Question]] = []
    for one in shown(questionnaire, answers):
        page = parts[-1] if parts else []
        begins = (
            not page
            or page[-1].section != one.section
            or any(condition.question == other.key for condition in one.when for other in page)
            # one that others wait for ends its page, so that no page changes under the hand
            or page[-1].key in depends
        )
        if begins:
            parts.append([])
        parts[-1].append(one)
    return parts


@transaction.atomic
def save_part(
    sheet: Sheet, given: Mapping[str, object], *, keys: set[str], version: int, now: dt.datetime
) -> Sheet:
    """Keep the answers of one page (`keys` are its questions); the others stay as they were.

    Raises BadAnswers for answers that can not be, AnsweredAlready, LinkClosed, or Conflict when another device saved.
    """
    merged: dict[str, object] = {key: value for key, value in sheet.answers.items() if key not in keys}
    merged |= {key: value for key, value in given.items() if key in keys}
    checked = check_answers(sheet.questionnaire, merged)
    if checked.problems:
        count = len(checked.problems)
        raise BadAnswers(_("有 %(count)s 处需要改，填好的内容都还在。") % {"count": count}, checked)
    # answers that branching hides just now are kept until handing in: going back loses nothing
    kept = {**{key: merged[key] for key in checked.dropped}, **checked.answers}
    _locked(sheet, now=now)
    _write(sheet, version=version, answers=kept, saved_at=now)
    return find_sheet_of(sheet)


@transaction.atomic
def submit(sheet: Sheet, *, may_reuse: bool, version: int, now: dt.datetime) -> Sheet:
    """Hand the sheet in; its link answers no more. Raises as `save_part` does, BadAnswers also for what is missing."""
    checked = check_answers(sheet.questionnaire, sheet.answers, complete=True)
    if checked.problems:
        count = len(checked.problems)
        raise BadAnswers(_("还有 %(count)s 题必须回答，没有提交。") % {"count": count}, checked)
    if not checked.answers:
        raise BadAnswers(_("一题也没有回答，没有提交。"), checked)
    _locked(sheet, now=now)
    changed = {"answers": checked.answers, "may_reuse": may_reuse, "submitted_at": now, "saved_at": now}
    _write(sheet, version=version, **changed)
    SurveyUnit.objects.filter(pk=sheet.unit.pk).update(outcome="")
    detail = {"code": sheet.unit.code, "answers": len(checked.answers), "sheet": sheet.row.number}
    audit(_voice(sheet.unit), "survey.submitted", sheet.survey, detail=detail | {"may_reuse": may_reuse})
    return find_sheet_of(sheet)


def _locked(sheet: Sheet, *, now: dt.datetime) -> None:
    """Lock the enterprise's row and see that its link still takes answers: two may hold the same link."""
    unit = SurveyUnit.objects.select_for_update(of=("self",)).select_related("survey").get(pk=sheet.unit.pk)
    last = unit.sheets.order_by("-number").first()
    if last is not None and last.submitted_at is not None:
        raise AnsweredAlready(last.submitted_at)
    if unit.survey.state == SurveyState.CLOSED:
        raise LinkClosed(Why.CLOSED, unit.survey)
    if unit.token_hash != sheet.unit.token_hash or unit.expires_at is None:
        raise LinkClosed(Why.WITHDRAWN, unit.survey)
    if unit.expires_at <= now:
        raise LinkClosed(Why.EXPIRED, unit.survey)


def _write(sheet: Sheet, *, version: int, **changed: object) -> None:
    taken = SurveySheet.objects.filter(pk=sheet.row.pk, version=version)
    if taken.update(version=F("version") + 1, **changed) != 1:
        raise Conflict(
            _("您在另一台设备或另一个页面上保存过。下面是您刚才填的内容，请核对后再保存一次。"),
            SurveySheet.objects.get(pk=sheet.row.pk).version,
        )


def find_sheet_of(sheet: Sheet) -> Sheet:
    """Return a sheet as it is stored now."""
    row = SurveySheet.objects.select_related("questionnaire").get(pk=sheet.row.pk)
    return Sheet(sheet.unit, row, sheet.questionnaire)


def _voice(unit: SurveyUnit) -> Actor:
    """Return who acts: the code stands for the enterprise in the trail."""
    return Actor(user_id=None, name=unit.code, role="", org_root_id=unit.org_root_id)
