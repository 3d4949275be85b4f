"""The same batch functions in this process or in several, with results in order and few batches in flight."""

from __future__ import annotations

import gc
import multiprocessing
import os
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Protocol, TypeVar

import pyarrow as pa

from zhiqiao.engines.jobmining._coding import TitleCoder
from zhiqiao.engines.jobmining._mine import Mined, mine_postings
from zhiqiao.engines.jobmining._roles import RoleBook
from zhiqiao.engines.jobmining._rows import CleanBatch, RawBatch, RowCleaner
from zhiqiao.engines.jobmining._rules import Rules
from zhiqiao.engines.jobmining._second_stage import LearnedStage
from zhiqiao.engines.jobmining._taxonomy import Taxonomy

__all__ = ["Crew", "Work", "hire"]

_IN_FLIGHT_PER_WORKER = 2

Given = TypeVar("Given")
Made = TypeVar("Made")


@dataclass(frozen=True)
class Work:
    """What every worker needs to know; sent to each once."""

    taxonomy: Taxonomy
    rules: Rules
    roles: RoleBook
    reference_date: date | None
    learned: LearnedStage | None = None
    occupations: TitleCoder | None = None

    def cleaner(self) -> RowCleaner:
        """Build what cleans the rows."""
        return RowCleaner(
            self.rules, roles=self.roles, reference_date=self.reference_date, occupations=self.occupations
        )


class Crew(Protocol):
    """Somebody who cleans and mines batches in order."""

    def clean(self, batches: Iterator[RawBatch]) -> Iterator[CleanBatch]:
        """Clean batches one after the other."""

    def mine(self, batches: Iterator[pa.RecordBatch]) -> Iterator[Mined]:
        """Mine batches (posting_id, text, text_kind) one after the other."""


class _Alone:
    def __init__(self, work: Work) -> None:
        self._work = work
        self._cleaner = work.cleaner()

    def clean(self, batches: Iterator[RawBatch]) -> Iterator[CleanBatch]:
        return map(self._cleaner.clean, batches)

    def mine(self, batches: Iterator[pa.RecordBatch]) -> Iterator[Mined]:
        return (_mined(batch, self._work) for batch in batches)


class _Team:
    def __init__(self, pool: ProcessPoolExecutor, workers: int) -> None:
        self._pool = pool
        self._limit = workers * _IN_FLIGHT_PER_WORKER

    def clean(self, batches: Iterator[RawBatch]) -> Iterator[CleanBatch]:
        return self._in_order(_clean, batches)

    def mine(self, batches: Iterator[pa.RecordBatch]) -> Iterator[Mined]:
        return self._in_order(_mine, batches)

    def _in_order(self, function: Callable[[Given], Made], batches: Iterator[Given]) -> Iterator[Made]:
        waiting: deque[Future[Made]] = deque()
        for batch in batches:
            waiting.append(self._pool.submit(function, batch))
            if len(waiting) >= self._limit:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


@contextmanager
def hire(work: Work, *, workers: int) -> Iterator[Crew]:
    """Give a crew of so many processes; one works here, without any."""
    if workers <= 1:
        yield _Alone(work)
        return
    pool = _pool(work, workers)
    try:
        yield _Team(pool, workers)
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
        gc.unfreeze()


def _pool(work: Work, workers: int) -> ProcessPoolExecutor:
    """Start workers: forked with all they need where nothing else runs here, else spawned and taught.

    A forked worker would inherit the locks of other threads as they are; a spawned one builds its search automata anew,
    which costs about a second of its own.
    """
    if sys.platform != "linux" or threading.active_count() > 1:
        spawn = multiprocessing.get_context("spawn")
        return ProcessPoolExecutor(workers, mp_context=spawn, initializer=_taught, initargs=(work,))
    _learn(work)
    _clean(RawBatch("", pa.array([], pa.int64()), {}))
    _mine(pa.record_batch({"posting_id": ["a"], "text": ["熟悉Java，参与开发"]}))
    gc.freeze()  # what is built stays shared: no worker's collector writes into it
    fork = multiprocessing.get_context("fork")
    return ProcessPoolExecutor(workers, mp_context=fork, initializer=_leave_with_the_parent)


def _taught(work: Work) -> None:
    _leave_with_the_parent()
    _learn(work)


def _leave_with_the_parent() -> None:
    """End this worker when the process that hired it is gone: killed, it can not send its workers home."""
    parent = multiprocessing.parent_process()
    if parent is None:
        return

    def watch() -> None:
        parent.join()
        os._exit(1)

    threading.Thread(target=watch, name="watch-parent", daemon=True).start()


_known: list[Work] = []


def _learn(work: Work) -> None:
    _known[:] = [work]
    _cleaner.cache_clear()


@lru_cache(maxsize=1)
def _cleaner() -> RowCleaner:
    work = _known[0]
    return work.cleaner()


def _clean(batch: RawBatch) -> CleanBatch:
    return _cleaner().clean(batch)


def _mine(batch: pa.RecordBatch) -> Mined:
    return _mined(batch, _known[0])


def _mined(batch: pa.RecordBatch, work: Work) -> Mined:
    return mine_postings(batch, taxonomy=work.taxonomy, rules=work.rules, learned=work.learned)
