"""What this package gives to the shell: navigation, search, home cards and things to do."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhiqiao.apps.management import selectors
from zhiqiao.apps.management.balance.health import waiting_decisions
from zhiqiao.infra.ui.shell_types import Card, Hit, NavItem, Todo
from zhiqiao.platform.data.api import programmes
from zhiqiao.platform.governance.api import Actor, can

NAVIGATION = [
    NavItem(
        door="industry",
        label=gettext_lazy("专业与课程"),
        url_name="management:programmes",
        action="programmes.read",
        icon="book-open",
    ),
    NavItem("industry", gettext_lazy("供需匹配"), "management:balance", "balance.read", "git-compare", 44),
    NavItem("industry", gettext_lazy("专业健康"), "management:health_list", "health.read", "list-checks", 45),
]


def search(actor: Actor, query: str, limit: int) -> list[Hit]:
    """Return programmes whose name holds the query."""
    if not can(actor, "programmes.read"):
        return []
    found = [
        item
        for item in programmes(actor)
        if query.casefold() in f"{item.name.zh} {item.name.en} {item.code}".casefold()
    ]
    return [
        Hit(f"{item.name} · {item.school}", _("专业"), reverse("management:gap", args=[item.uuid]))
        for item in found[:limit]
    ]


def todos(actor: Actor) -> list[Todo]:
    """Return proposals that wait for a decision: of courses, and of whole programmes."""
    return [*_proposals_to_do(actor), *_decisions_to_do(actor)]


def _decisions_to_do(actor: Actor) -> list[Todo]:
    count = waiting_decisions(actor)
    text = _("有 %(count)s 条专业设置建议等您审批") % {"count": count}
    return [Todo(text, reverse("management:health_list"))] if count else []


def _proposals_to_do(actor: Actor) -> list[Todo]:
    count = selectors.open_proposals(actor)
    if not count:
        return []
    mine = [item for item in programmes(actor) if item.path.startswith(actor.org_path)]
    target = (
        reverse("management:proposals", args=[mine[0].uuid])
        if len(mine) == 1
        else reverse("management:programmes")
    )
    return [Todo(_("有 %(count)s 条课程调整建议等您处理") % {"count": count}, target)]


def home_cards(actor: Actor) -> list[Card]:
    """Return the figure that matters on this role's home: skills asked for and not taught."""
    if not can(actor, "gaps.read"):
        return []
    missing = selectors.missing_skills(actor)
    if missing is None:
        return []
    return [
        Card(
            title=_("岗位要求而课程未开设的技能"),
            value=str(missing),
            url=reverse("management:programmes"),
            hint=_("在可见专业的最新差距报告中"),
        )
    ]
