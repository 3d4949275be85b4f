"""Identifiers of demand figures: a skill and a set of posts packed into one uuid (version 8, RFC 9562 §5.8).

A demand figure is computed when asked for, so it has no row; its uuid says what it is about.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from uuid import UUID

from zhiqiao.platform.data.models import JobRole, RoleSet

__all__ = [
    "ALL_POSTINGS",
    "DemandFigure",
    "PlanScope",
    "Scope",
    "demand_uuid",
    "pay_uuid",
    "plan_uuid",
    "read_demand_uuid",
    "read_pay_uuid",
    "read_plan_uuid",
    "scope_of",
    "scope_roles",
]


class Scope(IntEnum):
    """Which posts a figure covers."""

    ALL = 0
    ROLE = 1
    ROLE_SET = 2


#: The figure "how many postings are there": the same layout without a skill.
ALL_POSTINGS = UUID(int=(8 << 76) | (0b10 << 62))


@dataclass(frozen=True)
class DemandFigure:
    """The demand for a skill in one scope."""

    skill_id: int
    scope: Scope
    scope_id: int


def demand_uuid(skill_id: int, scope: tuple[Scope, int]) -> UUID:
    """Return the uuid of the demand for a skill in a scope."""
    return UUID(int=(skill_id << 80) | (8 << 76) | (int(scope[0]) << 64) | (0b10 << 62) | scope[1])


def read_demand_uuid(uuid: UUID) -> DemandFigure | None:
    """Return what a demand figure is about, or None when the uuid is not one."""
    value = uuid.int
    kind = (value >> 64) & 0xFFF
    if uuid.version != 8 or kind not in {0, 1, 2}:
        return None
    return DemandFigure(value >> 80, Scope(kind), value & ((1 << 62) - 1))


#: Marks the uuid of a pay figure where a demand figure holds its scope.
_PAY = 0xA


def pay_uuid(role_id: int, source_id: int) -> UUID:
    """Return the uuid of the pay that one source states for a post."""
    return UUID(int=(role_id << 80) | (8 << 76) | (_PAY << 64) | (0b10 << 62) | source_id)


def read_pay_uuid(uuid: UUID) -> tuple[int, int] | None:
    """Return post and source of a pay figure, or None when the uuid is not one."""
    value = uuid.int
    if uuid.version != 8 or (value >> 64) & 0xFFF != _PAY:
        return None
    return value >> 80, value & ((1 << 62) - 1)


class PlanScope(IntEnum):
    """Over which posts enterprises' plans are summed."""

    ALL = 0
    INDUSTRY = 1
    ROLE = 2


#: Marks the uuid of a sum of plans where a demand figure holds its scope; the number of a scope stands below it.
_PLAN, _SCOPE_BITS = 0xB, 48


def plan_uuid(year: int, scope: PlanScope, scope_id: int = 0) -> UUID:
    """Return the uuid of a sum of enterprises' plans for a year."""
    low = (0b10 << 62) | (int(scope) << _SCOPE_BITS) | scope_id
    return UUID(int=(year << 80) | (8 << 76) | (_PLAN << 64) | low)


def read_plan_uuid(uuid: UUID) -> tuple[int, PlanScope, int] | None:
    """Return year, scope and its id of a sum of plans, or None when it is no such uuid."""
    value = uuid.int
    scope = (value >> _SCOPE_BITS) & 0x3FFF
    if uuid.version != 8 or (value >> 64) & 0xFFF != _PLAN or scope not in set(PlanScope):
        return None
    return value >> 80, PlanScope(scope), value & ((1 << _SCOPE_BITS) - 1)


def scope_of(role_ids: tuple[int, ...] | None) -> tuple[Scope, int]:
    """Return the scope of a set of posts (None: all postings); a set of several gets a row of its own."""
    if role_ids is None:
        return Scope.ALL, 0
    ids = sorted(set(role_ids))
    if len(ids) == 1:
        return Scope.ROLE, ids[0]
    return Scope.ROLE_SET, RoleSet.objects.get_or_create(key=",".join(map(str, ids)))[0].pk


def scope_roles(figure: DemandFigure) -> tuple[int, ...] | None:
    """Return the posts of a figure's scope, None for all postings, an empty tuple when they are gone."""
    match figure.scope:
        case Scope.ALL:
            return None
        case Scope.ROLE:
            return tuple(JobRole.objects.filter(pk=figure.scope_id).values_list("pk", flat=True))
        case Scope.ROLE_SET:
            stored = RoleSet.objects.filter(pk=figure.scope_id).first()
            return stored.role_ids if stored else ()
