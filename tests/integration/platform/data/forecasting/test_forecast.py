"""Forecasts: what is kept, who may make, see and publish one, that figures come out the same again, what is refused."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import pytest
from django.http import Http404

from tests.conftest import Places
from tests.integration.platform.data.forecasting.conftest import TODAY, Region, add_posting, new_import
from zhiqiao.engines import demand as engine
from zhiqiao.infra.jobs.api import Cancelled, JobState, run_waiting
from zhiqiao.platform.data.api import forecast_in_force, forecast_rows, resolve, scenario_inputs
from zhiqiao.platform.data.errors import Refused
from zhiqiao.platform.data.forecasting import actions, storing
from zhiqiao.platform.data.forecasting.identifiers import FigurePlace, forecast_figure, read_forecast_figure
from zhiqiao.platform.data.models import DemandForecast, ForecastState, RoleCount
from zhiqiao.platform.data.selectors.forecasts import forecast_page
from zhiqiao.platform.governance.api import Actor, User

ActorOf = Callable[[User], Actor]


def test_a_forecast_keeps_its_inputs_and_the_digests_of_its_files(
    made: DemandForecast, region: Region
) -> None:
    assert (made.first_month, made.last_month, made.horizon, made.level) == ("2023-11", "2026-10", 12, 80)
    (item,) = made.inputs["imports"]
    assert (item["uuid"], item["taxonomy_version"]) == (str(region.shared.uuid), "t1")
    assert item["postings"] == 36 * 40 + sum(20 + 2 * number for number in range(36))
    assert made.parameters["forecast"]
    assert set(made.digests) == set(storing.FILES)
    assert storing.changed_files(made.uuid, made.digests) == ()
    assert made.is_demo


def test_a_growing_post_rises_a_steady_one_does_not(made: DemandForecast, acting: Actor) -> None:
    verdicts = {line.role: line for line in forecast_rows(acting, made.uuid, "role")}
    assert verdicts["it-post"].verdict == "flat"
    grown = verdicts["materials-post"]
    assert grown.last == sum(20 + 2 * number for number in range(24, 36))
    assert grown.low is not None
    assert (grown.low > grown.last) == (grown.verdict == "rising")
    assert {line.level for line in forecast_rows(acting, made.uuid, "role_skill")} == {"role_skill"}


def test_only_an_interval_beyond_the_last_year_is_called_a_change(
    made: DemandForecast, acting: Actor
) -> None:
    for level in ("industry", "role", "skill", "industry_skill", "role_skill"):
        for measure in ("count", "share"):
            for line in forecast_rows(acting, made.uuid, level, measure=measure):  # type: ignore[arg-type]
                assert None not in (line.last, line.low, line.high)
                inside = line.low <= line.last <= line.high  # type: ignore[operator]
                assert (line.verdict == "flat") == inside


def test_less_than_a_year_of_history_leaves_the_change_unknown(region: Region, acting: Actor) -> None:
    RoleCount.objects.filter(month__lt="2026-03").delete()
    line = forecast_rows(acting, actions.make_forecast(acting, today=TODAY).uuid, "role")[0]
    assert (line.last, line.verdict) == (None, "unknown")


def test_history_and_scenario_of_a_series_are_kept(made: DemandForecast, acting: Actor) -> None:
    line = next(item for item in forecast_rows(acting, made.uuid, "skill") if item.skill == "packaging")
    page = forecast_page(line)
    assert page.history[0] == 5
    assert [row.month for row in page.rows] == list(engine.months_after("2026-10", 12))
    assert [band["year"] for band in page.bands] == [2, 3]
    assert scenario_inputs(acting).names == ()


def test_the_figures_come_out_the_same_again_and_lead_to_postings(
    made: DemandForecast, region: Region, acting: Actor
) -> None:
    posting = add_posting(region, "2026-09", region.packer, region.skills["packaging"])
    for level, measure in (("skill", "count"), ("role_skill", "share")):
        lines = forecast_rows(acting, made.uuid, level, measure=measure)  # type: ignore[arg-type]
        line = next(item for item in lines if item.skill == "packaging")
        hop = resolve(acting, "forecast_row", line.uuid)
        assert hop.recompute is not None
        assert hop.recompute() == hop.value != ""
        assert ("posting", posting.uuid) in {(link.kind, link.uuid) for link in hop.basis}
        assert "2023-11: 5/" in str(dict(hop.facts))
    whole = resolve(acting, "demand_forecast", made.uuid)
    assert whole.recompute is not None
    assert whole.recompute() == whole.value
    assert [link.uuid for link in whole.basis] == [region.shared.uuid]


def test_a_figure_stays_when_the_postings_behind_it_are_withdrawn(
    made: DemandForecast, region: Region, acting: Actor
) -> None:
    line = forecast_rows(acting, made.uuid, "role")[0]
    region.shared.delete()
    hop = resolve(acting, "forecast_row", line.uuid)
    assert hop.recompute is not None
    assert hop.recompute() == hop.value


def test_unshared_postings_never_enter_a_forecast(
    region: Region, acting: Actor, places: Places, officer: User
) -> None:
    own = new_import(places, officer, shared=False, key="own")
    region.count("2026-10", region.developer, 500, into=own)
    assert actions.make_forecast(acting, today=TODAY).inputs["imports"][0]["uuid"] == str(region.shared.uuid)


def test_a_draft_is_seen_by_its_organisation_and_a_published_one_by_the_region(
    made: DemandForecast,
    acting: Actor,
    data_officer: User,
    alice: User,
    student: User,
    association_officer: User,
    actor_of: ActorOf,
    django_capture_on_commit_callbacks: Callable[..., object],
) -> None:
    colleague, stranger = actor_of(data_officer), actor_of(alice)
    assert forecast_rows(colleague, made.uuid, "role")
    with pytest.raises(Http404):
        forecast_rows(stranger, made.uuid, "role")
    assert forecast_in_force(acting) is None
    for actor in (stranger, actor_of(association_officer)):
        with pytest.raises(Http404):
            actions.publish_forecast(actor, made.uuid, now=made.created_at)
    actions.publish_forecast(acting, made.uuid, now=made.created_at)
    found = forecast_in_force(stranger)
    assert found is not None
    assert found.uuid == made.uuid
    assert forecast_rows(stranger, made.uuid, "role")
    with pytest.raises(Http404):
        forecast_rows(actor_of(student), made.uuid, "role")


def test_what_is_published_is_neither_published_again_nor_thrown_away(
    made: DemandForecast, acting: Actor
) -> None:
    actions.publish_forecast(acting, made.uuid, now=made.created_at)
    with pytest.raises(Refused, match="已经发布"):
        actions.publish_forecast(acting, made.uuid, now=made.created_at)
    with pytest.raises(Refused, match="永久保留"):
        actions.discard(acting, made.uuid)
    assert DemandForecast.objects.get().state == ForecastState.PUBLISHED


def test_a_draft_whose_files_were_changed_is_not_published(made: DemandForecast, acting: Actor) -> None:
    from zhiqiao.infra import storage

    (storage.forecast_folder(made.uuid) / storing.ROWS).write_bytes(b"other")
    with pytest.raises(Refused, match="不一致"):
        actions.publish_forecast(acting, made.uuid, now=made.created_at)


def test_a_draft_can_be_thrown_away_with_its_files(
    made: DemandForecast, acting: Actor, django_capture_on_commit_callbacks: Callable[..., object]
) -> None:
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[attr-defined]
        actions.discard(acting, made.uuid)
    assert not DemandForecast.objects.exists()
    assert storing.changed_files(made.uuid, made.digests) == tuple(made.digests)


def test_the_job_makes_a_forecast_as_the_person_who_asked(
    region: Region, acting: Actor, officer: User
) -> None:
    run = actions.start_forecast(acting)
    run_waiting()
    run.refresh_from_db()
    assert (run.state, run.error) == (JobState.SUCCEEDED, "")
    assert DemandForecast.objects.get().made_by == officer
    assert run.result["forecast_uuid"] == str(DemandForecast.objects.get().uuid)


def test_too_few_months_fail_in_words(region: Region, acting: Actor) -> None:
    RoleCount.objects.filter(month__lt="2026-08").delete()
    run = actions.start_forecast(acting)
    run_waiting()
    run.refresh_from_db()
    assert run.state == JobState.FAILED
    assert "预测至少需要" in run.error


def test_without_postings_a_forecast_is_refused(places: Places, acting: Actor) -> None:
    with pytest.raises(Refused, match="还没有带发布日期"):
        actions.make_forecast(acting, today=TODAY)


def test_a_cancelled_forecast_leaves_nothing(region: Region, acting: Actor) -> None:
    def stop(done: int, _total: int) -> None:
        if done == 2:
            raise Cancelled

    with pytest.raises(Cancelled):
        actions.make_forecast(acting, today=TODAY, report=stop)
    assert not DemandForecast.objects.exists()


@pytest.mark.parametrize("who", ["alice", "bob", "school_admin"])
def test_schools_make_no_forecasts(
    region: Region, who: str, request: pytest.FixtureRequest, actor_of: ActorOf
) -> None:
    with pytest.raises(Http404):
        actions.start_forecast(actor_of(request.getfixturevalue(who)))


def test_the_uuid_of_a_figure_says_where_it_lies() -> None:
    place = FigurePlace(77, "role_skill", "share", 12_345)
    assert read_forecast_figure(forecast_figure(place)) == place
    assert read_forecast_figure(UUID(int=8 << 76)) is None
