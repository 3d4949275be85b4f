"""The loop turned once in a demo: on a made-up city for real, and step by step for what may go wrong."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace
from uuid import uuid4

import pytest
from django.utils import timezone

from tests.integration.platform.data.taxonomy.conftest import SilentStage
from tests.integration.web.test_region import FURTHER_PACKS
from zhiqiao.apps.management.models import BalanceReport, ReportEdition
from zhiqiao.infra.config import config
from zhiqiao.infra.jobs import queue
from zhiqiao.infra.jobs.api import Cancelled, JobContext, JobFailed, JobRun, run_waiting, runs
from zhiqiao.infra.jobs.errors import Interrupted
from zhiqiao.infra.jobs.registry import JOBS
from zhiqiao.platform.data import importing
from zhiqiao.platform.data.forecasting.actions import make_forecast
from zhiqiao.platform.data.models import CompetencyStudy, DemandForecast
from zhiqiao.platform.governance.api import Actor, AuditEvent, Role, demo_actor
from zhiqiao.platform.governance.region import load_demo_people, load_organisations
from zhiqiao.web import demo_turn, region

TODAY = dt.date(2026, 11, 21)
CITY = FURTHER_PACKS / "testcity"


def switch(monkeypatch: pytest.MonkeyPatch, *, demo: bool) -> None:
    """Switch demo mode for the region and its loop."""
    settings = config().model_copy(update={"region_path": FURTHER_PACKS, "demo": demo})
    for module in (region, demo_turn):
        monkeypatch.setattr(module, "config", lambda: settings)


def states() -> list[tuple[object, str]]:
    """Return the steps of the loop with how their runs ended, in the order they were queued."""
    return [(run.params["step"], run.state) for run in runs().filter(kind=demo_turn.TURN).order_by("pk")]


class TestRealSteps:
    """All of it on the small city; the dictionary alone reads its texts."""

    @pytest.fixture
    def officer(self, transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Actor:
        """A demo as its first start leaves it before the worker begins; return the officer of the bureau."""
        monkeypatch.setattr(importing, "learned_stage", SilentStage)
        switch(monkeypatch, demo=True)
        region.load("testcity", demo=True, today=TODAY)
        found = demo_actor(Role.BUREAU_OFFICER)
        assert found is not None
        return found

    def test_a_start_that_took_up_a_draft_shows_the_whole_loop_and_the_next_changes_nothing(
        self, officer: Actor
    ) -> None:
        draft = make_forecast(officer, today=timezone.localdate())  # what a killed worker may leave
        assert demo_turn.start()
        assert states() == [("forecast", "queued")]  # nothing is waited for
        run_waiting()
        assert states() == [(step.key, "succeeded") for step in demo_turn.STEPS]

        forecast, edition, study = (
            DemandForecast.objects.get(),
            ReportEdition.objects.get(),
            CompetencyStudy.objects.get(),
        )
        assert (forecast.uuid, forecast.is_published, forecast.is_demo) == (draft.uuid, True, True)
        assert (edition.state, edition.is_demo, edition.org_root_id) == ("draft", True, officer.org_root_id)
        assert (study.title, study.is_demo) == ("演示数据：茶产业能力发现", True)
        assert study.made_by.username == "tc.association"
        assert BalanceReport.objects.get().inputs["is_demo"]
        assert all(run.title_text.startswith("演示数据：") for run in runs().filter(kind=demo_turn.TURN))

        told = AuditEvent.objects.filter(action__startswith="demo.")
        assert {event.detail["note"] for event in told} == {"演示数据"}
        assert told.get(action="demo.forecast_published").object_id == str(forecast.uuid)
        assert told.filter(action="demo.step_queued").count() == len(demo_turn.STEPS)

        runs_before = runs().count()
        assert not demo_turn.start()
        assert runs().count() == runs_before

    def test_the_watch_looks_back_from_the_newest_month_by_quarters(
        self, officer: Actor, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        seen: list[dt.date] = []
        monkeypatch.setattr(demo_turn, "raise_alerts", lambda *, today: seen.append(today) or [])
        only = tuple(step for step in demo_turn.STEPS if step.key == "alerts")
        monkeypatch.setattr(demo_turn, "STEPS", only)
        demo_turn.start()
        run_waiting()
        assert seen == [dt.date(2026, month, 1) for month in (2, 5, 8, 11)]


class Loop:
    """Three steps that only note that they were made, and fail as they are told."""

    def __init__(self) -> None:
        self.made: list[str] = []
        self.there: set[str] = set()
        self.faults: dict[str, list[Exception]] = {}

    def step(self, key: str) -> demo_turn.Step:
        """Return a step of the officer."""

        def make(_context: JobContext, _acting: Actor) -> dict[str, object]:
            self.made.append(key)
            if self.faults.get(key):
                raise self.faults[key].pop(0)
            self.there.add(key)
            return {}

        return demo_turn.Step(
            key, "演示数据", (Role.BUREAU_OFFICER,), lambda _acting: key in self.there, make
        )


@pytest.fixture
def loop(db: None, monkeypatch: pytest.MonkeyPatch) -> Loop:
    """Demo people whose postings count as live, and a loop of three steps."""
    load_organisations(CITY, is_demo=True)
    load_demo_people(CITY, today=TODAY)
    switch(monkeypatch, demo=True)
    found = Loop()
    monkeypatch.setattr(demo_turn, "STEPS", tuple(map(found.step, "abc")))
    monkeypatch.setattr(demo_turn.data, "demo_import_is_live", lambda: True)
    monkeypatch.setitem(JOBS, demo_turn.TURN, replace(JOBS[demo_turn.TURN], backoff_seconds=0))
    return found


def turn() -> None:
    """Start, and let the worker do what waits."""
    demo_turn.start()
    run_waiting()


def test_steps_are_made_in_order_each_once(loop: Loop) -> None:
    turn()
    turn()
    assert loop.made == ["a", "b", "c"]


def test_two_starts_before_the_worker_queue_one_run(loop: Loop) -> None:
    assert demo_turn.start()
    assert not demo_turn.start()
    assert states() == [("a", "queued")]


def test_without_demo_mode_nothing_happens_even_to_what_waits(
    loop: Loop, monkeypatch: pytest.MonkeyPatch
) -> None:
    demo_turn.start()
    switch(monkeypatch, demo=False)
    run_waiting()
    assert not demo_turn.start()
    assert (loop.made, states()) == ([], [("a", "cancelled")])


def test_before_the_postings_are_in_nothing_is_queued(loop: Loop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demo_turn.data, "demo_import_is_live", lambda: False)
    assert not demo_turn.start()
    assert states() == []


def test_what_is_there_is_left_out(loop: Loop) -> None:
    loop.there = {"a", "c"}
    turn()
    assert loop.made == ["b"]


def test_what_people_took_away_stays_away(loop: Loop) -> None:
    turn()
    loop.there.clear()
    assert not demo_turn.start()


@pytest.mark.parametrize("fault", [JobFailed("没有数据"), Cancelled()])
def test_a_step_that_ends_does_not_stop_the_others_and_the_next_start_tries_it_again(
    loop: Loop, fault: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    loop.faults["b"] = [fault]
    turn()
    assert loop.made == ["a", "b", "c"]
    assert "step b is left out" in caplog.text
    turn()
    assert loop.made == ["a", "b", "c", "b"]


def test_an_unexpected_fault_is_tried_again_before_the_others_go_on(
    loop: Loop, caplog: pytest.LogCaptureFixture
) -> None:
    loop.faults = {"a": [ValueError()], "b": [ValueError()] * demo_turn.ATTEMPTS}
    turn()
    assert loop.made == ["a", "a", *["b"] * demo_turn.ATTEMPTS, "c"]
    assert states() == [("a", "succeeded"), ("b", "failed"), ("c", "succeeded")]
    assert "step b is given up" in caplog.text


def test_a_worker_that_stops_leaves_the_step_for_its_next_start(loop: Loop) -> None:
    loop.faults["a"] = [Interrupted()]
    turn()
    assert loop.made == ["a", "a", "b", "c"]


def test_what_a_killed_worker_held_is_completed_and_not_doubled(loop: Loop) -> None:
    demo_turn.start()
    run = runs().get(kind=demo_turn.TURN)
    assert run.ticket is not None
    queue.begin(run.pk, ticket=run.ticket, worker="killed")
    JobRun.objects.filter(pk=run.pk).update(lease_until=timezone.now() - dt.timedelta(seconds=1))
    assert not demo_turn.start()
    assert queue.recover() == 1
    run_waiting()
    assert loop.made == ["a", "b", "c"]


def test_a_step_without_its_person_is_left_out(
    loop: Loop, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    first, *others = demo_turn.STEPS
    monkeypatch.setattr(demo_turn, "STEPS", (replace(first, roles=()), *others))
    turn()
    assert loop.made == ["b", "c"]
    assert "no person" in caplog.text


def test_a_forecast_of_real_postings_is_never_published_by_the_demo(
    loop: Loop, monkeypatch: pytest.MonkeyPatch
) -> None:
    published: list[object] = []
    acting = demo_actor(Role.BUREAU_OFFICER)
    assert acting is not None
    row = SimpleNamespace(uuid=uuid4(), is_published=False, made_by_id=acting.user_id, is_demo=False)
    monkeypatch.setattr(demo_turn, "forecasts", lambda _acting: [row])
    monkeypatch.setattr(demo_turn, "publish_forecast", lambda *given, **_now: published.append(given))
    forecast: Callable[..., object] = demo_turn._forecast
    with pytest.raises(JobFailed, match="只能由人发布"):
        forecast(SimpleNamespace(), acting)
    assert published == []
