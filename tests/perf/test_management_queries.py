"""Query counts of the programme pages with one report in force."""

from __future__ import annotations

from collections.abc import Callable

from django.test import Client
from django.urls import reverse

from tests.integration.apps.management.conftest import World
from tests.perf.recorded import compare_pages
from zhiqiao.apps.management.models import GapReport
from zhiqiao.platform.governance.models import User

Address = Callable[[World, GapReport], str]

PAGES: dict[str, Address] = {
    "management:programmes": lambda _world, _report: reverse("management:programmes"),
    "management:gap": lambda world, _report: reverse("management:gap", args=[world.programme.uuid]),
    "management:proposals": lambda world, _report: reverse(
        "management:proposals", args=[world.programme.uuid]
    ),
    "management:courses": lambda world, _report: reverse("management:courses", args=[world.programme.uuid]),
    "management:matrix": lambda world, _report: reverse("management:matrix", args=[world.programme.uuid]),
    "management:module": lambda world, _report: reverse("management:module", args=[world.ceramics.uuid]),
    "management:proposal": lambda _world, report: reverse(
        "management:proposal", args=[report.proposals.get(change="update").uuid]
    ),
    "home": lambda _world, _report: reverse("home"),
    "evidence gap_report": lambda _world, report: reverse("evidence", args=["gap_report", report.uuid]),
    "evidence gap_line": lambda _world, report: reverse(
        "evidence", args=["gap_line", report.lines.get(rank=1).uuid]
    ),
    "evidence proposal": lambda _world, report: reverse(
        "evidence", args=["proposal", report.proposals.get(change="update").uuid]
    ),
    "evidence module": lambda world, _report: reverse("evidence", args=["module", world.ceramics.uuid]),
    "evidence programme": lambda world, _report: reverse(
        "evidence", args=["programme", world.programme.uuid]
    ),
}


def test_pages_ask_as_often_as_recorded(
    world: World, report: GapReport, alice: User, sign_in: Callable[[User], Client]
) -> None:
    compare_pages((page, lambda to=to: (sign_in(alice), to(world, report))) for page, to in PAGES.items())
