"""Statistics of the region: indicators, the versions of what they count, values with source; quoted ones are claims.

A value is shown, cited and compared by eye. It is an input of a computation only where its indicator says so (of the
scenario bands of an industry) and never while it is quoted: a quoted claim is not a fact.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from decimal import Decimal
from itertools import pairwise
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.text import slugify
from django.utils.translation import gettext as _

from zhiqiao.infra.db.names import Name
from zhiqiao.platform.data.errors import Refused
from zhiqiao.platform.data.models import (
    YEARS,
    Industry,
    RegionalDefinition,
    RegionalIndicator,
    RegionalValue,
    ValueState,
)
from zhiqiao.platform.data.supply import keeping
from zhiqiao.platform.governance.api import Actor, audit, get_visible, require, visible

__all__ = [
    "IndicatorFacts",
    "IndicatorView",
    "RegionalValueView",
    "ValueFacts",
    "get_indicator",
    "get_value",
    "indicators",
    "redefine",
    "regional_values",
    "remove_value",
    "save_indicator",
    "save_value",
    "value_view",
]


@dataclass(frozen=True)
class IndicatorFacts:
    """What is stated of an indicator: names, unit, and of which industry's scenario it is an input, if any."""

    name_zh: str
    name_en: str
    unit_zh: str
    unit_en: str
    used_as: str = ""
    industry: Industry | None = None


@dataclass(frozen=True)
class ValueFacts:
    """What is stated of one value."""

    year: int
    value: Decimal
    state: str
    source: str
    page: str = ""


@dataclass(frozen=True)
class RegionalValueView:
    """One value of the region's statistics; `breaks` tells that the year before was counted differently."""

    uuid: UUID
    indicator_key: str
    indicator: Name
    unit: Name
    year: int
    value: Decimal
    state: str
    state_label: str
    source: str
    page: str
    definition: int
    definition_text: str
    breaks: bool
    is_demo: bool
    version: int

    @property
    def is_quoted(self) -> bool:
        """Tell whether the value is only quoted from another text."""
        return self.state == ValueState.QUOTED


@dataclass(frozen=True)
class IndicatorView:
    """An indicator with how many values it has, the newest of them, and how often its definition changed."""

    uuid: UUID
    key: str
    name: Name
    unit: Name
    values: int
    latest: RegionalValueView | None
    definitions: int
    is_demo: bool
    version: int


def regional_values(acting: Actor, indicator: str | None = None) -> list[RegionalValueView]:
    """Return the values of all indicators or of one (by key), by indicator, the newest year first."""
    rows = visible(acting, "regional.read", _values())
    if indicator is not None:
        rows = rows.filter(indicator__key=indicator)
    ordered = list(rows.order_by("indicator__sort", "indicator__key", "year", "state", "definition__number"))
    broken = _broken(ordered)
    views = [_view(row, breaks=row.pk in broken) for row in ordered]
    sort = {row.indicator.key: place for place, row in reversed(list(enumerate(ordered)))}
    return sorted(views, key=lambda view: (sort[view.indicator_key], -view.year))


def indicators(acting: Actor) -> list[IndicatorView]:
    """Return the indicators with their newest values."""
    by_key: dict[str, list[RegionalValueView]] = {}
    for value in regional_values(acting):
        by_key.setdefault(value.indicator_key, []).append(value)
    rows = visible(acting, "regional.read", RegionalIndicator.objects.prefetch_related("definitions"))
    return [
        IndicatorView(
            uuid=row.uuid,
            key=row.key,
            name=Name(row.name_zh, row.name_en),
            unit=Name(row.unit_zh, row.unit_en),
            values=len(by_key.get(row.key, [])),
            latest=next(iter(by_key.get(row.key, [])), None),
            definitions=len(row.definitions.all()),
            is_demo=row.is_demo,
            version=row.version,
        )
        for row in rows.order_by("sort", "key")
    ]


def value_view(acting: Actor, row: RegionalValue) -> RegionalValueView:
    """Return one value as the list of its indicator shows it, with the break before it."""
    return next(view for view in regional_values(acting, row.indicator.key) if view.uuid == row.uuid)


def get_indicator(acting: Actor, key: str, action: str = "regional.read") -> RegionalIndicator:
    """Return one indicator with its definitions; 404 when it may not be seen."""
    return get_visible(acting, action, RegionalIndicator.objects.prefetch_related("definitions"), key=key)


def get_value(acting: Actor, uuid: UUID, action: str = "regional.read") -> RegionalValue:
    """Return one value; 404 when it may not be seen."""
    return get_visible(acting, action, _values(), uuid=uuid)


