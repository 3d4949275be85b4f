"""Reads of organisations for the directory and for the page of one of them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils import timezone

from zhiqiao.platform.governance.access import Actor, can, get_visible, visible
from zhiqiao.platform.governance.access.grants import administrator_role, roles_granted_by
from zhiqiao.platform.governance.actions.organisations import hindrances
from zhiqiao.platform.governance.models import (
    Invitation,
    Membership,
    Organisation,
    OrganisationKind,
    Role,
    UnitKind,
)
from zhiqiao.platform.governance.units import unit_kinds_below


@dataclass(frozen=True)
class Unit:
    """A node of the directory with its depth in the tree."""

    uuid: str
    key: str
    name: str
    unit_kind: str
    depth: int
    is_demo: bool
    is_active: bool


@dataclass(frozen=True)
class OrganisationPage:
    """An organisation or unit as far as the reader may see and change it.

    `people` is None for who may not see them; `first_administrator` names the role to invite while nobody has it,
    `invited` who was invited to it and has not come yet.
    """

    uuid: str
    key: str
    name: str
    kind: str
    unit_kind: str
    above: list[tuple[str, str]]
    below: list[Unit]
    is_root: bool
    is_active: bool
    is_demo: bool
    may_manage: bool
    may_invite: bool
    may_add: bool
    people: int | None
    hindrances: list[str]
    first_administrator: str
    invited: str


def directory(actor: Actor) -> dict[str, list[Unit]]:
    """Return the organisations by kind, each tree from its root down; closed ones only to who manages them."""
    rows = in_tree_order(list(_readable(actor)))
    groups = {kind: [_unit(row, base=0) for row in rows if row.kind == kind] for kind in OrganisationKind}
    return {str(kind.label): units for kind, units in groups.items() if units}


def find_organisation(actor: Actor, uuid: str, *, action: str = "organisations.read") -> Organisation:
    """Return an organisation on which the actor may do something, else 404."""
    rows = _readable(actor) if action == "organisations.read" else Organisation.objects.all()
    return get_visible(actor, action, rows.select_related("parent"), uuid=uuid)


def organisation_page(actor: Actor, row: Organisation, *, on: dt.date) -> OrganisationPage:
    """Return an organisation with its place in the tree and what the actor may do there on a day."""
    above_ids = [int(part) for part in row.path.strip("/").split("/")][:-1]
    above = Organisation.objects.filter(id__in=above_ids).order_by("path")
    below = _readable(actor).filter(path__startswith=row.path).exclude(id=row.id)
    may_manage = can(actor, "organisations.manage", row)
    missing = missing_administrator(actor, row, on=on)
    return OrganisationPage(
        uuid=str(row.uuid),
        key=row.key,
        name=row.name,
        kind=row.get_kind_display(),
        unit_kind=row.get_unit_kind_display(),
        above=[(unit.name, str(unit.uuid)) for unit in above],
        below=[_unit(unit, base=len(above_ids) + 1) for unit in in_tree_order(list(below))],
        is_root=row.parent_id is None,
        is_active=row.is_active,
        is_demo=row.is_demo,
        may_manage=may_manage,
        may_invite=row.is_active
        and can(actor, "people.manage", row)
        and bool(roles_granted_by(actor.role, row.kind)),
        may_add=may_manage and row.is_active and bool(unit_kinds_below(row.kind, row.unit_kind)),
        people=_people(row, on=on) if can(actor, "people.read", row) else None,
        hindrances=hindrances(row, on=on) if may_manage and row.is_active else [],
        first_administrator=str(Role(missing).label) if missing else "",
        invited=_invited(row, missing) if missing else "",
    )


def unit_kind_choices(parent: Organisation) -> list[tuple[str, str]]:
    """Return the kinds of unit that may stand directly below an organisation or unit."""
    kinds = unit_kinds_below(parent.kind, parent.unit_kind)
    return [(kind, str(UnitKind(kind).label)) for kind in kinds]


def places_for(actor: Actor, unit: Organisation) -> list[Organisation]:
    """Return the nodes of its own tree below which a unit may stand, in tree order."""
    rows = visible(actor, "organisations.manage", Organisation.objects.filter(is_active=True))
    rows = rows.filter(org_root_id=unit.org_root_id).exclude(path__startswith=unit.path)
    fits = [row for row in rows if unit.unit_kind in unit_kinds_below(row.kind, row.unit_kind)]
    return in_tree_order(fits)


def missing_administrator(actor: Actor, row: Organisation, *, on: dt.date) -> str:
    """Return the role that runs an organisation when nobody has it and the actor may give it, else nothing."""
    if row.parent_id is not None or not row.is_active:
        return ""
    role = administrator_role(row.kind)
    is_missing = not _standing(row, on=on).filter(role=role).exists()
    may = can(actor, "people.manage", row) and role in roles_granted_by(actor.role, row.kind)
    return role if is_missing and may else ""


def in_tree_order(units: list[Organisation]) -> list[Organisation]:
    """Sort nodes so that every tree goes from its root down."""
    return sorted(units, key=lambda unit: [int(part) for part in unit.path.strip("/").split("/") if part])


def indented(unit: Organisation) -> str:
    """Return a node's name for a list of choices, set in by its depth."""
    return "\u3000" * (unit.path.count("/") - 2) + unit.name


def _readable(actor: Actor) -> QuerySet[Organisation]:
    managed = visible(actor, "organisations.manage", Organisation.objects.all())
    rows = visible(actor, "organisations.read", Organisation.objects.all())
    return rows.filter(Q(is_active=True) | Q(id__in=managed.values("id")))


def _unit(row: Organisation, *, base: int) -> Unit:
    return Unit(
        uuid=str(row.uuid),
        key=row.key,
        name=row.name,
        unit_kind=row.get_unit_kind_display(),
        depth=row.path.count("/") - 2 - base,
        is_demo=row.is_demo,
        is_active=row.is_active,
    )


def _standing(row: Organisation, *, on: dt.date) -> QuerySet[Membership]:
    return Membership.objects.current(on).filter(organisation__path__startswith=row.path)


def _people(row: Organisation, *, on: dt.date) -> int:
    return _standing(row, on=on).values("user").distinct().count()


def _invited(row: Organisation, role: str) -> str:
    links = Invitation.objects.filter(organisation=row, role=role, used_at__isnull=True)
    names = links.filter(expires_at__gt=timezone.now()).order_by("id").values_list("display_name", flat=True)
    return "、".join(names)
