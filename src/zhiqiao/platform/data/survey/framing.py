"""The frame of a survey and the draw: who may be asked at all, whom the interval keeps out, who is drawn."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from zhiqiao.engines.surveys import BadFrame, Draw, Stratum, Unit, draw, next_day
from zhiqiao.platform.data.errors import Refused
from zhiqiao.platform.data.models import PostSurvey, SurveyedEnterprise, SurveyState, SurveyUnit
from zhiqiao.platform.data.survey.designing import managed
from zhiqiao.platform.data.survey.parameters import least_days
from zhiqiao.platform.data.survey.register import enterprises
from zhiqiao.platform.governance.api import Actor, audit

__all__ = ["FrameLine", "draw_sample", "frame_units", "last_asked", "lines_of", "may_ask_from", "undo_draw"]

_BATCH = 400


@dataclass(frozen=True)
class FrameLine:
    """A stratum: how many enterprises it has, how many were drawn, how many the interval keeps out."""

    stratum: Stratum
    frame: int
    drawn: int
    kept_out: int


def last_asked(rows: Sequence[SurveyedEnterprise], *, beside: PostSurvey | None = None) -> dict[int, dt.date]:
    """Return by id the day on which any association of the region last asked an enterprise.

    Firms are the same by credit code or folded name. Only the day leaves the other body's rows. `beside` is a survey
    that does not count.
    """
    found: dict[int, dt.date] = {}
    for start in range(0, len(rows), _BATCH):
        part = rows[start : start + _BATCH]
        codes = [row.credit_code for row in part if row.credit_code]
        names = [row.folded_name for row in part]
        asked = SurveyUnit.objects.filter(
            Q(enterprise__folded_name__in=names) | Q(enterprise__credit_code__in=codes),
            asked_on__isnull=False,
        )
        if beside is not None:
            asked = asked.exclude(survey=beside)
        days = list(asked.values_list("enterprise__folded_name", "enterprise__credit_code", "asked_on"))
        by_name = _latest((name, day) for name, _code, day in days)
        by_code = _latest((code, day) for _name, code, day in days if code)
        for row in part:
            told = [by_name.get(row.folded_name), by_code.get(row.credit_code) if row.credit_code else None]
            if known := [day for day in told if day]:
                found[row.pk] = max(known)
    return found


def _latest(pairs: Iterable[tuple[str, dt.date | None]]) -> dict[str, dt.date]:
    found: dict[str, dt.date] = {}
    for key, day in pairs:
        if day and (key not in found or day > found[key]):
            found[key] = day
    return found


def may_ask_from(
    rows: Sequence[SurveyedEnterprise], *, on: dt.date, least: int, beside: PostSurvey | None = None
) -> dict[int, dt.date]:
    """Return by id the day from which an enterprise may be asked again, for those whose day lies ahead."""
    days = {key: next_day(day, least_days=least) for key, day in last_asked(rows, beside=beside).items()}
    return {key: day for key, day in days.items() if day is not None and day > on}


@transaction.atomic
def draw_sample(
    uuid: UUID, picked: Sequence[UUID], *, size: int, seed: str, acting: Actor, now: dt.datetime
) -> PostSurvey:
    """Draw from the picked enterprises of the register; those asked too recently stay undrawn, with a day.

    The folded name is what the draw goes by, so that the same list and seed give the same sample on any installation.
    Raises Refused once somebody was asked, for a size the frame can not give, or without a seed.
    """
    survey = managed(uuid, acting=acting)
    if survey.state != SurveyState.DRAFT:
        raise Refused(_("已经向企业发放问卷，不能再抽样。"))
    if not seed.strip() or len(seed) > 40:
        raise Refused(_("请写随机种子（40 字以内）；同一种子总是抽出同样的企业，便于复核。"))
    rows = list(enterprises(acting).filter(uuid__in=picked))
    on, least = now.date(), least_days(now.date())
    waiting = may_ask_from(rows, on=on, least=least, beside=survey)
    units = [Unit(row.folded_name, stratum_of(row)) for row in rows if row.pk not in waiting]
    try:
        drawn = draw(units, size=size, seed=seed.strip())
    except BadFrame as error:
        raise Refused(error.en if (get_language() or "").startswith("en") else error.zh) from error
    survey.units.all().delete()
    chosen = set(drawn.keys)
    codes = _codes(rows, drawn)
    SurveyUnit.objects.bulk_create(
        SurveyUnit(
            org_root_id=survey.org_root_id,
            survey=survey,
            enterprise=row,
            code=codes[row.folded_name],
            industry=stratum_of(row).industry,
            size=row.size,
            place=row.place,
            may_ask_from=waiting.get(row.pk),
            is_drawn=row.folded_name in chosen,
        )
        for row in rows
    )
    survey.draw = {"seed": seed.strip(), "size": size, "method": "stratified-prn-1", "frame": len(rows)}
    survey.drawn_at, survey.least_days = now, least
    survey.version += 1
    survey.save()
    detail = {"seed": seed.strip(), "size": size, "frame": len(rows), "kept_out": len(waiting)}
    audit(acting, "survey.drawn", survey, detail=detail)
    return survey


@transaction.atomic
def undo_draw(uuid: UUID, *, acting: Actor) -> PostSurvey:
    """Take a draw back before anybody was asked."""
    survey = managed(uuid, acting=acting)
    if survey.state != SurveyState.DRAFT:
        raise Refused(_("已经向企业发放问卷，不能再抽样。"))
    survey.units.all().delete()
    survey.draw, survey.drawn_at = {}, None
    survey.version += 1
    survey.save()
    audit(acting, "survey.draw_undone", survey)
    return survey


def stratum_of(row: SurveyedEnterprise) -> Stratum:
    """Return the class an enterprise is drawn in; what is unknown is a class of its own."""
    return Stratum(row.industry.key if row.industry else "", row.size, row.place)


def frame_units(survey: PostSurvey) -> list[Unit]:
    """Return the frame as it was drawn from; those whom the interval kept out belong to it."""
    rows = survey.units.order_by("code")
    return [Unit(row.code, Stratum(row.industry, row.size, row.place)) for row in rows]


def lines_of(units: Iterable[SurveyUnit]) -> list[FrameLine]:
    """Return the strata of a frame with what was drawn."""
    found: dict[Stratum, list[SurveyUnit]] = {}
    for row in units:
        found.setdefault(Stratum(row.industry, row.size, row.place), []).append(row)
    return [
        FrameLine(
            stratum,
            len(rows),
            sum(row.is_drawn for row in rows),
            sum(row.may_ask_from is not None for row in rows),
        )
        for stratum, rows in sorted(found.items())
    ]


def _codes(rows: Sequence[SurveyedEnterprise], drawn: Draw) -> Mapping[str, str]:
    """Number the frame so that a code tells nothing: in the order of the draw's random numbers, stratum by stratum."""
    order = [*drawn.keys, *(key for stratum in sorted(drawn.reserve) for key in drawn.reserve[stratum])]
    rest = sorted(row.folded_name for row in rows if row.folded_name not in set(order))
    return {key: f"Q{number:04d}" for number, key in enumerate([*order, *rest], start=1)}
