"""Hides the fields of a row that a reader's role may not see, by the data levels the model declares."""

from __future__ import annotations

from collections.abc import Mapping

from django.db.models import Model

from zhiqiao.infra.db import DataLevel, Levels
from zhiqiao.platform.governance.access.actor import Actor

#: What stands in the place of a hidden value; never an empty value, which would read as "there is none".
HIDDEN = "***"

#: The strictest grade a reader sees without owning the row: people's data stays with those who work with it.
_GRADES = {
    "system": 4,
    "security_admin": 3,
    "school_admin": 3,
    "registry_officer": 3,
    "adviser": 3,
    "enterprise_hr": 3,
    "association_officer": 3,
    "bureau_officer": 2,
}
_DEFAULT_GRADE = 2


def redact(
    actor: Actor, row: Model | Mapping[str, object], levels: Levels | None = None
) -> dict[str, object]:
    """Return a row's values with those above the reader's grade hidden; one's own personal data stays.

    A mapping needs its `levels`; a model row brings its own. Core secrets (password hashes) are hidden from all.
    """
    values = row if isinstance(row, Mapping) else _values(row)
    found = levels or getattr(row, "data_levels", None)
    if found is None:
        msg = "a plain mapping needs the levels of its fields"
        raise TypeError(msg)
    grade = 3 if _is_own(actor, row) else 0
    grade = max(grade, _GRADES.get(actor.role, _DEFAULT_GRADE))
    return {name: value if _may_see(found.of(name), grade) else HIDDEN for name, value in values.items()}


def _may_see(level: DataLevel, grade: int) -> bool:
    return level is not DataLevel.CORE_SECRET and level.grade <= grade


def _values(row: Model) -> dict[str, object]:
    return {field.name: field.value_from_object(row) for field in row._meta.concrete_fields}


def _is_own(actor: Actor, row: Model | Mapping[str, object]) -> bool:
    fields = getattr(row, "scope_fields", None)
    if not isinstance(row, Model) or fields is None or not fields.owner or actor.user_id is None:
        return False
    owner: object = row
    for name in fields.owner.split("__"):
        owner = getattr(owner, name, None)
    return owner == actor.user_id
