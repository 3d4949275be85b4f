"""A competency framework as a value: dimensions, indicators, skills, weights known or not; reading and comparing."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal  # Any: what TOML holds is checked field by field

from zhiqiao.engines.competency._errors import FrameworkError
from zhiqiao.engines.weights import KnownWeights

__all__ = [
    "Dimension",
    "Framework",
    "FrameworkDiff",
    "Indicator",
    "Weight",
    "check_framework",
    "compare_frameworks",
    "read_framework",
    "weight_bounds",
]

WeightState = Literal["unknown", "quoted", "judged", "computed"]
_STATES: tuple[WeightState, ...] = ("unknown", "quoted", "judged", "computed")
_SUM = 1e-6


@dataclass(frozen=True)
class Weight:
    """A share of one among its neighbours, or unknown: `value` is None then and never stands for zero."""

    value: float | None = None
    state: WeightState = "unknown"
    source: str = ""


@dataclass(frozen=True)
class Indicator:
    """What of a dimension can be told of a person, by skills."""

    id: str
    zh: str
    en: str
    skills: tuple[str, ...]
    weight: Weight = Weight()
    state: str = ""


@dataclass(frozen=True)
class Dimension:
    """A side of competence with its indicators."""

    id: str
    zh: str
    en: str
    indicators: tuple[Indicator, ...]
    weight: Weight = Weight()
    source: str = ""


@dataclass(frozen=True)
class Framework:
    """One version of a framework; `greatest` names the dimension that a source says weighs most, where one does."""

    id: str
    zh: str
    en: str
    version: str
    state: str
    source: str
    dimensions: tuple[Dimension, ...]
    greatest: str = ""

    @property
    def weighted(self) -> bool:
        """Say whether all weights of dimensions are known, so that an index may be computed."""
        return all(dimension.weight.value is not None for dimension in self.dimensions)

    def places(self) -> Iterator[tuple[str, str, str]]:
        """Yield (skill, dimension, indicator) of every skill."""
        for dimension in self.dimensions:
            for indicator in dimension.indicators:
                for skill in indicator.skills:
                    yield skill, dimension.id, indicator.id


def weight_bounds(framework: Framework) -> dict[str, tuple[float, float]]:
    """Return between which values each dimension's weight lies, by arithmetic alone: weights sum to one.

    A known weight is its own bounds. An unknown one is at least what is left when the other unknown ones are as great
    as may be, and at most what is left or, where a known weight is said to be the greatest, that weight.
    """
    known = {one.id: one.weight.value for one in framework.dimensions}
    return {
        name: (low, high) for name, (low, high) in KnownWeights(known, framework.greatest).bounds().items()
    }


def read_framework(path: Path) -> Framework:
    """Read a framework file (TOML); FrameworkError names file, entry and fault."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
        framework = Framework(
            id=_text(data, "id"),
            zh=_text(data, "zh"),
            en=_text(data, "en"),
            version=_text(data, "version"),
            state=_text(data, "state"),
            source=_text(data, "source"),
            dimensions=tuple(_dimension(one) for one in data["dimensions"]),
            greatest=str(data.get("greatest", "")),
        )
        check_framework(framework)
    except KeyError as error:
        raise FrameworkError(f"{path.name}：缺少 {error}", f"{path.name}: {error} is missing") from error
    except FrameworkError as error:
        raise FrameworkError(f"{path.name}：{error.zh}", f"{path.name}: {error.en}") from error
    except (OSError, ValueError, TypeError, AttributeError) as error:
        raise FrameworkError(f"{path.name}：{error}", f"{path.name}: {error}") from error
    return framework


def check_framework(framework: Framework) -> None:
    """Raise FrameworkError for an id or a skill that stands twice, or weights that can not be."""
    _once("dimension", [one.id for one in framework.dimensions])
    _once("indicator", [one.id for dimension in framework.dimensions for one in dimension.indicators])
    _once("skill", [skill for skill, _dimension, _indicator in framework.places()])
    _check_weights(framework.id, [one.weight for one in framework.dimensions])
    for dimension in framework.dimensions:
        _check_weights(dimension.id, [one.weight for one in dimension.indicators])
    if framework.greatest and framework.greatest not in {one.id for one in framework.dimensions}:
        raise FrameworkError(
            f"greatest 所指的 {framework.greatest} 不存在",
            f"greatest names no dimension: {framework.greatest}",
        )


