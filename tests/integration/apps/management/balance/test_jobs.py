"""The balance in the background: progress, cancel, and what makes it stale."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import transaction

from tests.integration.apps.management.conftest import World
from zhiqiao.apps.management.balance.jobs import enqueue_balance
from zhiqiao.apps.management.models import BalanceReport, ReportState
from zhiqiao.infra.jobs.api import JobState, publish, request_cancel, run_waiting
from zhiqiao.platform.data.api import (
    ModuleChanged,
    PostingsImported,
    PostingsRecoded,
    PostingsWithdrawn,
    SkillsRemined,
)
from zhiqiao.platform.governance.access import Actor
from zhiqiao.platform.governance.models import User

pytestmark = pytest.mark.django_db(transaction=True)
ActorOf = Callable[[User], Actor]


def announce(event: object) -> None:
    with transaction.atomic():
        publish(event)
    run_waiting()


def test_a_queued_computation_acts_as_the_officer(region: World, officer: User, actor_of: ActorOf) -> None:
    run = enqueue_balance(acting=actor_of(officer))
    run_waiting()
    run.refresh_from_db()
    report = BalanceReport.objects.get()
    assert (run.state, run.done, run.total) == (JobState.SUCCEEDED, 4, 4)
    assert (report.computed_by, report.postings) == (officer, 60)


def test_a_cancelled_computation_leaves_nothing(region: World, officer: User, actor_of: ActorOf) -> None:
    run = enqueue_balance(acting=actor_of(officer))
    request_cancel(run)
    run_waiting()
    run.refresh_from_db()
    assert run.state == JobState.CANCELLED
    assert not BalanceReport.objects.exists()


def test_without_postings_the_run_fails_in_words(world: World, officer: User, actor_of: ActorOf) -> None:
    run = enqueue_balance(acting=actor_of(officer))
    run_waiting()
    run.refresh_from_db()
    assert run.state == JobState.FAILED


def _events(world: World) -> dict[str, object]:
    uuid, root = str(world.posting_import.uuid), world.programme.org_root_id
    return {
        "imported": PostingsImported(uuid, root, is_shared=True),
        "withdrawn": PostingsWithdrawn(uuid, root, is_shared=True),
        "recoded": PostingsRecoded(uuid, root, is_shared=True),
        "remined": SkillsRemined(uuid, root, is_shared=True, version="2"),
        "module": ModuleChanged(str(world.ceramics.uuid), str(world.programme.uuid), root),
    }


@pytest.mark.parametrize("name", ["imported", "withdrawn", "recoded", "remined", "module"])
def test_changed_inputs_make_the_report_stale(balance: BalanceReport, region: World, name: str) -> None:
    announce(_events(region)[name])
    balance.refresh_from_db()
    assert balance.state == ReportState.STALE
    assert balance.stale_reason


def test_another_schools_own_postings_change_nothing(balance: BalanceReport, region: World) -> None:
    announce(PostingsImported(str(region.ceramics.uuid), region.programme.org_root_id, is_shared=False))
    balance.refresh_from_db()
    assert balance.state == ReportState.CURRENT
