"""Events arrive, in order, and a failing handler holds back only itself."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from uuid import uuid4

import pytest
from django.db import transaction
from django.utils import timezone

from tests.integration.infra.jobs.sample_jobs import RECEIVED, TROUBLE, Happened
from zhiqiao.infra.jobs.api import publish, run_waiting
from zhiqiao.infra.jobs.models import OutboxEvent
from zhiqiao.infra.jobs.outbox import deliver_waiting

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _empty() -> Iterator[None]:
    RECEIVED.clear()
    TROUBLE.clear()
    yield
    TROUBLE.clear()


def happened(number: int) -> Happened:
    """Publish an event and return it."""
    event = Happened(number, timezone.now(), uuid4())
    publish(event)
    return event


def let_time_pass() -> None:
    """Make every waiting event due."""
    OutboxEvent.objects.update(next_at=timezone.now() - dt.timedelta(seconds=1))


def test_the_same_value_arrives() -> None:
    event = happened(1)
    run_waiting()
    assert [event] == RECEIVED


def test_an_event_arrives_once_when_all_is_well() -> None:
    happened(1)
    assert (deliver_waiting(), deliver_waiting()) == (1, 0)


def test_events_arrive_in_the_order_published() -> None:
    for number in range(20):
        happened(number)
    deliver_waiting()
    assert [event.number for event in RECEIVED] == list(range(20))


def test_an_event_of_a_rolled_back_change_never_arrives() -> None:
    with transaction.atomic():
        happened(1)
        transaction.set_rollback(True)
    assert deliver_waiting() == 0


def test_a_failed_event_holds_later_ones_back_and_comes_again() -> None:
    TROUBLE.add(1)
    happened(1)
    happened(2)
    assert deliver_waiting() == 0
    assert deliver_waiting() == 0, "it waits before the next try"
    TROUBLE.clear()
    let_time_pass()
    assert deliver_waiting() == 2
    assert [event.number for event in RECEIVED] == [1, 2]


def test_an_event_that_never_works_is_given_up_and_lets_the_others_pass() -> None:
    TROUBLE.add(1)
    happened(1)
    happened(2)
    for _ in range(10):
        deliver_waiting()
        let_time_pass()
    deliver_waiting()
    lost = OutboxEvent.objects.get(given_up=True)
    assert lost.payload["number"] == 1
    assert "RuntimeError" in lost.error
    assert [event.number for event in RECEIVED] == [2]


def test_what_a_failing_handler_wrote_is_undone() -> None:
    TROUBLE.add(1)
    happened(1)
    deliver_waiting()
    assert OutboxEvent.objects.get().attempts == 1
    assert OutboxEvent.objects.get().delivered_at is None


def test_only_dataclasses_are_events() -> None:
    with pytest.raises(TypeError, match="dataclass"):
        publish({"number": 1})
