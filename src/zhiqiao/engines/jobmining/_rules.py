"""The vocabularies, patterns and thresholds of this engine as one value; no rule is applied here."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from zhiqiao.engines.jobmining._errors import RulesError
from zhiqiao.engines.jobmining._files import read_csv
from zhiqiao.engines.jobmining._fold import fold_phrase
from zhiqiao.engines.jobmining._industries import Industry, read_industries
from zhiqiao.engines.jobmining._legitimacy_rules import LegitimacyRules, read_legitimacy
from zhiqiao.engines.jobmining._title_words import TitleWords, read_title_words

__all__ = ["City", "ContactPattern", "Diploma", "Heading", "Rules", "Thresholds", "read_rules"]

Place = Literal["loose", "strict"]


@dataclass(frozen=True)
class Heading:
    """A section title: `loose` ones may touch other words, `strict` ones need a colon and a boundary."""

    text: str
    role: str
    place: str
    aspect: str


@dataclass(frozen=True)
class City:
    """A place of GB/T 2260 with its six-digit code."""

    code: str
    name: str
    short: str
    level: str


@dataclass(frozen=True)
class Diploma:
    """A grade of schooling; a higher rank contains the lower ones."""

    id: str
    zh: str
    rank: int
    names: tuple[str, ...]


@dataclass(frozen=True)
class ContactPattern:
    """Text that identifies a person and the mask that replaces it; a group named keep stays."""

    name: str
    mask: str
    pattern: re.Pattern[str]


@dataclass(frozen=True)
class Thresholds:
    """Sizes and limits; what each means is said where it is used."""

    source: str
    max_cell_characters: int
    row_group_rows: int
    batch_rows: int
    shingle_characters: int
    sketch_size: int
    bands: int
    band_rows: int
    near_minimum_shingles: int
    near_minimum_same_title: int
    near_similarity: float
    near_similarity_same_title: float
    near_similarity_other_title: float
    near_similarity_other_company: float
    near_similarity_contained: float
    near_similarity_other_contained: float
    contained_share: float
    title_share: float
    title_share_contained: float
    bucket_matches: int
    bucket_representatives: int
    company_run_characters: int


@dataclass(frozen=True)
class Rules:
    """All data the engine works by; `version` is a short digest of the files."""

    version: str
    headings: tuple[Heading, ...]
    line_cues: tuple[tuple[str, str], ...]
    level_cues: tuple[tuple[str, str], ...]
    aspect_cues: tuple[tuple[str, str], ...]
    cities: tuple[City, ...]
    diplomas: tuple[Diploma, ...]
    contacts: tuple[ContactPattern, ...]
    thresholds: Thresholds
    legitimacy: LegitimacyRules
    industries: tuple[Industry, ...] = ()
    title_words: TitleWords = field(default_factory=TitleWords)
    not_before: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    not_after: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    only_after: tuple[str, ...] = ()
    never: frozenset[str] = frozenset()
    class_nouns: frozenset[str] = frozenset()


def read_rules(folder: Path) -> Rules:
    """Read all data files of one folder (packs/common/jobmining)."""
    neighbours = read_csv(folder / "neighbours.csv", columns=("term", "side", "text"))
    plain = read_csv(folder / "plain_words.csv", columns=("text", "counts"))
    return Rules(
        version=_digest(folder),
        headings=tuple(
            Heading(fold_phrase(row["text"]), row["role"], row["place"], row["aspect"])
            for row in read_csv(folder / "line_headings.csv", columns=("text", "role", "place", "aspect"))
        ),
        line_cues=_pairs(folder / "line_cues.csv", "kind"),
        level_cues=_pairs(folder / "level_cues.csv", "level"),
        aspect_cues=_pairs(folder / "aspect_cues.csv", "kind"),
        cities=tuple(
            City(**row) for row in read_csv(folder / "cities.csv", columns=("code", "name", "short", "level"))
        ),
        diplomas=tuple(
            Diploma(row["id"], row["zh"], int(row["rank"]), tuple(row["names"].split("|")))
            for row in read_csv(folder / "diplomas.csv", columns=("id", "zh", "rank", "names"))
        ),
        contacts=_contacts(folder / "contact_patterns.csv"),
        thresholds=_thresholds(folder / "thresholds.json"),
        industries=read_industries(folder / "industries.csv"),
        legitimacy=read_legitimacy(folder),
        title_words=read_title_words(folder),
        not_before=_grouped(neighbours, "before"),
        not_after=_grouped(neighbours, "after"),
        only_after=tuple(row["text"] for row in neighbours if row["side"] == "only"),
        never=frozenset(fold_phrase(row["text"]) for row in plain if row["counts"] == "never"),
        class_nouns=frozenset(
            fold_phrase(row["text"]) for row in plain if row["counts"] == "unless_after_name"
        ),
    )


def _pairs(path: Path, value: str) -> tuple[tuple[str, str], ...]:
    return tuple((fold_phrase(row["text"]), row[value]) for row in read_csv(path, columns=("text", value)))


def _grouped(rows: list[dict[str, str]], side: str) -> dict[str, tuple[str, ...]]:
    grouped: dict[str, list[str]] = {}
    for row in rows:
        if row["side"] == side:
            grouped.setdefault(fold_phrase(row["term"]), []).append(row["text"].lower())
    return {term: tuple(texts) for term, texts in grouped.items()}


def _contacts(path: Path) -> tuple[ContactPattern, ...]:
    patterns = []
    for row in read_csv(path, columns=("name", "mask", "pattern", "note")):
        try:
            patterns.append(ContactPattern(row["name"], row["mask"], re.compile(row["pattern"])))
        except re.error as error:
            raise RulesError(f"{path.name}, {row['name']}: {error}") from error
    return tuple(patterns)


def _thresholds(path: Path) -> Thresholds:
    try:
        thresholds = Thresholds(**json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError) as error:
        raise RulesError(f"{path.name}: {error}") from error
    if thresholds.bands * thresholds.band_rows > thresholds.sketch_size:
        raise RulesError(f"{path.name}: bands * band_rows is more than sketch_size")
    return thresholds


def _digest(folder: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted([*folder.glob("*.csv"), *folder.glob("*.json")]):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:12]
