"""Loads the organisations of a region pack, and in demo mode its people; twice changes nothing."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from django.db import transaction

from zhiqiao.packs import read_rows
from zhiqiao.platform.governance.access import Actor
from zhiqiao.platform.governance.models import Membership, Organisation, Role, User
from zhiqiao.platform.governance.sessions import actor_for


@transaction.atomic
def load_organisations(pack: Path, *, is_demo: bool) -> int:
    """Load organisations.csv (key, kind, unit_kind, parent, zh, en), parents before units; return how many."""
    known: dict[str, Organisation] = {}
    for row in read_rows(pack / "organisations.csv"):
        parent = known[row["parent"]] if row["parent"] else None
        stated = {
            "kind": row["kind"],
            "unit_kind": row["unit_kind"],
            "parent": parent,
            "name_zh": row["zh"],
            "name_en": row["en"],
            "is_demo": is_demo,
        }
        # where a new root stands is known only once it has its id
        node, _ = Organisation.objects.update_or_create(
            key=row["key"], defaults=stated, create_defaults={**stated, "org_root_id": 0}
        )
        node.place()
        node.save(update_fields=["org_root_id", "path"])
        known[row["key"]] = node
    return len(known)


@transaction.atomic
def load_demo_people(pack: Path, *, today: dt.date) -> int:
    """Load people.csv (username, zh, role, organisation, also_role, also_organisation) as demo accounts."""
    organisations = {node.key: node for node in Organisation.objects.all()}
    count = 0
    for row in read_rows(pack / "people.csv"):
        user = User.objects.filter(username=row["username"]).first()
        if user is None:
            user = User.objects.create_user(row["username"], display_name=row["zh"], is_demo=True)
        for role, place in ((row["role"], row["organisation"]), (row["also_role"], row["also_organisation"])):
            if role:
                node = organisations[place]
                Membership.objects.get_or_create(
                    user=user,
                    organisation=node,
                    role=Role(role),
                    defaults={"starts": today, "org_root_id": node.org_root_id},
                )
        count += 1
    return count


def demo_actor(role: Role) -> Actor | None:
    """Return the first demo person in a role, who acts for the pack's own data; None when there is none."""
    membership = (
        Membership.objects.filter(role=role, user__is_demo=True)
        .select_related("user", "organisation")
        .order_by("pk")
        .first()
    )
    return actor_for(membership.user, membership) if membership else None
