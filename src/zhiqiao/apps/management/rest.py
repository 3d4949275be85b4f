"""The JSON API of the balance of the region: lines by level with intervals, table 1, health of programmes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema

from zhiqiao.apps.management.balance import health, selectors, tables, wording
from zhiqiao.apps.management.balance.selectors import BalanceView, PostLine
from zhiqiao.apps.management.models import BalanceReport, ProgrammeHealth
from zhiqiao.apps.management.report.rest import router as reports_router
from zhiqiao.engines.balance import Interval
from zhiqiao.infra.db.names import Name
from zhiqiao.infra.rest import READS, NameOut, Number, PageOut, Size, level_of, named, part
from zhiqiao.platform.governance.api import action, api_actor

router = Router(tags=["balance"])
router.add_router("", reports_router)
LineLevel = Literal["industry", "role", "skill", "total", "kind"]


class IntervalOut(Schema):
    """A figure with its bootstrap interval."""

    value: float
    low: float
    high: float


class BalanceOut(Schema):
    """The balance in force; `stale_reason` says what changed since it was computed."""

    uuid: UUID
    state: str
    stale_reason: str
    computed_at: dt.datetime
    method: str
    postings: int
    first_month: str | None
    last_month: str | None
    undated: int
    without_role: int
    level: float
    draws: int
    min_postings: int
    plan_year: int | None
    is_demo: bool


class LineOut(Schema):
    """A line: an industry, a post, a skill of a post, a skill over all posts of an industry, or a kind of gap.

    Null is unknown: too few postings, nobody stated graduates, or sums of fewer than three enterprises.
    """

    uuid: UUID
    level: str
    industry: str
    role: str
    skill: str
    kind: str
    name: NameOut
    postings: int | None
    count: int | None
    total: int | None
    uncovered: IntervalOut | None
    quantity: IntervalOut | None
    share: IntervalOut | None
    pressure: IntervalOut | None
    covered: float | None
    graduates: float | None
    planned: int | None
    programmes: list[UUID]
    others: int


class LinesOut(PageOut):
    """A page of lines of one balance; null and no lines while none was computed."""

    balance: UUID | None
    items: list[LineOut]


class TableOneRowOut(Schema):
    """A row of table 1: each sentence with the line that holds its evidence."""

    industry: NameOut
    link: NameOut
    role: NameOut
    line: UUID
    core_skills: list[NameOut]
    programmes: list[UUID]
    other_programmes: int
    gaps: list[str]


class TableOneOut(PageOut):
    """A page of table 1 of one balance; null and no rows while none was computed."""

    balance: UUID | None
    items: list[TableOneRowOut]


class HealthOut(Schema):
    """The health of a programme; rates 0..1, cost RMB per student and year, null is unknown. Advice binds nobody."""

    uuid: UUID
    balance: UUID
    balance_state: str
    programme: UUID
    programme_name: NameOut
    advice: str
    reasons: list[str]
    places: int | None
    firmness: float
    postings: int
    quantity: IntervalOut | None
    uncovered: IntervalOut | None
    graduates: int | None
    enrolled: int | None
    placement: float | None
    matching: float | None
    cost: float | None
    median_cost: float | None
    is_waiting: bool
    is_demo: bool


class HealthsOut(PageOut):
    """A page of programmes."""

    items: list[HealthOut]


class DecisionOut(Schema):
    """What people decided: who proposed and who approved stand on the page, not here."""

    uuid: UUID
    choice: str
    places: int | None
    reason: str
    state: str
    proposed_at: dt.datetime
    decided_at: dt.datetime | None
    seen_report: UUID | None
    seen_advice: str


class HealthWithDecisionsOut(HealthOut):
    """The health of a programme with the decisions about it, the newest first."""

    decisions: list[DecisionOut]


@router.get(
    "/balance",
    response={200: BalanceOut | None, **READS},
    summary="The balance of demand and supply in force",
    openapi_extra=level_of(BalanceReport),
)
@action("balance.read")
def balance_one(request: HttpRequest) -> BalanceOut | None:
    """Return what was computed from what, null while nothing was; its lines have an address of their own."""
    view = selectors.balance(api_actor(request))
    if view is None:
        return None
    names = set(BalanceOut.model_fields) - {"first_month", "last_month"}
    first, last = view.months or (None, None)
    return BalanceOut(**{name: getattr(view, name) for name in names}, first_month=first, last_month=last)


@router.get(
    "/balance/lines",
    response={200: LinesOut, **READS},
    summary="Lines of the balance by level",
    openapi_extra=level_of(BalanceReport),
)
@action("balance.read")
def line_list(  # noqa: PLR0917 - the parameters of the address
    request: HttpRequest,
    level: LineLevel = "industry",
    industry: str = "",
    role: str = "",
    page: Number = 1,
    size: Size = 50,
) -> LinesOut:
    """Return lines of one level, narrowed by the key of an industry or post."""
    view = selectors.balance(api_actor(request))
    found = _lines(view, level) if view else ()
    rows = [row for row in found if industry in {"", row.industry} and role in {"", row.role}]
    items = list(part(rows, page=page, size=size))
    return LinesOut(total=len(rows), page=page, size=size, balance=view.uuid if view else None, items=items)


@router.get(
    "/balance/table-one",
    response={200: TableOneOut, **READS},
    summary="Table 1: links and posts, core skills, programmes, gaps",
    openapi_extra=level_of(BalanceReport),
)
@action("balance.read")
def table_one(request: HttpRequest, industry: str = "", page: Number = 1, size: Size = 50) -> TableOneOut:
    """Return table 1 for the lead industries, or for one (key)."""
    view = selectors.balance(api_actor(request))
    industries = view.industries if view else ()
    chosen = [item for item in industries if (item.key == industry if industry else item.is_lead)]
    rows = [row for item in chosen for row in item.posts]
    items = [_table_row(row) for row in part(rows, page=page, size=size)]
    return TableOneOut(
        total=len(rows), page=page, size=size, balance=view.uuid if view else None, items=items
    )


@router.get(
    "/health",
    response={200: HealthsOut, **READS},
    summary="Health of the programmes one may see",
    openapi_extra=level_of(ProgrammeHealth),
)
@action("health.read")
def health_list(request: HttpRequest, advice: str = "", page: Number = 1, size: Size = 50) -> HealthsOut:
    """Return programmes in the order of their schools, of one advice where asked for."""
    rows = [row for row in health.healths(api_actor(request)) if advice in {"", row.advice}]
    items = [HealthOut.model_validate(_health(row)) for row in part(rows, page=page, size=size)]
    return HealthsOut(total=len(rows), page=page, size=size, items=items)


@router.get(
    "/health/{uuid}",
    response={200: HealthWithDecisionsOut, **READS},
    summary="Health of one programme with the decisions about it",
    openapi_extra=level_of(ProgrammeHealth),
)
@action("health.read")
def health_one(request: HttpRequest, uuid: UUID) -> HealthWithDecisionsOut:
    """Return the health of a programme (its uuid)."""
    actor = api_actor(request)
    row = health.health(actor, uuid)
    found = [
        DecisionOut(**{name: getattr(one, name) for name in DecisionOut.model_fields})
        for one in health.decisions(actor, uuid)
    ]
    return HealthWithDecisionsOut.model_validate(_health(row) | {"decisions": found})


def _lines(view: BalanceView, level: LineLevel) -> Iterable[LineOut]:
    for item in view.industries:
        if level == "industry":
            yield _line(
                level, item.uuid, item.name, industry=item.key, postings=item.postings,
                uncovered=_interval(item.uncovered), planned=item.planned,
            )  # fmt: skip
        if level == "total":
            for line in item.skills:
                yield _line(
                    level, line.uuid, line.skill.name, industry=item.key, skill=line.skill.key,
                    count=line.count, total=line.total,
                )  # fmt: skip
        for row in item.posts:
            yield from _post_lines(row, level)


def _post_lines(row: PostLine, level: LineLevel) -> Iterable[LineOut]:
    place = {"industry": row.post.industry_key, "role": row.post.key}
    if level == "role":
        yield _line(
            level,
            row.uuid,
            row.post.name,
            **place,
            postings=row.postings,
            uncovered=_interval(row.uncovered),
            quantity=_interval(row.quantity),
            graduates=row.graduates,
            planned=row.planned,
            programmes=[view.uuid for view in row.programmes],
            others=row.others,
        )
    elif level == "skill":
        for line in row.skills:
            yield _line(
                level,
                line.uuid,
                line.skill.name,
                **place,
                skill=line.skill.key,
                count=line.count,
                total=line.total,
                share=_interval(line.share),
                pressure=_interval(line.pressure),
                covered=line.covered,
            )
    elif level == "kind":
        for kind in row.kinds:
            programmes = [kind.programme.uuid] if kind.programme else []
            yield _line(level, kind.uuid, row.post.name, **place, kind=kind.kind, programmes=programmes)


def _line(level: LineLevel, uuid: UUID, name: Name, **values: object) -> LineOut:
    empty: Mapping[str, object] = {
        "industry": "", "role": "", "skill": "", "kind": "", "postings": None, "count": None, "total": None,
        "uncovered": None, "quantity": None, "share": None, "pressure": None, "covered": None, "graduates": None,
        "planned": None, "programmes": [], "others": 0,
    }  # fmt: skip
    return LineOut.model_validate({**empty, **values, "uuid": uuid, "level": level, "name": named(name)})


def _table_row(row: PostLine) -> TableOneRowOut:
    top = sorted(row.skills, key=lambda line: (-line.share.value, line.skill.key))[: tables.CORE_SKILLS]
    return TableOneRowOut(
        industry=named(row.post.industry),
        link=named(row.post.link),
        role=named(row.post.name),
        line=row.uuid,
        core_skills=[named(line.skill.name) for line in top],
        programmes=[view.uuid for view in row.programmes],
        other_programmes=row.others,
        gaps=[str(group) for group in wording.post_gaps(row)],
    )


def _health(row: health.HealthView) -> dict[str, object]:
    special = {
        "balance",
        "balance_state",
        "programme",
        "programme_name",
        "quantity",
        "uncovered",
        "is_waiting",
    }
    plain = {name: getattr(row, name) for name in HealthOut.model_fields if name not in special}
    return plain | {
        "balance": row.report_uuid,
        "balance_state": row.report_state,
        "programme": row.programme.uuid,
        "programme_name": named(row.programme.name),
        "reasons": list(row.reasons),
        "quantity": _interval(row.quantity),
        "uncovered": _interval(row.uncovered),
        "is_waiting": row.waiting is not None,
    }


def _interval(found: Interval | None) -> IntervalOut | None:
    return IntervalOut(value=found.value, low=found.low, high=found.high) if found else None
