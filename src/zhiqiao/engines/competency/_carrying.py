"""What experts named is found again in a new run of discovery; and where a group may be split."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

import numpy as np

from zhiqiao.engines.competency._corpus import Corpus
from zhiqiao.engines.competency._errors import GroupingError
from zhiqiao.engines.competency._graph import graph_labels
from zhiqiao.engines.competency._grouping import Group, Grouping
from zhiqiao.engines.competency._methods import check_k
from zhiqiao.engines.competency._parameters import Parameters
from zhiqiao.engines.competency._space import build_space

__all__ = ["Carried", "Match", "carry_over", "suggest_split"]


@dataclass(frozen=True)
class Match:
    """A group of before, the fresh group taken for the same, and the Jaccard index of their skills."""

    before: str
    fresh: str
    overlap: float


@dataclass(frozen=True)
class Carried:
    """A fresh grouping under the ids and names of before; what found no counterpart; skills that changed group.

    `moved` holds (skill, id before, id now) of skills that stand in a group both times; a person may look at these.
    """

    grouping: Grouping
    matches: tuple[Match, ...]
    new: tuple[str, ...]
    lost: tuple[str, ...]
    moved: tuple[tuple[str, str, str], ...]


def carry_over(before: Grouping, fresh: Grouping, *, least: float = 0.25) -> Carried:
    """Give fresh groups the ids and names of those they overlap with, one to one with the greatest total overlap.

    The assignment is the Hungarian method's (H. Kuhn, 1955) on the Jaccard index; pairs below `least` are no match.
    Fresh groups without a match get new ids.
    """
    from scipy.optimize import linear_sum_assignment

    overlaps = np.array(
        [[_jaccard(old.skills, new.skills) for new in fresh.groups] for old in before.groups]
    ).reshape(len(before.groups), len(fresh.groups))
    rows, columns = linear_sum_assignment(-overlaps)
    pairs = {
        int(column): (before.groups[row], float(overlaps[row, column]))
        for row, column in zip(rows, columns, strict=True)
        if overlaps[row, column] >= least
    }
    number, groups, matches, new = before.last_number, [], [], []
    for at, group in enumerate(fresh.groups):
        if at in pairs:
            old, overlap = pairs[at]
            matches.append(Match(old.id, group.id, overlap))
            groups.append(_under(old, group))
        else:
            number += 1
            groups.append(replace(group, id=f"c{number:02d}"))
            new.append(groups[-1].id)
    found = {match.before for match in matches}
    carried = Grouping(tuple(groups), fresh.unclustered, number)
    return Carried(
        carried,
        tuple(matches),
        tuple(new),
        tuple(group.id for group in before.groups if group.id not in found),
        _moved(before, carried),
    )


def _under(old: Group, fresh: Group) -> Group:
    """Keep the name a person gave; a suggestion gives way to the fresh one."""
    return replace(fresh, id=old.id, name=old.name if old.named else fresh.name, named=old.named)


def _moved(before: Grouping, now: Grouping) -> tuple[tuple[str, str, str], ...]:
    was = {skill: group.id for group in before.groups for skill in group.skills}
    return tuple(
        (skill, was[skill], group.id)
        for group in now.groups
        for skill in group.skills
        if skill in was and was[skill] != group.id
    )


def _jaccard(first: Collection[str], second: Collection[str]) -> float:
    either = set(first) | set(second)
    return len(set(first) & set(second)) / len(either) if either else 0.0


def suggest_split(
    corpus: Corpus, group: Group, *, parts: int, seed: int, parameters: Parameters
) -> tuple[tuple[str, ...], ...]:
    """Suggest how to split a group: the method `graph` inside it; skills it leaves over stay with the largest part.

    ParameterError when the group is too small for so many parts.
    """
    if len(group.skills) < 2:
        raise GroupingError(f"{group.name} 只有一项技能。", f"{group.id} holds one skill only.")
    space = build_space(corpus, parameters, only=frozenset(group.skills))
    check_k(space, parts, parameters)
    labels = graph_labels(space, parameters, parts, seed)
    of = {
        corpus.skills[int(skill)].id: int(label)
        for skill, label in zip(space.skills, labels, strict=True)
        if label >= 0
    }
    order = sorted(set(of.values()), key=lambda label: -sum(other == label for other in of.values()))
    return tuple(
        tuple(skill for skill in group.skills if of.get(skill, order[0]) == label) for label in order
    )
