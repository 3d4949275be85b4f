"""Data levels (数据分级) that every model declares for itself and for its fields."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class DataLevel(StrEnum):
    """Classes of data, L1 to L4 (paper S4; 数据安全法 art. 21)."""

    PUBLIC = "public"
    INTERNAL = "internal"
    PERSONAL = "personal"
    SENSITIVE = "sensitive"
    TRADE_SECRET = "trade_secret"  # noqa: S105 - a level, not a password
    CORE_SECRET = "core_secret"  # noqa: S105 - see above

    @property
    def grade(self) -> int:
        """Return the grade, 1 (open) to 4 (strictest)."""
        return {"public": 1, "internal": 2, "personal": 3, "trade_secret": 3}.get(self.value, 4)


@dataclass(frozen=True)
class Levels:
    """The level of a table and of the fields that differ from it."""

    default: DataLevel
    fields: dict[str, DataLevel]

    def of(self, field: str) -> DataLevel:
        """Return the level of one field."""
        return self.fields.get(field, self.default)


def levels(default: DataLevel | str, **groups: tuple[str, ...]) -> Levels:
    """Declare levels: the table's own, then `personal=("email",)` and the like for fields that differ."""
    fields = {name: DataLevel(level) for level, names in groups.items() for name in names}
    return Levels(DataLevel(default), fields)
