"""Query counts of the pages of rules, checks and waivers, with one check and one waiver."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from django.test import Client
from django.urls import reverse

from tests.integration.platform.rules.conftest import DAY, NOW, check
from tests.perf.recorded import compare_pages
from zhiqiao.platform.governance.models import User
from zhiqiao.platform.governance.sessions import actor_for, current_memberships
from zhiqiao.platform.rules import waiving
from zhiqiao.platform.rules.models import RuleCheck, RuleWaiver

__all__ = ["check"]

Address = Callable[[RuleCheck, RuleWaiver], str]
PAGES: dict[str, Address] = {
    "rules:book": lambda _check, _waiver: reverse("rules:book"),
    "rules:rule": lambda _check, _waiver: reverse("rules:rule", args=["TP-13"]),
    "rules:checks": lambda _check, _waiver: reverse("rules:checks"),
    "rules:check": lambda check, _waiver: reverse("rules:check", args=[check.uuid]),
    "rules:check_new": lambda _check, _waiver: reverse("rules:check_new"),
    "rules:waiver_new": lambda check, _waiver: reverse("rules:waiver_new", args=[check.uuid, "TP-13"]),
    "rules:waivers": lambda _check, _waiver: reverse("rules:waivers"),
    "rules:waiver": lambda _check, waiver: reverse("rules:waiver", args=[waiver.uuid]),
    "data:specialties": lambda _check, _waiver: reverse("data:specialties"),
    "evidence rule_check": lambda check, _waiver: reverse("evidence", args=["rule_check", check.uuid]),
    "evidence rule_finding": lambda check, _waiver: reverse(
        "evidence", args=["rule_finding", check.findings.get(rule="TP-13").uuid]
    ),
    "api/rules": lambda _check, _waiver: "/api/rules",
    "api/rule-checks": lambda _check, _waiver: "/api/rule-checks",
    "api/rule-checks/one": lambda check, _waiver: f"/api/rule-checks/{check.uuid}",
    "api/rule-waivers": lambda _check, _waiver: "/api/rule-waivers",
}


def test_pages_ask_as_often_as_recorded(
    check: RuleCheck,
    alice: User,
    sign_in: Callable[[User], Client],
) -> None:
    wish = waiving.Wish("TP-15", "reason", "programme_head", "集中实训", "12 号", DAY, dt.date(2099, 1, 1))
    actor = actor_for(alice, current_memberships(alice.pk)[0])
    waiver = waiving.give(actor, check.uuid, wish, today=DAY, now=NOW)
    client = sign_in(alice)
    compare_pages((page, lambda to=to: (client, to(check, waiver))) for page, to in PAGES.items())
