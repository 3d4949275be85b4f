"""What this package gives to the shell: navigation, search, home cards and things to do."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from zhiqiao.apps.management import selectors
from zhiqiao.apps.management.balance.health import waiting_decisions
from zhiqiao.apps.management.balance.selectors import report_row
from zhiqiao.apps.management.models import BalanceReport, EditionState, ReportState
from zhiqiao.apps.management.report.selectors import waiting
from zhiqiao.infra.ui.shell_types import Card, Hit, NavItem, Todo
from zhiqiao.platform.data.api import programmes
from zhiqiao.platform.governance.api import Actor, can

NAVIGATION = [
    NavItem(
        "industry",
        gettext_lazy("专业与课程"),
        "management:programmes",
        "programmes.read",
        "book-open",
        30,
        group="supply",
        note=gettext_lazy("每个专业教什么，与岗位要求的差距，怎样调整。"),
    ),
    NavItem(
        "industry",
        gettext_lazy("供需匹配"),
        "management:balance",
        "balance.read",
        "git-compare",
        40,
        group="match",
        note=gettext_lazy("从产业到岗位、技能、专业，看缺口在哪里。"),
    ),
    NavItem(
        "industry",
        gettext_lazy("专业健康"),
        "management:health_list",
        "health.read",
        "list-checks",
        41,
        group="match",
        note=gettext_lazy("该扩、该调还是该停，依据和审批都在这里。"),
    ),
    NavItem(
        "industry",
        gettext_lazy("人才需求报告"),
        "management:reports",
        "reports.read",
        "file-text",
        42,
        group="match",
        note=gettext_lazy("每年一份，编制、签发、发布，发布后不再改变。"),
    ),
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
    """Return what waits: proposals of courses and programmes, a balance to compute, reports."""
    return [
        *_proposals_to_do(actor),
        *_decisions_to_do(actor),
        *_balance_to_do(actor),
        *_reports_to_do(actor),
    ]


def _reports_to_do(actor: Actor) -> list[Todo]:
    texts = {
        EditionState.DRAFT: _("%(year)s 年度人才需求报告的草稿等您修改、提交"),
        EditionState.IN_REVIEW: _("《重点产业人才需求动态预测报告》%(year)s 年度第 %(number)s 版等您签发"),
    }
    return [
        Todo(
            texts[EditionState(one.state)] % {"year": one.year, "number": one.number},
            reverse("management:report", args=[one.uuid]),
        )
        for one in waiting(actor)
    ]


def _balance_to_do(actor: Actor) -> list[Todo]:
    """Return the balance that was never computed or is out of date, to those who may compute it."""
    if not can(actor, "balance.compute", BalanceReport(org_root_id=actor.org_root_id or 0)):
        return []
    row = report_row(actor)
    url = reverse("management:balance")
    if row is None:
        return [Todo(_("还没有供需匹配报告，可以开始计算"), url)]
    return [Todo(_("供需匹配报告已过期，请重新计算"), url)] if row.state == ReportState.STALE else []


def _decisions_to_do(actor: Actor) -> list[Todo]:
    count = waiting_decisions(actor)
    text = ngettext("有 %(count)s 条专业设置建议等您审批", "有 %(count)s 条专业设置建议等您审批", count) % {
        "count": count
    }
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
