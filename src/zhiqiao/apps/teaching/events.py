"""What this package tells others; written to the outbox in the transaction of the change."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["TrainingPlanInForce"]


@dataclass(frozen=True)
class TrainingPlanInForce:
    """A version of a training plan came into force; one before it, if any, was superseded."""

    plan_uuid: str
    version_uuid: str
    programme_uuid: str
    entry_year: int
    org_root_id: int
