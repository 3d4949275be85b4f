"""Organisations and their units."""

from __future__ import annotations

from django.db import transaction

from zhiqiao.platform.governance.access import Actor
from zhiqiao.platform.governance.audit import audit
from zhiqiao.platform.governance.models import Organisation, OrganisationKind, UnitKind


@transaction.atomic
def create_organisation(
    actor: Actor,
    *,
    key: str,
    name_zh: str,
    name_en: str,
    kind: OrganisationKind | str = "",
    parent: Organisation | None = None,
    unit_kind: UnitKind | str = UnitKind.ORGANISATION,
    is_demo: bool = False,
) -> Organisation:
    """Make an organisation, or with `parent` a unit below it (its kind is the parent's)."""
    made = Organisation(
        key=key,
        kind=parent.kind if parent else OrganisationKind(kind),
        unit_kind=unit_kind,
        parent=parent,
        name_zh=name_zh,
        name_en=name_en,
        is_demo=is_demo,
        org_root_id=parent.org_root_id if parent else 0,
    )
    made.save()
    made.place()
    made.save(update_fields=["path", "org_root_id"])
    audit(actor, "organisations.created", made, detail={"key": key, "kind": made.kind})
    return made
