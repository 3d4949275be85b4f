"""The tree of errors of this package.

EvaluationError
├── BadStudy      title, items, experts or alternatives can not be taken; `problems` says each place and how to mend it
├── NotNow        the study or its round is in a state in which this can not be done
├── BadAnswers    answers that can not be saved or submitted; `problems` by field
├── SavedElsewhere another device saved the same sheet in between
├── LinkInvalid   the link of an expert is unknown, ended or past its day
└── NoResult      the judgements of a round give no result; the message says why
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence


class EvaluationError(Exception):
    """Raised when a verb of this package can not be done; the message is shown to the person."""


class BadStudy(EvaluationError):  # noqa: N818 - the state is the message
    """Raised when what a person wrote can not be taken; `field` is the form's."""

    def __init__(self, problems: Sequence[str], *, field: str = "") -> None:
        super().__init__(" ".join(problems))
        self.problems, self.field = tuple(problems), field


class NotNow(EvaluationError):  # noqa: N818 - the state is the message
    """Raised when the state of a study or round forbids it."""


class BadAnswers(EvaluationError):  # noqa: N818 - the state is the message
    """Raised when answers can not be saved or submitted; `problems` maps a field to a sentence."""

    def __init__(self, message: str, problems: Mapping[str, str]) -> None:
        super().__init__(message)
        self.problems = dict(problems)


class SavedElsewhere(EvaluationError):  # noqa: N818 - the state is the message
    """Raised when the sheet changed since the page was opened."""


class LinkInvalid(EvaluationError):  # noqa: N818 - the state is the message
    """Raised when a link opens nothing."""


class NoResult(EvaluationError):  # noqa: N818 - the state is the message
    """Raised when no weights follow from the judgements."""
