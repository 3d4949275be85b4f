"""Regional statistics: values keep their definition, quoted claims are marked as such, the bureau keeps them."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.http import Http404

from tests.integration.platform.data.supply.conftest import ActorOf
from zhiqiao.platform.data.api import regional_values
from zhiqiao.platform.data.errors import Conflict, Refused
from zhiqiao.platform.data.evidence import resolve
from zhiqiao.platform.data.models import RegionalIndicator, RegionalValue
from zhiqiao.platform.data.supply.regional import (
    IndicatorFacts,
    ValueFacts,
    indicators,
    redefine,
    remove_value,
    save_indicator,
    save_value,
)
from zhiqiao.platform.governance.api import Actor, User

GDP = IndicatorFacts("地区生产总值", "Gross regional product", "亿元", "RMB 100 million")


@pytest.fixture
def bureau(officer: User, actor_of: ActorOf) -> Actor:
    """An officer of the bureau, acting."""
    return actor_of(officer)


@pytest.fixture
def gdp(bureau: Actor) -> RegionalIndicator:
    """An indicator with its first definition."""
    return save_indicator(bureau, None, GDP, definition="现价，初步核算数")


def value(year: int, amount: str, state: str = "official", source: str = "统计公报") -> ValueFacts:
    return ValueFacts(year, Decimal(amount), state, source, "第一部分")


def test_a_new_definition_breaks_the_series_once_and_leaves_old_values(
    bureau: Actor, gdp: RegionalIndicator
) -> None:
    first = gdp.definitions.get()
    for year, amount in ((2021, "700"), (2022, "760")):
        save_value(bureau, first, value(year, amount))
    second = redefine(bureau, gdp, "现价，最终核实数", source="第五次经济普查")
    for year, amount in ((2023, "810"), (2024, "870.51")):
        save_value(bureau, second, value(year, amount))
    found = regional_values(bureau, gdp.key)
    assert [(one.year, one.definition, one.breaks) for one in found] == [
        (2024, 2, False),
        (2023, 2, True),
        (2022, 1, False),
        (2021, 1, False),
    ]
    assert found[0].value == Decimal("870.51")


def test_another_indicator_is_no_break(bureau: Actor, gdp: RegionalIndicator) -> None:
    other = save_indicator(
        bureau, None, IndicatorFacts("常住人口", "Residents", "万人", ""), definition="年末"
    )
    save_value(bureau, gdp.definitions.get(), value(2024, "870"))
    save_value(bureau, other.definitions.get(), value(2024, "261.3"))
    assert [one.breaks for one in regional_values(bureau)] == [False, False]


def test_a_quoted_claim_stands_beside_the_official_value_and_says_so(
    bureau: Actor, gdp: RegionalIndicator, alice: User, actor_of: ActorOf
) -> None:
    definition = gdp.definitions.get()
    save_value(bureau, definition, value(2024, "870.51", "quoted", "论文"))
    save_value(bureau, definition, value(2024, "870.5"))
    found = {one.state: one for one in regional_values(actor_of(alice))}
    assert {state: one.is_quoted for state, one in found.items()} == {"quoted": True, "official": False}
    hop = resolve(actor_of(alice), "regional_value", found["quoted"].uuid)
    assert "不参加任何计算" in str(hop.how)
    assert hop.value == "870.51 亿元"
    assert "不参加任何计算" not in str(resolve(actor_of(alice), "regional_value", found["official"].uuid).how)


def test_no_value_without_a_source_and_none_twice(bureau: Actor, gdp: RegionalIndicator) -> None:
    definition = gdp.definitions.get()
    with pytest.raises(Refused, match="出处"):
        save_value(bureau, definition, value(2024, "1", source=" "))
    with pytest.raises(Refused, match="年份"):
        save_value(bureau, definition, value(24, "1"))
    save_value(bureau, definition, value(2024, "1"))
    with pytest.raises(Refused, match="2024 年已有"):
        save_value(bureau, definition, value(2024, "2"))


def test_only_the_bureau_keeps_them(  # a cast
    bureau: Actor, gdp: RegionalIndicator, alice: User, association: User, actor_of: ActorOf
) -> None:
    row = save_value(bureau, gdp.definitions.get(), value(2024, "1"))
    for person in (alice, association):
        actor = actor_of(person)
        for verb in (
            lambda actor=actor: save_value(actor, row, value(2024, "2"), seen=1),
            lambda actor=actor: save_indicator(actor, gdp, GDP, seen=1),
            lambda actor=actor: redefine(actor, gdp, "别的"),
            lambda actor=actor: remove_value(actor, row, seen=1),
        ):
            with pytest.raises(Http404):
                verb()
        assert len(regional_values(actor)) == 1


def test_students_and_mentors_see_none(
    bureau: Actor, gdp: RegionalIndicator, student: User, mentor: User, actor_of: ActorOf
) -> None:
    save_value(bureau, gdp.definitions.get(), value(2024, "1"))
    assert [regional_values(actor_of(person)) for person in (student, mentor)] == [[], []]


def test_a_value_changed_meanwhile_is_a_conflict(bureau: Actor, gdp: RegionalIndicator) -> None:
    row = save_value(bureau, gdp.definitions.get(), value(2024, "1"))
    save_value(bureau, row, value(2024, "2"), seen=1)
    with pytest.raises(Conflict):
        save_value(bureau, row, value(2024, "3"), seen=1)
    assert RegionalValue.objects.get().value == 2


def test_names_definitions_and_keys_stay_apart(bureau: Actor, gdp: RegionalIndicator) -> None:
    with pytest.raises(Refused, match="同名"):
        save_indicator(bureau, None, GDP, definition="x")
    with pytest.raises(Refused, match="口径"):
        save_indicator(bureau, None, IndicatorFacts("别的", "Other", "元", ""), definition=" ")
    with pytest.raises(Refused, match="没有变化"):
        redefine(bureau, gdp, "现价，初步核算数")
    again = save_indicator(
        bureau, None, IndicatorFacts("生产总值（旧）", GDP.name_en, "亿元", ""), definition="x"
    )
    assert (gdp.key, again.key) == ("gross-regional-product", "gross-regional-product-2")
    assert [one.values for one in indicators(bureau)] == [0, 0]
