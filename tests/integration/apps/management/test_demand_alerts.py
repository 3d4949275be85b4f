"""Alerts of changed demand reach the heads of programmes that train for the posts, and the programme's page."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse

from tests.conftest import Places
from tests.integration.apps.management.conftest import NOW, World
from zhiqiao.apps.management.demand_alerts import NOTICE, tell_heads
from zhiqiao.platform.data.api import DemandAlertRaised
from zhiqiao.platform.data.models import DemandAlert
from zhiqiao.platform.governance.api import Notice, User

SignIn = Callable[[User], Client]


@pytest.fixture
def raised(world: World) -> DemandAlert:
    """Packaging was asked for in the programme's post more often."""
    return DemandAlert.objects.create(
        skill=world.skills["ceramic-chip-packaging"], month="2026-10", direction="rise", window=2, count=30,
        total=60, before_count=20, before_total=400, before_months=24, before_first="2024-09", dispersion=1,
        p=0.00002, roles=[world.role.key], inputs={"first_month": "2026-09", "imports": []},
    )  # fmt: skip


def event(row: DemandAlert, *roles: str) -> DemandAlertRaised:
    return DemandAlertRaised(str(row.uuid), row.skill.key, roles, row.month, row.direction)


def test_the_head_of_a_programme_for_the_post_is_told_others_are_not(
    world: World, raised: DemandAlert, alice: User, bob: User, charlie: User
) -> None:
    assert tell_heads(event(raised, world.role.key), today=NOW.date()) == 1
    notice = Notice.objects.get(kind=NOTICE)
    assert (notice.user, notice.values["skill"]["zh"]) == (alice, "陶瓷芯片封装")
    assert notice.url == reverse("data:alert", args=[UUID(str(raised.uuid))])


def test_a_notice_of_demo_postings_says_so_in_both_languages(
    world: World, raised: DemandAlert, alice: User, sign_in: SignIn
) -> None:
    DemandAlert.objects.update(is_demo=True)
    tell_heads(event(raised, world.role.key), today=NOW.date())
    assert "（2026-10，演示数据）" in sign_in(alice).get(reverse("governance:notices")).content.decode()
    assert Notice.objects.get(kind=NOTICE).values["month"]["en"] == "2026-10, demo data"


def test_posts_nobody_trains_for_tell_nobody(world: World, raised: DemandAlert, places: Places) -> None:
    assert tell_heads(event(raised, "other-post"), today=NOW.date()) == 0
    assert not Notice.objects.filter(kind=NOTICE).exists()


def test_the_programme_page_has_a_line_that_leads_to_the_alert(
    world: World, raised: DemandAlert, alice: User, bob: User, charlie: User, sign_in: SignIn
) -> None:
    url = reverse("management:alerts", args=[world.programme.uuid])
    assert url in sign_in(alice).get(reverse("management:gap", args=[world.programme.uuid])).content.decode()
    for person in (alice, bob):
        shown = sign_in(person).get(url).content.decode()
        assert reverse("data:alert", args=[raised.uuid]) in shown
        assert "5.0%" in shown or "5%" in shown
    assert sign_in(charlie).get(url).status_code == 404


def test_a_dismissed_alert_is_not_on_the_page(
    world: World, raised: DemandAlert, alice: User, sign_in: SignIn
) -> None:
    DemandAlert.objects.update(state="dismissed")
    shown = sign_in(alice).get(reverse("management:alerts", args=[world.programme.uuid])).content.decode()
    assert shown.strip() == ""
