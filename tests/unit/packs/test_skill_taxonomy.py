"""Checks the shape and coherence of the skill taxonomy files; matching them in texts is tested elsewhere."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import pytest

SKILLS = Path(__file__).resolve().parents[3] / "src" / "zhiqiao" / "packs" / "common" / "skills"
HEADER = ["id", "zh", "en", "kind", "category", "broader", "aliases", "match"]
KINDS = {"tool", "knowledge", "ability", "soft", "certificate", "language"}
IDENTIFIER = re.compile(r"[a-z0-9][a-z0-9-]*")
SHORT_LATIN = re.compile(r"[A-Za-z]{1,2}")
# Words of everyday postings that would match nearly every text without naming a skill.
FORBIDDEN = {
    "安全",
    "分析",
    "产品",
    "设计",
    "管理",
    "维护",
    "开发",
    "工作",
    "公司",
    "项目",
    "技术",
    "系统",
    "服务",
    "经验",
}
MINIMUM_SKILLS = 1500


@dataclass(frozen=True)
class Row:
    """One skill as written in a file."""

    file: str
    id: str
    zh: str
    en: str
    kind: str
    category: str
    broader: str
    aliases: tuple[str, ...]
    match: str

    @property
    def surfaces(self) -> tuple[str, ...]:
        return (self.zh, self.en, *self.aliases)


def fold(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def skill_files() -> list[Path]:
    return sorted(path for path in SKILLS.glob("*.csv") if path.stem != "categories")


def read_rows(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as stream:
        return [
            Row(
                file=path.stem,
                id=line["id"],
                zh=line["zh"],
                en=line["en"],
                kind=line["kind"],
                category=line["category"],
                broader=line["broader"],
                aliases=tuple(alias for alias in line["aliases"].split("|") if alias),
                match=line["match"],
            )
            for line in csv.DictReader(stream)
        ]


@pytest.fixture(scope="module")
def rows() -> list[Row]:
    return [row for path in skill_files() for row in read_rows(path)]


@pytest.fixture(scope="module")
def categories() -> set[str]:
    with (SKILLS / "categories.csv").open(encoding="utf-8", newline="") as stream:
        return {line["id"] for line in csv.DictReader(stream)}


@pytest.mark.parametrize("path", skill_files(), ids=lambda path: path.stem)
def test_file_has_exactly_the_agreed_header_and_plain_line_ends(path: Path) -> None:
    content = path.read_bytes()
    assert not content.startswith(b"\xef\xbb\xbf")
    assert b"\r" not in content
    records = list(csv.reader(content.decode("utf-8").splitlines()))
    assert records[0] == HEADER
    assert [record for record in records if len(record) != len(HEADER)] == []


def test_categories_have_unique_ids_and_both_names() -> None:
    with (SKILLS / "categories.csv").open(encoding="utf-8", newline="") as stream:
        reader = csv.DictReader(stream)
        lines = list(reader)
    assert reader.fieldnames == ["id", "zh", "en"]
    identifiers = [line["id"] for line in lines]
    assert len(set(identifiers)) == len(identifiers)
    assert all(IDENTIFIER.fullmatch(line["id"]) and line["zh"] and line["en"] for line in lines)


def test_every_category_has_a_file_of_its_name(categories: set[str]) -> None:
    assert {path.stem for path in skill_files()} == categories


def test_ids_follow_the_pattern_and_are_unique(rows: list[Row]) -> None:
    seen: dict[str, str] = {}
    faults: list[str] = []
    for row in rows:
        if not IDENTIFIER.fullmatch(row.id):
            faults.append(f"{row.file}: {row.id!r} is not an id")
        if row.id in seen:
            faults.append(f"{row.id} in {seen[row.id]} and {row.file}")
        seen[row.id] = row.file
    assert faults == []


def test_fields_hold_known_values_without_stray_blanks(rows: list[Row]) -> None:
    faults = [
        row.id
        for row in rows
        if row.kind not in KINDS
        or row.category != row.file
        or row.match not in {"", "exact"}
        or any(not name or name != name.strip() for name in row.surfaces)
    ]
    assert faults == []


def test_categories_of_rows_are_listed(rows: list[Row], categories: set[str]) -> None:
    assert {row.category for row in rows} <= categories


def test_broader_names_an_existing_skill(rows: list[Row]) -> None:
    identifiers = {row.id for row in rows}
    assert [(row.id, row.broader) for row in rows if row.broader and row.broader not in identifiers] == []


def test_broader_has_no_cycles(rows: list[Row]) -> None:
    broader = {row.id: row.broader for row in rows}
    cyclic: list[str] = []
    for start in broader:
        seen: set[str] = set()
        current = start
        while current:
            if current in seen:
                cyclic.append(start)
                break
            seen.add(current)
            current = broader.get(current, "")
    assert cyclic == []


def test_no_name_or_alias_stands_in_two_rows(rows: list[Row]) -> None:
    owners: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        for surface in row.surfaces:
            owners[fold(surface)].add(f"{row.file}/{row.id}")
    assert {name: sorted(ids) for name, ids in owners.items() if len(ids) > 1} == {}


def test_aliases_of_a_case_insensitive_row_are_not_repeated(rows: list[Row]) -> None:
    faults: list[str] = []
    for row in rows:
        if row.match == "exact":
            continue
        folded = [fold(alias) for alias in row.aliases]
        if len(set(folded)) != len(folded) or {fold(row.zh), fold(row.en)} & set(folded):
            faults.append(row.id)
    assert faults == []


def test_no_surface_is_a_common_word(rows: list[Row]) -> None:
    assert [(row.id, name) for row in rows for name in row.surfaces if fold(name) in FORBIDDEN] == []


def test_short_latin_names_need_their_exact_letter_case(rows: list[Row]) -> None:
    faults = [
        (row.id, name)
        for row in rows
        for name in row.surfaces
        if SHORT_LATIN.fullmatch(unicodedata.normalize("NFKC", name)) and row.match != "exact"
    ]
    assert faults == []


def test_taxonomy_is_large_enough_and_covers_every_kind(rows: list[Row]) -> None:
    assert len(rows) >= MINIMUM_SKILLS
    assert {row.kind for row in rows} == KINDS
