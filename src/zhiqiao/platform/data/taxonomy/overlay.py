"""The catalogue in force: the pack of a folder with the active changes over it, its versions, and old ones kept.

A version that was mined with is kept as a pack in the lake, so that what has changed since can be told.
"""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import cast

from django.db import transaction

from zhiqiao.engines import jobmining
from zhiqiao.infra import storage
from zhiqiao.platform.data.models import ChangeKind, ChangeState, SkillChange, TaxonomyVersion

__all__ = ["OWN", "Effective", "current_version", "effective", "keep", "kept", "lock", "record", "skill_of"]

#: Keys of added skills begin with it; no pack's may.
OWN = "own-"


@dataclass(frozen=True)
class Effective:
    """The catalogue in force, and the active changes that no longer fit the pack, each with the reason."""

    taxonomy: jobmining.Taxonomy
    unapplied: tuple[tuple[SkillChange, jobmining.Unapplied], ...] = ()


def effective(
    folder: Path, *, plus: SkillChange | None = None, without: SkillChange | None = None
) -> Effective:
    """Return the pack with the active changes; with one more, or without one, to see what it would do.

    Raises TaxonomyError when the pack contradicts itself.
    """
    rows = SkillChange.objects.filter(state=ChangeState.ACTIVE).exclude(kind=ChangeKind.REJECT)
    if without is not None:
        rows = rows.exclude(pk=without.pk)
    changes = [*rows.order_by("turn", "pk"), *([plus] if plus else [])]
    taxonomy, left = _applied(str(folder), _stamp(folder), tuple(engine_change(row) for row in changes))
    return Effective(taxonomy, tuple((changes[item.index], item) for item in left))


def engine_change(row: SkillChange) -> jobmining.Change:
    """Return a change as the engine knows it."""
    match row.kind:
        case ChangeKind.ADD_SKILL:
            return jobmining.AddSkill(skill_of(row))
        case ChangeKind.ADD_ALIAS:
            return jobmining.AddAlias(row.skill_key, row.surface)
        case ChangeKind.RETIRE_ALIAS:
            return jobmining.RetireAlias(row.skill_key, row.surface)
        case ChangeKind.RETIRE_SKILL:
            return jobmining.RetireSkill(row.skill_key)
    msg = f"a change of kind {row.kind} does not touch the catalogue"
    raise ValueError(msg)


def skill_of(row: SkillChange) -> jobmining.Skill:
    """Return the skill that a change adds."""
    fields = row.skill
    return jobmining.Skill(
        id=row.skill_key,
        zh=fields["zh"],
        en=fields["en"],
        kind=cast("jobmining.SkillKind", fields["kind"]),
        category=fields["category"],
        broader=fields["broader"] or None,
        aliases=tuple(fields["aliases"]),
        exact=fields["exact"],
    )


@lru_cache(maxsize=8)
def _applied(
    folder: str, _stamp_of_files: tuple[tuple[str, int, int], ...], changes: tuple[jobmining.Change, ...]
) -> tuple[jobmining.Taxonomy, tuple[jobmining.Unapplied, ...]]:
    return jobmining.apply_changes(jobmining.read_taxonomy(Path(folder)), changes)


def _stamp(folder: Path) -> tuple[tuple[str, int, int], ...]:
    files = sorted(folder.glob("*.csv"))
    return tuple((path.name, (found := path.stat()).st_mtime_ns, found.st_size) for path in files)


def current_version() -> TaxonomyVersion | None:
    """Return the newest version, None before the first pack was loaded."""
    return TaxonomyVersion.objects.select_related("made_by", "change").order_by("-number").first()


def lock() -> None:
    """Let one transaction at a time change the catalogue: hold the row of the first version until it ends."""
    TaxonomyVersion.objects.select_for_update().order_by("number").first()


@transaction.atomic
def record(
    taxonomy: jobmining.Taxonomy,
    *,
    change: SkillChange | None = None,
    made_by_id: int | None = None,
    is_withdrawal: bool = False,
) -> TaxonomyVersion:
    """Give a catalogue the next number, unless it is the one that stands; a change always gets its own."""
    lock()
    last = TaxonomyVersion.objects.order_by("-number").first()
    if last is not None and last.digest == taxonomy.version and change is None:
        return last
    return TaxonomyVersion.objects.create(
        number=last.number + 1 if last else 1,
        digest=taxonomy.version,
        made_by_id=made_by_id,
        change=change,
        is_withdrawal=is_withdrawal,
        skills=len(taxonomy.skills),
        surfaces=sum(len(skill.surfaces) for skill in taxonomy.skills),
    )


def keep(taxonomy: jobmining.Taxonomy) -> None:
    """Keep a catalogue in the lake under its version, whole or not at all."""
    target = _kept_folder(taxonomy.version)
    if target.exists():
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(prefix=".partial-", dir=target.parent))
    for name, text in jobmining.pack_files(taxonomy).items():
        (work / name).write_text(text, encoding="utf-8")
    try:
        work.rename(target)
    except OSError:  # somebody else kept the same in this moment
        shutil.rmtree(work, ignore_errors=True)


def kept(version: str) -> jobmining.Taxonomy | None:
    """Return a catalogue by its version, None when it was not kept or is not what it says."""
    folder = _kept_folder(version)
    if not version or not folder.is_dir():
        return None
    try:
        found = jobmining.read_taxonomy(folder)
    except jobmining.TaxonomyError:
        return None
    return found if found.version == version else None


def _kept_folder(version: str) -> Path:
    return storage.lake() / "taxonomies" / version
