"""Query counts of the pages of balance and programme health with one report in force."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.integration.apps.management.conftest import World
from tests.perf.recorded import compare
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


@pytest.mark.parametrize("page", PAGES)
def test_a_page_asks_as_often_as_recorded(
    region: World, balance: BalanceReport, officer: User, sign_in: Callable[[User], Client], page: str
) -> None:
    client, address = sign_in(officer), PAGES[page](region, balance)
    client.get(address)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    compare(page, len(asked))
