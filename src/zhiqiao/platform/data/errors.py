"""The tree of errors of this package.

DataError
├── CatalogueError   a pack's file contradicts itself or another
└── Refused          a verb can not be done now; the sentence says why and what to do
    └── Conflict     somebody else changed the row since it was shown; carries the version now in force
"""

from __future__ import annotations


class DataError(Exception):
    """Raised when data can not be taken or given as asked."""


class CatalogueError(DataError):
    """Raised when a catalogue file is wrong; the message names file, line and fault."""


class Refused(DataError):  # noqa: N818 - read as a sentence: "the action was refused"
    """Raised when an action is allowed but not possible in this state; the message is shown to the person."""


class Conflict(Refused):
    """Raised when a row was changed since the person saw it; `version` is the one now in force."""

    def __init__(self, message: str, version: int) -> None:
        super().__init__(message)
        self.version = version
