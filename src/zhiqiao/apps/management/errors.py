"""The tree of errors of this package.

ManagementError
├── AlreadyDecided   the proposal was decided, or changed, since the page was opened
├── BadEdit          the edited hours or names can not be taken; the message says why
└── NothingToCompare the programme has no target post, or no posting names one
"""

from __future__ import annotations


class ManagementError(Exception):
    """Raised when a verb of this package can not be done; the message is shown to the person."""


class AlreadyDecided(ManagementError):  # noqa: N818 - the state is the message
    """Raised when somebody else decided first, or the basis changed in between."""


class BadEdit(ManagementError):  # noqa: N818 - the state is the message
    """Raised when an edited proposal is not a change that can be made."""


class NothingToCompare(ManagementError):  # noqa: N818 - the state is the message
    """Raised when a gap can not be computed because there is nothing on one side."""
