"""Who answered against who is in the frame: response rate, bias along each margin, weights and what they cost.

Weights are those of post-stratification: within a post-stratum every answering enterprise stands for frame / answered
enterprises. Cells of industry × size × place with fewer than `least` answers are merged, first over places, then over
sizes; an industry of which nobody answered is not covered and is named. The effective sample size is Kish's
(Σw)² / Σw².
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from zhiqiao.engines.surveys._errors import TooFew
from zhiqiao.engines.surveys._sampling import Stratum, Unit

__all__ = [
    "LEAST_SHOWN",
    "Bias",
    "Deviation",
    "Outcome",
    "Response",
    "Weights",
    "bias",
    "post_stratify",
    "response",
]

#: Nothing is shown of fewer enterprises: of two, each could work out the other.
LEAST_SHOWN = 3


class Outcome(StrEnum):
    """What became of a drawn enterprise."""

    ANSWERED = "answered"
    REUSED = "reused"
    PARTIAL = "partial"
    SILENT = "silent"
    DECLINED = "declined"
    UNREACHABLE = "unreachable"
    WITHDRAWN = "withdrawn"
    NOT_ASKED = "not_asked"


@dataclass(frozen=True)
class Response:
    """Counts of drawn enterprises by outcome.

    The rate is answered / all drawn enterprises that were not withdrawn by the office (AAPOR 2023, response rate 1:
    every drawn enterprise counts as one that should have answered). Earlier answers used again are no response to this
    survey: they count as `usable`, not in the rate.
    """

    counts: Mapping[Outcome, int]

    @property
    def drawn(self) -> int:
        """Return the enterprises that should have answered."""
        return sum(count for outcome, count in self.counts.items() if outcome is not Outcome.WITHDRAWN)

    @property
    def answered(self) -> int:
        """Return those who answered this survey."""
        return self.counts.get(Outcome.ANSWERED, 0)

    @property
    def usable(self) -> int:
        """Return those of whom there are answers, those used again included."""
        return self.answered + self.counts.get(Outcome.REUSED, 0)

    @property
    def rate(self) -> float | None:
        """Return answered of drawn; None before anything is drawn."""
        return self.answered / self.drawn if self.drawn else None


def response(outcomes: Iterable[Outcome]) -> Response:
    """Count outcomes."""
    return Response(dict(Counter(outcomes)))


@dataclass(frozen=True)
class Deviation:
    """A class of a margin: its count and share in the frame and among the answers."""

    name: str
    frame: int
    frame_share: float
    answered: int
    share: float

    @property
    def points(self) -> float:
        """Return by how much the class is over-represented among the answers, in 0..1."""
        return self.share - self.frame_share


@dataclass(frozen=True)
class Bias:
    """How the answers differ from the frame along one margin.

    `dissimilarity` is half the sum of the differences: the part of the answers that would have to come from another
    class to look like the frame (0: like the frame, 1: nothing in common).
    """

    margin: str
    classes: tuple[Deviation, ...]
    dissimilarity: float


MARGINS: Mapping[str, Callable[[Stratum], str]] = {
    "industry": lambda one: one.industry,
    "size": lambda one: one.size,
    "place": lambda one: one.place,
}


def bias(frame: Sequence[Unit], answered: Iterable[str]) -> tuple[Bias, ...]:
    """Compare the answering enterprises with the frame along industry, size and place; raises TooFew."""
    keys = set(answered)
    found = [one for one in frame if one.key in keys]
    if len(found) < LEAST_SHOWN:
        raise TooFew(
            f"不到 {LEAST_SHOWN} 家企业答复，不显示。",
            f"Fewer than {LEAST_SHOWN} enterprises answered; nothing is shown.",
        )
    return tuple(_bias(margin, of, frame, found) for margin, of in MARGINS.items())


def _bias(margin: str, of: Callable[[Stratum], str], frame: Sequence[Unit], found: Sequence[Unit]) -> Bias:
    all_, some = Counter(of(one.stratum) for one in frame), Counter(of(one.stratum) for one in found)
    classes = tuple(
        Deviation(name, all_[name], all_[name] / len(frame), some[name], some[name] / len(found))
        for name in sorted(all_)
    )
    return Bias(margin, classes, sum(abs(one.points) for one in classes) / 2)


@dataclass(frozen=True)
class Weights:
    """A weight per answering enterprise (their sum is the part of the frame they stand for) and its post-stratum.

    `merged` names the post-strata that hold several cells; `uncovered` industries of which nobody answered, with the
    number of their enterprises in the frame: no weight stands for them.
    """

    by_key: Mapping[str, float]
    strata: Mapping[str, str]
    merged: tuple[str, ...]
    uncovered: Mapping[str, int]

    @property
    def effective(self) -> float:
        """Return Kish's effective sample size."""
        values = list(self.by_key.values())
        return sum(values) ** 2 / sum(value * value for value in values) if values else 0.0

    @property
    def design_effect(self) -> float | None:
        """Return by how much weighting widens variances: answers / effective sample size."""
        return len(self.by_key) / self.effective if self.by_key else None


def post_stratify(frame: Sequence[Unit], answered: Iterable[str], *, least: int = 1) -> Weights:
    """Weight the answering enterprises to the frame; raises TooFew when fewer than three answered."""
    keys = set(answered)
    found = [one for one in frame if one.key in keys]
    if len(found) < LEAST_SHOWN:
        raise TooFew(
            f"不到 {LEAST_SHOWN} 家企业答复，不加权。",
            f"Fewer than {LEAST_SHOWN} enterprises answered; no weights.",
        )
    group: dict[Stratum, tuple[str, ...]] = {
        one.stratum: (one.stratum.industry, one.stratum.size, one.stratum.place) for one in frame
    }
    merged: set[tuple[str, ...]] = set()
    for kept in (2, 1):
        counts = Counter(group[one.stratum] for one in found)
        parents = {name[:kept] for name in group.values() if counts[name] < least}
        group = {one: name[:kept] if name[:kept] in parents else name for one, name in group.items()}
        merged = {name for name in merged if name[:kept] not in parents} | parents
    counts = Counter(group[one.stratum] for one in found)
    sizes = Counter(group[one.stratum] for one in frame)
    names = {one.key: group[one.stratum] for one in found}
    return Weights(
        by_key={key: sizes[name] / counts[name] for key, name in sorted(names.items())},
        strata={key: _named(name) for key, name in sorted(names.items())},
        merged=tuple(_named(name) for name in sorted(merged) if counts[name]),
        uncovered={_named(name): sizes[name] for name in sorted(sizes) if not counts[name]},
    )


def _named(name: tuple[str, ...]) -> str:
    return "/".join(part or "?" for part in name)
