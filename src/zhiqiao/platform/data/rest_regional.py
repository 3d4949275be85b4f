"""The JSON API of the region's statistics: indicators, and values with source and definition."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

from django.http import Http404, HttpRequest
from ninja import Router, Schema
from ninja.responses import Status
from pydantic import Field

from zhiqiao.infra.rest import READS, WRITES, NameOut, Number, PageOut, Plain, Size, level_of, named, part
from zhiqiao.platform.data.models import YEARS, RegionalValue
from zhiqiao.platform.data.rest_answers import wrote
from zhiqiao.platform.data.rest_supply import Refusal, Seen
from zhiqiao.platform.data.supply import regional
from zhiqiao.platform.governance.api import action, api_actor

router = Router(tags=["supply"])
_Year = Annotated[int, Field(ge=YEARS[0], le=YEARS[1])]
_Version = Annotated[int, Field(ge=0, le=2**31 - 1)]


class StatisticOut(Schema):
    """A statistic of the region and how many values and definitions it has."""

    key: str
    name: NameOut
    unit: NameOut
    values: int
    definitions: int
    latest_year: int | None
    is_demo: bool


class StatisticsOut(PageOut):
    """A page of indicators."""

    items: list[StatisticOut]


class StatisticValueIn(Schema):
    """One value, taken under the definition in force."""

    year: _Year
    value: Annotated[Decimal, Field(max_digits=16, decimal_places=4)]
    state: Literal["official", "quoted", "estimated"]
    source: Annotated[Plain, Field(min_length=1, max_length=300)]
    page: Annotated[Plain, Field(max_length=200)] = ""

    def facts(self) -> regional.ValueFacts:
        """Return it as the verb takes it."""
        return regional.ValueFacts(**self.model_dump(exclude={"version"}))


class ChangedStatisticValueIn(StatisticValueIn):
    """A value as it shall be, over the version that was read."""

    version: _Version


class StatisticValueOut(Schema):
    """A value; with `breaks` the year before was counted differently, and a quoted one is a claim only."""

    uuid: UUID
    indicator: str
    indicator_name: NameOut
    unit: NameOut
    year: int
    value: float
    state: str
    source: str
    page: str
    definition: int
    definition_text: str
    breaks: bool
    is_demo: bool
    version: int


class StatisticValuesOut(PageOut):
    """A page of values."""

    items: list[StatisticValueOut]


@router.get(
    "/regional/indicators",
    response={200: StatisticsOut, **READS},
    summary="Statistics of the region",
    openapi_extra=level_of(RegionalValue),
)
@action("regional.read")
def indicator_list(request: HttpRequest, page: Number = 1, size: Size = 50) -> StatisticsOut:
    """Return the indicators; their values have an address of their own."""
    rows = regional.indicators(api_actor(request))
    items = [
        StatisticOut(
            key=row.key,
            name=named(row.name),
            unit=named(row.unit),
            values=row.values,
            definitions=row.definitions,
            latest_year=row.latest.year if row.latest else None,
            is_demo=row.is_demo,
        )
        for row in part(rows, page=page, size=size)
    ]
    return StatisticsOut(total=len(rows), page=page, size=size, items=items)


@router.get(
    "/regional/values",
    response={200: StatisticValuesOut, **READS},
    summary="Values of the region's statistics with source and definition",
    openapi_extra=level_of(RegionalValue),
)
@action("regional.read")
def value_list(
    request: HttpRequest, indicator: str = "", page: Number = 1, size: Size = 50
) -> StatisticValuesOut:
    """Return values, of one indicator (key) where asked for, the newest year first."""
    rows = regional.regional_values(api_actor(request), indicator or None)
    items = [_value(row) for row in part(rows, page=page, size=size)]
    return StatisticValuesOut(total=len(rows), page=page, size=size, items=items)


@router.post(
    "/regional/indicators/{key}/values",
    response={201: StatisticValueOut, **WRITES},
    summary="Add a value under the definition in force",
    openapi_extra=level_of(RegionalValue),
)
@action("regional.edit")
def value_add(
    request: HttpRequest, key: str, payload: StatisticValueIn
) -> Status[StatisticValueOut | Refusal]:
    """Keep a new value."""
    actor = api_actor(request)
    indicator = regional.get_indicator(actor, key, "regional.edit")
    definition = max(indicator.definitions.all(), key=lambda row: row.number, default=None)
    if definition is None:
        raise Http404

    def write() -> StatisticValueOut:
        row = regional.save_value(actor, definition, payload.facts())
        return _value(regional.value_view(actor, row))

    return wrote(write, status=201)


@router.put(
    "/regional/values/{uuid}",
    response={200: StatisticValueOut, **WRITES},
    summary="Change a value",
    openapi_extra=level_of(RegionalValue),
)
@action("regional.edit")
def value_change(
    request: HttpRequest, uuid: UUID, payload: ChangedStatisticValueIn
) -> Status[StatisticValueOut | Refusal]:
    """Keep a changed value under the definition it was given with."""
    actor = api_actor(request)
    row = regional.get_value(actor, uuid, "regional.edit")

    def write() -> StatisticValueOut:
        kept = regional.save_value(actor, row, payload.facts(), seen=payload.version)
        return _value(regional.value_view(actor, kept))

    return wrote(write)


@router.delete(
    "/regional/values/{uuid}",
    response={204: None, **WRITES},
    summary="Take a value out",
    openapi_extra=level_of(RegionalValue),
)
@action("regional.edit")
def value_remove(request: HttpRequest, uuid: UUID, version: Seen) -> Status[Refusal | None]:
    """Take a value out; the trail keeps what it said."""
    actor = api_actor(request)
    row = regional.get_value(actor, uuid, "regional.edit")
    return wrote(lambda: regional.remove_value(actor, row, seen=version), status=204)


def _value(row: regional.RegionalValueView) -> StatisticValueOut:
    names = (
        "uuid",
        "year",
        "state",
        "source",
        "page",
        "definition",
        "definition_text",
        "breaks",
        "is_demo",
        "version",
    )
    return StatisticValueOut(
        **{name: getattr(row, name) for name in names},
        indicator=row.indicator_key,
        indicator_name=named(row.indicator),
        unit=named(row.unit),
        value=float(row.value),
    )
