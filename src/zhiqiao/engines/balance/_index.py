"""The gap index with its interval, for skills of posts, for posts and for industries.

Demand is what postings name: `d` is a post's share of all postings, `p` the share of its postings that name a skill.
Covered is what the programmes that train for the post teach: `t` = min(1, hours / full hours of the kind), the best of
them. With `w` the weight of the kind:

- pressure of a skill in a post = d · p · w · (1 - t): it ranks the lines, by the lower end of its interval;
- index of a post = Σ p·w·(1 - t) / Σ p·w over the skills it asks for: 0 all covered, 1 nothing;
- index of an industry = the same sums with each post weighed by d;
- quantity index of a post = (d - s) / (d + s), `s` the share of graduates that train for it: 1 only demand, -1 only
  graduates. Postings and persons are not the same unit, so shares are compared, never numbers. Graduates of a programme
  are divided among its posts as postings are.

Intervals: Poisson bootstrap over postings (each counts 0, 1, 2 … times with mean 1; Hanley & MacGibbon 2006), outer
quantiles. One draw gives all figures, so sums keep how skills stand together in postings.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix

from zhiqiao.engines.balance._values import (
    BalanceParameters,
    Interval,
    Places,
    Postings,
    ProgrammeSupply,
    RoleFacts,
    SkillFacts,
)

Floats = npt.NDArray[np.float64]
_SLICE = 50  # draws held at once: bounds memory on large regions


@dataclass(frozen=True)
class SkillGap:
    """One skill of one post: how many of its postings name it, and how far each programme covers it."""

    role: RoleFacts
    skill: SkillFacts
    count: int
    total: int
    share: Interval
    pressure: Interval
    covered: float
    programmes: Mapping[str, float]


@dataclass(frozen=True)
class RoleIndex:
    """One post: uncovered share of its demand and its quantity index; None where there is too little data."""

    role: RoleFacts
    postings: int
    uncovered: Interval | None
    quantity: Interval | None
    programmes: tuple[str, ...]
    graduates: float | None


@dataclass(frozen=True)
class IndustryIndex:
    """One industry: uncovered share of the demand of its posts, and how many postings that rests on."""

    industry: str
    postings: int
    uncovered: Interval | None


@dataclass(frozen=True)
class Balance:
    """The whole comparison; `gaps` come in the order of their pressure, the most pressing first."""

    gaps: tuple[SkillGap, ...]
    roles: tuple[RoleIndex, ...]
    industries: tuple[IndustryIndex, ...]
    draws: int
    level: float


def compare(
    postings: Postings, programmes: Sequence[ProgrammeSupply], parameters: BalanceParameters, *, seed: int
) -> Balance:
    """Compare postings with programmes; same inputs and seed give the same figures.

    Posts with fewer than `min_postings` postings have no index. Raises ValueError when a programme trains for a post
    that is not among `postings.roles`.
    """
    known = {role.key for role in postings.roles}
    for programme in programmes:
        if strange := sorted(set(programme.roles) - known):
            msg = f"programme {programme.key} trains for unknown posts: {', '.join(strange)}"
            raise ValueError(msg)
    cells = _Cells.of(postings, programmes, parameters)
    draws = _Draws.of(postings, cells, _supply_of(postings, programmes), parameters, seed=seed)
    gaps = _gaps(postings, programmes, cells, draws)
    return Balance(
        gaps=tuple(
            sorted(
                gaps, key=lambda gap: (-gap.pressure.low, -gap.pressure.value, gap.role.key, gap.skill.key)
            )
        ),
        roles=_roles(postings, programmes, cells, draws),
        industries=_industries(postings, cells, draws),
        draws=int(parameters.bootstrap["draws"]),
        level=parameters.bootstrap["level"],
    )


@dataclass(frozen=True)
class _Cells:
    """The pairs of post and skill that are a demand: positions, counts, weights, what is covered."""

    role: Places
    skill: Places
    count: Places
    per_role: Places
    weight: Floats
    covered: Floats
    place: Places  # of each posting-skill pair: its cell, or -1

    @classmethod
    def of(
        cls, postings: Postings, programmes: Sequence[ProgrammeSupply], parameters: BalanceParameters
    ) -> _Cells:
        per_role = np.bincount(postings.role, minlength=len(postings.roles)).astype(np.int64)
        pair_role = postings.role[postings.posting]
        code = pair_role * max(1, len(postings.skills)) + postings.skill
        unique, inverse, count = np.unique(code, return_inverse=True, return_counts=True)
        role, skill = np.divmod(unique, max(1, len(postings.skills)))
        enough = (
            (per_role[role] >= parameters.demand["min_postings"])
            & (count >= parameters.demand["min_count"])
            & (count >= parameters.demand["min_share"] * per_role[role])
        )
        kept = np.cumsum(enough) - 1
        place = np.where(enough[inverse], kept[inverse], -1) if len(unique) else np.zeros(0, dtype=np.int64)
        kinds = [postings.skills[at].kind for at in skill[enough]]
        covered = [
            max(
                coverage(programmes, postings.roles[r].key, postings.skills[s], parameters).values(),
                default=0.0,
            )
            for r, s in zip(role[enough], skill[enough], strict=True)
        ]
        return cls(
            role=role[enough],
            skill=skill[enough],
            count=count[enough].astype(np.int64),
            per_role=per_role,
            weight=np.array([parameters.weight[kind] for kind in kinds], dtype=np.float64),
            covered=np.array(covered, dtype=np.float64),
            place=place.astype(np.int64),
        )


def coverage(
    programmes: Sequence[ProgrammeSupply], role: str, skill: SkillFacts, parameters: BalanceParameters
) -> dict[str, float]:
    """Return how far each programme that trains for the post teaches the skill: 0 not at all, 1 in full hours."""
    full = parameters.full_hours[skill.kind]
    return {
        programme.key: min(1.0, programme.taught[skill.key].hours / full)
        if skill.key in programme.taught
        else 0.0
        for programme in programmes
        if role in programme.roles
    }


def _supply_of(postings: Postings, programmes: Sequence[ProgrammeSupply]) -> tuple[Floats, Floats]:
    """Return which programme trains for which post [programme, post] (0 or 1), and the graduates of each."""
    place = {role.key: at for at, role in enumerate(postings.roles)}
    known = [programme for programme in programmes if programme.graduates is not None]
    trains = np.zeros((len(known), len(place)))
    for row, programme in enumerate(known):
        trains[row, [place[key] for key in programme.roles]] = 1.0
    return trains, np.array([programme.graduates for programme in known], dtype=np.float64)


@dataclass(frozen=True)
class _Draws:
    """Figures of every draw, the observed one first: [1 + draws, cells or posts]."""

    share: Floats
    pressure: Floats
    asked: Floats
    quantity: Floats
    tail: float

    @classmethod
    def of(
        cls,
        postings: Postings,
        cells: _Cells,
        supply: tuple[Floats, Floats],
        parameters: BalanceParameters,
        *,
        seed: int,
    ) -> _Draws:
        chance = np.random.default_rng(seed)
        draws, posts, many = int(parameters.bootstrap["draws"]), len(postings.role), len(cells.role)
        used = cells.place >= 0
        names = csr_matrix(
            (np.ones(int(used.sum())), (postings.posting[used], cells.place[used])), shape=(posts, many)
        )
        belongs = csr_matrix(
            (np.ones(posts), (np.arange(posts), postings.role)), shape=(posts, len(postings.roles))
        )
        counts, totals = [], []
        for first in range(0, draws + 1, _SLICE):
            weights = chance.poisson(1.0, (min(_SLICE, draws + 1 - first), posts)).astype(np.float64)
            if first == 0:
                weights[0] = 1.0
            counts.append(np.asarray(names.T.dot(weights.T).T))
            totals.append(np.asarray(belongs.T.dot(weights.T).T))
        count, total = np.vstack(counts), np.vstack(totals)
        share = _ratio(count, total[:, cells.role])
        demand = _ratio(total, total.sum(axis=1, keepdims=True))
        open_ = cells.weight * (1 - cells.covered)
        return cls(
            share=share,
            pressure=demand[:, cells.role] * share * open_,
            asked=demand[:, cells.role] * share * cells.weight,
            quantity=_quantity(demand, *supply),
            tail=(1 - parameters.bootstrap["level"]) / 2,
        )

    def interval(self, values: Floats) -> Interval:
        """Return the observed figure with the quantiles of its draws; draws without a value are left out."""
        value, drawn = float(values[0]), values[1:][~np.isnan(values[1:])]
        if not len(drawn):
            return Interval(value, value, value)
        low, high = np.quantile(drawn, [self.tail, 1 - self.tail])
        return Interval(value, float(min(low, value)), float(max(high, value)))


def _ratio(part: Floats, whole: Floats) -> Floats:
    part, whole = np.broadcast_arrays(part, whole)
    ratio: Floats = np.divide(part, whole, out=np.zeros(part.shape), where=whole > 0)
    return ratio


def _quantity(demand: Floats, trains: Floats, graduates: Floats) -> Floats:
    """Return (d - s) / (d + s) of every draw and post; NaN where no programme states graduates at all."""
    if not graduates.sum():
        return np.full(demand.shape, np.nan)
    weighed = demand[:, None, :] * trains  # [draw, programme, post]
    alone = trains / np.maximum(trains.sum(axis=1, keepdims=True), 1)
    whole = weighed.sum(axis=2, keepdims=True)
    parts = np.where(whole > 0, weighed / np.where(whole > 0, whole, 1), alone)
    supply = (parts * graduates[None, :, None]).sum(axis=1) / graduates.sum()
    both = demand + supply
    index: Floats = np.divide(demand - supply, both, out=np.full(demand.shape, np.nan), where=both > 0)
    return index


def _gaps(
    postings: Postings, programmes: Sequence[ProgrammeSupply], cells: _Cells, draws: _Draws
) -> list[SkillGap]:
    found = []
    for at, (role, skill) in enumerate(zip(cells.role, cells.skill, strict=True)):
        facts, wanted = postings.roles[role], postings.skills[skill]
        found.append(
            SkillGap(
                role=facts,
                skill=wanted,
                count=int(cells.count[at]),
                total=int(cells.per_role[role]),
                share=draws.interval(draws.share[:, at]),
                pressure=draws.interval(draws.pressure[:, at]),
                covered=float(cells.covered[at]),
                programmes={
                    programme.key: programme.taught[wanted.key].hours
                    if wanted.key in programme.taught
                    else 0.0
                    for programme in programmes
                    if facts.key in programme.roles
                },
            )
        )
    return found


def _roles(
    postings: Postings, programmes: Sequence[ProgrammeSupply], cells: _Cells, draws: _Draws
) -> tuple[RoleIndex, ...]:
    found = []
    for at, role in enumerate(postings.roles):
        mine = cells.role == at
        serving = [programme for programme in programmes if role.key in programme.roles]
        stated = [programme.graduates for programme in serving if programme.graduates is not None]
        has_quantity = not np.isnan(draws.quantity[0, at]) and int(cells.per_role[at]) > 0
        found.append(
            RoleIndex(
                role=role,
                postings=int(cells.per_role[at]),
                uncovered=_uncovered(mine, draws),
                quantity=draws.interval(draws.quantity[:, at]) if has_quantity else None,
                programmes=tuple(programme.key for programme in serving),
                graduates=sum(stated) if stated else (0.0 if not serving else None),
            )
        )
    return tuple(found)


def _industries(postings: Postings, cells: _Cells, draws: _Draws) -> tuple[IndustryIndex, ...]:
    industries = list(dict.fromkeys(role.industry for role in postings.roles))
    of_role = np.array([industries.index(role.industry) for role in postings.roles], dtype=np.int64)
    return tuple(
        IndustryIndex(
            industry=name,
            postings=int(cells.per_role[of_role == at].sum()),
            uncovered=_uncovered(of_role[cells.role] == at, draws),
        )
        for at, name in enumerate(industries)
    )


def _uncovered(mine: npt.NDArray[np.bool_], draws: _Draws) -> Interval | None:
    """Return the share of what these cells ask for that nobody teaches; None where they ask for nothing."""
    if not mine.any():
        return None
    asked = draws.asked[:, mine].sum(axis=1)
    share = np.divide(
        draws.pressure[:, mine].sum(axis=1), asked, out=np.full(len(asked), np.nan), where=asked > 0
    )
    return draws.interval(share)