def _once(kind: str, names: Sequence[str]) -> None:
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise FrameworkError(f"{kind} 重复：{'、'.join(twice)}", f"{kind} stands twice: {', '.join(twice)}")


def _check_weights(where: str, weights: Sequence[Weight]) -> None:
    known = [weight.value for weight in weights if weight.value is not None]
    total = sum(known)
    if any(not 0 <= value <= 1 for value in known) or total > 1 + _SUM:
        raise FrameworkError(f"{where}：权重 {known} 不可能", f"{where}: weights can not be {known}")
    if weights and len(known) == len(weights) and abs(total - 1) > _SUM:
        raise FrameworkError(
            f"{where}：权重之和为 {total}，应为 1", f"{where}: weights sum to {total}, not to 1"
        )


def _dimension(data: Mapping[str, Any]) -> Dimension:
    return Dimension(
        id=_text(data, "id"),
        zh=_text(data, "zh"),
        en=_text(data, "en"),
        indicators=tuple(
            Indicator(
                id=_text(one, "id"),
                zh=_text(one, "zh"),
                en=_text(one, "en"),
                skills=tuple(str(skill) for skill in one["skills"]),
                weight=_weight(one),
                state=str(one.get("state", "")),
            )
            for one in data["indicators"]
        ),
        weight=_weight(data),
        source=str(data.get("source", "")),
    )


def _weight(data: Mapping[str, Any]) -> Weight:
    value, state = data.get("weight"), data.get("weight_state", "unknown")
    if state not in _STATES or (value is None) != (state == "unknown"):
        raise ValueError(f"{data.get('id')}: weight {value!r} with weight_state {state!r}")
    if value is None:
        return Weight()
    source = _text(data, "weight_source")
    return Weight(float(value), state, source)


def _text(data: Mapping[str, Any], name: str) -> str:
    value = data[name]
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"{name} = {value!r}")
    return value


@dataclass(frozen=True)
class FrameworkDiff:
    """What changed between two versions; places are (dimension, indicator), None for a weight that is unknown."""

    added: tuple[tuple[str, tuple[str, str]], ...]
    removed: tuple[tuple[str, tuple[str, str]], ...]
    moved: tuple[tuple[str, tuple[str, str], tuple[str, str]], ...]
    renamed: tuple[tuple[str, str, str], ...]
    weights: tuple[tuple[str, float | None, float | None], ...]
    parts_added: tuple[str, ...]
    parts_removed: tuple[str, ...]

    @property
    def empty(self) -> bool:
        """Say whether nothing changed."""
        return not any(
            (
                self.added,
                self.removed,
                self.moved,
                self.renamed,
                self.weights,
                self.parts_added,
                self.parts_removed,
            )
        )


def compare_frameworks(before: Framework, after: Framework) -> FrameworkDiff:
    """Compare two versions by the ids of their parts; names count as renamed when either language differs."""
    old = {skill: (dimension, indicator) for skill, dimension, indicator in before.places()}
    new = {skill: (dimension, indicator) for skill, dimension, indicator in after.places()}
    was, now = _parts(before), _parts(after)
    both = [part for part in was if part in now]
    return FrameworkDiff(
        added=tuple((skill, place) for skill, place in new.items() if skill not in old),
        removed=tuple((skill, place) for skill, place in old.items() if skill not in new),
        moved=tuple(
            (skill, old[skill], place) for skill, place in new.items() if old.get(skill, place) != place
        ),
        renamed=tuple(
            (part, was[part].zh, now[part].zh)
            for part in both
            if (was[part].zh, was[part].en) != (now[part].zh, now[part].en)
        ),
        weights=tuple(
            (part, was[part].weight.value, now[part].weight.value)
            for part in both
            if was[part].weight.value != now[part].weight.value
        ),
        parts_added=tuple(part for part in now if part not in was),
        parts_removed=tuple(part for part in was if part not in now),
    )


def _parts(framework: Framework) -> dict[str, Dimension | Indicator]:
    parts: dict[str, Dimension | Indicator] = {}
    for dimension in framework.dimensions:
        parts[dimension.id] = dimension
        parts.update({f"{dimension.id}/{one.id}": one for one in dimension.indicators})
    return parts
