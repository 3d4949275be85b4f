"""What packages declare in their `jobs.py`: jobs by kind, subscribers by event class, schedules by name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from zhiqiao.infra.jobs.errors import UnknownJob

if TYPE_CHECKING:
    from zhiqiao.infra.jobs.context import JobContext

JobFunction = Callable[..., dict[str, object]]
Event = TypeVar("Event")
Handler = Callable[[Any], None]  # Any: each handler names its own event class
RunJob = TypeVar("RunJob", bound=JobFunction)


@dataclass(frozen=True)
class Job:
    """A kind of background work: its function, and how often and after how many seconds it is tried again."""

    kind: str
    function: JobFunction
    attempts: int
    backoff_seconds: float

    def call(self, context: JobContext, params: dict[str, object]) -> dict[str, object]:
        """Do the work."""
        return self.function(context, **params)


@dataclass(frozen=True)
class Subscription:
    """A handler that wants every event of a class."""

    name: str
    event: type
    handler: Handler


@dataclass(frozen=True)
class Plan:
    """Work declared to start every so many seconds."""

    name: str
    kind: str
    every_seconds: int
    params: dict[str, object] = field(default_factory=dict)


JOBS: dict[str, Job] = {}
SUBSCRIPTIONS: dict[str, Subscription] = {}
PLANS: dict[str, Plan] = {}


def job(kind: str, *, attempts: int = 3, backoff_seconds: float = 5.0) -> Callable[[RunJob], RunJob]:
    """Register a job: an idempotent function of a context and of ids, tried up to `attempts` times."""

    def register(function: RunJob) -> RunJob:
        known = JOBS.get(kind)
        if known and known.function.__module__ != function.__module__:
            msg = f"job {kind} is registered twice: {known.function.__module__} and {function.__module__}"
            raise ValueError(msg)
        JOBS[kind] = Job(kind, function, attempts, backoff_seconds)
        return function

    return register


def find_job(kind: str) -> Job:
    """Return a registered job; raises UnknownJob."""
    if kind not in JOBS:
        raise UnknownJob(kind)
    return JOBS[kind]


def subscribe(event: type[Event]) -> Callable[[Callable[[Event], None]], Callable[[Event], None]]:
    """Register a short handler of an event class; long work belongs into a job that it enqueues.

    The handler runs in one transaction with the mark that it has run, at least once, in the order published.
    """

    def register(handler: Callable[[Event], None]) -> Callable[[Event], None]:
        name = f"{handler.__module__}.{handler.__qualname__}"
        SUBSCRIPTIONS[name] = Subscription(name, event, handler)
        return handler

    return register


def schedule(name: str, *, every_seconds: int, kind: str, params: dict[str, object] | None = None) -> None:
    """Declare work that starts every so many seconds; a run still going is not doubled."""
    PLANS[name] = Plan(name, kind, every_seconds, params or {})
