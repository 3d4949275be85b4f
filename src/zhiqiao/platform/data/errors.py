"""The tree of errors of this package.

DataError
├── CatalogueError   a pack's file contradicts itself or another
└── Refused          a verb can not be done now; the sentence says why and what to do
"""

from __future__ import annotations


class DataError(Exception):
    """Raised when data can not be taken or given as asked."""


class CatalogueError(DataError):
    """Raised when a catalogue file is wrong; the message names file, line and fault."""


class Refused(DataError):  # noqa: N818 - read as a sentence: "the action was refused"
    """Raised when an action is allowed but not possible in this state; the message is shown to the person."""
