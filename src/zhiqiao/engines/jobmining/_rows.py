"""Raw rows of one table to clean, masked, parsed and fingerprinted postings; a pure step over a batch."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import ParamSpec, TypeVar, cast

import pyarrow as pa

from zhiqiao.engines.jobmining._fields import (
    CityIndex,
    Experience,
    parse_city,
    parse_date,
    parse_diploma,
    parse_experience,
)
from zhiqiao.engines.jobmining._roles import RoleBook
from zhiqiao.engines.jobmining._rules import Rules
from zhiqiao.engines.jobmining._salary import Salary, parse_salary, parse_wage_bounds
from zhiqiao.engines.jobmining._schema import POSTING_SCHEMA
from zhiqiao.engines.jobmining._sketch import company_key, content_hash, normalised, sketch
from zhiqiao.engines.jobmining._text import clean_text, mask_contacts

__all__ = ["FIELDS", "CleanBatch", "RawBatch", "Rejection", "RowCleaner"]

FIELDS = (
    "id",
    "title",
    "company",
    "text",
    "tags",
    "city",
    "district",
    "salary",
    "salary_min",
    "salary_max",
    "experience",
    "diploma",
    "exp_edu",
    "published",
    "industry",
    "company_type",
    "company_size",
)
"""What a source column can be mapped to."""

_UNKNOWN_WORDS = frozenset({"", "无", "-", "--", "null", "None", "nan", "NaN", "N/A"})
_REMEMBERED = 50_000

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True)
class RawBatch:
    """Rows as read: one list per mapped field, the row numbers and the name of the file."""

    source_file: str
    numbers: Sequence[int]
    cells: Mapping[str, Sequence[str | None]]


@dataclass(frozen=True)
class Rejection:
    """A row of a batch that can not be used: its index, the mapped field and the reason code."""

    index: int
    field: str
    reason: str
    detail: str


@dataclass(frozen=True)
class CleanBatch:
    """Usable rows as POSTING_SCHEMA (posting_id null where the source has none) and what goes with them."""

    postings: pa.RecordBatch
    company_keys: list[int]
    shingles: list[int]
    sketches: list[bytes]
    rejections: list[Rejection]
    counts: Counter[str] = field(default_factory=Counter)


class RowCleaner:
    """Cleans rows by one rule set; build one per process."""

    def __init__(self, rules: Rules, *, roles: RoleBook, reference_date: date | None) -> None:
        self._rules = rules
        self._roles = roles
        cities = CityIndex(rules.cities)
        self._city = _remember(lambda text: parse_city(text, index=cities))
        self._salary = _remember(parse_salary)
        self._bounds = _remember(parse_wage_bounds)
        self._experience = _remember(parse_experience)
        self._diploma = _remember(lambda text: parse_diploma(text, diplomas=rules.diplomas))
        self._date = _remember(lambda text: parse_date(text, reference_date=reference_date))
        self._role = _remember(roles.assign)

    def clean(self, raw: RawBatch) -> CleanBatch:
        """Clean one batch; every row is either in the postings or among the rejections."""
        counts: Counter[str] = Counter()
        rows: list[dict[str, object]] = []
        keys: list[int] = []
        shingles: list[int] = []
        sketches: list[bytes] = []
        rejections: list[Rejection] = []
        names = [name for name in FIELDS if name in raw.cells]
        for index, values in enumerate(zip(*(raw.cells[name] for name in names), strict=True)):
            cells = {name: value for name, value in zip(names, values, strict=True) if value}
            text, kind, rejection = self._text(cells, index, counts)
            if rejection is not None:
                rejections.append(rejection)
                continue
            row = self._posting(cells, text, kind, counts)
            plain = normalised(text)
            company = str(row["company"] or "")
            row["content_hash"] = content_hash(title=str(row["title"] or ""), company=company, text=plain)
            row["row"], row["source_file"] = raw.numbers[index], raw.source_file
            # Tags are too few for a near match: two teachers of one school share most of them.
            print_, count = sketch(plain if kind == "text" else "", thresholds=self._rules.thresholds)
            rows.append(row)
            keys.append(company_key(company))
            shingles.append(count)
            sketches.append(print_)
        return CleanBatch(_batch(rows), keys, shingles, sketches, rejections, counts)

    def _text(
        self, cells: Mapping[str, str], index: int, counts: Counter[str]
    ) -> tuple[str, str, Rejection | None]:
        limit = self._rules.thresholds.max_cell_characters
        for name, value in cells.items():
            if len(value) > limit:
                return "", "", Rejection(index, name, "oversized_cell", f"{len(value)} > {limit}")
        text, kind = clean_text(cells.get("text", "")), "text"
        if not text:
            tags = (clean_text(tag) for tag in cells.get("tags", "").split("|"))
            text, kind = "|".join(filter(None, tags)), "tags"
        if not text or text in _UNKNOWN_WORDS:
            return "", "", Rejection(index, "text", "no_text", "")
        return self._mask(text, counts), kind, None

    def _mask(self, text: str, counts: Counter[str]) -> str:
        masked, found = mask_contacts(text, patterns=self._rules.contacts)
        for name, number in found.items():
            counts[f"masked_{name}"] += number
        return masked

    def _posting(
        self, cells: Mapping[str, str], text: str, kind: str, counts: Counter[str]
    ) -> dict[str, object]:
        combined = cells.get("exp_edu")
        salary = self._pay(cells)
        experience: Experience = self._experience(combined or cells.get("experience"))
        diploma = self._diploma(combined or cells.get("diploma"))
        if experience.reason and diploma.reason:  # exports sometimes have the two columns swapped
            experience = self._experience(cells.get("diploma") or cells.get("experience"))
            diploma = self._diploma(cells.get("experience") or cells.get("diploma"))
        place = cells.get("city", "")
        city = self._city(f"{place}·{cells['district']}" if place and "district" in cells else place)
        published = self._date(cells.get("published"))
        title = self._mask(clean_text(cells.get("title", "")), counts)
        counts["salary_swapped"] += salary.swapped
        for name, reason in (
            ("salary", salary.reason),
            ("experience", experience.reason),
            ("diploma", diploma.reason),
            ("city", city.reason),
            ("published", published.reason),
        ):
            if reason:
                counts[f"unknown_{name}_{reason.replace(' ', '_')}"] += 1
        return {
            "posting_id": (cells.get("id") or "").strip() or None,
            "title": title,
            "company": self._plain(cells.get("company"), counts),
            "text": text,
            "text_kind": kind,
            "city_code": city.code,
            "city": city.name,
            "salary_min": salary.minimum,
            "salary_max": salary.maximum,
            "salary_months": salary.months,
            "salary_period": salary.period,
            "experience_min": experience.minimum,
            "experience_max": experience.maximum,
            "diploma": diploma.id,
            "published": published.value,
            "month": f"{published.value:%Y-%m}" if published.value else None,
            "industry": self._plain(cells.get("industry"), counts),
            "company_type": self._plain(cells.get("company_type"), counts),
            "company_size": self._plain(cells.get("company_size"), counts),
            "tags": self._mask(cells["tags"], counts) if "tags" in cells else None,
            "role_id": self._role(title),
        }

    def _plain(self, text: str | None, counts: Counter[str]) -> str | None:
        # contact data stands in company columns too: "某公司 联系13800000000"
        cleaned = clean_text(text or "")
        return None if cleaned in _UNKNOWN_WORDS else self._mask(cleaned, counts)

    def _pay(self, cells: Mapping[str, str]) -> Salary:
        if "salary" in cells:
            return self._salary(cells["salary"])
        return self._bounds(cells.get("salary_min"), cells.get("salary_max"))


def _remember(function: Callable[P, T]) -> Callable[P, T]:
    """Keep results: a million rows hold a few thousand distinct pays, places and dates."""
    return cast("Callable[P, T]", lru_cache(maxsize=_REMEMBERED)(function))


def _batch(rows: Sequence[Mapping[str, object]]) -> pa.RecordBatch:
    arrays = [pa.array([row.get(item.name) for row in rows], type=item.type) for item in POSTING_SCHEMA]
    return pa.record_batch(arrays, schema=POSTING_SCHEMA)
