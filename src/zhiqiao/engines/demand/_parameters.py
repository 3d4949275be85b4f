"""Parameters of the forecast, read from their file in the packs; no number of the method stands in the code."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any  # Any: parsed TOML, checked on use

import numpy as np

from zhiqiao.engines.demand._errors import ParameterError
from zhiqiao.engines.demand._values import Numbers


@dataclass(frozen=True)
class PoolParameters:
    """How far the table's own past is looked back to, and what is assumed where it is too short."""

    origins: int
    first_origin: int
    rows_per_class: int
    min_rows: int
    ridge: float
    prior: tuple[float, ...]


@dataclass(frozen=True)
class CalendarParameters:
    """When it is believed that working days move a table."""

    min_gain: float
    min_months: int


@dataclass(frozen=True)
class ShapeParameters:
    """When season, trend, break and a new series are told from noise."""

    season_months: int
    season_strength: float
    trend_months: int
    trend_r2: float
    trend_damping: float
    min_level: float
    break_ratio: float
    break_z: float
    new_months: int


@dataclass(frozen=True)
class Parameters:
    """All parameters of a forecast; `version` is kept with every result."""

    version: str
    max_horizon: int
    min_months: int
    edges: tuple[float, ...]
    low_count: float
    level: float
    min_residuals: int
    pool: PoolParameters
    calendar: CalendarParameters
    shapes: ShapeParameters

    def class_of(self, means: Numbers) -> np.ndarray[Any, np.dtype[np.intp]]:  # Any: NumPy's shape parameter
        """Return the size class of each mean (in counts)."""
        return np.digitize(means, self.edges)

    @property
    def classes(self) -> int:
        """Return how many size classes there are."""
        return len(self.edges) + 1


def read_parameters(path: Path) -> Parameters:
    """Read `forecast.toml`; raise ParameterError when it is not one."""
    try:
        raw: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))  # Any: parsed TOML
        pool = raw["pool"]
        return Parameters(
            version=raw["version"],
            max_horizon=raw["limits"]["max_horizon"],
            min_months=raw["limits"]["min_months"],
            edges=tuple(raw["classes"]["edges"]),
            low_count=raw["classes"]["low_count"],
            level=raw["intervals"]["level"],
            min_residuals=raw["intervals"]["min_rows"],
            pool=PoolParameters(**{**pool, "prior": tuple(pool["prior"])}),
            calendar=CalendarParameters(**raw["calendar"]),
            shapes=ShapeParameters(**raw["shapes"]),
        )
    except (OSError, KeyError, TypeError, tomllib.TOMLDecodeError) as error:
        raise ParameterError(
            f"预测参数文件 {path.name} 无法使用：{error!r}。",
            f"The parameter file {path.name} can not be used: {error!r}.",
        ) from error
