"""Draws a stratified sample from a frame of enterprises, so that anybody can draw the same sample again.

Strata are industry × size × place. The sample is given to strata by their share of the frame, each at least one where
it is large enough (what is left goes to the stratum furthest below its share, then the larger, then by name). Within a
stratum each enterprise has a permanent random number, the SHA-256 of seed and key, and the smallest are drawn: a simple
random sample without replacement (Ohlsson 1995, coordination of samples using permanent random numbers). The draw
depends neither on the order of the frame nor on the machine.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from zhiqiao.engines.surveys._errors import BadFrame

__all__ = ["Draw", "Stratum", "Unit", "allocate", "draw"]


@dataclass(frozen=True, order=True)
class Stratum:
    """A class of enterprises; an empty part is unknown and is a class of its own."""

    industry: str
    size: str
    place: str


@dataclass(frozen=True)
class Unit:
    """An enterprise of the frame."""

    key: str
    stratum: Stratum


@dataclass(frozen=True)
class Draw:
    """What was drawn: the chosen keys by stratum, how many each stratum has and gives, and what has none drawn."""

    seed: str
    chosen: Mapping[Stratum, tuple[str, ...]]
    frame: Mapping[Stratum, int]
    #: the others of a stratum in the order in which they may stand in for one that can not be asked
    reserve: Mapping[Stratum, tuple[str, ...]]

    @property
    def keys(self) -> tuple[str, ...]:
        """Return all drawn enterprises, stratum by stratum."""
        return tuple(key for stratum in sorted(self.chosen) for key in self.chosen[stratum])

    @property
    def uncovered(self) -> tuple[Stratum, ...]:
        """Return strata of the frame of which none was drawn."""
        return tuple(one for one in sorted(self.frame) if not self.chosen.get(one))


def allocate(frame: Mapping[Stratum, int], size: int) -> dict[Stratum, int]:
    """Return how many each stratum gives to a sample of `size`; never more than it has. Raises BadFrame."""
    total = sum(frame.values())
    if total == 0:
        raise BadFrame(
            "抽样框里没有可以调研的企业。", "There is no enterprise in the frame that may be asked."
        )
    if not 1 <= size <= total:
        raise BadFrame(
            f"样本量要在 1 到 {total} 之间。", f"The size of the sample must be within 1 to {total}."
        )
    strata = sorted(one for one, count in frame.items() if count)
    first = 1 if size >= len(strata) else 0
    given = dict.fromkeys(strata, first)
    # what each stratum should have, exactly: whole numbers compared as cross products need no rounding
    for _ in range(size - sum(given.values())):
        # the stratum furthest below its share; a full one gives no more
        open_ = [one for one in strata if given[one] < frame[one]]
        best = max(open_, key=lambda one: (frame[one] * size - given[one] * total, frame[one], _last(one)))
        given[best] += 1
    return given


def draw(units: Iterable[Unit], *, size: int, seed: str) -> Draw:
    """Draw `size` enterprises; raises BadFrame for a size the frame can not give, or a key that stands twice."""
    by_stratum: dict[Stratum, list[str]] = {}
    seen: set[str] = set()
    for unit in units:
        if unit.key in seen:
            raise BadFrame(f"企业 {unit.key} 在抽样框里出现两次。", f"{unit.key} stands twice in the frame.")
        seen.add(unit.key)
        by_stratum.setdefault(unit.stratum, []).append(unit.key)
    frame = {one: len(keys) for one, keys in by_stratum.items()}
    given = allocate(frame, size)
    ordered = {one: _in_order(keys, seed) for one, keys in by_stratum.items()}
    return Draw(
        seed,
        {one: tuple(ordered[one][: given[one]]) for one in sorted(frame)},
        frame,
        {one: tuple(ordered[one][given[one] :]) for one in sorted(frame)},
    )


def _in_order(keys: Sequence[str], seed: str) -> list[str]:
    return sorted(keys, key=lambda key: (hashlib.sha256(f"{seed}|{key}".encode()).digest(), key))


def _last(stratum: Stratum) -> tuple[tuple[int, ...], ...]:
    """Order names downwards, so that `max` takes the first of equals."""
    return tuple(
        tuple(-ord(sign) for sign in part) for part in (stratum.industry, stratum.size, stratum.place)
    )
