"""What governance refuses, each with a sentence for the reader.

GovernanceError
├── Refused           a rule forbids it
└── InvalidLinkError  a one-time link is unknown, used or expired
"""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext


class GovernanceError(Exception):
    """Raised when governance refuses; `text` says why in the active language."""

    def __init__(self, text: str | Promise, *, field: str = "") -> None:
        super().__init__(text)
        self.text = text
        self.field = field

    def __str__(self) -> str:
        return str(self.text)


class Refused(GovernanceError):  # noqa: N818 - read as a sentence
    """Raised when a rule forbids what was asked."""


class InvalidLinkError(GovernanceError):
    """Raised when a one-time link is unknown, used or expired."""

    def __init__(self) -> None:
        super().__init__(gettext("这个链接无效、已被使用或已过期。请向发给您链接的人要一个新的。"))
