"""A grouping as it is kept in a row, and identifiers of its computed figures; the edits are the engine's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any  # Any: JSON of a column
from uuid import UUID

from zhiqiao.engines.competency import Carried, Group, Grouping

__all__ = [
    "ClusterFigure",
    "carried_row",
    "cluster_uuid",
    "read_cluster_uuid",
    "read_grouping",
    "study_skill_uuid",
    "written",
]

#: Marks the uuid of a group of a study, and of a skill in one, where a demand figure holds its scope.
_CLUSTER, _SKILL = 0xC, 0xD


@dataclass(frozen=True)
class ClusterFigure:
    """A group of a study (by its number), or one skill of the study (by the row's id)."""

    study_id: int
    number: int
    is_skill: bool


def cluster_uuid(study_id: int, group_id: str) -> UUID:
    """Return the uuid of a group of a study (layout of `figures`); groups are called c01, c02 …."""
    return _pack(study_id, _CLUSTER, int(group_id.removeprefix("c")))


def study_skill_uuid(study_id: int, skill_id: int) -> UUID:
    """Return the uuid of how many postings of a study name a skill."""
    return _pack(study_id, _SKILL, skill_id)


def _pack(study_id: int, mark: int, number: int) -> UUID:
    return UUID(int=(study_id << 80) | (8 << 76) | (mark << 64) | (0b10 << 62) | number)


def read_cluster_uuid(uuid: UUID) -> ClusterFigure | None:
    """Return what a uuid is about, or None when it is no group or skill of a study."""
    value = uuid.int
    mark = (value >> 64) & 0xFFF
    if uuid.version != 8 or mark not in {_CLUSTER, _SKILL}:
        return None
    return ClusterFigure(value >> 80, value & ((1 << 62) - 1), mark == _SKILL)


def written(grouping: Grouping) -> dict[str, object]:
    """Return a grouping as plain values."""
    return asdict(grouping)


def read_grouping(data: Mapping[str, Any]) -> Grouping:  # Any: see above
    """Return a grouping from its column; an empty column is an empty grouping."""
    return Grouping(
        groups=tuple(
            Group(one["id"], one["name"], tuple(one["skills"]), named=one["named"])
            for one in data.get("groups", ())
        ),
        unclustered=tuple(data.get("unclustered", ())),
        last_number=data.get("last_number", 0),
    )


def carried_row(carried: Carried) -> dict[str, object]:
    """Return what was carried over from the run before, without the grouping itself."""
    return {
        "matches": [asdict(one) for one in carried.matches],
        "new": list(carried.new),
        "lost": list(carried.lost),
        "moved": [list(one) for one in carried.moved],
    }
