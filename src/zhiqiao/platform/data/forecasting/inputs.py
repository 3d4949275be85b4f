"""Inputs of the scenario bands: what was stated, by whom and where it is written; kept with a forecast, and changed.

Nothing here reads the register or asks permission; `registered` does.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any
from uuid import UUID

from zhiqiao.engines.demand import Stated, StatedLine

__all__ = ["LIMITS", "Basis", "Input", "Inputs", "LeftOut"]

#: Between which per cents a person may set each kind.
LIMITS: Mapping[str, tuple[float, float]] = {
    "project": (0.0, 100.0),
    "plan": (-90.0, 300.0),
    "retirement": (0.0, 100.0),
}
Record = dict[str, Any]  # Any: plain JSON


@dataclass(frozen=True)
class Basis:
    """The evidence an input rests on; without `uuid` it has no page of its own."""

    kind: str
    uuid: str = ""

    @property
    def place(self) -> tuple[str, UUID] | None:
        """Return kind and uuid as the evidence drawer takes them."""
        return (self.kind, UUID(self.uuid)) if self.uuid else None


@dataclass(frozen=True)
class Input:
    """One input with its source, year and definition (what exactly is counted).

    `name_en` stands beside the name in `stated`; of sums of plans `counts` are enterprises and the two sums.
    """

    stated: Stated
    year: str
    definition: str
    basis: tuple[Basis, ...]
    is_demo: bool = False
    name_en: str = ""
    counts: tuple[int, ...] = ()

    @property
    def is_sum(self) -> bool:
        """Tell whether it is a sum of enterprises' plans."""
        return any(one.kind == "plan_sums" for one in self.basis)

    @property
    def id(self) -> str:
        """Return what names it in a form and in a saved scenario."""
        return self.stated.id

    def stored(self) -> Record:
        """Return it as plain values."""
        return asdict(self)

    @classmethod
    def read(cls, stored: Record) -> Input:
        """Return what `stored` wrote."""
        stated = dict(stored["stated"])
        lines = tuple(StatedLine(**line) for line in stated.pop("lines"))
        return cls(
            stated=Stated(**stated, lines=lines),
            year=stored["year"],
            definition=stored["definition"],
            basis=tuple(Basis(**one) for one in stored["basis"]),
            is_demo=stored["is_demo"],
            name_en=stored["name_en"],
            counts=tuple(stored["counts"]),
        )


@dataclass(frozen=True)
class LeftOut:
    """Something registered that does not enter; the reason is a Chinese text of the catalogue, shown translated.

    `kind` is the kind of evidence it would have been, as in `Basis`.
    """

    name: str
    reason: str
    kind: str
    name_en: str = ""


@dataclass(frozen=True)
class Inputs:
    """What people know of the years beyond the forecast; empty until somebody states it."""

    items: tuple[Input, ...] = ()
    left_out: tuple[LeftOut, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """Return what they are called."""
        return tuple(one.stated.name for one in self.items)

    @property
    def stated(self) -> tuple[Stated, ...]:
        """Return them as the engine takes them."""
        return tuple(one.stated for one in self.items)

    def with_values(self, values: Mapping[str, float]) -> Inputs:
        """Return the inputs with other per cents; ValueError for one that is not there or a value that can not be."""
        unknown = sorted(set(values) - {one.id for one in self.items})
        if unknown:
            raise ValueError(", ".join(unknown))
        items = tuple(_changed(one, values[one.id]) if one.id in values else one for one in self.items)
        return replace(self, items=items)

    def without(self, wanted: str) -> Inputs:
        """Return the inputs but one."""
        return replace(self, items=tuple(one for one in self.items if one.id != wanted))

    def stored(self) -> Record:
        """Return the inputs as plain values."""
        return {
            "items": [one.stored() for one in self.items],
            "left_out": [asdict(one) for one in self.left_out],
        }

    @classmethod
    def read(cls, stored: object) -> Inputs:
        """Return what `stored` wrote; older forecasts kept only a list of the items, the oldest none."""
        record: Record = stored if isinstance(stored, dict) else {"items": stored or [], "left_out": []}
        return cls(
            tuple(Input.read(row) for row in record["items"] if isinstance(row, dict)),
            tuple(LeftOut(**row) for row in record["left_out"]),
        )


def _changed(one: Input, value: float) -> Input:
    low, high = LIMITS[one.stated.kind]
    if not (math.isfinite(value) and low <= value <= high):
        raise ValueError(one.id)
    return replace(one, stated=replace(one.stated, value=value))
