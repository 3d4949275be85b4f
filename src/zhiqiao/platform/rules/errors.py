"""What this package refuses, each with a sentence for the reader.

RulesRefused
├── BadDocument      the document can not be read; `problems` names each place
├── Damaged          what is kept is not what its digest says
└── AlreadyDone      somebody else did it meanwhile
"""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.functional import Promise


class RulesRefused(Exception):  # noqa: N818 - read as a sentence
    """Raised when a rule of the product forbids what was asked; `field` names the form field at fault."""

    def __init__(self, text: str | Promise, *, field: str = "") -> None:
        super().__init__(text)
        self.text = text
        self.field = field

    def __str__(self) -> str:
        return str(self.text)


class BadDocument(RulesRefused):
    """Raised when a document can not be read; `problems` are pairs of place and reason."""

    def __init__(self, text: str | Promise, problems: Sequence[tuple[str, str]] = ()) -> None:
        super().__init__(text, field="file")
        self.problems = tuple(problems)


class Damaged(RulesRefused):
    """Raised when what is kept does not have its digest any more."""


class AlreadyDone(RulesRefused):
    """Raised when somebody else did meanwhile what was asked."""
