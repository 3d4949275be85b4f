"""The errors of this engine, as a tree.

OccupationError
├── InputError     a classification, a file of titles or a table that can not be used
├── ModelError     a model file that can not be read, or is none
└── Cancelled      the caller asked to stop; nothing was left behind
"""

from __future__ import annotations

from zhiqiao.engines.kernel import EngineError

__all__ = ["Cancelled", "InputError", "ModelError", "OccupationError"]


class OccupationError(EngineError):
    """Base of all errors this engine raises on purpose; says in both languages what is wrong."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(f"{zh}\n{en}")
        self.zh, self.en = zh, en

    def __reduce__(self) -> tuple[type[OccupationError], tuple[str, str]]:
        return type(self), (self.zh, self.en)


class InputError(OccupationError):
    """Raised when a classification, a file of titles or a table can not be used."""


class ModelError(OccupationError):
    """Raised when a model file can not be read, is damaged or of another version."""


class Cancelled(OccupationError):  # noqa: N818 - it is no fault of anybody
    """Raised when the caller asked to stop; nothing was left behind."""
