"""Pay, experience and schooling in the writings found in real postings."""

from __future__ import annotations

import pytest

from zhiqiao.engines.jobmining import (
    Rules,
    parse_diploma,
    parse_experience,
    parse_salary,
    parse_wage_bounds,
)


@pytest.mark.parametrize(
    ("text", "minimum", "maximum", "months", "period"),
    [
        ("6.9-8.9千·13薪", 6900, 8900, 13, "month"),
        ("6-8千", 6000, 8000, None, "month"),
        ("1.5-2万/月", 15000, 20000, None, "month"),
        ("1-1.2万", 10000, 12000, None, "month"),
        ("8千-1.5万", 8000, 15000, None, "month"),
        ("7.5千-1万·14薪", 7500, 10000, 14, "month"),
        ("4-9K", 4000, 9000, None, "month"),
        ("12k-24k", 12000, 24000, None, "month"),
        ("6-8K·13薪", 6000, 8000, 13, "month"),
        ("15-25K·16薪", 15000, 25000, 16, "month"),
        ("8000-12000元/月", 8000, 12000, None, "month"),
        ("8,000-12,000", 8000, 12000, None, "month"),
        ("200-300元/天", 4350, 6525, None, "day"),
        ("150-200/天", 3262, 4350, None, "day"),
        ("600元/天", 13050, 13050, None, "day"),
        ("1千/天", 21750, 21750, None, "day"),
        ("30元/小时", 5220, 5220, None, "hour"),
        ("10-15万/年", 8333, 12500, None, "year"),
        ("12-24万/年", 10000, 20000, None, "year"),
        ("2万及以下/年", None, 1667, None, "year"),
        ("3千及以下", None, 3000, None, "month"),
        ("3千及以下·13薪", None, 3000, 13, "month"),
        ("1.5千以下", None, 1500, None, "month"),
        ("10万以上/年", 8333, None, None, "year"),
        ("６－８千", 6000, 8000, None, "month"),
    ],
)
def test_pay_becomes_rmb_a_month(
    text: str, minimum: int | None, maximum: int | None, months: int | None, period: str
) -> None:
    pay = parse_salary(text)
    assert (pay.minimum, pay.maximum, pay.months, pay.period, pay.reason) == (
        minimum,
        maximum,
        months,
        period,
        None,
    )


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("面议", "negotiable"),
        ("薪资面议", "negotiable"),
        ("无", "empty"),
        ("", "empty"),
        (None, "empty"),
        ("8-10", "no unit"),
        ("待遇优厚", "no number"),
        ("0-0k", "zero"),
    ],
)
def test_pay_that_is_not_said_stays_unknown_with_the_reason(text: str | None, reason: str) -> None:
    pay = parse_salary(text)
    assert (pay.minimum, pay.maximum, pay.reason) == (None, None, reason)


def test_swapped_pay_bounds_are_put_right_and_marked() -> None:
    assert parse_wage_bounds("30.0", "20.0").swapped
    assert parse_wage_bounds("30.0", "20.0").minimum == 20000
    assert parse_salary("9-6千").swapped
    assert not parse_wage_bounds("8.0", "16.0").swapped


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        ("11.0", "18.0", (11000, 18000)),
        ("8000", "12000", (8000, 12000)),
        ("6", "", (6000, None)),
        ("", "1.5", (None, 1500)),
        ("", "", (None, None)),
        ("0", "0", (None, None)),
        ("nan", "x", (None, None)),
    ],
)
def test_numeric_wage_columns_are_thousands_unless_large(
    low: str, high: str, expected: tuple[int | None, int | None]
) -> None:
    pay = parse_wage_bounds(low, high)
    assert (pay.minimum, pay.maximum) == expected
    assert (pay.reason is None) == (expected != (None, None))


@pytest.mark.parametrize(
    ("text", "minimum", "maximum"),
    [
        ("3-4年", 3, 4),
        ("5-10年大专", 5, 10),
        ("经验1-3年/本科及以上", 1, 3),
        ("1年", 1, None),
        ("10年以上", 10, None),
        ("1年以内大专", 0, 1),
        ("1年以下", 0, 1),
        ("经验1年以下/学历不限", 0, 1),
        ("二年以上工作经验", 2, None),
        ("经验不限", 0, None),
        ("不限", 0, None),
        ("不限本科", 0, None),
        ("无经验", 0, None),
        ("应届生", 0, 0),
        ("在校/应届大专", 0, 0),
        ("经验应届毕业生/本科及以上", 0, 0),
        ("7-5年", 5, 7),
        ("5年及以上", 5, None),
    ],
)
def test_years_of_experience(text: str, minimum: float, maximum: float | None) -> None:
    found = parse_experience(text)
    assert (found.minimum, found.maximum, found.reason) == (minimum, maximum, None)


@pytest.mark.parametrize("text", ["本科", "", None, "硕士", "5天/周"])
def test_no_years_said_is_not_zero_years(text: str | None) -> None:
    found = parse_experience(text)
    assert found.minimum is None
    assert found.reason


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("本科", "bachelor"),
        ("大专", "college"),
        ("学历不限", "any"),
        ("不限", "any"),
        ("硕士", "master"),
        ("博士", "doctor"),
        ("中专", "vocational"),
        ("中技", "vocational"),
        ("高中", "senior"),
        ("初中及以下", "junior"),
        ("中专/中技", "vocational"),
        ("5-10年大专", "college"),
        ("1-3年不限", "any"),
        ("不限大专", "college"),
        ("不限不限", "any"),
        ("经验3-5年/本科及以上", "bachelor"),
        ("经验不限/学历不限", "any"),
        ("在校/应届大专", "college"),
        ("1年以内中专/中技", "vocational"),
        ("5天/周6个月大专", "college"),
        ("6个月,本科", "bachelor"),
        ("统招本科", "bachelor"),
        ("大学专科", "college"),
        ("硕士研究生", "master"),
    ],
)
def test_lowest_accepted_diploma(text: str, expected: str, rules: Rules) -> None:
    assert parse_diploma(text, diplomas=rules.diplomas).id == expected


@pytest.mark.parametrize("text", ["3-4年", "经验不限", "", None, "其他"])
def test_no_diploma_said_stays_unknown(text: str | None, rules: Rules) -> None:
    found = parse_diploma(text, diplomas=rules.diplomas)
    assert found.id is None
    assert found.reason
