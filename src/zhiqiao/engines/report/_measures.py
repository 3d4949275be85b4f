"""What the report calls a change, and its other limits."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from zhiqiao.engines.demand import split_tail
from zhiqiao.engines.report._facts import Direction


@dataclass(frozen=True)
class ReportParameters:
    """Limits of the report; see packs/common/report/report.toml for units and reasons."""

    version: str
    months: int
    false_discovery: float
    least_ratio: float
    least_count: int
    shown_posts: int
    shown_skills: int
    core_skills: int
    backtest_months: int
    gap_months: int


def read_report_parameters(path: Path) -> ReportParameters:
    """Read the parameters; a missing one raises KeyError with its name."""
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    rows = {**data["change"], **data["shown"], **data["backtest"], **data["gap"]}
    names = [name for name in ReportParameters.__annotations__ if name != "version"]
    return ReportParameters(version=data["version"], **{name: rows[name] for name in names})


def directions(
    pairs: Sequence[tuple[int, int | None, float, float]], parameters: ReportParameters
) -> list[Direction]:
    """Return the direction of each (now, before, exposure now, exposure before), all judged together.

    Given both counts, the newer one is binomial with the newer part of the exposure if nothing changed (conditional
    test of two Poisson rates, Przyborowski & Wilenski 1940), two-sided. The rate of false findings over the whole list
    is held by Benjamini & Hochberg 1995. A change must also be `least_ratio` and rest on `least_count` postings.
    """
    p = [_p_value(*pair) for pair in pairs]
    known = [value for value in p if value is not None]
    limit = _limit(known, parameters.false_discovery)
    return [_direction(pair, value, limit, parameters) for pair, value in zip(pairs, p, strict=True)]


def _p_value(now: int, before: int | None, exposure: float, exposure_before: float) -> float | None:
    if before is None or exposure <= 0 or exposure_before <= 0:
        return None
    both, part = now + before, exposure / (exposure + exposure_before)
    if both == 0:
        return 1.0
    tail = min(float(split_tail(now, before, part)), float(split_tail(before, now, 1 - part)))
    return min(1.0, 2 * tail)


def _limit(values: Sequence[float], rate: float) -> float:
    """Return the largest p that still counts; below zero when none does."""
    ordered = sorted(values)
    passed = [p for rank, p in enumerate(ordered, 1) if p <= rate * rank / len(ordered)]
    return max(passed, default=-1.0)


def _direction(
    pair: tuple[int, int | None, float, float], p: float | None, limit: float, parameters: ReportParameters
) -> Direction:
    now, before, exposure, exposure_before = pair
    if p is None or before is None:
        return Direction.UNKNOWN
    rate, rate_before = now / exposure, before / exposure_before
    if p > limit or max(now, before) < parameters.least_count:
        return Direction.UNCLEAR
    if rate >= parameters.least_ratio * rate_before:
        return Direction.RISING
    if rate_before >= parameters.least_ratio * rate:
        return Direction.FADING
    return Direction.UNCLEAR
