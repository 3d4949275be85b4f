"""What this package gives to the shell: navigation, search and things to do."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhiqiao.apps.teaching import selectors
from zhiqiao.apps.teaching.models import VersionState
from zhiqiao.infra.ui.shell_types import Hit, NavItem, Todo
from zhiqiao.platform.governance.api import Actor, can

NAVIGATION = [
    NavItem(
        "industry",
        gettext_lazy("人才培养方案"),
        "teaching:plans",
        "training_plans.read",
        "clipboard-list",
        31,
        group="supply",
        note=gettext_lazy("编写、比较、审定每一级的培养方案，边写边按规则检查。"),
    ),
]


def search(actor: Actor, query: str, limit: int) -> list[Hit]:
    """Return plans whose programme or entry year holds the query."""
    if not can(actor, "training_plans.read"):
        return []
    found = [
        (view, one)
        for view in selectors.plans_of(actor)
        if (one := view.shown)
        and query.casefold() in f"{view.programme.zh} {view.programme.en} {view.entry_year}".casefold()
    ]
    return [
        Hit(one.title, _("人才培养方案"), reverse("teaching:version", args=[one.uuid]), one.state_label)
        for _view, one in found[:limit]
    ]


def todos(actor: Actor) -> list[Todo]:
    """Return plans that wait: submitted ones for who approves."""
    if not can(actor, "training_plans.approve"):
        return []
    return [
        Todo(
            _("%(plan)s 已提交，等您审定") % {"plan": one.title},
            reverse("teaching:history", args=[one.uuid]),
        )
        for view in selectors.plans_of(actor)
        if (one := view.open) and one.state == VersionState.SUBMITTED and one.may_approve
    ]
