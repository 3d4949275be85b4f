"""How good a forecast was, once the months have come; and the simple baselines it must beat."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from zhiqiao.engines.demand._smooth import means, medians, smoothed
from zhiqiao.engines.demand._values import Numbers

SMOOTHINGS = (0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)


@dataclass(frozen=True)
class Score:
    """Errors over all cells whose truth and forecast are known; in the unit of the values, or per cent.

    `mase` divides by the mean absolute month-to-month change of the history (None without one that moves).
    """

    cells: int
    mae: float
    rmse: float
    smape: float
    rrmse: float
    cover: float
    width: float
    mase: float | None


def score(
    mean: Numbers,
    actual: Numbers,
    *,
    lo: Numbers | None = None,
    hi: Numbers | None = None,
    history: Numbers | None = None,
) -> Score:
    """Score forecasts against what came; arrays of one shape, `history` [series, months before].

    SMAPE = 100·mean(|p-g|/(|p|+|g|)) with 0/0 as 0 and RRMSE = 100·sqrt(mean((p-g)²)/mean(p²)), as the Job-SDF
    benchmark (arXiv 2406.11920) computes them; MASE as Hyndman & Koehler 2006. Raises ValueError without a known cell.
    """
    known = ~(np.isnan(actual) | np.isnan(mean))
    if not known.any():
        raise ValueError("no month of the forecast has come yet")
    guess, truth = mean[known], actual[known]
    missed = guess - truth
    size = np.abs(guess) + np.abs(truth)
    squared = float((missed**2).mean())
    power = float((guess**2).mean())
    mae = float(np.abs(missed).mean())
    cover = width = float("nan")
    if lo is not None and hi is not None:
        cover = float(((lo[known] <= truth) & (truth <= hi[known])).mean())
        width = float((hi[known] - lo[known]).mean())
    return Score(
        cells=int(known.sum()),
        mae=mae,
        rmse=squared**0.5,
        smape=float(100 * np.divide(np.abs(missed), size, out=np.zeros_like(size), where=size > 0).mean()),
        rrmse=100 * (squared / power) ** 0.5 if power else float("nan"),
        cover=cover,
        width=width,
        mase=_scaled(mae, history),
    )


def _scaled(mae: float, history: Numbers | None) -> float | None:
    if history is None or history.shape[1] < 2:
        return None
    naive = float(np.nanmean(np.abs(np.diff(history, axis=1))))
    return mae / naive if naive > 0 else None


def baselines(history: Numbers, horizon: int) -> dict[str, Numbers]:
    """Return the simple forecasts [series, horizon] by name: last, mean 3, median 12, SES, seasonal naive."""
    flat = {
        "last": smoothed(history, 1.0)[:, -1],
        "mean3": means(history, 3),
        "median12": medians(history, 12),
        **{f"ses{alpha:g}": smoothed(history, alpha)[:, -1] for alpha in SMOOTHINGS},
    }
    found = {name: np.repeat(values[:, None], horizon, axis=1) for name, values in flat.items()}
    if history.shape[1] >= 12:
        found["seasonal"] = history[:, -12:][:, np.arange(horizon) % 12]
    return found
