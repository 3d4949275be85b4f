"""Signals that a posting is to be checked: their names, which are severe, and the words in a stored text.

What a signal means for a posting is decided by a person; nothing here takes a posting out of the figures.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, reduce
from operator import or_
from typing import cast

from django.db.models import Q, QuerySet
from django.utils import timezone

from zhiqiao import packs
from zhiqiao.engines import jobmining
from zhiqiao.infra.db.names import Name
from zhiqiao.platform.data.lake import LakePosting, sentence_parts
from zhiqiao.platform.data.mined_with import current_rules
from zhiqiao.platform.data.models import JobPosting

__all__ = [
    "Doubt",
    "SignalKind",
    "doubts_of",
    "is_severe",
    "kinds",
    "sections",
    "with_severe_signal",
    "with_signal",
]


@dataclass(frozen=True)
class SignalKind:
    """A kind of signal with the severity it has where no word decides it: 1 to know, 2 to check, 3 grave."""

    code: str
    name: Name
    severity: int
    is_severe: bool


@dataclass(frozen=True)
class Doubt:
    """One signal of a posting: why, how grave, and where in the text (None: not in the text)."""

    kind: SignalKind
    reason: Name
    severity: int
    start: int | None
    end: int | None
    parts: tuple[tuple[str, bool], ...]


@cache
def kinds() -> dict[str, SignalKind]:
    """Return the kinds of signal by code, the gravest first."""
    rows = packs.read_rows(packs.common_file("postings", "signals.csv"))
    return {
        row["code"]: SignalKind(
            row["code"], Name(row["zh"], row["en"]), int(row["severity"]), is_severe=row["is_severe"] == "1"
        )
        for row in rows
    }


@cache
def sections() -> dict[str, Name]:
    """Return the sections of GB/T 4754 by letter."""
    return {row.section: Name(row.zh, row.en) for row in current_rules().industries if row.section != "-"}


def is_severe(codes: Sequence[str]) -> bool:
    """Tell whether one of the signals is severe."""
    return any(code in kinds() and kinds()[code].is_severe for code in codes)


def with_signal(rows: QuerySet[JobPosting], code: str) -> QuerySet[JobPosting]:
    """Keep the postings with a signal."""
    return rows.filter(legitimacy__gt="", legitimacy__contains=f"|{code}|")


def with_severe_signal(rows: QuerySet[JobPosting]) -> QuerySet[JobPosting]:
    """Keep the postings with a severe signal."""
    severe = [Q(legitimacy__contains=f"|{kind.code}|") for kind in kinds().values() if kind.is_severe]
    return rows.filter(reduce(or_, severe), legitimacy__gt="")


def doubts_of(row: JobPosting, found: LakePosting | None) -> list[Doubt]:
    """Return the signals of a posting (with its import) read from its stored text, the gravest first.

    A signal of the import that the rules of today do not find any more is named without words.
    """
    signals = _read(row, found) if found else ()
    doubts = [_doubt(signal, found.text if found else "") for signal in signals]
    seen = {doubt.kind.code for doubt in doubts}
    doubts += [
        Doubt(kinds()[code], Name("", ""), kinds()[code].severity, None, None, ())
        for code in row.signals
        if code in kinds() and code not in seen
    ]
    order = list(kinds())
    return sorted(doubts, key=lambda doubt: (-doubt.severity, order.index(doubt.kind.code)))


def _read(row: JobPosting, found: LakePosting) -> tuple[jobmining.Signal, ...]:
    names_companies = "company" in row.posting_import.columns
    period = cast("jobmining.Period | None", found.salary_period or None)
    return (
        _reader()
        .read(
            title=found.title,
            text=found.text,
            company=row.company if names_companies else None,
            salary=jobmining.Salary(minimum=row.salary_min, maximum=row.salary_max, period=period),
            experience_min=row.experience_min,
            diploma=row.diploma or None,
            published=row.published,
            reference_date=timezone.localdate(row.posting_import.created_at),
        )
        .signals
    )


def _doubt(signal: jobmining.Signal, text: str) -> Doubt:
    kind = kinds()[signal.code]
    parts: tuple[tuple[str, bool], ...] = ()
    if signal.start is not None and signal.end is not None:
        parts = sentence_parts(text, signal.start, signal.end)
    severity = kind.severity if signal.severity is None else signal.severity
    return Doubt(kind, Name(signal.detail, signal.detail_en), severity, signal.start, signal.end, parts)


@cache
def _reader() -> jobmining.LegitimacyReader:
    return jobmining.LegitimacyReader(current_rules().legitimacy)
