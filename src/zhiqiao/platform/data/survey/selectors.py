"""Reads of surveys as plain values, always through `visible`; enterprises only for those who run the survey."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhiqiao.engines.surveys import Outcome
from zhiqiao.infra.db.names import Name, local_name
from zhiqiao.platform.data.models import EnterpriseSize, Industry, PostSurvey, SurveyState
from zhiqiao.platform.governance.api import Actor, Organisation, can, get_visible, visible

__all__ = [
    "OUTCOME_LABELS",
    "StratumWords",
    "SurveyView",
    "get_survey",
    "stratum_words",
    "survey_rows",
    "survey_view",
    "surveys",
]

OUTCOME_LABELS = {
    Outcome.ANSWERED: gettext_lazy("已答复"),
    Outcome.REUSED: gettext_lazy("用了已有答案"),
    Outcome.PARTIAL: gettext_lazy("填了一部分"),
    Outcome.SILENT: gettext_lazy("未作答"),
    Outcome.DECLINED: gettext_lazy("谢绝"),
    Outcome.UNREACHABLE: gettext_lazy("联系不上"),
    Outcome.WITHDRAWN: gettext_lazy("已撤回"),
    Outcome.NOT_ASKED: gettext_lazy("未发放"),
}


@dataclass(frozen=True)
class SurveyView:
    """A survey as lists and heads of pages show it."""

    row: PostSurvey
    uuid: UUID
    title: str
    purpose: str
    programme: Name
    owner: str
    state: str
    state_label: str
    drawn: int
    answered: int
    is_demo: bool
    may_manage: bool
    created_at: dt.datetime

    @property
    def rate(self) -> float | None:
        """Return answered of drawn, as far as a list tells; None before the draw."""
        return self.answered / self.drawn if self.drawn else None

    @property
    def is_draft(self) -> bool:
        """Tell whether nobody was asked yet."""
        return self.state == SurveyState.DRAFT

    @property
    def is_open(self) -> bool:
        """Tell whether answers are taken."""
        return self.state == SurveyState.OPEN

    @property
    def is_closed(self) -> bool:
        """Tell whether it is over."""
        return self.state == SurveyState.CLOSED


def survey_rows() -> QuerySet[PostSurvey]:
    """Return surveys with what a view of them needs."""
    drawn = Count("units", filter=Q(units__is_drawn=True) & ~Q(units__outcome="withdrawn"), distinct=True)
    answered = Count(
        "units",
        filter=Q(units__sheets__submitted_at__isnull=False, units__sheets__reused_from=None),
        distinct=True,
    )
    return PostSurvey.objects.select_related("programme").annotate(drawn=drawn, answered=answered)


def surveys(acting: Actor) -> list[SurveyView]:
    """Return the surveys one may see, the latest first."""
    rows = list(visible(acting, "surveys.read", survey_rows()).order_by("-created_at", "-id"))
    return _views(acting, rows)


def get_survey(acting: Actor, uuid: UUID) -> PostSurvey:
    """Return one survey; 404 when it may not be seen."""
    return get_visible(acting, "surveys.read", survey_rows(), uuid=uuid)


def survey_view(acting: Actor, row: PostSurvey) -> SurveyView:
    """Return a survey one was given as a value."""
    return _views(acting, [row])[0]


def _views(acting: Actor, rows: Sequence[PostSurvey]) -> list[SurveyView]:
    owners = {row.pk: row for row in Organisation.objects.filter(pk__in={row.org_root_id for row in rows})}
    return [
        SurveyView(
            row=row,
            uuid=row.uuid,
            title=row.title,
            purpose=row.purpose,
            programme=Name(row.programme.name_zh, row.programme.name_en),
            owner=owners[row.org_root_id].name if row.org_root_id in owners else "",
            state=row.state,
            state_label=str(row.get_state_display()),
            drawn=getattr(row, "drawn", 0),
            answered=getattr(row, "answered", 0),
            is_demo=row.is_demo,
            may_manage=can(acting, "surveys.manage", row),
            created_at=row.created_at,
        )
        for row in rows
    ]


class StratumWords:
    """What the parts of a stratum are called."""

    def __init__(self) -> None:
        self._industries = {row.key: local_name(row.name_zh, row.name_en) for row in Industry.objects.all()}

    def of(self, margin: str, value: str) -> str:
        """Return the name of one part; an empty one is unknown."""
        if not value:
            return _("未知")
        if margin == "industry":
            return self._industries.get(value, value)
        return str(EnterpriseSize(value).label) if margin == "size" else value

    def line(self, industry: str, size: str, place: str) -> str:
        """Return a stratum in one line."""
        told = [self.of("industry", industry), self.of("size", size), self.of("place", place)]
        return " · ".join(told)


def stratum_words() -> StratumWords:
    """Return the names of strata, read once a page."""
    return StratumWords()