@transaction.atomic
def save_indicator(
    actor: Actor,
    row: RegionalIndicator | None,
    facts: IndicatorFacts,
    *,
    definition: str = "",
    seen: int = 0,
) -> RegionalIndicator:
    """Keep an indicator; a new one gets its first definition. Raises Refused for a name that is there."""
    require(actor, "regional.edit", row)
    current = row or RegionalIndicator(key=_free_key(facts))
    if RegionalIndicator.objects.filter(name_zh=facts.name_zh).exclude(pk=current.pk).exists():
        raise Refused(_("已有同名的指标，请在那个指标下填数。"))
    if bool(facts.used_as) != (facts.industry is not None):
        raise Refused(_("作为情景的输入要同时选用途和产业；不用就都不选。"))
    if row is None and not definition.strip():
        raise Refused(_("请写明口径：这个指标到底数的是什么。"))
    kept = keeping.keep(actor, current, dict(vars(facts)), seen=seen, verb="regional.indicator")
    if row is None:
        RegionalDefinition.objects.create(indicator=kept, number=1, text=definition.strip())
    return kept


@transaction.atomic
def redefine(
    actor: Actor, indicator: RegionalIndicator, text: str, *, source: str = ""
) -> RegionalDefinition:
    """Give an indicator another definition; values so far keep theirs, and the series shows a break."""
    require(actor, "regional.edit", indicator)
    current = RegionalIndicator.objects.select_for_update().get(pk=indicator.pk)
    last = current.definitions.order_by("-number").first()
    if last is not None and last.text == text.strip():
        raise Refused(_("口径没有变化。"))
    row = RegionalDefinition.objects.create(
        indicator=current, number=last.number + 1 if last else 1, text=text.strip(), source=source.strip()
    )
    audit(
        actor,
        "regional.redefined",
        indicator,
        detail={"values": {"definition": [last.text if last else "", row.text]}},
    )
    return row


def save_value(
    actor: Actor,
    target: RegionalValue | RegionalDefinition,
    facts: ValueFacts,
    *,
    seen: int = 0,
) -> RegionalValue:
    """Keep a value: a new one for a definition, a changed one for a row in version `seen`.

    Raises Refused without source or when the year has a value of that state, Conflict when the row was changed.
    """
    definition = target if isinstance(target, RegionalDefinition) else target.definition
    row = (
        RegionalValue(indicator_id=definition.indicator_id, definition=definition)
        if isinstance(target, RegionalDefinition)
        else target
    )
    require(actor, "regional.edit", row)
    if not facts.source.strip():
        raise Refused(_("请写明出处：哪份公报、年鉴或报告。"))
    if not YEARS[0] <= facts.year <= YEARS[1]:
        raise Refused(_("年份要在 %(low)s 到 %(high)s 之间。") % {"low": YEARS[0], "high": YEARS[1]})
    same = RegionalValue.objects.filter(definition=definition, year=facts.year, state=facts.state)
    if same.exclude(pk=row.pk).exists():
        raise Refused(_("%(year)s 年已有同一口径、同一性质的数值，请直接修改那一行。") % {"year": facts.year})
    return keeping.keep(actor, row, asdict(facts), seen=seen, verb="regional.value")


def remove_value(actor: Actor, row: RegionalValue, *, seen: int) -> None:
    """Take a value out; the trail keeps what it said."""
    require(actor, "regional.edit", row)
    keeping.remove(actor, row, seen=seen, verb="regional.value")


def _values() -> QuerySet[RegionalValue]:
    return RegionalValue.objects.select_related("indicator", "definition")


def _broken(rows: list[RegionalValue]) -> set[int]:
    """Return the ids of values whose definition is not that of the year before; rows in order of year."""
    return {
        after.pk
        for before, after in pairwise(rows)
        if before.indicator_id == after.indicator_id and before.definition_id != after.definition_id
    }


def _free_key(facts: IndicatorFacts) -> str:
    key = slugify(facts.name_en or facts.name_zh)[:56] or "indicator"
    taken = set(RegionalIndicator.objects.filter(key__startswith=key).values_list("key", flat=True))
    number = 2
    free = key
    while free in taken:
        free, number = f"{key}-{number}", number + 1
    return free


def _view(row: RegionalValue, *, breaks: bool) -> RegionalValueView:
    return RegionalValueView(
        uuid=row.uuid,
        indicator_key=row.indicator.key,
        indicator=Name(row.indicator.name_zh, row.indicator.name_en),
        unit=Name(row.indicator.unit_zh, row.indicator.unit_en),
        year=row.year,
        value=row.value,
        state=row.state,
        state_label=str(row.get_state_display()),
        source=row.source,
        page=row.page,
        definition=row.definition.number,
        definition_text=row.definition.text,
        breaks=breaks,
        is_demo=row.is_demo,
        version=row.version,
    )
