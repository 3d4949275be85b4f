"""What governance offers to the shell: navigation, search hits, first steps."""

from __future__ import annotations

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from zhiqiao.infra.ui.shell_types import Hit, NavItem, Todo
from zhiqiao.platform.governance import selectors
from zhiqiao.platform.governance.access import Actor, can, visible
from zhiqiao.platform.governance.audit import audit
from zhiqiao.platform.governance.models import (
    Invitation,
    Membership,
    Organisation,
    OrganisationKind,
    Role,
    UnitKind,
)
from zhiqiao.platform.governance.units import unit_kinds_below

_MOST_TODOS = 5

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
        hits += [_organisation_hit(row) for row in named[:limit]]
    if can(actor, "people.read"):
        found = list(selectors.people(actor, query=query)[:limit])
        hits += [_person_hit(row) for row in found]
        if found:
            audit(actor, "people.searched", detail={"rows": len(found)})
    return hits


def todos(actor: Actor) -> list[Todo]:
    """Return the next steps of an installation or organisation that has only just begun."""
    if can(actor, "organisations.create"):
        return _first_organisations(actor)
    if not can(actor, "organisations.manage"):
        return []
    units = visible(actor, "organisations.manage", Organisation.objects.filter(is_active=True))
    if not unit_kinds_below(actor.org_kind, UnitKind.ORGANISATION) or units.exclude(parent=None).exists():
        return []
    root = units.filter(parent=None).first()
    if root is None or Membership.objects.filter(org_root_id=root.id).count() > 1:
        return []
    note = _("学校下设系和专业，企业下设工厂；也可以先不设，直接邀请人员。")
    return [
        Todo(_("设置下属单位并邀请人员"), reverse("governance:organisation", args=[root.uuid]), note=note)
    ]


def _first_organisations(actor: Actor) -> list[Todo]:
    roots = visible(actor, "organisations.create", Organisation.objects.filter(parent=None, is_active=True))
    roots = roots.exclude(kind=OrganisationKind.OPERATOR)
    if not roots.exists():
        note = _("学校、企业、行业协会或主管部门；建立后邀请各自的第一位管理员。")
        return [Todo(_("建立第一个机构"), reverse("governance:organisation_new"), note=note)]
    invited = Invitation.objects.filter(used_at__isnull=True, expires_at__gt=timezone.now())
    empty = roots.filter(units=None, memberships=None).exclude(id__in=invited.values("organisation"))
    return [
        Todo(
            gettext("邀请%(name)s的第一位管理员") % {"name": row.name},
            reverse("governance:organisation", args=[row.uuid]),
        )
        for row in empty.order_by("created_at")[:_MOST_TODOS]
    ]


def _organisation_hit(row: Organisation) -> Hit:
    url = reverse("governance:organisation", args=[row.uuid])
    return Hit(row.name, _("机构"), url, row.get_kind_display())


def _person_hit(row: Membership) -> Hit:
    url = reverse("governance:person", args=[row.user.uuid])
    return Hit(row.user.display_name, _("人员"), url, Role(row.role).label)
