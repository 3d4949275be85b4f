"""What this package tells others; written to the outbox in the transaction of the change."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["WeightStudyClosed"]


@dataclass(frozen=True)
class WeightStudyClosed:
    """A study takes no more judgements; its weights are final."""

    study_uuid: str
    kind: str
    framework_key: str
    org_root_id: int
