"""False alarms and power of the watch on monthly series: `zhiqiao bench watch`.

Noise is drawn from models the limits were calibrated on (chance alone, shares that swing, counts that swing) with the
sizes of series spread evenly over their logarithm. Where the development months of Job-SDF are at hand, their months
are also put in random order: that keeps how real series swing, spikes and clusters included, without lasting change.
"""

from __future__ import annotations

import time
from pathlib import Path

import duckdb
import numpy as np
import numpy.typing as npt

from zhiqiao.engines.demand import read_watch_parameters, watch
from zhiqiao.packs import common_file

DATA = Path(__file__).resolve().parents[2] / "shared" / "data" / "job_sdf"
SEED, SERIES, MONTHS, ONSET = 20_261_121, 6_000, 42, 28
Floats = npt.NDArray[np.float64]


def measure() -> dict[str, object]:
    """Return false alarms per 1,000 series-months by kind of noise, and how soon the planted rise is found."""
    chance = np.random.default_rng(SEED)
    started = time.process_time()
    noise = {name: _rate(*pair) for name, pair in _noise(chance).items()}
    real = {name: _rate(*_shuffled(name, chance)) for name in ("r0", "region", "r1") if DATA.exists()}
    return {
        "false_alarms_per_1000_series_months": noise,
        "real_months_in_random_order": real or "skipped: no development data",
        "planted_found_after_months": {
            f"{size} postings a month": _power(size, chance) for size in (13, 150)
        },
        "cpu_seconds": round(time.process_time() - started, 1),
    }


def _rate(counts: Floats, totals: Floats) -> float:
    parameters = read_watch_parameters(common_file("demand", "watch.toml"))
    judged = len(counts) * (counts.shape[1] - parameters.least_reference_months)
    return round(1_000 * len(watch(counts, totals, parameters)) / judged, 2)


def _noise(chance: np.random.Generator) -> dict[str, tuple[Floats, Floats]]:
    size = np.exp(chance.uniform(-2, 5, (SERIES, 1)))
    totals = np.floor(chance.lognormal(np.log(np.maximum(20, size * 8)), 0.3, (SERIES, MONTHS)) + size)
    share = np.broadcast_to(np.clip(size / totals.mean(1, keepdims=True), 0, 0.9), totals.shape)
    found = {"chance alone": (_binomial(chance, totals, share), totals)}
    for rho in (0.003, 0.01, 0.03):
        swings = chance.beta(np.maximum(share * (1 - rho) / rho, 1e-9), (1 - share) * (1 - rho) / rho)
        found[f"shares swing, rho {rho}"] = (_binomial(chance, totals, swings), totals)
    for shape in (8, 3):
        counts = chance.poisson(share * totals * chance.gamma(shape, 1 / shape, totals.shape))
        found[f"counts swing, shape {shape}"] = (np.minimum(counts, totals), totals)
    return found


def _binomial(chance: np.random.Generator, totals: Floats, share: Floats) -> Floats:
    return chance.binomial(totals.astype(np.int64), share).astype(np.float64)


def _shuffled(level: str, chance: np.random.Generator) -> tuple[Floats, Floats]:
    """Return counts and totals of real series with their months in random order; at most 8,000 series."""
    demand, group = _table(f"demand_{level}")
    share, _ = _table(f"proportion_{level}")
    totals = np.zeros_like(demand)
    with np.errstate(all="ignore"):
        whole = np.where(share > 0, demand / share, np.nan)
    for one in np.unique(group):
        totals[group == one] = np.round(np.nanmedian(whole[group == one], axis=0))
    rows = chance.permutation(len(demand))[:8_000]
    counts, totals = demand[rows], np.maximum(totals, demand)[rows]
    order = chance.permuted(np.tile(np.arange(counts.shape[1]), (len(rows), 1)), axis=1)
    return np.take_along_axis(counts, order, 1), np.take_along_axis(totals, order, 1)


def _table(name: str) -> tuple[Floats, npt.NDArray[np.int64]]:
    table = duckdb.sql(f"select * from '{DATA / name}.parquet'")
    columns = table.fetchnumpy()
    months = [key for key in columns if key.startswith("20")]
    first = next(key for key in columns if key not in months)
    group = (
        np.zeros(len(columns[first]), dtype=np.int64) if first == "skill_id" else np.asarray(columns[first])
    )
    return np.stack([np.asarray(columns[key], dtype=np.float64) for key in months], 1), group


def _power(postings: int, chance: np.random.Generator) -> dict[str, float]:
    """Return the share of 1,000 planted rises found 0, 1, 2, 3 months after the first month of a 4-month ramp.

    The planted case of the demo region: 0.65 mentions a month before, 9.4 after, in `postings` a month.
    """
    before, after = 0.05 * 13 / postings, 0.72 * 13 / postings
    ramp = np.clip((np.arange(36) - ONSET + 1) / 4, 0, 1)
    totals = chance.poisson(postings, (1_000, 36)) + 1.0
    counts = _binomial(chance, totals, np.broadcast_to(before + (after - before) * ramp, totals.shape))
    signals = watch(counts, totals, read_watch_parameters(common_file("demand", "watch.toml")))
    months = [
        {s.series for s in signals if s.direction == "rise" and ONSET <= s.month <= ONSET + n}
        for n in range(4)
    ]
    return {str(n): len(found) / 1_000 for n, found in enumerate(months)}
