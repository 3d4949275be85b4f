"""Loads skills and a region's industries, chain links and posts from pack files; no people, no postings.

Loading is idempotent: rows are found by key and changed in place, so ids and everything that points at them stay.
What a pack no longer names is switched off (skills) or left alone (posts), never deleted.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from django.db import models, transaction

from zhiqiao.engines import jobmining
from zhiqiao.platform.data.errors import CatalogueError
from zhiqiao.platform.data.models import ChainLink, Industry, JobRole, RoleSkill, Skill, SkillCategory
from zhiqiao.platform.data.taxonomy import overlay

__all__ = ["Loaded", "load_industries", "load_skills", "write_skills"]

Row = TypeVar("Row", bound=models.Model)


@dataclass(frozen=True)
class Loaded:
    """How many rows of each table a load has written."""

    counts: Mapping[str, int]


@transaction.atomic
def load_skills(folder: Path) -> Loaded:
    """Load a folder of skills with the changes made beside it; CatalogueError when it contradicts itself."""
    overlay.lock()
    try:
        taxonomy = overlay.effective(folder).taxonomy
    except jobmining.TaxonomyError as error:
        raise CatalogueError(str(error)) from error
    overlay.record(taxonomy)
    return write_skills(taxonomy)


@transaction.atomic
def write_skills(taxonomy: jobmining.Taxonomy) -> Loaded:
    """Bring the rows of skills to a taxonomy; those it no longer names are switched off."""
    named = {key: (zh, en) for key, zh, en in taxonomy.categories}
    for skill in taxonomy.skills:
        named.setdefault(skill.category, (skill.category, skill.category))
    categories = _upsert(
        SkillCategory, [{"key": key, "name_zh": zh, "name_en": en} for key, (zh, en) in named.items()]
    )
    skills = _upsert(
        Skill,
        [
            {
                "key": skill.id,
                "name_zh": skill.zh,
                "name_en": skill.en or skill.zh,
                "kind": skill.kind,
                "category": categories[skill.category],
                "aliases": list(skill.aliases),
                "is_active": True,
            }
            for skill in taxonomy.skills
        ],
    )
    moved = []
    for skill in taxonomy.skills:
        row, broader = skills[skill.id], skills[skill.broader] if skill.broader else None
        if row.broader_id != (broader.pk if broader else None):
            row.broader = broader
            moved.append(row)
    Skill.objects.bulk_update(moved, ["broader"], batch_size=500)
    Skill.objects.filter(is_active=True).exclude(key__in=skills).update(is_active=False)
    return Loaded({"categories": len(categories), "skills": len(skills)})


@transaction.atomic
def load_industries(pack: Path) -> Loaded:
    """Load industries.csv, chain_links.csv and job_roles.csv of a region pack; skills must be loaded before."""
    industries = _upsert(
        Industry,
        [
            {
                "key": row["id"],
                "name_zh": row["zh"],
                "name_en": row["en"],
                "is_lead": row["lead"].strip().lower() in {"1", "true", "yes"},
                "sort": int(row["sort"] or 0),
            }
            for row in _read(pack / "industries.csv", ("id", "zh", "en", "lead", "sort"))
        ],
    )
    links = _upsert(
        ChainLink,
        [
            {
                "key": row["id"],
                "industry": _named(industries, row["industry"], "chain_links.csv"),
                "name_zh": row["zh"],
                "name_en": row["en"],
            }
            for row in _read(pack / "chain_links.csv", ("id", "industry", "zh", "en"))
        ],
    )
    rows = _read(pack / "job_roles.csv", ("id", "chain_link", "zh", "en", "title_patterns", "skills"))
    roles = _upsert(
        JobRole,
        [
            {
                "key": row["id"],
                "link": _named(links, row["chain_link"], "job_roles.csv"),
                "name_zh": row["zh"],
                "name_en": row["en"],
                "title_patterns": _parts(row["title_patterns"]),
                "occupation_code": row.get("occupation_code", ""),
                "occupation_name": row.get("occupation_name", ""),
            }
            for row in rows
        ],
    )
    stated = _load_role_skills(rows, roles)
    return Loaded(
        {"industries": len(industries), "links": len(links), "roles": len(roles), "role_skills": stated}
    )


def _load_role_skills(rows: list[dict[str, str]], roles: Mapping[str, JobRole]) -> int:
    skills = Skill.objects.in_bulk(field_name="key")
    wanted: list[RoleSkill] = []
    for row in rows:
        for part in _parts(row["skills"]):
            key, _, weight = part.partition(":")
            skill = _named(skills, key.strip(), f"job_roles.csv ({row['id']})")
            wanted.append(RoleSkill(role=roles[row["id"]], skill=skill, weight=float(weight or 1)))
    stated = {(row.role_id, row.skill_id) for row in wanted}
    for old in RoleSkill.objects.filter(role__in=roles.values()):
        if (old.role_id, old.skill_id) not in stated:
            old.delete()
    RoleSkill.objects.bulk_create(
        wanted,
        update_conflicts=True,
        unique_fields=["role", "skill"],
        update_fields=["weight"],
        batch_size=500,
    )
    return len(wanted)


def _upsert(model: type[Row], values: Iterable[Mapping[str, object]]) -> dict[str, Row]:
    """Write rows by their `key` and return them by key; existing rows keep id and uuid."""
    wanted = {str(fields["key"]): fields for fields in values}
    found = model._default_manager.in_bulk(list(wanted), field_name="key")
    fresh = [model(**fields) for key, fields in wanted.items() if key not in found]
    changed = []
    for key, row in found.items():
        differing = {name: value for name, value in wanted[key].items() if getattr(row, name) != value}
        for name, value in differing.items():
            setattr(row, name, value)
        if differing:
            changed.append(row)
    model._default_manager.bulk_create(fresh, batch_size=500)
    names = sorted({name for fields in wanted.values() for name in fields} - {"key"})
    if changed and names:
        model._default_manager.bulk_update(changed, names, batch_size=200)
    return model._default_manager.in_bulk(list(wanted), field_name="key")


def _read(path: Path, columns: tuple[str, ...]) -> list[dict[str, str]]:
    """Read a pack's CSV; raise CatalogueError when the file or a column is missing."""
    try:
        with path.open(encoding="utf-8", newline="") as source:
            reader = csv.DictReader(source)
            missing = set(columns) - set(reader.fieldnames or ())
            if missing:
                msg = f"{path.name}: column {', '.join(sorted(missing))} is missing"
                raise CatalogueError(msg)
            return [{name: (value or "").strip() for name, value in row.items() if name} for row in reader]
    except FileNotFoundError as error:
        msg = f"{path.name} is missing in the pack {path.parent.name}"
        raise CatalogueError(msg) from error


def _named(rows: Mapping[str, Row], key: str, where: str) -> Row:
    try:
        return rows[key]
    except KeyError as error:
        msg = f"{where}: {key!r} is not defined"
        raise CatalogueError(msg) from error


def _parts(text: str) -> list[str]:
    return [part.strip() for part in text.split("|") if part.strip()]
