"""Changes to a taxonomy as values: applied over a pack, compared with it, written out as a pack again.

What is added here was decided by a person, so its writings are `sure`.
A pack changes under its changes when it is upgraded, so a change that no longer fits is left out and named, never an
error: the pack wins.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

import pyarrow as pa
from ahocorasick_rs import AhoCorasick

from zhiqiao.engines.jobmining._fold import fold_phrase, fold_text
from zhiqiao.engines.jobmining._taxonomy import Skill, Taxonomy, build_taxonomy, match_cell

__all__ = [
    "AddAlias",
    "AddSkill",
    "Change",
    "RetireAlias",
    "RetireSkill",
    "Unapplied",
    "apply_changes",
    "changed_surfaces",
    "owners",
    "pack_files",
    "term_key",
    "touched",
]

_COLUMNS = ("id", "zh", "en", "kind", "category", "broader", "aliases", "match")
# A term is found with a space, a hyphen or nothing between its parts, so none of these tells two texts apart.
_JOINS = str.maketrans("", "", " -")


@dataclass(frozen=True)
class AddSkill:
    """A skill the pack lacks."""

    skill: Skill


@dataclass(frozen=True)
class AddAlias:
    """Another writing of a skill."""

    skill_id: str
    surface: str


@dataclass(frozen=True)
class RetireAlias:
    """A writing that is found no more."""

    skill_id: str
    surface: str


@dataclass(frozen=True)
class RetireSkill:
    """A skill that is found no more; skills below it move up to the one above it."""

    skill_id: str


Change = AddSkill | AddAlias | RetireAlias | RetireSkill


@dataclass(frozen=True)
class Unapplied:
    """A change that was left out: its place in the list, why, and the skill that stands in its way.

    `done` says that the taxonomy has it already; `taken` that a writing belongs to `owner`; `unknown` that the
    skill is not there.
    """

    index: int
    reason: Literal["done", "taken", "unknown"]
    owner: str = ""


def term_key(surface: str) -> str:
    """Return the form under which a writing is looked up: width and letter case folded, spaces collapsed."""
    return fold_phrase(surface)


def owners(taxonomy: Taxonomy) -> dict[str, str]:
    """Return the skill that each writing, as `term_key`, names."""
    return {term_key(surface): skill.id for skill in taxonomy.skills for surface in skill.surfaces}


def apply_changes(base: Taxonomy, changes: Iterable[Change]) -> tuple[Taxonomy, tuple[Unapplied, ...]]:
    """Apply changes in order over a pack; give the taxonomy and what was left out of it."""
    skills = {skill.id: skill for skill in base.skills}
    owned = owners(base)
    left: list[Unapplied] = []
    for index, change in enumerate(changes):
        fault = _apply(skills, owned, change, index)
        if fault is not None:
            left.append(fault)
    return build_taxonomy(skills.values(), categories=base.categories), tuple(left)


def _apply(skills: dict[str, Skill], owned: dict[str, str], change: Change, index: int) -> Unapplied | None:
    match change:
        case AddSkill(skill):
            return _add_skill(skills, owned, skill, index)
        case AddAlias(skill_id, surface):
            return _add_alias(skills, owned, skill_id, surface, index)
        case RetireAlias(skill_id, surface):
            return _retire_alias(skills, owned, skill_id, surface, index)
        case RetireSkill(skill_id):
            return _retire_skill(skills, owned, skill_id, index)


def _add_skill(skills: dict[str, Skill], owned: dict[str, str], skill: Skill, index: int) -> Unapplied | None:
    if skill.id in skills:
        return Unapplied(index, "done", skill.id)
    for name in filter(None, (skill.zh, skill.en)):
        if owner := owned.get(term_key(name)):
            return Unapplied(index, "taken", owner)
    free = tuple(alias for alias in skill.aliases if term_key(alias) not in owned)
    broader = skill.broader if skill.broader in skills else None
    added = replace(skill, aliases=free, broader=broader)
    skills[skill.id] = replace(added, sure=added.surfaces)
    owned.update((term_key(surface), skill.id) for surface in skills[skill.id].surfaces)
    return None


def _add_alias(
    skills: dict[str, Skill], owned: dict[str, str], skill_id: str, surface: str, index: int
) -> Unapplied | None:
    if skill_id not in skills:
        return Unapplied(index, "unknown", skill_id)
    key = term_key(surface)
    if owner := owned.get(key):
        return Unapplied(index, "done" if owner == skill_id else "taken", owner)
    skill = skills[skill_id]
    skills[skill_id] = replace(skill, aliases=(*skill.aliases, surface), sure=(*skill.sure, surface))
    owned[key] = skill_id
    return None


def _retire_alias(
    skills: dict[str, Skill], owned: dict[str, str], skill_id: str, surface: str, index: int
) -> Unapplied | None:
    if skill_id not in skills:
        return Unapplied(index, "unknown", skill_id)
    key, skill = term_key(surface), skills[skill_id]
    rest = tuple(alias for alias in skill.aliases if term_key(alias) != key)
    if len(rest) == len(skill.aliases):
        return Unapplied(index, "done", skill_id)
    changed = replace(skill, aliases=rest)
    skills[skill_id] = replace(changed, sure=tuple(one for one in skill.sure if one in changed.surfaces))
    if key not in map(term_key, skills[skill_id].surfaces):
        owned.pop(key, None)
    return None


def _retire_skill(
    skills: dict[str, Skill], owned: dict[str, str], skill_id: str, index: int
) -> Unapplied | None:
    gone = skills.pop(skill_id, None)
    if gone is None:
        return Unapplied(index, "done", skill_id)
    for surface in gone.surfaces:
        owned.pop(term_key(surface), None)
    for below in [skill for skill in skills.values() if skill.broader == skill_id]:
        skills[below.id] = replace(below, broader=gone.broader)
    return None


def changed_surfaces(old: Taxonomy, new: Taxonomy) -> frozenset[str]:
    """Return the writings, as `term_key`, that would give other mentions with the new taxonomy."""
    before, after = _meanings(old), _meanings(new)
    return frozenset(key for key in before.keys() | after.keys() if before.get(key) != after.get(key))


def _meanings(taxonomy: Taxonomy) -> dict[str, tuple[object, ...]]:
    """Return for each writing all that shows in its mentions; letter case counts only where it is asked for."""
    found: dict[str, tuple[object, ...]] = {}
    for skill in taxonomy.skills:
        written = frozenset(skill.surfaces) if skill.exact else None
        for surface in skill.surfaces:
            found[term_key(surface)] = (skill.id, skill.zh, skill.kind, written, surface in skill.sure)
    return found


def touched(postings: pa.RecordBatch, surfaces: Iterable[str]) -> pa.BooleanArray:
    """Say for each posting (column text) whether its folded text holds one of the writings, joined in any way.

    More postings than will change is right, one fewer would be wrong: boundaries are not looked at here.
    """
    wanted = sorted({squeezed for surface in surfaces if (squeezed := _squeeze(surface))})
    if not wanted:
        return pa.array([False] * postings.num_rows, type=pa.bool_())
    search = AhoCorasick(wanted)
    texts = postings.column("text").to_pylist()
    return pa.array(
        [bool(text) and bool(search.find_matches_as_indexes(_squeeze(text))) for text in texts],
        type=pa.bool_(),
    )


def _squeeze(text: str) -> str:
    return fold_text(text).translate(_JOINS)


def pack_files(taxonomy: Taxonomy) -> dict[str, str]:
    """Return a taxonomy as the files of a pack; `read_taxonomy` of their folder gives the same version."""
    files = {"categories.csv": _csv(("id", "zh", "en"), [list(row) for row in taxonomy.categories])}
    by_category: dict[str, list[Skill]] = {}
    for skill in taxonomy.skills:
        by_category.setdefault(skill.category, []).append(skill)
    for category, skills in sorted(by_category.items()):
        files[f"skills-{category}.csv"] = _csv(_COLUMNS, [_row(skill) for skill in skills])
    return files


def _row(skill: Skill) -> list[str]:
    aliases = "|".join(skill.aliases)
    return [
        skill.id,
        skill.zh,
        skill.en,
        skill.kind,
        skill.category,
        skill.broader or "",
        aliases,
        match_cell(skill),
    ]


def _csv(header: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return out.getvalue()
