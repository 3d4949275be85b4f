"""Notices: kinds that packages register, sending, and their text in the reader's language."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.utils import translation
from django.utils.functional import Promise

from zhiqiao.platform.governance.models import Notice, NoticeChoice, User

log = logging.getLogger(__name__)

Text = str | Promise


@dataclass(frozen=True)
class NoticeKind:
    """A kind of notice: its name for the choices page and its text with named placeholders."""

    key: str
    label: Text
    text: Text


@dataclass(frozen=True)
class NoticeLine:
    """A notice as its reader sees it."""

    uuid: str
    text: str
    label: str
    url: str
    at: dt.datetime
    is_read: bool


_KINDS: dict[str, NoticeKind] = {}


def register_notice_kind(key: str, label: Text, text: Text) -> None:
    """Register a kind, in a package's `notice_kinds.py`; label and text are `gettext_lazy` strings."""
    _KINDS[key] = NoticeKind(key, label, text)


def notice_kinds() -> tuple[NoticeKind, ...]:
    """Return all kinds in the order of their keys."""
    return tuple(_KINDS[key] for key in sorted(_KINDS))


def notify(
    user_ids: Iterable[int], kind: str, *, values: Mapping[str, object] | None = None, url: str = ""
) -> int:
    """Send a notice to people, as each chose for the kind; returns how many got it in the app.

    `values` fill the placeholders of the kind's text; an unknown kind is a KeyError.
    """
    known = _KINDS[kind]
    people = list(User.objects.filter(id__in=set(user_ids), is_active=True))
    choices = {row.user_id: row for row in NoticeChoice.objects.filter(kind=kind, user__in=people)}
    wanted = [person for person in people if person.id not in choices or choices[person.id].in_app]
    Notice.objects.bulk_create(
        [Notice(user=person, kind=kind, values=dict(values or {}), url=url) for person in wanted]
    )
    if settings.EMAIL_HOST:
        for person in people:
            if person.email and person.id in choices and choices[person.id].by_mail:
                transaction.on_commit(partial(_mail, person, known, dict(values or {})))
    return len(wanted)


def render_notice(notice: Notice) -> NoticeLine:
    """Return a notice in the active language; a kind that is gone shows its key."""
    kind = _KINDS.get(notice.kind)
    text = _fill(kind.text, notice.values) if kind else notice.kind
    label = str(kind.label) if kind else notice.kind
    return NoticeLine(
        str(notice.uuid), text, label, notice.url, notice.created_at, is_read=notice.read_at is not None
    )


def unread_count(user_id: int) -> int:
    """Return how many notices a person has not read."""
    return Notice.objects.filter(user_id=user_id, read_at__isnull=True).count()


def _fill(text: Text, values: dict[str, object]) -> str:
    return str(text) % {name: _local(value) for name, value in values.items()}


def _local(value: object) -> object:
    """Choose the reader's wording of a value given in both languages as {"zh": …, "en": …}."""
    if isinstance(value, dict):
        return value.get("zh" if translation.get_language().startswith("zh") else "en", "")
    return value


def _mail(person: User, kind: NoticeKind, values: dict[str, object]) -> None:
    with translation.override(person.language):
        subject, body = str(kind.label), _fill(kind.text, values)
    try:
        send_mail(subject, body, None, [person.email])
    except OSError:
        # the notice stands in the app; a mail server that is down must not undo what was done
        log.exception("mail of notice kind %s was not sent", kind.key)
