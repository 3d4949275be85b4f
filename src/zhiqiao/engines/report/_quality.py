"""Quality of a report by a rubric: marks of several people in, mean and agreement out (rule EV-04, KPI K15)."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

Marks = Mapping[str, int]


@dataclass(frozen=True)
class Criterion:
    """One question of a rubric; `marks` say in words what 0, the middle and the top mark mean."""

    key: str
    zh: str
    en: str
    marks_zh: tuple[str, ...]
    marks_en: tuple[str, ...]


@dataclass(frozen=True)
class Rubric:
    """What a report is marked by; see packs/common/report/quality.toml for meaning and source of the limits."""

    version: str
    source: str
    top: int
    least_raters: int
    widest: int
    criteria: tuple[Criterion, ...]


@dataclass(frozen=True)
class CriterionQuality:
    """The mean mark of a criterion (0 to top) and how far the raters stand apart."""

    criterion: Criterion
    mean: float
    least: int
    greatest: int
    apart: bool


@dataclass(frozen=True)
class Quality:
    """`share` is the mean mark over the top mark, 0 to 1; `kappa` the mean of all pairs, None if undefined."""

    raters: int
    share: float
    kappa: float | None
    criteria: tuple[CriterionQuality, ...]

    @property
    def to_settle(self) -> tuple[CriterionQuality, ...]:
        """Return the criteria on which raters stand too far apart."""
        return tuple(one for one in self.criteria if one.apart)


def read_rubric(path: Path) -> Rubric:
    """Read a rubric; a missing entry raises KeyError with its name."""
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    criteria = tuple(
        Criterion(row["key"], row["zh"], row["en"], tuple(row["marks_zh"]), tuple(row["marks_en"]))
        for row in data["criteria"]
    )
    return Rubric(version=data["version"], source=data["source"], criteria=criteria, **data["scale"])


def quality(marks: Sequence[Marks], rubric: Rubric) -> Quality | None:
    """Return what the raters together say; None below `least_raters`.

    Each sheet holds a mark for every criterion; KeyError otherwise. Agreement is Cohen's kappa with quadratic weights
    (Cohen 1968) over the criteria of two raters, averaged over all pairs (Light 1971).
    """
    if len(marks) < rubric.least_raters:
        return None
    lines = [
        _line(criterion, [sheet[criterion.key] for sheet in marks], rubric) for criterion in rubric.criteria
    ]
    share = sum(line.mean for line in lines) / len(lines) / rubric.top
    keys = [criterion.key for criterion in rubric.criteria]
    pairs = [_kappa([a[key] for key in keys], [b[key] for key in keys]) for a, b in combinations(marks, 2)]
    known = [value for value in pairs if value is not None]
    return Quality(len(marks), share, sum(known) / len(known) if known else None, tuple(lines))


def _line(criterion: Criterion, given: Sequence[int], rubric: Rubric) -> CriterionQuality:
    least, greatest = min(given), max(given)
    return CriterionQuality(
        criterion, sum(given) / len(given), least, greatest, greatest - least > rubric.widest
    )


def _kappa(first: Sequence[int], second: Sequence[int]) -> float | None:
    """Return weighted kappa; None when neither rater told criteria apart, for then chance explains everything."""
    seen = sum((a - b) ** 2 for a, b in zip(first, second, strict=True)) / len(first)
    chance = sum((a - b) ** 2 for a in first for b in second) / len(first) ** 2
    return 1 - seen / chance if chance else None
