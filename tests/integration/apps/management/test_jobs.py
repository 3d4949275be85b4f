"""Background work of the gap: who it acts for, what events start, what fails in words."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import transaction

from tests.integration.apps.management.conftest import World
from zhiqiao.apps.management import jobs
from zhiqiao.apps.management.models import GapReport, ReportState
from zhiqiao.infra.jobs.api import JobState, publish, run_waiting, runs
from zhiqiao.platform.data.api import (
    PostingsImported,
    PostingsRecoded,
    PostingsWithdrawn,
    SkillsRemined,
    programme,
)
from zhiqiao.platform.data.models import ProgrammeRole
from zhiqiao.platform.governance.access import Actor
from zhiqiao.platform.governance.models import User

ActorOf = Callable[[User], Actor]
pytestmark = pytest.mark.django_db(transaction=True)


def announce(event: object) -> None:
    with transaction.atomic():
        publish(event)
    run_waiting()


def test_a_queued_computation_acts_as_the_person_who_asked(
    world: World, alice: User, actor_of: ActorOf
) -> None:
    acting = actor_of(alice)
    run = jobs.enqueue_gap(programme(acting, world.programme.uuid), acting=acting)
    run_waiting()
    run.refresh_from_db()
    assert run.state == JobState.SUCCEEDED
    assert GapReport.objects.get().computed_by == alice
    assert run.result["programme_uuid"] == str(world.programme.uuid)


def test_new_postings_recompute_the_gap_of_the_importing_school(world: World) -> None:
    announce(PostingsImported(str(world.posting_import.uuid), world.programme.org_root_id, is_shared=False))
    report = GapReport.objects.get()
    assert (report.postings, report.computed_by, report.state) == (60, None, ReportState.CURRENT)


def test_corrected_postings_make_the_reports_on_them_stale(world: World) -> None:
    announce(PostingsImported(str(world.posting_import.uuid), world.programme.org_root_id, is_shared=False))
    announce(PostingsRecoded(str(world.posting_import.uuid), world.programme.org_root_id, is_shared=False))
    report = GapReport.objects.get()
    assert (report.state, report.stale_reason) == (ReportState.STALE, "有人更正了所依据的招聘信息")


def test_another_schools_own_postings_recompute_nothing_here(world: World) -> None:
    announce(
        PostingsImported(str(world.posting_import.uuid), world.programme.org_root_id + 1, is_shared=False)
    )
    assert not runs().filter(kind=jobs.GAP_JOB).exists()


def test_shared_postings_recompute_everybodys_gap(world: World) -> None:
    announce(
        PostingsImported(str(world.posting_import.uuid), world.programme.org_root_id + 1, is_shared=True)
    )
    assert GapReport.objects.count() == 1


def test_a_withdrawal_marks_the_report_stale(report: GapReport, world: World) -> None:
    announce(PostingsWithdrawn(str(world.posting_import.uuid), world.programme.org_root_id, is_shared=False))
    report.refresh_from_db()
    assert report.state == ReportState.STALE
    assert "撤回" in report.stale_reason


def test_a_report_keeps_its_catalogue_and_says_that_there_is_a_newer_one(
    report: GapReport, world: World
) -> None:
    kept = report.inputs["taxonomy"]
    event = SkillsRemined(
        str(world.posting_import.uuid), world.programme.org_root_id, is_shared=False, version="abc"
    )
    announce(event)
    report.refresh_from_db()
    assert report.state == ReportState.STALE
    assert "技能目录已更新" in report.stale_reason
    assert report.inputs["taxonomy"] == kept


def test_a_programme_without_target_posts_fails_in_words(
    world: World, alice: User, actor_of: ActorOf
) -> None:
    acting = actor_of(alice)
    view = programme(acting, world.programme.uuid)
    ProgrammeRole.objects.all().delete()
    run = jobs.enqueue_gap(view, acting=acting)
    run_waiting()
    run.refresh_from_db()
    assert run.state == JobState.FAILED
    assert "目标岗位" in str(run.error)


def test_two_computations_of_one_programme_never_run_together(
    world: World, alice: User, actor_of: ActorOf
) -> None:
    acting = actor_of(alice)
    view = programme(acting, world.programme.uuid)
    first, second = jobs.enqueue_gap(view, acting=acting), jobs.enqueue_gap(view, acting=acting)
    assert first.exclusive == second.exclusive != ""
    run_waiting()
    assert GapReport.objects.exclude(state=ReportState.SUPERSEDED).count() == 1
    assert GapReport.objects.count() == 2
