"""What this package tells others; written to the outbox in the transaction of the change."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["ProposalDecided", "ReportPublished", "ReportWithdrawn"]


@dataclass(frozen=True)
class ProposalDecided:
    """A proposal was accepted, edited or rejected."""

    proposal_uuid: str
    programme_uuid: str
    state: str
    org_root_id: int


@dataclass(frozen=True)
class ReportPublished:
    """An edition of the demand report was published; `replaces_uuid` names the one it corrects, if any."""

    edition_uuid: str
    region: str
    year: int
    number: int
    replaces_uuid: str | None
    org_root_id: int


@dataclass(frozen=True)
class ReportWithdrawn:
    """A published edition was withdrawn; it stays readable with the reason."""

    edition_uuid: str
    region: str
    year: int
    number: int
    org_root_id: int
