"""The indices of one programme over all of its posts, and how far others train for the same posts."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

import numpy as np

from zhiqiao.engines.balance._health import HealthFacts
from zhiqiao.engines.balance._index import compare
from zhiqiao.engines.balance._values import BalanceParameters, Interval, Postings, ProgrammeSupply, RoleFacts

_MERGED = "posts-of-the-programme"


def programme_health(
    key: str,
    programmes: Sequence[ProgrammeSupply],
    postings: Postings,
    parameters: BalanceParameters,
    *,
    same_school: Collection[str],
    seed: int,
) -> HealthFacts:
    """Return what postings and course tables say of a programme; what its school reports is not in it.

    `same_school` are the programmes of its own school, which are no overlap. Indices are None where its posts have
    fewer than `min_postings` postings in all.
    """
    own = next(item for item in programmes if item.key == key)
    mine = set(own.roles)
    demand = role_demand(postings)
    enough = sum(demand.get(role, 0) for role in mine) >= parameters.demand["min_postings"]
    others = [item for item in programmes if item.key not in same_school and item.key != key]
    return HealthFacts(
        key=key,
        quantity=_quantity(own, programmes, postings, parameters, seed=seed) if enough else None,
        uncovered=_uncovered(own, postings, parameters, seed=seed) if enough else None,
        overlap=_overlap(mine, others, demand),
    )


def role_demand(postings: Postings) -> dict[str, int]:
    """Return the postings of each post."""
    counts = np.bincount(postings.role, minlength=len(postings.roles))
    return {role.key: int(count) for role, count in zip(postings.roles, counts, strict=True)}


def _quantity(
    own: ProgrammeSupply,
    programmes: Sequence[ProgrammeSupply],
    whole: Postings,
    parameters: BalanceParameters,
    *,
    seed: int,
) -> Interval | None:
    """Return the quantity index over all posts of a programme: its posts are taken together as one post.

    None without target posts, or where its own graduates are unknown.
    """
    mine = set(own.roles)
    if not mine or own.graduates is None:
        return None
    merged = Postings(
        roles=(*whole.roles, RoleFacts(_MERGED, "", "")),
        skills=(),
        role=np.where(
            np.isin(whole.role, [at for at, role in enumerate(whole.roles) if role.key in mine]),
            len(whole.roles),
            whole.role,
        ),
        posting=np.zeros(0, dtype=np.int64),
        skill=np.zeros(0, dtype=np.int64),
    )
    supply = [
        replace(
            item,
            roles=(
                *(key for key in item.roles if key not in mine),
                *([_MERGED] if mine & set(item.roles) else []),
            ),
        )
        for item in programmes
    ]
    result = compare(merged, supply, parameters, seed=seed)
    return next(row.quantity for row in result.roles if row.role.key == _MERGED)


def _uncovered(
    own: ProgrammeSupply, whole: Postings, parameters: BalanceParameters, *, seed: int
) -> Interval | None:
    """Return the share of what its posts ask for that this programme itself does not teach."""
    kept = np.isin(whole.role, [at for at, role in enumerate(whole.roles) if role.key in set(own.roles)])
    pairs = kept[whole.posting]
    place = np.cumsum(kept) - 1
    narrowed = Postings(
        roles=tuple(replace(role, industry=_MERGED) for role in whole.roles),
        skills=whole.skills,
        role=whole.role[kept],
        posting=place[whole.posting[pairs]].astype(np.int64),
        skill=whole.skill[pairs],
    )
    return compare(narrowed, [own], parameters, seed=seed).industries[0].uncovered


def _overlap(
    mine: set[str], others: Sequence[ProgrammeSupply], demand: dict[str, int]
) -> dict[str, float] | None:
    """Return how far programmes of other schools train for the same posts: shared postings over all of both.

    Jaccard index of the target posts, each weighed by its postings; None where no post has any.
    """
    if not sum(demand.get(key, 0) for key in mine):
        return None
    found = {}
    for other in others:
        theirs = set(other.roles)
        both = sum(demand.get(key, 0) for key in mine & theirs)
        if both:
            found[other.key] = both / sum(demand.get(key, 0) for key in mine | theirs)
    return found
