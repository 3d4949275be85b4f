"""The errors of this engine, as a tree; what a caller can act on, not what went wrong inside a library.

JobMiningError
├── TaxonomyError     a taxonomy folder that can not be read or contradicts itself
├── RulesError        a vocabulary, pattern or threshold file that can not be read
├── InputError        an input file or its columns that can not be used
└── Cancelled         the caller asked to stop; nothing was left behind
"""

from __future__ import annotations

__all__ = ["Cancelled", "InputError", "JobMiningError", "RulesError", "TaxonomyError"]


class JobMiningError(Exception):
    """Base of all errors this engine raises on purpose."""


class TaxonomyError(JobMiningError):
    """Raised when a taxonomy folder can not be read or contradicts itself."""


class RulesError(JobMiningError):
    """Raised when a vocabulary, pattern or threshold file can not be read."""


class InputError(JobMiningError):
    """Raised when an input file or its columns can not be used."""


class Cancelled(JobMiningError):  # noqa: N818 - it is no fault of anybody
    """Raised when the caller asked to stop; nothing was left behind."""
