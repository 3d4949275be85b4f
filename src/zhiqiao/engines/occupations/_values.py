"""Values this engine takes and gives; nothing is computed here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

__all__ = [
    "Classification",
    "Coded",
    "Evaluation",
    "KnownTitle",
    "LabelledTitle",
    "Occupation",
    "Rejected",
    "Titles",
]


@dataclass(frozen=True)
class Occupation:
    """An entry of the classification; `level` 1 (major group) to 4 (occupation)."""

    code: str
    level: int
    name: str
    definition: str = ""
    tasks: str = ""
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True)
class Rejected:
    """A row that was not used: its number in the file, its text, and why (a code)."""

    row: int
    text: str
    reason: str


@dataclass(frozen=True)
class Classification:
    """The entries in order of their codes, and the rows left out."""

    entries: tuple[Occupation, ...]
    rejected: tuple[Rejected, ...] = ()


@dataclass(frozen=True)
class LabelledTitle:
    """A job title and the code a person gave it."""

    title: str
    code: str


@dataclass(frozen=True)
class Titles:
    """Labelled titles, and the rows left out."""

    rows: tuple[LabelledTitle, ...]
    rejected: tuple[Rejected, ...] = ()


@dataclass(frozen=True)
class Coded:
    """The best codes of one title, the likeliest first; a score is the probability that the code is right."""

    codes: tuple[str, ...]
    scores: tuple[float, ...]
    names: tuple[str, ...]
    corrected: bool = False
    """Whether a person's correction of this very title gave the first code."""


@dataclass(frozen=True)
class KnownTitle:
    """A known title near to the one coded; similarity 0–1."""

    title: str
    code: str
    similarity: float


@dataclass(frozen=True)
class Evaluation:
    """Shares on titles the fit did not see."""

    titles: int
    top1: float
    three_parts: float
    top5: float
    calibration_error: float
    """Expected calibration error of the first score, ten bins of equal width."""
    by_level: Mapping[int, tuple[int, float, float]] = field(default_factory=dict)
    """Level of the right code: number of titles, share right first, share in the first five."""
    confusions: tuple[tuple[str, str, int], ...] = ()
    """Right code, code given, how often: the most frequent pairs."""
