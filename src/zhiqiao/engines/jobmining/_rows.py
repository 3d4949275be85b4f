"""Raw rows of one table to clean, masked, parsed and fingerprinted postings; a pure step over a batch."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import ParamSpec, Protocol, TypeVar, cast

import numpy as np
import pyarrow as pa

from zhiqiao.engines.jobmining._coding import Coder, TitleCoder
from zhiqiao.engines.jobmining._fields import (
    Experience,
    ParsedDiploma,
    parse_city,
    parse_date,
    parse_diploma,
    parse_experience,
)
from zhiqiao.engines.jobmining._fold import fold_batch, portions
from zhiqiao.engines.jobmining._legitimacy import Hit
from zhiqiao.engines.jobmining._places import city_index
from zhiqiao.engines.jobmining._prints import content_hashes, plain_of_folded, sketches
from zhiqiao.engines.jobmining._roles import RoleBook
from zhiqiao.engines.jobmining._rules import Rules
from zhiqiao.engines.jobmining._salary import Salary, parse_salary, parse_wage_bounds
from zhiqiao.engines.jobmining._schema import POSTING_SCHEMA
from zhiqiao.engines.jobmining._sketch import company_key
from zhiqiao.engines.jobmining._text import clean_text, mask_contacts, mask_texts

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
_NAMED = ("company", "industry", "company_type", "company_size")
_LONG = 8  # longer than any word for "nothing"
_REMEMBERED = 20_000

P = ParamSpec("P")
T = TypeVar("T")


Cells = Sequence[str | None]
Columns = dict[str, Sequence[object]]


@dataclass(frozen=True)
class RawBatch:
    """Rows as read: one column per mapped field, the row numbers and the name of the file."""

    source_file: str
    numbers: pa.Array
    cells: Mapping[str, pa.Array]


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
    company_keys: pa.Array
    shingles: pa.Array
    sketches: pa.Array
    rejections: list[Rejection]
    counts: Counter[str] = field(default_factory=Counter)


class RowCleaner:
    """Cleans rows by one rule set; build one per process."""

    def __init__(
        self,
        rules: Rules,
        *,
        roles: RoleBook,
        reference_date: date | None,
        occupations: TitleCoder | None = None,
    ) -> None:
        self._rules = rules
        self._coder = Coder(rules, roles=roles, occupations=occupations, reference_date=reference_date)
        cities = city_index(rules.cities)
        self._city = _remember(lambda text: parse_city(text, index=cities))
        self._salary = _remember(parse_salary)
        self._bounds = _remember(parse_wage_bounds)
        self._experience = _remember(parse_experience)
        self._diploma = _remember(lambda text: parse_diploma(text, diplomas=rules.diplomas))
        self._date = _remember(lambda text: parse_date(text, reference_date=reference_date))
        self._company_key = _remember(company_key)
        self._plain = _remember(self._masked_words)

    def clean(self, raw: RawBatch) -> CleanBatch:
        """Clean one batch; every row is either in the postings or among the rejections."""
        cells = {name: column.to_pylist() for name, column in raw.cells.items() if name in FIELDS}
        numbers = raw.numbers.to_pylist()
        kinds, rejections = self._judge(cells, len(numbers))
        if rejections:
            good = [index for index, kind in enumerate(kinds) if kind]
            cells = {name: [column[index] for index in good] for name, column in cells.items()}
            numbers, kinds = [numbers[index] for index in good], [kinds[index] for index in good]
        counts: Counter[str] = Counter()
        rows = _Rows(cells, len(numbers))
        columns = self._columns(rows, kinds, counts)
        columns["row"], columns["source_file"] = numbers, [raw.source_file] * len(numbers)
        prints = self._prints(columns)
        columns["content_hash"] = prints.content_hashes
        columns |= self._coder.code(columns, words=prints.words, names_companies="company" in cells)
        arrays = [pa.array(columns[item.name], type=item.type) for item in POSTING_SCHEMA]
        return CleanBatch(
            pa.record_batch(arrays, schema=POSTING_SCHEMA),
            pa.array([self._company_key(str(name or "")) for name in columns["company"]], pa.uint64()),
            prints.shingles,
            prints.sketches,
            rejections,
            counts,
        )

    def _judge(self, cells: Mapping[str, Cells], count: int) -> tuple[list[str], list[Rejection]]:
        """Return what the text of each row is, "text" or "tags" or "" when it has none, and why rows are refused."""
        limit = self._rules.thresholds.max_cell_characters
        refused: dict[int, Rejection] = {}
        for name, column in cells.items():
            if max(map(len, filter(None, column)), default=0) > limit:
                for index, cell in enumerate(column):
                    if cell and len(cell) > limit:
                        why = Rejection(index, name, "oversized_cell", f"{len(cell)} > {limit}")
                        refused.setdefault(index, why)
        rows = _Rows(cells, count)
        kinds = [
            "" if index in refused else "text" if _says(text) else "tags" if _says_tags(tags) else ""
            for index, (text, tags) in enumerate(zip(rows["text"], rows["tags"], strict=True))
        ]
        for index, kind in enumerate(kinds):
            if not kind and index not in refused:
                refused[index] = Rejection(index, "text", "no_text", "")
        return kinds, [refused[index] for index in sorted(refused)]

    def _columns(self, rows: _Rows, kinds: Sequence[str], counts: Counter[str]) -> Columns:
        chosen = zip(rows["text"], rows["tags"], kinds, strict=True)
        given = [text if kind == "text" else tags for text, tags, kind in chosen]
        titles = self._mask(rows["title"], counts)
        return {
            "posting_id": [(identity or "").replace("\0", "").strip() or None for identity in rows["id"]],
            "title": titles,
            "text": self._mask(given, counts),
            "text_kind": list(kinds),
            **{name: self._words(rows[name], counts) for name in _NAMED},
            "tags": [tags or None for tags in self._mask(rows["tags"], counts)],
            **self._pay(rows, counts),
            **self._demands(rows, counts),
            **self._place_and_day(rows, counts),
        }

    def _pay(self, rows: _Rows, counts: Counter[str]) -> Columns:
        columns = zip(rows["salary"], rows["salary_min"], rows["salary_max"], strict=True)
        pays: list[Salary] = [
            self._salary(said) if said else self._bounds(low, high) for said, low, high in columns
        ]
        counts["salary_swapped"] += sum(pay.swapped for pay in pays)
        _count_unknown("salary", pays, counts)
        return {
            "salary_min": [pay.minimum for pay in pays],
            "salary_max": [pay.maximum for pay in pays],
            "salary_months": [pay.months for pay in pays],
            "salary_period": [pay.period for pay in pays],
        }

    def _demands(self, rows: _Rows, counts: Counter[str]) -> Columns:
        columns = zip(rows["exp_edu"], rows["experience"], rows["diploma"], strict=True)
        read = [self._demand(both, years, schooling) for both, years, schooling in columns]
        _count_unknown("experience", [years for years, _ in read], counts)
        _count_unknown("diploma", [schooling for _, schooling in read], counts)
        return {
            "experience_min": [years.minimum for years, _ in read],
            "experience_max": [years.maximum for years, _ in read],
            "diploma": [schooling.id for _, schooling in read],
        }

    def _demand(
        self, both: str | None, years: str | None, schooling: str | None
    ) -> tuple[Experience, ParsedDiploma]:
        experience, diploma = self._experience(both or years), self._diploma(both or schooling)
        if experience.reason and diploma.reason:  # exports sometimes have the two columns swapped
            return self._experience(schooling or years), self._diploma(years or schooling)
        return experience, diploma

    def _place_and_day(self, rows: _Rows, counts: Counter[str]) -> Columns:
        columns = zip(rows["city"], rows["district"], strict=True)
        places = [
            self._city(f"{city}·{district}" if city and district else city or "")
            for city, district in columns
        ]
        days = [self._date(said) for said in rows["published"]]
        _count_unknown("city", places, counts)
        _count_unknown("published", days, counts)
        return {
            "city_code": [place.code for place in places],
            "city": [place.city or place.name for place in places],
            "published": [day.value for day in days],
            "month": [day.value.isoformat()[:7] if day.value else None for day in days],
        }

    def _mask(self, cells: Cells, counts: Counter[str]) -> list[str]:
        """Mask contact data and change nothing else."""
        masked, found = mask_texts([cell or "" for cell in cells], patterns=self._rules.contacts)
        for name, number in found.items():
            counts[f"masked_{name}"] += number
        return masked

    def _words(self, cells: Cells, counts: Counter[str]) -> list[object]:
        """Give names without markup and masked; contact data stands in them too: "某公司 联系13800000000"."""
        column: list[object] = []
        for cell in cells:
            words, found = self._plain(cell) if cell else (None, None)
            column.append(words)
            for name, number in (found or {}).items():
                counts[f"masked_{name}"] += number
        return column

    def _masked_words(self, text: str) -> tuple[str | None, Counter[str]]:
        cleaned = clean_text(text)
        if cleaned in _UNKNOWN_WORDS:
            return None, Counter()
        return mask_contacts(cleaned, patterns=self._rules.contacts)

    def _prints(self, columns: Mapping[str, Sequence[object]]) -> _Prints:
        titles, companies, texts = (
            [str(cell or "") for cell in columns[name]] for name in ("title", "company", "text")
        )
        # Tags are too few for a near match: two teachers of one school share most of them.
        by_tag = np.array([kind == "tags" for kind in columns["text_kind"]], dtype=bool)
        size = self._rules.thresholds.sketch_size
        hashes: list[str] = []
        words: dict[int, list[Hit]] = {}
        prints, shingles = np.zeros((len(texts), size), dtype="<u2"), np.zeros(len(texts), dtype=np.int32)
        for start, stop in portions(texts):
            folded = fold_batch(texts[start:stop])
            words |= {start + number: hits for number, hits in self._coder.find(folded).items()}
            plain = plain_of_folded(folded)
            hashes += content_hashes(titles[start:stop], companies[start:stop], plain)
            prints[start:stop], shingles[start:stop] = sketches(plain, thresholds=self._rules.thresholds)
        prints[by_tag], shingles[by_tag] = 0, 0
        fixed = pa.FixedSizeBinaryArray.from_buffers(
            pa.binary(2 * size), len(texts), [None, pa.py_buffer(prints)]
        )
        return _Prints(hashes, pa.array(shingles), fixed, words)


class _Rows:
    """The cells of a batch by field; a field that no column is mapped to is empty in every row."""

    def __init__(self, cells: Mapping[str, Cells], count: int) -> None:
        self._cells = cells
        self._count = count

    def __getitem__(self, name: str) -> Cells:
        return self._cells.get(name) or [None] * self._count


class _Read(Protocol):
    """What a reader of a field gives; the reason says why it is unknown."""

    @property
    def reason(self) -> str | None: ...


@dataclass(frozen=True)
class _Prints:
    """The fingerprints of a batch by row."""

    content_hashes: list[str]
    shingles: pa.Array
    sketches: pa.Array
    words: dict[int, list[Hit]]  # what was found in the texts on the way


def _says(text: str | None) -> bool:
    """Tell whether anything is said: more than markup, spaces and the words for "nothing"."""
    if not text:
        return False
    if len(text) > _LONG and text[0].isalnum():
        return True
    return clean_text(text) not in _UNKNOWN_WORDS


def _says_tags(text: str | None) -> bool:
    return bool(text) and any(_says(tag) for tag in (text or "").split("|"))


def _count_unknown(name: str, read: Sequence[_Read], counts: Counter[str]) -> None:
    for reason, number in Counter(item.reason for item in read if item.reason).items():
        counts[f"unknown_{name}_{reason.replace(' ', '_')}"] += number


def _remember(function: Callable[P, T]) -> Callable[P, T]:
    """Keep results: a million rows hold a few thousand distinct pays, places and dates."""
    return cast("Callable[P, T]", lru_cache(maxsize=_REMEMBERED)(function))
