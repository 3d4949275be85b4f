"""What governance offers to the shell: navigation, search hits."""

from __future__ import annotations

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from zhiqiao.infra.ui.shell_types import Hit, NavItem
from zhiqiao.platform.governance import selectors
from zhiqiao.platform.governance.access import Actor, can, visible
from zhiqiao.platform.governance.audit import audit
from zhiqiao.platform.governance.models import Membership, Organisation, Role

NAVIGATION = [
    NavItem("", _("机构名录"), "governance:organisations", "organisations.read", icon="building-2", order=80),
    NavItem("", _("人员"), "governance:people", "people.read", icon="users", order=81),
    NavItem("", _("审计记录"), "governance:audit", "audit.read", icon="shield-check", order=90),
]


def search(actor: Actor, query: str, limit: int) -> list[Hit]:
    """Return organisations and people whose name holds the query, as far as the actor may see them."""
    hits = []
    if can(actor, "organisations.read"):
        rows = visible(actor, "organisations.read", Organisation.objects.filter(is_active=True))
        named = rows.filter(Q(name_zh__icontains=query) | Q(name_en__icontains=query)).order_by("path")
        url = reverse("governance:organisations")
        hits += [Hit(row.name, _("机构"), url, row.get_kind_display()) for row in named[:limit]]
    if can(actor, "people.read"):
        found = list(selectors.people(actor, query=query)[:limit])
        hits += [_person_hit(row) for row in found]
        if found:
            audit(actor, "people.searched", detail={"rows": len(found)})
    return hits


def _person_hit(row: Membership) -> Hit:
    url = reverse("governance:person", args=[row.user.uuid])
    return Hit(row.user.display_name, _("人员"), url, Role(row.role).label)
