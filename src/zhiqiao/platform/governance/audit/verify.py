"""Walks the audit trail and names the entries that were edited, removed, inserted, reordered or cut off."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from zhiqiao.platform.governance.audit.seal import GENESIS, digest_of, head_seal
from zhiqiao.platform.governance.models import AuditEvent, AuditHead

FaultKind = Literal["edited", "missing", "unchained", "cut_off", "head"]


@dataclass(frozen=True)
class Fault:
    """One place where the trail does not hold."""

    sequence: int
    kind: FaultKind
    text: str


@dataclass(frozen=True)
class Verdict:
    """What a walk over the trail found."""

    entries: int
    head_sequence: int
    head_digest: str
    faults: tuple[Fault, ...]

    @property
    def holds(self) -> bool:
        """Tell whether every entry is as it was written."""
        return not self.faults


def verify_audit(*, most: int = 100) -> Verdict:
    """Check every digest, the order and the head; at most `most` faults are listed."""
    faults: list[Fault] = []
    expected, previous, entries = 1, GENESIS, 0
    for event in AuditEvent.objects.order_by("sequence").iterator(chunk_size=2000):
        entries += 1
        faults += _check(event, expected=expected, previous=previous)
        expected, previous = event.sequence + 1, event.digest
    head = AuditHead.objects.filter(id=1).first()
    faults += _check_head(head, last=expected - 1, digest=previous if entries else "")
    sequence, digest = (head.sequence, head.digest) if head else (0, "")
    return Verdict(entries, sequence, digest, tuple(faults[:most]))


def _check(event: AuditEvent, *, expected: int, previous: str) -> list[Fault]:
    number = event.sequence
    if number > expected:
        gap = f"{expected}" if number == expected + 1 else f"{expected}–{number - 1}"
        return [Fault(expected, "missing", f"entry {gap} is missing"), *_check_content(event)]
    faults = _check_content(event)
    if not faults and event.previous != previous:
        faults.append(Fault(number, "unchained", f"entry {number} does not follow entry {number - 1}"))
    return faults


def _check_content(event: AuditEvent) -> list[Fault]:
    if digest_of(event) == event.digest:
        return []
    return [Fault(event.sequence, "edited", f"entry {event.sequence} was edited or inserted")]


def _check_head(head: AuditHead | None, *, last: int, digest: str) -> list[Fault]:
    if head is None:
        return [Fault(last, "head", "the head row is missing")]
    if head.seal != head_seal(head.sequence, head.digest):
        return [Fault(head.sequence, "head", "the head row was edited")]
    if head.sequence > last:
        return [Fault(last + 1, "cut_off", f"entries {last + 1}–{head.sequence} were cut off")]
    if head.sequence < last:
        return [Fault(head.sequence + 1, "head", f"entries after {head.sequence} are not known to the head")]
    if head.digest != digest:
        return [Fault(last, "edited", f"entry {last} is not the one the head knows")]
    return []
