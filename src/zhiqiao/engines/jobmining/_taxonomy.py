"""The skill taxonomy as one value read from a folder of CSV files; matching it against text is elsewhere."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, get_args

from zhiqiao.engines.jobmining._errors import RulesError, TaxonomyError
from zhiqiao.engines.jobmining._files import read_csv
from zhiqiao.engines.jobmining._fold import fold_phrase

__all__ = [
    "KINDS",
    "Skill",
    "SkillKind",
    "Taxonomy",
    "build_taxonomy",
    "match_cell",
    "read_taxonomy",
    "terms_above",
]

SkillKind = Literal["tool", "knowledge", "ability", "soft", "certificate", "language"]
KINDS: tuple[SkillKind, ...] = get_args(SkillKind)

_COLUMNS = ("id", "zh", "en", "kind", "category", "broader", "aliases", "match")
#: Follows `exact` in the column `match`, and is followed by the writings that a person decided about.
_SURE = "sure:"
_ID = re.compile(r"[a-z0-9][a-z0-9-]*")


@dataclass(frozen=True)
class Skill:
    """Something a person must know, be able to do or hold, with every writing it is found by.

    `sure` are the writings somebody decided about after reading the sentences: no fitted model takes them out again.
    """

    id: str
    zh: str
    en: str
    kind: SkillKind
    category: str
    broader: str | None = None
    aliases: tuple[str, ...] = ()
    exact: bool = False
    sure: tuple[str, ...] = field(default=(), repr=False)

    @property
    def surfaces(self) -> tuple[str, ...]:
        """All writings, the Chinese name first."""
        return tuple(dict.fromkeys(filter(None, (self.zh, self.en, *self.aliases))))


@dataclass(frozen=True)
class Taxonomy:
    """All skills in the order of their ids; `version` is a short digest of the content."""

    skills: tuple[Skill, ...]
    categories: tuple[tuple[str, str, str], ...] = ()
    version: str = ""


def build_taxonomy(skills: Iterable[Skill], *, categories: Iterable[tuple[str, str, str]] = ()) -> Taxonomy:
    """Check skills against each other and give them a version; TaxonomyError names a contradiction."""
    ordered = tuple(sorted(skills, key=lambda skill: skill.id))
    groups = tuple(sorted(categories))
    _check(ordered)
    digest = hashlib.sha256()
    for skill in ordered:
        digest.update(repr(skill).encode())
        if skill.sure:
            digest.update(repr(skill.sure).encode())
    digest.update(repr(groups).encode())
    return Taxonomy(ordered, groups, digest.hexdigest()[:12])


def terms_above(taxonomy: Taxonomy) -> dict[str, list[tuple[str, str, str]]]:
    """List what stands above each skill as (id, zh, en), nearest first, its category last."""
    by_id = {skill.id: skill for skill in taxonomy.skills}
    categories = {one[0]: one for one in taxonomy.categories}
    above: dict[str, list[tuple[str, str, str]]] = {}
    for skill in taxonomy.skills:
        terms, at = [], skill.broader
        while at is not None:
            terms.append((by_id[at].id, by_id[at].zh, by_id[at].en))
            at = by_id[at].broader
        above[skill.id] = [*terms, *([categories[skill.category]] if skill.category in categories else [])]
    return above


def read_taxonomy(folder: Path) -> Taxonomy:
    """Read `categories.csv` and one CSV per category; TaxonomyError names file, line and fault."""
    if not folder.is_dir():
        raise TaxonomyError(f"no taxonomy folder {folder.name}")
    try:
        names = folder / "categories.csv"
        categories = (
            [(row["id"], row["zh"], row["en"]) for row in read_csv(names, columns=("id", "zh", "en"))]
            if names.exists()
            else []
        )
        skills = [
            _skill(row, f"{path.name}, line {number}")
            for path in sorted(folder.glob("*.csv"))
            if path != names
            for number, row in enumerate(read_csv(path, columns=_COLUMNS), start=2)
        ]
    except RulesError as error:
        raise TaxonomyError(str(error)) from error
    if not skills:
        raise TaxonomyError(f"no skills in the taxonomy folder {folder.name}")
    return build_taxonomy(skills, categories=categories)


def _skill(row: dict[str, str], where: str) -> Skill:
    if not _ID.fullmatch(row["id"]):
        raise TaxonomyError(f"{where}: the id {row['id']!r} is not made of a-z, 0-9 and -")
    if row["kind"] not in KINDS:
        raise TaxonomyError(f"{where}: unknown kind {row['kind']!r}")
    match, _sign, sure = row["match"].partition(_SURE)
    if match.strip() not in ("", "exact"):
        raise TaxonomyError(f"{where}: match is empty or exact, not {row['match']!r}")
    return Skill(
        id=row["id"],
        zh=row["zh"].strip(),
        en=row["en"].strip(),
        kind=row["kind"],
        category=row["category"],
        broader=row["broader"] or None,
        aliases=tuple(alias.strip() for alias in row["aliases"].split("|") if alias.strip()),
        exact=match.strip() == "exact",
        sure=tuple(filter(None, map(str.strip, sure.split("|")))),
    )


def match_cell(skill: Skill) -> str:
    """Return what stands in the column `match` for a skill; `read_taxonomy` reads it back."""
    sure = _SURE + "|".join(skill.sure) if skill.sure else ""
    return " ".join(filter(None, ("exact" if skill.exact else "", sure)))


def _check(skills: tuple[Skill, ...]) -> None:
    by_id: dict[str, Skill] = {}
    owner: dict[str, str] = {}
    for skill in skills:
        if skill.id in by_id:
            raise TaxonomyError(f"the id {skill.id} stands twice")
        by_id[skill.id] = skill
        for surface in skill.surfaces:
            other = owner.setdefault(fold_phrase(surface), skill.id)
            if other != skill.id:
                raise TaxonomyError(f"{surface!r} names both {other} and {skill.id}")
        if unknown := set(skill.sure) - set(skill.surfaces):
            raise TaxonomyError(f"{skill.id}: {min(unknown)!r} is sure but no writing of it")
    for skill in skills:
        _check_broader(skill, by_id)


def _check_broader(skill: Skill, by_id: dict[str, Skill]) -> None:
    seen = {skill.id}
    above = skill.broader
    while above is not None:
        if above not in by_id:
            raise TaxonomyError(f"{skill.id}: the broader skill {above} does not exist")
        if above in seen:
            raise TaxonomyError(f"{skill.id}: its broader skills form a circle")
        seen.add(above)
        above = by_id[above].broader
