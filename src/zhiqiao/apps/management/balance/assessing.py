"""The health of programmes from the inputs of a balance: facts, advice, and the years the facts come from."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from zhiqiao.apps.management.balance.inputs import Inputs
from zhiqiao.engines import balance as engine
from zhiqiao.platform.data.api import ProgrammeView


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
    demand = engine.role_demand(inputs.postings)
    facts = [_facts(inputs, view, parameters, seed=seed) for view in inputs.programmes]
    costs = [item.cost for item in facts if item.cost is not None]
    middle = float(np.median(costs)) if costs else None
    return [
        Assessment(
            view=view,
            facts=item,
            advice=engine.recommend(item, facts, parameters),
            postings=sum(demand[role.key] for role in view.roles),
            graduates=year.graduates if (year := inputs.newest(view.uuid, "graduates")) else None,
            years=_years(inputs, view),
            median_cost=middle,
        )
        for view, item in zip(inputs.programmes, facts, strict=True)
    ]


def _facts(
    inputs: Inputs, view: ProgrammeView, parameters: engine.BalanceParameters, *, seed: int
) -> engine.HealthFacts:
    placed = inputs.newest(view.uuid, "placed", "graduates")
    matching = inputs.newest(view.uuid, "placed_matching", "placed")
    enrolled = inputs.newest(view.uuid, "enrolled")
    cost = inputs.newest(view.uuid, "cost_per_student")
    own = [str(item.uuid) for item in inputs.programmes if item.org_root_id == view.org_root_id]
    return replace(
        engine.programme_health(
            str(view.uuid), inputs.supply, inputs.postings, parameters, same_school=own, seed=seed
        ),
        enrolled=enrolled.enrolled if enrolled else None,
        placement=placed.placement if placed else None,
        matching=matching.matching if matching else None,
        cost=cost.cost_per_student if cost else None,
    )


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
