"""What can end a job.

JobError
├── JobFailed      the job itself says why it can not be done; never tried again
├── UnknownJob     nothing is registered under that name
└── Stopped        the job must leave now
    ├── Cancelled    somebody asked for it
    ├── Interrupted  the worker shuts down; the job starts again later, the attempt does not count
    └── Superseded   the worker was silent too long and another one has taken the job over
"""

from __future__ import annotations


class JobError(Exception):
    """Base of all errors of background jobs."""


class JobFailed(JobError):  # noqa: N818 - reads as a sentence where it is raised
    """Raised by a job that can not succeed, with a msgid and its values for the person who waits."""

    def __init__(self, text: str, **values: object) -> None:
        super().__init__(text % values if values else text)
        self.text = text
        self.values = values


class UnknownJob(JobError):  # noqa: N818 - see above
    """Raised when no job is registered under a name."""


class Stopped(JobError):  # noqa: N818 - see above
    """Raised inside a job that has to leave at its next safe point."""


class Cancelled(Stopped):
    """Raised when somebody cancelled the job."""


class Interrupted(Stopped):
    """Raised when the worker shuts down."""


class Superseded(Stopped):
    """Raised when another worker has taken the job over."""
