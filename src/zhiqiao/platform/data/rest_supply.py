"""The JSON API of what schools can supply: years of programmes and training conditions, kept with versions."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated
from uuid import UUID

from django.http import Http404, HttpRequest
from ninja import Query, Router, Schema
from ninja.responses import Status
from pydantic import Field

from zhiqiao.infra.rest import (
    READS,
    WRITES,
    ConflictOut,
    NameOut,
    Number,
    PageOut,
    Plain,
    ProblemOut,
    Size,
    level_of,
    named,
    part,
)
from zhiqiao.platform.data.models import YEARS, Programme, ProgrammeYear, TrainingCondition
from zhiqiao.platform.data.rest_answers import wrote
from zhiqiao.platform.data.supply import conditions, years
from zhiqiao.platform.governance.api import Actor, action, api_actor

router = Router(tags=["supply"])
_Count = Annotated[int | None, Field(ge=0, lt=10**9, description="None is unknown, never zero.")]
_Amount = Annotated[Decimal | None, Field(ge=0, max_digits=12, decimal_places=2)]
_Year = Annotated[int, Field(ge=YEARS[0], le=YEARS[1])]
Seen = Annotated[
    int, Query(ge=0, le=2**31 - 1, description="The version that was read; another one answers 409.")
]
Refusal = ConflictOut | ProblemOut


class YearIn(Schema):
    """What is stated of a programme in a year."""

    year: _Year
    enrolled: _Count = None
    students: _Count = None
    graduates: _Count = None
    placed: _Count = None
    placed_locally: _Count = None
    placed_matching: _Count = None
    cost_per_student: _Count = None
    source: Annotated[Plain, Field(min_length=1, max_length=300)]
    definition: Annotated[Plain, Field(max_length=500)] = ""

    def facts(self) -> years.YearFacts:
        """Return it as the verb takes it."""
        return years.YearFacts(**self.model_dump(exclude={"year", "programme", "version"}))


class NewYearIn(YearIn):
    """A year that is not there yet, of a programme (its uuid) that one keeps."""

    programme: UUID


class ChangedYearIn(YearIn):
    """A year as it shall be, over the version that was read."""

    version: int = Field(ge=0, le=2**31 - 1)


class YearOut(Schema):
    """A programme in a year; placement and matching are shares of 0..1, null is unknown."""

    uuid: UUID
    programme: UUID
    programme_key: str
    programme_name: NameOut
    year: int
    enrolled: int | None
    students: int | None
    graduates: int | None
    placed: int | None
    placed_locally: int | None
    placed_matching: int | None
    cost_per_student: int | None
    placement: float | None
    matching: float | None
    source: str
    definition: str
    is_demo: bool
    version: int


class YearsOut(PageOut):
    """A page of years."""

    items: list[YearOut]


class ConditionIn(Schema):
    """What is stated of a training condition; amounts in `unit`, null is unknown."""

    name: Annotated[Plain, Field(min_length=1, max_length=150)]
    unit: Annotated[Plain, Field(min_length=1, max_length=20)]
    required: _Amount = None
    present: _Amount = None
    norm: Annotated[Plain, Field(max_length=300)] = ""
    norm_source: Annotated[Plain, Field(max_length=300)] = ""

    def facts(self) -> conditions.ConditionFacts:
        """Return it as the verb takes it."""
        return conditions.ConditionFacts(**self.model_dump(exclude={"programme", "version"}))


class NewConditionIn(ConditionIn):
    """A condition that is not there yet, of a programme (its uuid) that one keeps."""

    programme: UUID


class ChangedConditionIn(ConditionIn):
    """A condition as it shall be, over the version that was read."""

    version: int = Field(ge=0, le=2**31 - 1)


class ConditionOut(Schema):
    """A training condition; `is_met` is null where one of both amounts is unknown."""

    uuid: UUID
    programme: UUID
    programme_key: str
    programme_name: NameOut
    name: str
    unit: str
    required: float | None
    present: float | None
    norm: str
    norm_source: str
    is_met: bool | None
    is_demo: bool
    version: int


class ConditionsOut(PageOut):
    """A page of training conditions."""

    items: list[ConditionOut]


@router.get(
    "/supply/years",
    response={200: YearsOut, **READS},
    summary="Years of the programmes one may see",
    openapi_extra=level_of(ProgrammeYear),
)
@action("supply.read")
def year_list(
    request: HttpRequest,
    programme: UUID | None = None,
    year: int | None = None,
    page: Number = 1,
    size: Size = 50,
) -> YearsOut:
    """Return years by programme, the newest first, of one programme or year where asked for."""
    rows = years.programme_years(api_actor(request), None if programme is None else [programme])
    rows = [row for row in rows if year is None or row.year == year]
    items = [_year(row) for row in part(rows, page=page, size=size)]
    return YearsOut(total=len(rows), page=page, size=size, items=items)


@router.get(
    "/supply/years/{uuid}",
    response={200: YearOut, **READS},
    summary="One year of a programme",
    openapi_extra=level_of(ProgrammeYear),
)
@action("supply.read")
def year_one(request: HttpRequest, uuid: UUID) -> YearOut:
    """Return one year with its version."""
    return _year(years.year_view(years.get_year(api_actor(request), uuid)))


@router.post(
    "/supply/years",
    response={201: YearOut, **WRITES},
    summary="State a year of a programme",
    openapi_extra=level_of(ProgrammeYear),
)
@action("supply.edit")
def year_add(request: HttpRequest, payload: NewYearIn) -> Status[YearOut | Refusal]:
    """Keep a new year; audited as on the page."""
    actor = api_actor(request)
    target = _programme(actor, payload.programme)

    def write() -> YearOut:
        return _year(years.year_view(years.save_year(actor, target, payload.facts(), year=payload.year)))

    return wrote(write, status=201)


@router.put(
    "/supply/years/{uuid}",
    response={200: YearOut, **WRITES},
    summary="Change a year of a programme",
    openapi_extra=level_of(ProgrammeYear),
)
@action("supply.edit")
def year_change(request: HttpRequest, uuid: UUID, payload: ChangedYearIn) -> Status[YearOut | Refusal]:
    """Keep a changed year; 409 when somebody else changed it since."""
    actor = api_actor(request)
    row = years.get_year(actor, uuid, "supply.edit")

    def write() -> YearOut:
        kept = years.save_year(actor, row, payload.facts(), year=payload.year, seen=payload.version)
        return _year(years.year_view(kept))

    return wrote(write)


@router.delete(
    "/supply/years/{uuid}",
    response={204: None, **WRITES},
    summary="Take a year out",
    openapi_extra=level_of(ProgrammeYear),
)
@action("supply.edit")
def year_remove(request: HttpRequest, uuid: UUID, version: Seen) -> Status[Refusal | None]:
    """Take a year out; the trail keeps what it said."""
    actor = api_actor(request)
    row = years.get_year(actor, uuid, "supply.edit")
    return wrote(lambda: years.remove_year(actor, row, seen=version), status=204)


@router.get(
    "/supply/conditions",
    response={200: ConditionsOut, **READS},
    summary="Training conditions of the programmes one may see",
    openapi_extra=level_of(TrainingCondition),
)
@action("supply.read")
def condition_list(
    request: HttpRequest, programme: UUID | None = None, page: Number = 1, size: Size = 50
) -> ConditionsOut:
    """Return conditions, of one programme where asked for."""
    actor = api_actor(request)
    rows = (
        conditions.all_conditions(actor)
        if programme is None
        else conditions.training_conditions(actor, programme)
    )
    items = [_condition(row) for row in part(rows, page=page, size=size)]
    return ConditionsOut(total=len(rows), page=page, size=size, items=items)


@router.get(
    "/supply/conditions/{uuid}",
    response={200: ConditionOut, **READS},
    summary="One training condition",
    openapi_extra=level_of(TrainingCondition),
)
@action("supply.read")
def condition_one(request: HttpRequest, uuid: UUID) -> ConditionOut:
    """Return one condition with its version."""
    return _condition(conditions.condition_view(conditions.get_condition(api_actor(request), uuid)))


@router.post(
    "/supply/conditions",
    response={201: ConditionOut, **WRITES},
    summary="Register a training condition",
    openapi_extra=level_of(TrainingCondition),
)
@action("supply.edit")
def condition_add(request: HttpRequest, payload: NewConditionIn) -> Status[ConditionOut | Refusal]:
    """Keep a new condition."""
    actor = api_actor(request)
    target = _programme(actor, payload.programme)

    def write() -> ConditionOut:
        return _condition(
            conditions.condition_view(conditions.save_condition(actor, target, payload.facts()))
        )

    return wrote(write, status=201)


@router.put(
    "/supply/conditions/{uuid}",
    response={200: ConditionOut, **WRITES},
    summary="Change a training condition",
    openapi_extra=level_of(TrainingCondition),
)
@action("supply.edit")
def condition_change(
    request: HttpRequest, uuid: UUID, payload: ChangedConditionIn
) -> Status[ConditionOut | Refusal]:
    """Keep a changed condition; 409 when somebody else changed it since."""
    actor = api_actor(request)
    row = conditions.get_condition(actor, uuid, "supply.edit")

    def write() -> ConditionOut:
        kept = conditions.save_condition(actor, row, payload.facts(), seen=payload.version)
        return _condition(conditions.condition_view(kept))

    return wrote(write)


@router.delete(
    "/supply/conditions/{uuid}",
    response={204: None, **WRITES},
    summary="Take a training condition out",
    openapi_extra=level_of(TrainingCondition),
)
@action("supply.edit")
def condition_remove(request: HttpRequest, uuid: UUID, version: Seen) -> Status[Refusal | None]:
    """Take a condition out; the trail keeps what it said."""
    actor = api_actor(request)
    row = conditions.get_condition(actor, uuid, "supply.edit")
    return wrote(lambda: conditions.remove_condition(actor, row, seen=version), status=204)


def _programme(actor: Actor, uuid: UUID) -> Programme:
    """Return a programme that one keeps; another school's is not there."""
    found = next((row for row in years.editable_programmes(actor) if row.uuid == uuid), None)
    if found is None:
        raise Http404
    return found


def _year(row: years.ProgrammeYearView) -> YearOut:
    return YearOut(
        uuid=row.uuid,
        programme=row.programme_uuid,
        programme_key=row.programme_key,
        programme_name=named(row.programme),
        year=row.year,
        placement=row.placement,
        matching=row.matching,
        source=row.source,
        definition=row.definition,
        is_demo=row.is_demo,
        version=row.version,
        **{name: getattr(row, name) for name in years.FIGURES},
    )


def _condition(row: conditions.TrainingConditionView) -> ConditionOut:
    return ConditionOut(
        uuid=row.uuid,
        programme=row.programme_uuid,
        programme_key=row.programme_key,
        programme_name=named(row.programme),
        name=row.name,
        unit=row.unit,
        required=None if row.required is None else float(row.required),
        present=None if row.present is None else float(row.present),
        norm=row.norm,
        norm_source=row.norm_source,
        is_met=row.is_met,
        is_demo=row.is_demo,
        version=row.version,
    )
