"""Several levels of comparison, such as dimension and indicator, into global weights."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from zhiqiao.engines.weights._ahp import Incomplete, Priorities, RandomIndex, priorities
from zhiqiao.engines.weights._errors import InputError, Problem
from zhiqiao.engines.weights._normal import normalised
from zhiqiao.engines.weights._pairwise import PairwiseMatrix


@dataclass(frozen=True)
class GlobalWeight:
    """An element with the one above it, its weight there and its weight in the whole."""

    name: str
    parent: str
    local: float
    weight: float
    is_leaf: bool


@dataclass(frozen=True)
class HierarchyWeights:
    """All elements top down; `levels` holds the consistency per parent, the top under the empty name.

    `cr` is that of the whole: CI and RI of every matrix, each weighted by its parent's global weight (Saaty 1980). The
    whole is usable when every matrix is and that ratio is below the limit.
    """

    elements: tuple[GlobalWeight, ...]
    levels: Mapping[str, Priorities]
    cr: float
    usable: bool

    def leaves(self) -> dict[str, float]:
        """Return the global weights of the lowest elements; they sum to 1."""
        return {element.name: element.weight for element in self.elements if element.is_leaf}


def hierarchy(
    top: PairwiseMatrix,
    below: Mapping[str, PairwiseMatrix],
    *,
    random_index: RandomIndex,
    incomplete: Incomplete = "refuse",
) -> HierarchyWeights:
    """Multiply local weights down the levels.

    `below` maps an element to the matrix that compares its children; an element not in it is a leaf. Raises InputError
    when a parent is no element or a name stands in two places.
    """
    _check_tree(top, below)
    levels: dict[str, Priorities] = {}
    elements: list[GlobalWeight] = []
    waiting: list[tuple[str, float, PairwiseMatrix]] = [("", 1.0, top)]
    ci = ri = 0.0
    while waiting:
        parent, share, matrix = waiting.pop(0)
        level = levels[parent] = priorities(matrix, random_index=random_index, incomplete=incomplete)
        ci, ri = ci + share * level.ci, ri + share * level.ri
        for name, local in level.by_name().items():
            elements.append(GlobalWeight(name, parent, local, share * local, name not in below))
            if name in below:
                waiting.append((name, share * local, below[name]))
    cr = ci / ri if ri else 0.0
    usable = all(level.usable for level in levels.values()) and cr < random_index.limit
    return HierarchyWeights(_exact(elements), levels, cr, usable)


def _exact(elements: list[GlobalWeight]) -> tuple[GlobalWeight, ...]:
    """Take the rounding of many products out of the leaves, so that they sum to 1."""
    leaves = iter(normalised(element.weight for element in elements if element.is_leaf))
    return tuple(
        GlobalWeight(
            one.name, one.parent, one.local, next(leaves) if one.is_leaf else one.weight, one.is_leaf
        )
        for one in elements
    )


def _check_tree(top: PairwiseMatrix, below: Mapping[str, PairwiseMatrix]) -> None:
    names = [*top.names, *(name for matrix in below.values() for name in matrix.names)]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise InputError(
            *(
                Problem(
                    0,
                    name,
                    "在层次结构中出现两次。请改成不同的名称。",
                    "stands twice in the hierarchy. Rename one.",
                )
                for name in twice
            )
        )
    reached, waiting = set(), list(top.names)
    while waiting:
        name = waiting.pop()
        reached.add(name)
        waiting += below[name].names if name in below else ()
    lost = sorted(set(below) - reached)
    if lost:
        raise InputError(
            *(
                Problem(
                    0,
                    name,
                    "有下级元素，但不在上级之中。请核对名称。",
                    "has children but no place above. Check the name.",
                )
                for name in lost
            )
        )
