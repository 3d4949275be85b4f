"""Places in the writings found in real postings, to GB/T 2260 codes."""

from __future__ import annotations

import pytest

from zhiqiao.engines.jobmining import CityIndex, Rules, parse_city


@pytest.fixture(scope="module")
def index(rules: Rules) -> CityIndex:
    return CityIndex(rules.cities)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("成都·双流区", "510116"),
        ("上海", "310000"),
        ("上海·浦东新区", "310115"),
        ("北京市", "110000"),
        ("四川省巴中市通江县", "511921"),
        ("巴中", "511900"),
        ("巴中市恩阳区", "511903"),
        ("四川巴中", "511900"),
        ("苏州·昆山市", "320583"),
        ("昆山", "320583"),
        ("延边", "222400"),
        ("吉林·吉林市", "220200"),
        ("海南", "460000"),
        ("济南·市中区", "370103"),
        ("北京·朝阳区", "110105"),
        ("广东省-深圳市", "440300"),
        ("重庆·沙坪坝区", "500106"),
        ("北京北京市海淀区", "110108"),
        ("南京·雨花台区", "320114"),
        ("恩施", "422800"),
        ("深圳·南山", "440305"),
        ("北京-朝阳区", "110105"),
        ("长春市 朝阳区", "220104"),
        ("朝阳", "211300"),
        ("浦东", "310115"),
        ("四川通江县", "511921"),
        ("北京市市辖区朝阳区", "110105"),
        ("中国·北京", "110000"),
        ("红河州", "532500"),
        ("青海·海南州", "632500"),
        ("神农架", "429021"),
        ("东莞·塘厦镇", "441900"),
        ("深圳（南山区）", "440305"),
        ("江苏·鼓楼区", "320000"),
        ("上海·朝阳区", "310000"),
        ("深圳·龙华新区", "440300"),
        ("阳泉·城区", "140302"),
    ],
)
def test_place_to_national_code(text: str, code: str, index: CityIndex) -> None:
    found = parse_city(text, index=index)
    assert found.code == code
    assert found.name


@pytest.mark.parametrize(
    "text", ["远程办公", "异地招聘", "无", "", None, "东京·港区", "市中区", "朝阳区", "鼓楼区"]
)
def test_unknown_place_stays_unknown(text: str | None, index: CityIndex) -> None:
    found = parse_city(text, index=index)
    assert (found.code, found.name) == (None, None)
    assert found.reason


def test_all_province_and_prefecture_codes_stand_once(rules: Rules) -> None:
    codes = [city.code for city in rules.cities]
    assert len(codes) == len(set(codes))
    assert sum(city.level == "province" for city in rules.cities) == 34
    assert sum(city.level == "prefecture" for city in rules.cities) == 333
    assert {city.name for city in rules.cities if city.code.startswith("5119")} == {
        "巴中市",
        "巴州区",
        "恩阳区",
        "通江县",
        "南江县",
        "平昌县",
    }


def test_the_table_has_the_counties_too(rules: Rules) -> None:
    counties = [city for city in rules.cities if city.level == "county"]
    assert 2_840 <= len(counties) <= 2_860
    prefectures = {city.code for city in rules.cities if city.level != "county"}
    # Counties right under a province or a municipality have no prefecture row (4290, 1101).
    orphans = {city.code[:4] for city in counties if city.code[:4] + "00" not in prefectures}
    assert orphans == {"1101", "1201", "3101", "5001", "5002", "4190", "4290", "4690", "6590"}


@pytest.mark.parametrize(
    ("text", "city"),
    [("成都·双流区", "成都市"), ("上海·浦东新区", "上海市"), ("重庆·云阳县", "重庆市"), ("仙桃", "仙桃市")],
)
def test_a_county_knows_the_city_it_lies_in(text: str, city: str, index: CityIndex) -> None:
    assert parse_city(text, index=index).city == city


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("全国", "several places"),
        ("异地招聘", "several places"),
        ("北京/上海/广州", "several places"),
        ("远程", "remote"),
        ("海外", "abroad"),
        ("火星", "not recognised"),
        ("无", "empty"),
    ],
)
def test_no_place_says_why(text: str, reason: str, index: CityIndex) -> None:
    assert parse_city(text, index=index).reason == reason


def test_a_cell_is_read_the_same_the_second_time(index: CityIndex) -> None:
    assert index.find("深圳·南山区") == index.find("深圳·南山区")
