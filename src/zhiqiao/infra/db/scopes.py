"""Where a model keeps what permission scopes ask for; the scopes live in platform/governance."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ScopeFields:
    """Column names that scopes look at; a missing one makes that scope match nothing.

    Set as `scope_fields` on a model: `owner` the person's id, `root` the root organisation's id, `path` the
    unit's path, `shared` a boolean that opens the row to the whole region.
    """

    owner: str = ""
    root: str = "org_root_id"
    path: str = ""
    shared: str = ""
