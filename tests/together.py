"""Runs verbs of several people at the same moment, each in a thread with a transaction of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence

from django.db import connections

__all__ = ["together"]


def together(*verbs: Callable[[], object]) -> Sequence[object]:
    """Start all verbs at once; return what each gave or raised, in their order."""
    start = threading.Barrier(len(verbs))
    found: list[object] = [None] * len(verbs)

    def run(place: int, verb: Callable[[], object]) -> None:
        try:
            start.wait()
            found[place] = verb()
        except Exception as error:
            found[place] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(verbs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found
