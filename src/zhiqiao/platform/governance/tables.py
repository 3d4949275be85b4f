"""The tables of governance's pages."""

from __future__ import annotations

import datetime as dt

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from zhiqiao.infra.ui import formats
from zhiqiao.infra.ui.table import Column, Empty, Filter, Table
from zhiqiao.platform.governance.access import Actor, visible
from zhiqiao.platform.governance.directory import in_tree_order, indented
from zhiqiao.platform.governance.models import Membership, Organisation, Role


def people_table(actor: Actor) -> Table:
    """Return the list of roles of people, to be narrowed by the roles and units the actor may see."""
    return Table(
        key="people",
        caption=_("人员"),
        columns=(
            Column(
                "name",
                _("姓名"),
                value=lambda row: row.user.display_name,
                sort="user__display_name",
                url=lambda row: reverse("governance:person", args=[row.user.uuid]),
                is_head=True,
            ),
            Column("username", _("用户名"), value=lambda row: row.user.username, sort="user__username"),
            Column("role", _("角色"), value=lambda row: str(Role(row.role).label)),
            Column("unit", _("单位"), value=lambda row: row.organisation.name, sort="organisation__path"),
            Column("starts", _("起始日期"), "day"),
            Column("ends", _("结束日期"), "day", cell=_last_day),
            Column("state", _("状态"), value=_state, sort=None),
        ),
        filters=(
            Filter("role", _("角色"), Role.choices),
            Filter("unit", _("单位"), _units(actor), apply=_below),
        ),
        search=("user__display_name", "user__username", "organisation__name_zh", "organisation__name_en"),
        page_size=50,
        empty=Empty(_("还没有人员"), _("邀请来的人接受邀请后、或名单导入后，会列在这里。")),
    )


def _units(actor: Actor) -> list[tuple[str, str]]:
    rows = visible(actor, "people.read", Organisation.objects.filter(is_active=True))
    return [(str(row.uuid), indented(row)) for row in in_tree_order(list(rows))]


def _below(rows: QuerySet[Membership], uuid: str) -> QuerySet[Membership]:
    return rows.filter(organisation__path__startswith=Organisation.objects.get(uuid=uuid).path)


def _last_day(row: Membership) -> str:
    return formats.date(row.ends) if row.ends else gettext("未定")


def _state(row: Membership) -> str:
    if not row.user.is_active:
        return gettext("已停用")
    return gettext("已结束") if _has_ended(row, on=timezone.localdate()) else gettext("现任")


def _has_ended(row: Membership, *, on: dt.date) -> bool:
    return row.ends is not None and row.ends < on
