"""Places as postings write them to GB/T 2260 codes; a name that could be two places stays unknown.

The table (cities.csv) has the provinces, prefectures and counties in force on 2023-06-30 by the statistics
bureau's list of division codes, without its statistical zones, and the three provinces that list leaves out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import pyarrow as pa
import pyarrow.compute as pc

from zhiqiao.engines.jobmining._numerals import plain_figures
from zhiqiao.engines.jobmining._rules import City

__all__ = ["CityIndex", "ParsedCity", "cities_of", "city_index", "parse_city"]

_SEPARATOR = re.compile(r"[·•・\-–—/,，、|;；\s()\[\]【】>_]+")
_FILLER = re.compile("^中国|市辖区")
_REMEMBERED = 100_000
# Cells that say why there is no place.
_NO_PLACE = (
    (re.compile("远程|居家|在家|remote|work from home", re.IGNORECASE), "remote"),
    (re.compile("异地|多地|不限|全国|各地|若干"), "several places"),
    (re.compile("海外|境外|国外|overseas", re.IGNORECASE), "abroad"),
)


@dataclass(frozen=True)
class ParsedCity:
    """A place of GB/T 2260: the deepest one recognised, and the city (prefecture, municipality) it lies in."""

    code: str | None = None
    name: str | None = None
    reason: str | None = None
    city_code: str | None = None
    city: str | None = None


class CityIndex:
    """Names of places for fast look-up; `city_index` builds one per process."""

    def __init__(self, cities: Sequence[City]) -> None:
        self._by_code = {city.code: city for city in cities}
        self._top: dict[str, City | None] = {}
        self._whole: dict[str, City | None] = {}
        self._below: dict[str, dict[str, City | None]] = {}
        for city in sorted(cities, key=lambda city: (city.level != "prefecture", city.code)):
            for parent in _parents(city):
                for name in {*_names(city), _bare(city.name)}:
                    self._place_below(self._below.setdefault(parent, {}), name, city)
        self._fill_top(cities)
        self._longest = max((len(name) for name in self._top), default=0)
        self._seen: dict[str, ParsedCity] = {}

    def _place_below(self, names: dict[str, City | None], name: str, city: City) -> None:
        """江苏·鼓楼区 could be in 南京 or 徐州; a prefecture wins against a county of its name."""
        other = names.get(name, city)
        if other is not None and other is not city and other.level == city.level:
            names[name] = None
        else:
            names.setdefault(name, city)

    def _fill_top(self, cities: Sequence[City]) -> None:
        """Names that stand without a parent: a name of two places on the same level means none of them."""
        for level in ("province", "prefecture", "county"):
            fresh: dict[str, City | None] = {}
            bare: dict[str, City | None] = {}
            for city in cities:
                if city.level == level:
                    for name in _names(city):
                        fresh[name] = None if name in fresh else city
                    bare[_bare(city.name)] = None if _bare(city.name) in bare else city
            self._top = {**fresh, **self._top}
            self._whole = {**bare, **self._whole}

    def find(self, text: str) -> ParsedCity:
        """Walk from the left into ever smaller places; what is not inside the last one ends the walk."""
        known = self._seen.get(text)
        if known is None:
            known = self._walk(text)
            if len(self._seen) < _REMEMBERED:
                self._seen[text] = known
        return known

    def _walk(self, text: str) -> ParsedCity:
        text = _FILLER.sub("", plain_figures(text))
        found: City | None = None
        for part in filter(None, _SEPARATOR.split(text)):
            rest = part
            while rest and (step := self._step(rest, within=found)):
                found, rest = step
            if found is None:
                break  # nothing behind an unknown place is trusted: 东京·港区
            if rest:
                if rest == part and self._other_city(part, found):
                    return ParsedCity(reason="several places")
                break
        if found is not None:
            return self._parsed(found)
        reason = next((reason for pattern, reason in _NO_PLACE if pattern.search(text)), "not recognised")
        return ParsedCity(reason=reason)

    def _other_city(self, part: str, found: City) -> bool:
        """Say whether the part names another province or prefecture: 北京/上海/广州."""
        step = self._step(part, within=None)
        return (
            step is not None
            and not step[1]
            and step[0].level != "county"
            and step[0].code[:4] != found.code[:4]
        )

    def _parsed(self, place: City) -> ParsedCity:
        city = place
        if place.level == "county":
            city = self._by_code.get(place.code[:4] + "00") or place
            if place.code[:2] in _MUNICIPALITIES:
                city = self._by_code.get(place.code[:2] + "0000", place)
        return ParsedCity(place.code, place.name, None, city.code, city.name)

    def _step(self, text: str, *, within: City | None) -> tuple[City, str] | None:
        for length in range(min(self._longest, len(text)), 1, -1):
            name, rest = text[:length], text[length:]
            if rest.startswith(_KINDS) and not name.endswith(_KINDS):
                continue  # 朝阳区 is not 朝阳 and 龙华新区 not 龙华
            if within is None:
                place = self._top.get(name) or (None if rest else self._whole.get(name))
            else:  # 吉林·吉林市 steps down; 北京北京市 repeats and stays
                place = self._below.get(within.code, {}).get(name)
                place = place or (within if name in _names(within) else None)
            if place is not None:
                return place, rest
        return None


city_index = lru_cache(maxsize=2)(CityIndex)
"""The index of a tuple of cities: building one takes as long as mining a small file."""

_KINDS = ("区", "县", "市", "州", "旗", "新区")
_MUNICIPALITIES = frozenset({"11", "12", "31", "50"})


def _parents(place: City) -> Iterator[str]:
    """Yield the codes a place can be named under: 四川 before 通江县 too, not only 巴中."""
    if place.level != "province":
        yield place.code[:2] + "0000"
    if place.level == "county":
        yield place.code[:4] + "00"


def _names(place: City) -> set[str]:
    """Return the names in use: 红河哈尼族彝族自治州 is also 红河 and 红河州."""
    return {place.name, place.short, *([place.short + "州"] if place.name.endswith("自治州") else ())}


def _bare(name: str) -> str:
    """Drop the kind of place: 南山区 -> 南山; short names keep it (郊区, 沙县)."""
    if name.endswith("新区") and len(name) > 3:
        return name[:-2]
    return name[:-1] if len(name) > 2 and name[-1] in "省市区县盟旗" else name


def cities_of(codes: pa.Array) -> pa.Array:
    """Return the city (prefecture or municipality) each GB/T 2260 code lies in, for comparing places.

    Counties run by a province (429004 仙桃市) are cities of their own.
    """
    whole = pc.match_substring_regex(codes, r"^..90")
    of_municipality = pc.match_substring_regex(codes, r"^(11|12|31|50)")
    city = pc.if_else(whole, codes, pc.utf8_slice_codeunits(codes, 0, 4))
    return pc.if_else(of_municipality, pc.utf8_slice_codeunits(codes, 0, 2), city)


def parse_city(text: str | None, *, index: CityIndex) -> ParsedCity:
    """Read a place such as `成都·双流区` or `四川省巴中市通江县` to its GB/T 2260 code."""
    raw = (text or "").strip()
    return ParsedCity(reason="empty") if raw in ("", "无", "-") else index.find(raw)
