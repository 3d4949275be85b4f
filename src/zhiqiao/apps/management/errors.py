"""The tree of errors of this package.

ManagementError
├── AlreadyDecided   the proposal was decided, or changed, since the page was opened
├── BadEdit          the edited hours, names or text can not be taken; the message says why
├── Damaged          what is stored is not what its digest says
├── EditConflict     somebody else rewrote the same text meanwhile; carries both texts
├── NothingToCompare the programme has no target post, or no posting names one
└── NothingToReport  there is no data to make a report of
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


class Damaged(ManagementError):  # noqa: N818 - the state is the message
    """Raised when stored bytes do not have the digest they were stored with."""


class EditConflict(ManagementError):  # noqa: N818 - the state is the message
    """Raised when a text was rewritten by somebody else since it was opened; nothing was overwritten."""

    def __init__(self, message: str, *, mine: str) -> None:
        """Keep what this person wrote, so that it can be shown beside the other text."""
        super().__init__(message)
        self.mine = mine


class NothingToReport(ManagementError):  # noqa: N818 - the state is the message
    """Raised when there is no data, or too little, to make a report of."""
