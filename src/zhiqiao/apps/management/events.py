"""What this package tells others; written to the outbox in the transaction of the change."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["ProposalDecided"]


@dataclass(frozen=True)
class ProposalDecided:
    """A proposal was accepted, edited or rejected."""

    proposal_uuid: str
    programme_uuid: str
    state: str
    org_root_id: int
