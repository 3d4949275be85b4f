"""Query counts of the pages of balance and programme health with one report in force."""

from __future__ import annotations

from collections.abc import Callable

from django.test import Client
from django.urls import reverse

from tests.integration.apps.management.conftest import World
from tests.perf.recorded import compare_pages
from zhiqiao.apps.management.models import BalanceReport
from zhiqiao.platform.governance.models import User

Address = Callable[[World, BalanceReport], str]


def _line(report: BalanceReport, level: str) -> str:
    return reverse("evidence", args=["balance_line", report.lines.filter(level=level)[0].uuid])


PAGES: dict[str, Address] = {
    "management:balance": lambda _world, _report: reverse("management:balance"),
    "management:balance_table": lambda _world, _report: (
        reverse("management:balance_table") + "?industry=new-materials"
    ),
    "management:balance_industry": lambda _world, _report: reverse(
        "management:balance_industry", args=["new-materials"]
    ),
    "management:balance_post": lambda _world, _report: reverse("management:balance_post", args=["packager"]),
    "management:health_list": lambda _world, _report: reverse("management:health_list"),
    "management:health": lambda world, _report: reverse("management:health", args=[world.programme.uuid]),
    "evidence balance_report": lambda _world, report: reverse(
        "evidence", args=["balance_report", report.uuid]
    ),
    "evidence balance_line skill": lambda _world, report: _line(report, "skill"),
    "evidence balance_line role": lambda _world, report: _line(report, "role"),
    "evidence programme_health": lambda _world, report: reverse(
        "evidence", args=["programme_health", report.health.get().uuid]
    ),
}


def test_pages_ask_as_often_as_recorded(
    region: World, balance: BalanceReport, officer: User, sign_in: Callable[[User], Client]
) -> None:
    compare_pages((page, lambda to=to: (sign_in(officer), to(region, balance))) for page, to in PAGES.items())
