"""What a survey found: outcomes, response, bias, weights and statistics, computed from the stored answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from zhiqiao.engines.surveys import (
    Answers,
    Bias,
    Outcome,
    Questionnaire,
    QuestionResult,
    Response,
    TooFew,
    Unit,
    Weights,
    bias,
    by_group,
    post_stratify,
    response,
    results,
)
from zhiqiao.engines.surveys import Stratum as FrameStratum
from zhiqiao.platform.data.models import (
    PostSurvey,
    QuestionnaireVersion,
    SurveySheet,
    SurveyUnit,
    UnitOutcome,
)
from zhiqiao.platform.data.survey.designing import questionnaire_of
from zhiqiao.platform.data.survey.parameters import parameters
from zhiqiao.platform.governance.api import Organisation

__all__ = ["METHOD_VERSION", "Counted", "UnitState", "count", "units_of"]

METHOD_VERSION = "1"


@dataclass(frozen=True)
class UnitState:
    """An enterprise of a survey with what became of it; `sheet` is the answering that counts."""

    row: SurveyUnit
    outcome: Outcome
    sheet: SurveySheet | None
    open_sheet: SurveySheet | None

    @property
    def code(self) -> str:
        """Return the code that stands for the enterprise."""
        return self.row.code


def units_of(survey: PostSurvey) -> list[UnitState]:
    """Return all enterprises of the frame with their outcome."""
    rows = survey.units.select_related("enterprise__industry", "questionnaire").order_by("code")
    sheets: dict[int, list[SurveySheet]] = {}
    for sheet in SurveySheet.objects.filter(unit__survey=survey).order_by("number"):
        sheets.setdefault(sheet.unit_id, []).append(sheet)
    return [_state(row, sheets.get(row.pk, [])) for row in rows]


def _state(row: SurveyUnit, sheets: list[SurveySheet]) -> UnitState:
    handed_in = [sheet for sheet in sheets if sheet.submitted_at is not None]
    open_ = next((sheet for sheet in sheets if sheet.submitted_at is None), None)
    last = handed_in[-1] if handed_in else None
    return UnitState(row, _outcome(row, last, open_), last, open_)


def _outcome(row: SurveyUnit, last: SurveySheet | None, open_: SurveySheet | None) -> Outcome:
    if last is not None:
        return Outcome.REUSED if last.reused_from_id else Outcome.ANSWERED
    noted = {
        UnitOutcome.DECLINED: Outcome.DECLINED,
        UnitOutcome.UNREACHABLE: Outcome.UNREACHABLE,
        UnitOutcome.WITHDRAWN: Outcome.WITHDRAWN,
    }
    if row.outcome:
        return noted[UnitOutcome(row.outcome)]
    if row.asked_on is None:
        return Outcome.NOT_ASKED
    return Outcome.PARTIAL if open_ is not None and open_.saved_at else Outcome.SILENT


@dataclass(frozen=True)
class Counted:
    """A survey counted; statistics use the newest version given out and answers to it or to the same questions."""

    survey: PostSurvey
    units: list[UnitState]
    questionnaire: Questionnaire
    given: Mapping[int, Questionnaire] = field(default_factory=dict)

    @cached_property
    def owner(self) -> Organisation:
        """Return the organisation that runs the survey."""
        return Organisation.objects.get(pk=self.survey.org_root_id)

    @cached_property
    def response(self) -> Response:
        """Return the response of those that were drawn or answered."""
        return response(one.outcome for one in self.units if one.row.is_drawn or one.sheet)

    @property
    def answered(self) -> dict[str, Answers]:
        """Return answers by code."""
        return {one.code: one.sheet.answers for one in self.units if one.sheet}

    @cached_property
    def frame(self) -> list[Unit]:
        """Return the frame as it was drawn from."""
        return [
            Unit(one.code, FrameStratum(one.row.industry, one.row.size, one.row.place)) for one in self.units
        ]

    @cached_property
    def bias(self) -> tuple[Bias, ...]:
        """Return the bias along each margin; empty when fewer than three answered."""
        try:
            return bias(self.frame, self.answered)
        except TooFew:
            return ()

    @cached_property
    def weights(self) -> Weights | None:
        """Return the weights; None when fewer than three answered."""
        try:
            return post_stratify(self.frame, self.answered, least=parameters().least_in_stratum)
        except TooFew:
            return None

    @cached_property
    def versions(self) -> dict[str, Questionnaire]:
        """Return by code the questionnaire an enterprise was given."""
        return {one.code: self.given[one.sheet.questionnaire_id] for one in self.units if one.sheet}

    @cached_property
    def results(self) -> tuple[QuestionResult, ...]:
        """Return the result of each question."""
        weights = self.weights.by_key if self.weights else None
        return results(self.questionnaire, self.answered, weights=weights, versions=self.versions)

    def by_margin(self, margin: str, question: str) -> dict[str, QuestionResult]:
        """Return the result of a question in each class of a margin (industry, size or place)."""
        groups = {one.code: str(getattr(one.row, margin)) for one in self.units if one.sheet}
        same = {code: answers for code, answers in self.answered.items() if self._has(code, question)}
        return by_group(self.questionnaire, same, groups, of=question)

    def _has(self, code: str, question: str) -> bool:
        ours, theirs = self.questionnaire.by_key()[question], self.versions[code].by_key().get(question)
        return theirs is not None and (theirs.kind, theirs.text) == (ours.kind, ours.text)


def count(survey: PostSurvey) -> Counted:
    """Read a survey's answers and count them."""
    rows = list(survey.questionnaires.order_by("number"))
    given: dict[int, Questionnaire] = {row.pk: questionnaire_of(row) for row in rows}
    newest: QuestionnaireVersion = next((row for row in reversed(rows) if row.published_at), rows[-1])
    return Counted(survey, units_of(survey), given[newest.pk], given)
