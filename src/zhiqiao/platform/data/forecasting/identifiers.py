"""Identifiers of forecast figures: forecast, level, measure and series packed into one uuid (version 8, RFC 9562 §5.8).

The figures lie in files of the lake, not in rows; the uuid says where.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from zhiqiao.platform.data.forecasting.computing import LEVELS, Level, Measure

__all__ = [
    "BandPlace",
    "FigurePlace",
    "band_figure",
    "forecast_figure",
    "read_band_figure",
    "read_forecast_figure",
]

_LEVELS: tuple[Level, ...] = tuple(LEVELS)
_MEASURES: tuple[Measure, ...] = ("count", "share")
#: Marks the uuid of a forecast figure where a demand figure holds its scope.
_MARK = 0xF00
#: Marks, beside it, the uuid of a scenario band; no level is numbered so high.
_BAND = 0x80


@dataclass(frozen=True)
class FigurePlace:
    """Where a forecast figure lies; `at` is the place of the series within its level."""

    forecast_id: int
    level: Level
    measure: Measure
    at: int


@dataclass(frozen=True)
class BandPlace:
    """Where the scenario band of a series lies; `year` is 2 or 3."""

    forecast_id: int
    level: Level
    year: int
    at: int


def band_figure(place: BandPlace) -> UUID:
    """Return the uuid of a scenario band."""
    return _packed(place.forecast_id, _BAND | _LEVELS.index(place.level) << 1 | place.year - 2, place.at)


def read_band_figure(uuid: UUID) -> BandPlace | None:
    """Return where a scenario band lies, or None when the uuid is not one."""
    value = uuid.int
    code = (value >> 64) & 0xFFF
    level = code >> 1 & 0x3F
    if uuid.version != 8 or code & (_MARK | _BAND) != _MARK | _BAND or level >= len(_LEVELS):
        return None
    return BandPlace(value >> 80, _LEVELS[level], (code & 1) + 2, value & ((1 << 62) - 1))


def _packed(forecast_id: int, code: int, at: int) -> UUID:
    return UUID(int=(forecast_id << 80) | (8 << 76) | ((_MARK | code) << 64) | (0b10 << 62) | at)


def forecast_figure(place: FigurePlace) -> UUID:
    """Return the uuid of a figure."""
    code = _LEVELS.index(place.level) << 1 | _MEASURES.index(place.measure)
    return _packed(place.forecast_id, code, place.at)


def read_forecast_figure(uuid: UUID) -> FigurePlace | None:
    """Return where a figure lies, or None when the uuid is not one."""
    value = uuid.int
    code = (value >> 64) & 0xFFF
    level, measure = code >> 1 & 0x7F, code & 1
    if uuid.version != 8 or code & _MARK != _MARK or level >= len(_LEVELS):
        return None
    return FigurePlace(value >> 80, _LEVELS[level], _MEASURES[measure], value & ((1 << 62) - 1))
