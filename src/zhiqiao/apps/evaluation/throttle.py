"""How often a link, or an address that tries links, may ask within a minute."""

from __future__ import annotations

import datetime as dt
import hashlib

from django.core.cache import cache

_KEPT = 120  # seconds, longer than the minute that is counted


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
