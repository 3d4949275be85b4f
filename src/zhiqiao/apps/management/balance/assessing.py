"""The health of programmes from the inputs of a balance: facts, overlap with other schools, advice."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace

import numpy as np

from zhiqiao.apps.management.balance.inputs import Inputs
from zhiqiao.engines import balance as engine
from zhiqiao.platform.data.api import ProgrammeView

_MERGED = "posts-of-the-programme"


@dataclass(frozen=True)
class Assessment:
    """A programme with its facts, the advice, and the years that the facts come from."""

    view: ProgrammeView
    facts: engine.HealthFacts
    advice: engine.Recommendation
    postings: int
    graduates: int | None
    years: dict[str, int]
    median_cost: float | None


def assess(inputs: Inputs, parameters: engine.BalanceParameters, *, seed: int) -> list[Assessment]:
    """Return the health of every programme of the region."""
    demand = Counter(int(role) for role in inputs.postings.role)
    by_role = {post.key: demand[at] for at, post in enumerate(inputs.posts)}
    facts = [_facts(inputs, view, by_role, parameters, seed=seed) for view in inputs.programmes]
    costs = [item.cost for item in facts if item.cost is not None]
    middle = float(np.median(costs)) if costs else None
    return [
        Assessment(
            view=view,
            facts=item,
            advice=engine.recommend(item, facts, parameters),
            postings=sum(by_role[role.key] for role in view.roles),
            graduates=year.graduates if (year := inputs.newest(view.uuid, "graduates")) else None,
            years=_years(inputs, view),
            median_cost=middle,
        )
        for view, item in zip(inputs.programmes, facts, strict=True)
    ]


def _facts(
    inputs: Inputs,
    view: ProgrammeView,
    by_role: dict[str, int],
    parameters: engine.BalanceParameters,
    *,
    seed: int,
) -> engine.HealthFacts:
    enough = sum(by_role[role.key] for role in view.roles) >= parameters.demand["min_postings"]
    placed = inputs.newest(view.uuid, "placed", "graduates")
    matching = inputs.newest(view.uuid, "placed_matching", "placed")
    enrolled = inputs.newest(view.uuid, "enrolled")
    cost = inputs.newest(view.uuid, "cost_per_student")
    return engine.HealthFacts(
        key=str(view.uuid),
        quantity=quantity_of(inputs, view, parameters, seed=seed) if enough else None,
        uncovered=uncovered_of(inputs, view, parameters, seed=seed) if enough else None,
        enrolled=enrolled.enrolled if enrolled else None,
        placement=placed.placement if placed else None,
        matching=matching.matching if matching else None,
        cost=cost.cost_per_student if cost else None,
        overlap=overlap_of(inputs, view, by_role),
    )


def quantity_of(
    inputs: Inputs, view: ProgrammeView, parameters: engine.BalanceParameters, *, seed: int
) -> engine.Interval | None:
    """Return the quantity index over all posts of a programme: its posts are taken together as one post.

    None without target posts, or where its own graduates are unknown.
    """
    mine = {role.key for role in view.roles}
    own = next(item for item in inputs.supply if item.key == str(view.uuid))
    if not mine or own.graduates is None:
        return None
    whole = inputs.postings
    merged = engine.Postings(
        roles=(*whole.roles, engine.RoleFacts(_MERGED, "", "")),
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
        for item in inputs.supply
    ]
    result = engine.compare(merged, supply, parameters, seed=seed)
    return next(row.quantity for row in result.roles if row.role.key == _MERGED)


def uncovered_of(
    inputs: Inputs, view: ProgrammeView, parameters: engine.BalanceParameters, *, seed: int
) -> engine.Interval | None:
    """Return the share of what its posts ask for that this programme itself does not teach."""
    mine = [at for at, role in enumerate(inputs.postings.roles) if role.key in {r.key for r in view.roles}]
    whole = inputs.postings
    kept = np.isin(whole.role, mine)
    pairs = kept[whole.posting]
    place = np.cumsum(kept) - 1
    narrowed = engine.Postings(
        roles=tuple(replace(role, industry=_MERGED) for role in whole.roles),
        skills=whole.skills,
        role=whole.role[kept],
        posting=place[whole.posting[pairs]].astype(np.int64),
        skill=whole.skill[pairs],
    )
    own = [item for item in inputs.supply if item.key == str(view.uuid)]
    return engine.compare(narrowed, own, parameters, seed=seed).industries[0].uncovered


def overlap_of(inputs: Inputs, view: ProgrammeView, by_role: dict[str, int]) -> dict[str, float] | None:
    """Return how far programmes of other schools train for the same posts: shared postings over all of both.

    Jaccard index of the target posts, each weighed by its postings; None where no post has any.
    """
    mine = {role.key for role in view.roles}
    if not sum(by_role[key] for key in mine):
        return None
    found = {}
    for other in inputs.programmes:
        theirs = {role.key for role in other.roles}
        both = sum(by_role[key] for key in mine & theirs)
        if other.org_root_id != view.org_root_id and both:
            found[str(other.uuid)] = both / sum(by_role[key] for key in mine | theirs)
    return found


def _years(inputs: Inputs, view: ProgrammeView) -> dict[str, int]:
    """Return which year each figure comes from."""
    wanted = {
        "graduates": ("graduates",),
        "placement": ("placed", "graduates"),
        "matching": ("placed_matching", "placed"),
        "enrolled": ("enrolled",),
        "cost": ("cost_per_student",),
    }
    found = {name: inputs.newest(view.uuid, *figures) for name, figures in wanted.items()}
    return {name: year.year for name, year in found.items() if year}
