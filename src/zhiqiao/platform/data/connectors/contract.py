"""What a connector is: the values it gives and gets, and the two small protocols; imports nothing of the platform."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, runtime_checkable

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as StrPromise

__all__ = ["Collector", "ConnectorKind", "Link", "Offer", "Option", "Refusal"]


@dataclass(frozen=True)
class Option:
    """A setting a person fills in: its key, label, help and whether it may stay empty; `many` takes lines."""

    key: str
    label: StrPromise
    help_text: StrPromise
    is_required: bool = True
    many: bool = False


@dataclass(frozen=True)
class Link:
    """One source's connector as its kind sees it.

    `root` is the organisation's inbox folder, `open_batches` are files or messages still being brought in, and
    `memory` is what the kind wants to know at its next look: it may change it.
    """

    options: Mapping[str, object]
    root: Path
    open_batches: frozenset[str]
    now: dt.datetime
    memory: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Offer:
    """A table to bring in: its bytes lie at `path`, which stays the connector's; `batch` is what it came in."""

    name: str
    path: Path
    batch: str
    origin: Mapping[str, str] = field(default_factory=dict)
    key: str = ""
    """What makes it the same when it comes again; the digest of its bytes by default."""


@dataclass(frozen=True)
class Refusal:
    """Something that is not brought in, with the reason as a msgid and its values."""

    name: str
    batch: str
    reason: str
    values: Mapping[str, object] = field(default_factory=dict)
    origin: Mapping[str, str] = field(default_factory=dict)
    key: str = ""


class ConnectorKind(Protocol):
    """A way by which rows come in."""

    name: str
    sort: int
    label: StrPromise
    about: StrPromise
    is_automatic: bool
    """Whether it takes rows without a person; forbidden where the terms of a source forbid collection."""
    options: tuple[Option, ...]

    def fault(self, options: Mapping[str, object]) -> str:
        """Return a msgid that says what is wrong with the options, empty when nothing is."""
        ...


@runtime_checkable
class Collector(ConnectorKind, Protocol):
    """A connector that is looked at by schedule."""

    def look(self, link: Link) -> Iterator[Offer | Refusal]:
        """Yield what is new; each thing is taken so that no other worker yields it too."""
        ...

    def settle(self, link: Link, batch: str, reason: str) -> None:
        """Put away what a batch came in; `reason` is empty when it is in."""
        ...
