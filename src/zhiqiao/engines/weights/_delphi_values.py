"""Values of a Delphi survey: answers, the rules they are judged by, and what is found per item and round."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from zhiqiao.engines.weights._concordance import Concordance


class Advice(StrEnum):
    """What the limits say about an item; people decide."""

    KEEP = "keep"
    REVISE = "revise"
    DROP = "drop"
    UNJUDGED = "unjudged"


@dataclass(frozen=True)
class Answer:
    """One expert's rating of one item in one round; None is no answer.

    `basis` (Ca, 判断依据) and `familiarity` (Cs, 熟悉程度) are within 0..1. `row` is where it stood in a file.
    """

    round: int
    expert: str
    item: str
    rating: float | None
    basis: float | None = None
    familiarity: float | None = None
    row: int = 0


@dataclass(frozen=True)
class DelphiRules:
    """Rules as read from packs/common/evaluation/delphi.toml; sections map names to numbers."""

    version: str
    scale: tuple[float, float]
    limits: Mapping[str, float]
    items: Mapping[str, float]
    convergence: Mapping[str, float]
    least_answers: int


def read_delphi_rules(path: Path) -> DelphiRules:
    """Read the rules of a pack; a missing key raises KeyError with its name."""
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    sections = {
        name: {key: value for key, value in data[name].items() if isinstance(value, int | float)}
        for name in ("limits", "items", "convergence")
    }
    scale = float(data["scale"]["low"]), float(data["scale"]["high"])
    return DelphiRules(
        version=data["version"], scale=scale, least_answers=int(data["feedback"]["least_answers"]), **sections
    )


@dataclass(frozen=True)
class ItemResult:
    """Figures of one item in one round over those who answered; None where too few did.

    `sd` divides by n - 1; quartiles interpolate linearly; `full_share` is the share of highest ratings; `authority`
    the mean Cr of those who told Ca and Cs for it.
    """

    item: str
    answers: int
    mean: float | None
    sd: float | None
    variation: float | None
    median: float | None
    lower_quartile: float | None
    upper_quartile: float | None
    full_share: float | None
    authority: float | None
    advice: Advice

    @property
    def iqr(self) -> float | None:
        """Return the width of the middle half."""
        if self.lower_quartile is None or self.upper_quartile is None:
            return None
        return self.upper_quartile - self.lower_quartile


@dataclass(frozen=True)
class Authority:
    """How far the panel is competent: `mean` of Cr = (Ca + Cs)/2 over the experts who told both."""

    mean: float | None
    by_expert: Mapping[str, float]
    untold: tuple[str, ...]
    enough: bool | None


@dataclass(frozen=True)
class RoundResult:
    """One round: who answered, what is missing, figures per item, agreement and authority.

    `concordance_over` says what gaps cost Kendall's W: experts (those with gaps are left out) or items; `left_out`
    names them. `warnings` are codes of what falls short of EV-02: few_experts, many_experts, authority_low,
    authority_untold, variation_high, no_agreement.
    """

    round: int
    invited: int
    answered: int
    missing: tuple[tuple[str, str], ...]
    items: tuple[ItemResult, ...]
    concordance: Concordance | None
    concordance_over: str
    left_out: tuple[str, ...]
    authority: Authority
    warnings: tuple[str, ...] = ()

    @property
    def response_rate(self) -> float:
        """Return answered over invited, 0..1."""
        return self.answered / self.invited if self.invited else 0.0


@dataclass(frozen=True)
class ItemChange:
    """One item in two rounds; `stable` is None where a round has no figures."""

    item: str
    median_change: float | None
    iqr_change: float | None
    iqr: float | None
    stable: bool | None


@dataclass(frozen=True)
class Convergence:
    """Two rounds side by side; `reasons` are the conditions that do not hold."""

    before: int
    after: int
    items: tuple[ItemChange, ...]
    only_before: tuple[str, ...]
    only_after: tuple[str, ...]
    stable_share: float | None
    w_change: float | None
    converged: bool
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class DelphiResult:
    """All rounds and the steps between them, with the rules they were judged by."""

    rules: DelphiRules
    scale: tuple[float, float]
    rounds: Sequence[RoundResult]
    steps: Sequence[Convergence]
