"""The figures of an edition as things that evidence leads to, each under an identifier of its own.

The identifier packs the edition and the figure's name (version 8, RFC 9562 §5.8): no row is kept per figure, and the
same figure has the same identifier in both languages and wherever the report prints it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from django.urls import reverse

from zhiqiao.apps.management.models import ReportEdition
from zhiqiao.apps.management.report.composing import LANGUAGES, facts_of, printed
from zhiqiao.engines.report import Figures

__all__ = ["FIGURE", "Ways", "edition_of", "figure_named", "figure_uuid"]

FIGURE, BLOCK = "report_figure", "report_block"
_TAIL = (1 << 62) - 1
_NOWHERE = UUID(int=0)


def figure_uuid(edition_id: int, name: str) -> UUID:
    """Return the identifier of a figure of an edition."""
    tail = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8]) & _TAIL
    return UUID(int=(edition_id << 80) | (8 << 76) | (0b10 << 62) | tail)


def edition_of(uuid: UUID) -> int | None:
    """Return the edition that an identifier of a figure names; None when it is no such identifier."""
    is_figure = uuid.version == 8 and not (uuid.int >> 64) & 0xFFF
    return uuid.int >> 80 if is_figure else None


def figure_named(row: ReportEdition, uuid: UUID) -> str | None:
    """Return the name of a figure that an edition prints, or that a printed one is computed from."""
    known = Figures(facts_of(row))
    names = dict.fromkeys(name for language in LANGUAGES for name in printed(row, language).figures)
    for name in names:
        if figure_uuid(row.pk, name) == uuid:
            return name
    basis = dict.fromkeys(part for name in names if (figure := known.get(name)) for part in figure.rests)
    return next((name for name in basis if figure_uuid(row.pk, name) == uuid), None)


@dataclass(frozen=True)
class Ways:
    """Where the figures of an edition's page lead; nowhere for who may not see evidence.

    `blocks` are the texts, tables and charts by key: to them leads a figure without a name of its own, as in editions
    signed before figures had one.
    """

    edition_id: int
    blocks: Mapping[str, UUID]
    is_open: bool = True
    _bases: dict[str, str] = field(default_factory=dict, compare=False)

    def to(self, name: str, block: str) -> str:
        """Return the address of the evidence of a figure in a block; empty when there is none."""
        if not self.is_open:
            return ""
        if name:
            return self._address(FIGURE, figure_uuid(self.edition_id, name))
        uuid = self.blocks.get(block)
        return self._address(BLOCK, uuid) if uuid else ""

    def _address(self, kind: str, uuid: UUID) -> str:
        # looked up once: a chapter has a thousand figures
        if kind not in self._bases:
            self._bases[kind] = reverse("evidence", args=[kind, _NOWHERE])
        return self._bases[kind].replace(str(_NOWHERE), str(uuid))
