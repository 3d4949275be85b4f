"""The acting person in the role and organisation they act for, as a plain value."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Actor:
    """Who acts: a person under one membership, or the system itself (`role == "system"`)."""

    user_id: int | None
    name: str
    role: str
    membership_id: int | None = None
    org_id: int | None = None
    org_path: str = ""
    org_root_id: int | None = None
    org_kind: str = ""
    language: str = "zh-hans"
    address: str = ""

    @classmethod
    def system(cls, name: str = "system") -> Actor:
        """Return the actor of scheduled and seeding work; it may do everything and is audited as itself."""
        return cls(user_id=None, name=name, role="system")

    @property
    def is_system(self) -> bool:
        """Tell whether no person acts."""
        return self.role == "system"
