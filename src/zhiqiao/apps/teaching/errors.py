"""The tree of errors of this package.

TeachingError
├── NotADraft   the version is submitted, in force or superseded: it can not be edited
├── NotReady    a step needs what is not there yet; the message says what
└── BadStart    a plan can not be begun like that; the message says why
"""

from __future__ import annotations


class TeachingError(Exception):
    """Raised when a verb of this package can not be done; the message is shown to the person."""


class NotADraft(TeachingError):  # noqa: N818 - the state is the message
    """Raised when a version that is no draft is to be edited."""


class NotReady(TeachingError):  # noqa: N818 - the state is the message
    """Raised when a step can not be taken yet."""


class BadStart(TeachingError):  # noqa: N818 - the state is the message
    """Raised when a plan can not be begun."""
