"""What this package gives to the shell: navigation and search."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhiqiao.infra.ui.shell_types import Hit, NavItem
from zhiqiao.platform.governance.api import Actor, can
from zhiqiao.platform.rules import books
from zhiqiao.platform.rules.books import said

NAVIGATION = [
    NavItem(
        "cockpit",
        gettext_lazy("规则"),
        "rules:book",
        "rules.read",
        "book-open",
        70,
        note=gettext_lazy("法规和文件写成的规则：出处、参数、谁可以豁免。"),
    ),
    NavItem(
        "cockpit",
        gettext_lazy("规则检查"),
        "rules:checks",
        "rule_checks.read",
        "list-checks",
        71,
        note=gettext_lazy("检查方案文件，看保存的检查结果。"),
    ),
    NavItem(
        "cockpit",
        gettext_lazy("豁免"),
        "rules:waivers",
        "waivers.read",
        "file-text",
        72,
        note=gettext_lazy("谁因为什么、凭什么文件豁免了哪条规则，何时到期。"),
    ),
]


def search(actor: Actor, query: str, limit: int) -> list[Hit]:
    """Return rules whose number or title holds the query."""
    if not can(actor, "rules.read"):
        return []
    wanted = query.casefold()
    found = {
        rule.id: rule
        for rule in books.book().rules
        if wanted in f"{rule.id} {rule.title.zh} {rule.title.en}".casefold()
    }
    return [
        Hit(f"{rule.id} {said(rule.title)}", _("规则"), reverse("rules:rule", args=[rule.id]))
        for rule in list(found.values())[:limit]
    ]
