"""What all series of a table share: working days; they are used only where they explain the table's own past."""

from __future__ import annotations

import numpy as np

from zhiqiao.engines.demand._parameters import CalendarParameters
from zhiqiao.engines.demand._smooth import means
from zhiqiao.engines.demand._values import Numbers


def index_of_total(values: Numbers) -> Numbers:
    """Return the total per month over the mean total of the series known in that month; NaN in unknown months."""
    known = ~np.isnan(values)
    base = (known * means(values)[:, None]).sum(axis=0)
    total = np.where(known, values, 0.0).sum(axis=0)
    return np.asarray(np.divide(total, base, out=np.full(values.shape[1], np.nan), where=base > 0))


def find_elasticity(index: Numbers, days: Numbers | None, wanted: CalendarParameters) -> float:
    """Return how strongly the total follows working days (0..1); 0 where that removes too little of its changes.

    Least squares through the origin of the change of log total on the change of log days.
    """
    if days is None or np.count_nonzero(index > 0) < wanted.min_months:
        return 0.0
    change = np.diff(np.log(np.where(index > 0, index, np.nan)))
    driver = np.diff(np.log(days[: len(index)]))
    known = np.isfinite(change)
    change, driver = change[known], driver[known]
    if not driver.any() or not change.any():
        return 0.0
    elasticity = float(np.clip((driver @ change) / (driver @ driver), 0.0, 1.0))
    gain = 1 - np.abs(change - elasticity * driver).mean() / np.abs(change).mean()
    return elasticity if gain >= wanted.min_gain else 0.0


def calendar_factor(days: Numbers | None, elasticity: float, *, months: int, horizon: int) -> Numbers:
    """Return how much working days move each month seen and to come, around 1."""
    if days is None or elasticity == 0:
        return np.ones(months + horizon)
    return np.asarray((days / days[:months].mean()) ** elasticity)
