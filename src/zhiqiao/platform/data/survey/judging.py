"""The survey as the rules see it (JS): the stored rows as a `Survey` of engines/plans, and the findings on it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from zhiqiao.engines.plans import (
    AskedEnterprise,
    OwnerKind,
    Plan,
    ReportFigure,
    Survey,
    check_plan,
    plan_json,
)
from zhiqiao.engines.rules import Report
from zhiqiao.engines.surveys import Outcome
from zhiqiao.platform.data.models import PostSurvey
from zhiqiao.platform.data.survey.counting import Counted, UnitState
from zhiqiao.platform.data.survey.parameters import rule_book

__all__ = ["judge", "survey_file", "survey_value"]


def survey_value(
    counted: Counted,
    *,
    sections: Mapping[str, str] | None = None,
    figures: Sequence[ReportFigure] | None = None,
    first_last: tuple[dt.date, dt.date] | None = None,
) -> Survey:
    """Return the survey as a value of the rules; enterprises by code, so that the file names none.

    `sections` and `figures` are those of a report; without one they are unknown, and the rules say so.
    """
    owner = counted.owner
    asked = [one for one in counted.units if one.row.asked_on or one.sheet]
    days = first_last or _days(counted.survey, asked)
    places = sorted({one.row.place for one in asked if one.row.place})
    return Survey(
        key=str(counted.survey.uuid),
        owner=owner.name_zh,
        owner_kind=OwnerKind(owner.kind) if owner.kind in set(OwnerKind) else OwnerKind.OTHER,
        sections=dict(sections) if sections is not None else None,
        asked=sum(one.row.asked_on is not None for one in asked) or None,
        answered=sum(one.outcome is Outcome.ANSWERED for one in asked) if asked else None,
        first_day=days[0],
        last_day=days[1],
        regions=tuple(places) if places else None,
        figures=tuple(figures) if figures is not None else None,
        enterprises=tuple(_asked(one) for one in asked) if asked else None,
        # an association asks for itself, not for a city's consortium
        consortium=False,
    )


def judge(survey: Survey, *, on: dt.date) -> Report:
    """Return the findings of the JS rules in force on a day."""
    return check_plan(Plan(survey.key, survey=survey), rule_book(), on=on)


def survey_file(survey: Survey) -> str:
    """Return the survey as a file that `zhiqiao rules check FILE --set js` reads."""
    return plan_json(Plan(survey.key, survey=survey))


def _asked(one: UnitState) -> AskedEnterprise:
    row, reused = one.row, bool(one.sheet and one.sheet.reused_from_id)
    return AskedEnterprise(
        key=row.code,
        asked_on=row.asked_on
        or (one.sheet.submitted_at.date() if one.sheet and one.sheet.submitted_at else None),
        # answers used again are no asking: the interval is not touched by them
        asked_before=False if reused else row.asked_before is not None,
        last_asked_on=row.asked_before,
        reused=reused,
        consent=bool(one.sheet and one.sheet.may_reuse) if reused else None,
    )


def _days(survey: PostSurvey, asked: Sequence[UnitState]) -> tuple[dt.date | None, dt.date | None]:
    first = min((one.row.asked_on for one in asked if one.row.asked_on), default=None)
    handed_in = [one.sheet.submitted_at.date() for one in asked if one.sheet and one.sheet.submitted_at]
    last = survey.closed_on or max((day for day in handed_in if first and day >= first), default=None)
    return first, last
