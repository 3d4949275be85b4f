"""Expert editing of groups as pure functions: each returns a new grouping and a record of what was done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from zhiqiao.engines.competency._discovery import Discovery
from zhiqiao.engines.competency._errors import GroupingError

__all__ = [
    "Edit",
    "Group",
    "Grouping",
    "add_skill",
    "grouping_of",
    "merge_groups",
    "move_skill",
    "remove_skill",
    "rename_group",
    "split_group",
]

EditKind = Literal["rename", "merge", "split", "move", "remove", "add"]


@dataclass(frozen=True)
class Group:
    """Skills under a name; `named` says that a person gave it, else it is a suggestion."""

    id: str
    name: str
    skills: tuple[str, ...]
    named: bool = False


@dataclass(frozen=True)
class Grouping:
    """Groups in order, no skill in two of them, and the skills in none; ids are never given twice."""

    groups: tuple[Group, ...]
    unclustered: tuple[str, ...] = ()
    last_number: int = 0

    def group(self, group_id: str) -> Group:
        """Return a group; GroupingError when there is none."""
        for group in self.groups:
            if group.id == group_id:
                return group
        raise GroupingError(f"没有组 {group_id}。", f"There is no group {group_id}.")

    def group_of(self, skill: str) -> Group | None:
        """Return the group that holds a skill; None for one that is unclustered; GroupingError for an unknown one."""
        for group in self.groups:
            if skill in group.skills:
                return group
        if skill in self.unclustered:
            return None
        raise GroupingError(f"此分组中没有技能 {skill}。", f"The grouping has no skill {skill}.")


@dataclass(frozen=True)
class Edit:
    """What one edit did: `groups` went in, `results` came out, `skills` were concerned; names only when renaming."""

    kind: EditKind
    groups: tuple[str, ...]
    results: tuple[str, ...]
    skills: tuple[str, ...] = ()
    name_before: str | None = None
    name_after: str | None = None


def grouping_of(found: Discovery) -> Grouping:
    """Begin editing from what discovery found; names are its suggestions."""
    groups = tuple(
        Group(one.id, one.name.zh, tuple(member.skill_id for member in one.members)) for one in found.clusters
    )
    return Grouping(groups, tuple(one.skill_id for one in found.unclustered), len(groups))


def rename_group(grouping: Grouping, group_id: str, name: str) -> tuple[Grouping, Edit]:
    """Give a group a name of a person's; GroupingError for an empty one or one another group has."""
    group, name = grouping.group(group_id), name.strip()
    _check_name(grouping, name, besides=(group_id,))
    edit = Edit("rename", (group_id,), (group_id,), name_before=group.name, name_after=name)
    return _put(grouping, replace(group, name=name, named=True)), edit


def merge_groups(grouping: Grouping, group_ids: Sequence[str]) -> tuple[Grouping, Edit]:
    """Join groups into the first, which keeps id and name."""
    if len(set(group_ids)) != len(group_ids) or len(group_ids) < 2:
        raise GroupingError("合并需要两个以上不同的组。", "Merging takes two different groups or more.")
    own = [grouping.group(group_id) for group_id in group_ids]
    joined = replace(own[0], skills=tuple(skill for group in own for skill in group.skills))
    gone = set(group_ids[1:])
    left = tuple(group for group in grouping.groups if group.id not in gone)
    moved = tuple(skill for group in own[1:] for skill in group.skills)
    edit = Edit("merge", tuple(group_ids), (own[0].id,), moved)
    return _put(replace(grouping, groups=left), joined), edit


def split_group(
    grouping: Grouping, group_id: str, skills: Sequence[str], *, name: str
) -> tuple[Grouping, Edit]:
    """Take some skills of a group into a new one that stands behind it; some must stay (see `suggest_split`)."""
    group, name = grouping.group(group_id), name.strip()
    chosen = dict.fromkeys(skills)
    foreign = [skill for skill in chosen if skill not in group.skills]
    if foreign:
        raise GroupingError(
            f"{group.name} 中没有 {'、'.join(foreign)}。", f"{group.id} does not hold {', '.join(foreign)}."
        )
    if not 0 < len(chosen) < len(group.skills):
        raise GroupingError("拆分后两边都要有技能。", "Both sides of a split need skills.")
    _check_name(grouping, name)
    number = grouping.last_number + 1
    new = Group(_id(number), name, tuple(skill for skill in group.skills if skill in chosen), named=True)
    stays = replace(group, skills=tuple(skill for skill in group.skills if skill not in chosen))
    groups: list[Group] = []
    for one in grouping.groups:
        groups += [stays, new] if one.id == group_id else [one]
    edit = Edit("split", (group_id,), (group_id, new.id), new.skills, name_after=name)
    return replace(grouping, groups=tuple(groups), last_number=number), edit


def move_skill(grouping: Grouping, skill: str, to: str) -> tuple[Grouping, Edit]:
    """Move a skill from its group to another; an emptied group is refused, merge it instead."""
    source, target = grouping.group_of(skill), grouping.group(to)
    if source is None:
        raise GroupingError(f"{skill} 不在任何组中；请添加它。", f"{skill} is in no group; add it.")
    if source.id == to:
        raise GroupingError(f"{skill} 已在此组中。", f"{skill} is in this group already.")
    lessened = _put(grouping, _without(source, skill))
    moved = _put(lessened, replace(target, skills=(*target.skills, skill)))
    return moved, Edit("move", (source.id,), (to,), (skill,))


def remove_skill(grouping: Grouping, skill: str) -> tuple[Grouping, Edit]:
    """Take a skill out of its group; it is unclustered then."""
    source = grouping.group_of(skill)
    if source is None:
        raise GroupingError(f"{skill} 不在任何组中。", f"{skill} is in no group.")
    left = _put(grouping, _without(source, skill))
    edit = Edit("remove", (source.id,), (), (skill,))
    return replace(left, unclustered=tuple(sorted((*left.unclustered, skill)))), edit


def add_skill(grouping: Grouping, skill: str, to: str) -> tuple[Grouping, Edit]:
    """Put a skill that is in no group into one; it may be new to the grouping."""
    target = grouping.group(to)
    if any(skill in group.skills for group in grouping.groups):
        raise GroupingError(f"{skill} 已在一个组中；请移动它。", f"{skill} is in a group already; move it.")
    left = tuple(other for other in grouping.unclustered if other != skill)
    grown = _put(replace(grouping, unclustered=left), replace(target, skills=(*target.skills, skill)))
    return grown, Edit("add", (), (to,), (skill,))


def _put(grouping: Grouping, group: Group) -> Grouping:
    return replace(grouping, groups=tuple(group if one.id == group.id else one for one in grouping.groups))


def _without(group: Group, skill: str) -> Group:
    if len(group.skills) == 1:
        raise GroupingError(
            f"{group.name} 只有这一项技能；请把该组与另一组合并。",
            f"{group.id} holds this skill only; merge the group with another.",
        )
    return replace(group, skills=tuple(other for other in group.skills if other != skill))


def _check_name(grouping: Grouping, name: str, *, besides: Sequence[str] = ()) -> None:
    if not name:
        raise GroupingError("名称不能为空。", "A name must not be empty.")
    if any(group.name == name and group.id not in besides for group in grouping.groups):
        raise GroupingError(f"已有名为 {name} 的组。", f"There is a group called {name} already.")


def _id(number: int) -> str:
    return f"c{number:02d}"
