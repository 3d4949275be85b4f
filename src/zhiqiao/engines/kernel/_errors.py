"""The root of the engines' errors.

EngineError
└── each engine's own tree
"""

from __future__ import annotations


class EngineError(Exception):
    """Raised when an engine can not give a right answer from what it was given."""
