"""What this package gives to the shell: navigation, search and things to do."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhiqiao.apps.evaluation import selectors
from zhiqiao.infra.ui.shell_types import Hit, NavItem, Todo
from zhiqiao.platform.governance.api import Actor, can

NAVIGATION = [
    NavItem(
        door="cockpit",
        label=gettext_lazy("权重研究"),
        url_name="evaluation:studies",
        action="studies.read",
        icon="list-checks",
        note=gettext_lazy("请专家判断各项指标有多重要，得出权重。"),
    )
]


def search(actor: Actor, query: str, limit: int) -> list[Hit]:
    """Return studies whose title holds the query."""
    if not can(actor, "studies.read"):
        return []
    found = [view for view in selectors.studies(actor) if query.casefold() in view.title.casefold()]
    return [
        Hit(view.title, _("权重研究"), reverse("evaluation:study", args=[view.uuid]), view.state_label)
        for view in found[:limit]
    ]


def todos(actor: Actor) -> list[Todo]:
    """Return studies whose open round everybody has answered."""
    return [
        Todo(
            _("“%(title)s”这一轮全部专家已提交，可以结束") % {"title": title},
            reverse("evaluation:study", args=[uuid]),
        )
        for uuid, title in selectors.waiting(actor)
    ]
