"""Events written with the change they tell of, delivered at least once and in order per handler."""

from __future__ import annotations

import datetime as dt
import logging
import traceback
from dataclasses import is_dataclass

from django.db import transaction
from django.utils import timezone
from pydantic import TypeAdapter

from zhiqiao.infra.jobs.models import OutboxEvent
from zhiqiao.infra.jobs.registry import SUBSCRIPTIONS

logger = logging.getLogger(__name__)

_MOST_ATTEMPTS = 10


def publish(event: object) -> None:
    """Write an event (a frozen dataclass) for its subscribers, inside the transaction of the change."""
    if not is_dataclass(event) or isinstance(event, type):
        msg = f"an event is a dataclass instance, not {event!r}"
        raise TypeError(msg)
    payload = TypeAdapter(type(event)).dump_python(event, mode="json")
    OutboxEvent.objects.bulk_create(
        OutboxEvent(
            kind=type(event).__qualname__, handler=wanted.name, payload=payload, next_at=timezone.now()
        )
        for wanted in SUBSCRIPTIONS.values()
        if wanted.event is type(event)
    )


def deliver_waiting() -> int:
    """Deliver what is due, the oldest first per handler; return how many were delivered."""
    waiting = OutboxEvent.objects.filter(delivered_at__isnull=True, given_up=False)
    delivered = 0
    for handler in list(waiting.order_by("handler").values_list("handler", flat=True).distinct()):
        while _deliver_next(handler):
            delivered += 1
    return delivered


def _deliver_next(handler: str) -> bool:
    """Deliver the oldest event of one handler; a failed one holds the later ones back until its next try."""
    event: OutboxEvent | None = None
    try:
        with transaction.atomic():
            waiting = OutboxEvent.objects.select_for_update().filter(
                handler=handler, delivered_at=None, given_up=False
            )
            event = waiting.order_by("pk").first()
            if event is None or event.next_at > timezone.now():
                return False
            wanted = SUBSCRIPTIONS[handler]
            wanted.handler(TypeAdapter(wanted.event).validate_python(event.payload))
            event.delivered_at = timezone.now()
            event.attempts += 1
            event.save()
            return True
    except Exception as error:
        if event is None:
            raise
        _note_failure(event, error)
        return False


def _note_failure(event: OutboxEvent, error: Exception) -> None:
    places = "".join(traceback.format_list(traceback.extract_tb(error.__traceback__)))
    logger.error("event %s to %s raised %s\n%s", event.kind, event.handler, type(error).__qualname__, places)
    attempts = event.attempts + 1
    OutboxEvent.objects.filter(pk=event.pk, delivered_at=None).update(
        attempts=attempts,
        given_up=attempts >= _MOST_ATTEMPTS,
        next_at=timezone.now() + dt.timedelta(seconds=min(300, 2**attempts)),
        error=f"{type(error).__qualname__}\n{places}",
    )
