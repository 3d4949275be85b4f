"""Links that open one page to whoever holds them, without an account: the secret, its hash, and how often it may ask.

Knows neither who is asked nor what: packages keep the hash beside their own rows, with the day on which it ends.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets

from django.core.cache import cache
from django.http import HttpResponse

__all__ = ["admit", "hash_of", "new_token", "quiet"]

_KEPT = 120  # seconds, longer than the minute that is counted


def new_token() -> str:
    """Return a new secret; it is handed over once and never kept."""
    return secrets.token_urlsafe(32)


def hash_of(token: str) -> str:
    """Return what is kept of a link's secret."""
    return hashlib.sha256(token.encode()).hexdigest()


def admit(who: str, *, most: int, now: dt.datetime) -> bool:
    """Count a request of `who` in this minute; False when there were more than `most`. Keeps a digest, no address."""
    digest = hashlib.sha256(who.encode()).hexdigest()[:32]
    key = f"answers:{digest}:{int(now.timestamp() // 60)}"
    if cache.add(key, 1, timeout=_KEPT):
        return True
    try:
        return cache.incr(key) <= most
    except ValueError:  # swept between the two
        return True


def quiet(response: HttpResponse) -> HttpResponse:
    """Keep Django from logging the address of a refused request: it holds the secret of the link."""
    response._has_been_logged = True  # type: ignore[attr-defined]
    return response
