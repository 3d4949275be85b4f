"""The errors of this engine, as a tree.

DemandError
├── InputError           a table that can not be forecast
│   ├── NoMonthColumn    neither month columns nor a column of months
│   ├── MixedLayout      month columns and a column of months at once
│   ├── MissingColumn    a key column that is named and not there
│   ├── NoSeries         no series is left
│   └── ShortTable       fewer known months than a forecast needs
├── HorizonError         a horizon or level that is not offered
├── ScenarioError         an assumption that can not be
└── ParameterError       a file of parameters or a calendar that can not be used
"""

# ruff: noqa: N818 -- the names say what is wrong; the base class says that they are errors
from __future__ import annotations

from zhiqiao.engines.kernel import EngineError

__all__ = [
    "DemandError",
    "HorizonError",
    "InputError",
    "MissingColumn",
    "MixedLayout",
    "NoMonthColumn",
    "NoSeries",
    "ParameterError",
    "ScenarioError",
    "ShortTable",
]


class DemandError(EngineError):
    """Base of all errors this engine raises on purpose; says in both languages what is wrong and what mends it."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(f"{zh}\n{en}")
        self.zh, self.en = zh, en

    def __reduce__(self) -> tuple[type[DemandError], tuple[str, str]]:
        return type(self), (self.zh, self.en)


class InputError(DemandError):
    """Raised when a table can not be forecast."""


class NoMonthColumn(InputError):
    """Raised when a table has neither month columns nor a column of months with values."""


class MixedLayout(InputError):
    """Raised when a table has month columns and a column of months at once."""


class MissingColumn(InputError):
    """Raised when a column that is named is not in the table."""


class NoSeries(InputError):
    """Raised when no series is left to forecast."""


class ShortTable(InputError):
    """Raised when the table has fewer known months than a forecast needs."""


class HorizonError(DemandError):
    """Raised when a horizon or level is asked for that is not offered."""


class ScenarioError(DemandError):
    """Raised when an assumption of a scenario can not be, such as a probability above 1."""


class ParameterError(DemandError):
    """Raised when a file of parameters or a calendar can not be used."""
