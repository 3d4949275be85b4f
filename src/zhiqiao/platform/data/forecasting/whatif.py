"""What if: scenario bands of a stored forecast under changed inputs; months 1 to 12 are read and never written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

import numpy as np

from zhiqiao.engines import demand as engine
from zhiqiao.platform.data.forecasting import storing
from zhiqiao.platform.data.forecasting.computing import LEVELS, Level, bands_of
from zhiqiao.platform.data.forecasting.inputs import Input, Inputs
from zhiqiao.platform.data.forecasting.parameters import forecast_rules, scenario_rules

__all__ = ["Effect", "WhatIf", "changes_between", "level_bands", "what_if"]


@dataclass(frozen=True)
class Effect:
    """What one input adds to the middle of each year's band of a series; it may take away."""

    item: Input
    registered: float
    years: tuple[float, ...]

    @property
    def moves(self) -> bool:
        """Tell whether it moves this series at all."""
        return any(abs(value) >= 0.05 for value in self.years)

    @property
    def is_changed(self) -> bool:
        """Tell whether it has another value than the one registered."""
        return self.item.stated.value != self.registered


@dataclass(frozen=True)
class WhatIf:
    """The bands of one series as registered and as changed, with what each input does."""

    registered: tuple[engine.Band, ...]
    changed: tuple[engine.Band, ...]
    effects: tuple[Effect, ...]

    @property
    def is_changed(self) -> bool:
        """Tell whether any input was changed."""
        return any(one.is_changed for one in self.effects)


def changes_between(before: Inputs, after: Inputs) -> dict[str, list[float]]:
    """Return {id: [per cent before, after]} of what was changed."""
    old = {one.id: one.stated.value for one in before.items}
    return {
        one.id: [old[one.id], one.stated.value]
        for one in after.items
        if one.id in old and old[one.id] != one.stated.value
    }


def level_bands(
    forecast: UUID, level: Level, inputs: Sequence[Inputs], *, at: int | None = None
) -> list[list[engine.Band]]:
    """Return the bands of a level (or of the series at a place) under each set of inputs, as they lie in the lake."""
    found, mix = stored_forecast(forecast, level, at=at), storing.mix(forecast)
    return [bands_of(found, one, mix, parameters=scenario_rules()) for one in inputs]


def what_if(forecast: UUID, level: Level, at: int, *, registered: Inputs, changed: Inputs) -> WhatIf:
    """Return what the changed inputs do to one series."""
    without = [changed.without(one.id) for one in changed.items]
    before, after, *others = level_bands(forecast, level, [registered, changed, *without], at=at)
    old = {one.id: one.stated.value for one in registered.items}
    effects = (
        Effect(
            item,
            old.get(item.id, item.stated.value),
            tuple(band.base - left.base for band, left in zip(after, bands, strict=True)),
        )
        for item, bands in zip(changed.items, others, strict=True)
    )
    return WhatIf(tuple(before), tuple(after), tuple(effects))


def stored_forecast(forecast: UUID, level: Level, *, at: int | None = None) -> engine.Forecast:
    """Return a stored forecast by count as the engine takes it, of a level or of one series."""
    keys = storing.keys(forecast, level, at=at)
    rows = [row for row in storing.rows(forecast, level, at=at) if row.measure == "count"]
    months = tuple(dict.fromkeys(row.month for row in rows))
    shape = (len(keys), len(months))

    def grid(name: str) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
        return np.array([getattr(row, name) for row in rows], dtype=np.float64).reshape(shape)

    method: Mapping[int, str] = {row.at: row.method for row in rows}
    history = engine.SeriesTable(tuple(LEVELS[level]), keys, (), np.zeros((len(keys), 0)))
    return engine.Forecast(
        history,
        months,
        mean=grid("mean"),
        lo=grid("lo"),
        hi=grid("hi"),
        expected=grid("expected"),
        method=tuple(method.values()),
        level=forecast_rules().level,
        facts={},
    )
