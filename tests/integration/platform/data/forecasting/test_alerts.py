"""Alerts: a real change is raised once and told, noise and old changes are not, people decide with a reason."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import numpy as np
import pytest
from django.http import Http404
from django.test import Client
from django.urls import reverse

from tests.integration.platform.data.forecasting.conftest import TODAY, Region, add_posting, month_at
from zhiqiao.engines import demand as engine
from zhiqiao.infra.jobs.api import JobState, publish, run_waiting, runs, subscribe
from zhiqiao.infra.jobs.registry import SUBSCRIPTIONS
from zhiqiao.platform.data.api import DemandAlertRaised, PostingsImported, alerts, alerts_of_roles, resolve
from zhiqiao.platform.data.errors import Refused
from zhiqiao.platform.data.forecasting import alerting, watching
from zhiqiao.platform.data.forecasting.parameters import watch_rules
from zhiqiao.platform.data.models import AlertState, DemandAlert, RoleCount, SkillCount
from zhiqiao.platform.governance.api import Actor, User

ActorOf = Callable[[User], Actor]
SignIn = Callable[[User], Client]


@pytest.fixture
def surge(region: Region) -> Region:
    """Packers ask steadily for packaging until the last two months, then four times as often."""
    SkillCount.objects.all().delete()
    RoleCount.objects.all().delete()
    for number in range(36):
        asked = 32 if number >= 34 else 8
        region.count(month_at(number), region.developer, 60, python=20 + number % 3)
        region.count(month_at(number), region.packer, 40, packaging=asked)
    return region


def test_a_surge_is_raised_once_in_its_industry(surge: Region) -> None:
    (found,) = watching.raise_alerts(today=TODAY)
    assert (found.skill.key, found.scope_key, found.direction) == ("packaging", "materials", "rise")
    assert (found.month, found.roles) == ("2026-09", ["materials-post"])
    assert found.count / found.total == 0.8
    assert found.before_count / found.before_total == 0.2
    assert found.is_demo
    assert watching.raise_alerts(today=TODAY) == []


def test_the_same_change_seen_a_month_later_is_not_raised_again(surge: Region) -> None:
    watching.raise_alerts(today=dt.date(2026, 10, 5))
    first = list(DemandAlert.objects.values_list("month", flat=True))
    watching.raise_alerts(today=TODAY)
    assert list(DemandAlert.objects.values_list("month", flat=True)) == first == ["2026-09"]


def test_changes_of_long_ago_are_history(surge: Region) -> None:
    for number in range(36, 48):
        surge.count(month_at(number), surge.packer, 40, packaging=32)
    assert watching.raise_alerts(today=dt.date(2027, 11, 5)) == []


def test_steady_series_raise_nothing_though_their_number_grows(region: Region) -> None:
    SkillCount.objects.filter(skill=region.skills["packaging"]).delete()
    for number in range(36):
        SkillCount.objects.create(
            posting_import=region.shared, role=region.packer, skill=region.skills["packaging"],
            month=month_at(number), postings=(20 + 2 * number) // 2,
        )  # fmt: skip
    assert watching.raise_alerts(today=TODAY) == []


def test_postings_that_are_not_shared_raise_nothing(surge: Region) -> None:
    source = surge.shared.source
    source.is_shared = False
    source.save()
    assert watching.raise_alerts(today=TODAY) == []


def test_a_fall_names_the_posts_that_asked_before(surge: Region) -> None:
    SkillCount.objects.filter(month__gte="2026-09", skill=surge.skills["packaging"]).delete()
    (found,) = watching.raise_alerts(today=TODAY)
    assert (found.direction, found.count, found.roles) == ("fall", 0, ["materials-post"])


@pytest.mark.django_db(transaction=True)
def test_an_import_starts_the_watch_and_the_alert_is_announced(
    surge: Region, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[DemandAlertRaised] = []

    @subscribe(DemandAlertRaised)
    def hear(event: DemandAlertRaised) -> None:
        heard.append(event)

    try:
        monkeypatch.setattr("zhiqiao.platform.data.forecasting.jobs.timezone.localdate", lambda: TODAY)
        for shared in (False, True):
            publish(PostingsImported(str(surge.shared.uuid), surge.shared.org_root_id, is_shared=shared))
        run_waiting()
    finally:
        SUBSCRIPTIONS.pop(next(name for name, item in SUBSCRIPTIONS.items() if item.handler is hear))
    assert [(event.skill_key, event.role_keys, event.direction) for event in heard] == [
        ("packaging", ("materials-post",), "rise")
    ]
    assert runs().filter(kind=alerting.WATCH, state=JobState.SUCCEEDED).count() == 1


def test_an_officer_decides_a_school_reads_a_student_sees_nothing(
    surge: Region, acting: Actor, alice: User, student: User, actor_of: ActorOf
) -> None:
    (row,) = watching.raise_alerts(today=TODAY)
    assert [item.skill_key for item in alerts(actor_of(alice))] == ["packaging"]
    assert alerts_of_roles(actor_of(alice), ["materials-post"])
    assert alerts_of_roles(actor_of(alice), ["it-post"]) == []
    assert alerts_of_roles(actor_of(student), ["materials-post"]) == []
    with pytest.raises(Http404):
        alerting.mark_seen(actor_of(alice), row.uuid, now=row.created_at)
    alerting.mark_seen(acting, row.uuid, now=row.created_at)
    with pytest.raises(Refused, match="写明理由"):
        alerting.dismiss(acting, row.uuid, reason=" ", now=row.created_at)
    alerting.dismiss(acting, row.uuid, reason="一次性招聘", now=row.created_at)
    with pytest.raises(Refused, match="已有人处理"):
        alerting.dismiss(acting, row.uuid, reason="再次", now=row.created_at)
    row.refresh_from_db()
    assert (row.state, row.reason, row.decided_by_id) == (AlertState.DISMISSED, "一次性招聘", acting.user_id)
    assert alerts(acting) == []
    assert watching.raise_alerts(today=TODAY) == []


def test_the_evidence_counts_again_from_single_postings(surge: Region, acting: Actor) -> None:
    (row,) = watching.raise_alerts(today=TODAY)
    posting = add_posting(surge, row.month, surge.packer, surge.skills["packaging"])
    hop = resolve(acting, "demand_alert", row.uuid)
    assert hop.value == f"{row.before_count} / {row.before_total} → {row.count} / {row.total}"
    assert ("posting", posting.uuid) in {(link.kind, link.uuid) for link in hop.basis}
    assert hop.recompute is not None
    assert hop.recompute() == "0 / 0 → 1 / 1"  # only this one posting stands behind the counts of this test


def test_the_pages_say_it_in_plain_words(
    surge: Region, officer: User, data_officer: User, bob: User, student: User, sign_in: SignIn
) -> None:
    (row,) = watching.raise_alerts(today=TODAY)
    url = reverse("data:alert", args=[row.uuid])
    assert "若需求没有变化，这样的差异每一万次出现" in sign_in(bob).get(url).content.decode()
    assert "陶瓷芯片封装" in sign_in(bob).get(reverse("data:alerts")).content.decode()
    assert "判为不重要" not in sign_in(bob).get(url).content.decode()
    assert sign_in(student).get(url).status_code == 404
    decide = reverse("data:alert_decide", args=[row.uuid])
    assert sign_in(bob).post(decide, {"verb": "seen"}).status_code == 404
    assert sign_in(officer).post(decide, {"verb": "dismiss", "reason": ""}).status_code == 422
    sign_in(data_officer).post(decide, {"verb": "seen"})
    sign_in(officer).post(decide, {"verb": "dismiss", "reason": "一次性招聘"})
    row.refresh_from_db()
    assert row.state == AlertState.DISMISSED
    shown = sign_in(bob).get(reverse("data:alerts")).content.decode()
    assert "没有需求变化提醒" in shown
    assert sign_in(bob).post(reverse("data:alerts_watch")).status_code == 404
    assert sign_in(officer).post(reverse("data:alerts_watch")).status_code == 302


def test_an_export_carries_the_label_of_demo_data(surge: Region, officer: User, sign_in: SignIn) -> None:
    watching.raise_alerts(today=TODAY)
    text = sign_in(officer).get(reverse("data:alerts") + "?export=csv").content.decode("utf-8-sig")
    assert "陶瓷芯片封装" in text
    assert "演示数据" in text


def test_chance_alone_raises_at_most_one_in_a_thousand_series_months(region: Region) -> None:
    """Shares that only chance moves, sizes as in the demo region; other numbers than the engine was calibrated on."""
    draw = np.random.default_rng(20261121)
    rates = draw.choice([0.02, 0.05, 0.1, 0.2, 0.4], size=2_000)
    totals = np.full((2_000, 36), 60.0)
    counts = draw.binomial(60, rates[:, None], size=totals.shape).astype(float)
    start = 8
    found = engine.watch(counts, totals, watch_rules(), start=start)
    assert len(found) / (2_000 * (36 - start)) <= 1 / 1_000
