"""The same batch functions in this process or in several, with results in order and few batches in flight."""

from __future__ import annotations

import multiprocessing
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Protocol

import pyarrow as pa

from zhiqiao.engines.jobmining._mine import mine_batch
from zhiqiao.engines.jobmining._roles import RoleBook
from zhiqiao.engines.jobmining._rows import CleanBatch, RawBatch, RowCleaner
from zhiqiao.engines.jobmining._rules import Rules
from zhiqiao.engines.jobmining._taxonomy import Taxonomy

__all__ = ["Crew", "Work", "hire"]

_IN_FLIGHT_PER_WORKER = 2


@dataclass(frozen=True)
class Work:
    """What every worker needs to know; sent to each once."""

    taxonomy: Taxonomy
    rules: Rules
    roles: RoleBook
    reference_date: date | None


class Crew(Protocol):
    """Somebody who cleans and mines batches in order."""

    def clean(self, batches: Iterator[RawBatch]) -> Iterator[CleanBatch]:
        """Clean batches one after the other."""

    def mine(self, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """Mine batches one after the other."""


class _Alone:
    def __init__(self, work: Work) -> None:
        self._work = work
        self._cleaner = RowCleaner(work.rules, roles=work.roles, reference_date=work.reference_date)

    def clean(self, batches: Iterator[RawBatch]) -> Iterator[CleanBatch]:
        return map(self._cleaner.clean, batches)

    def mine(self, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            yield mine_batch(batch, taxonomy=self._work.taxonomy, rules=self._work.rules)


class _Team:
    def __init__(self, pool: ProcessPoolExecutor, workers: int) -> None:
        self._pool = pool
        self._limit = workers * _IN_FLIGHT_PER_WORKER

    def clean(self, batches: Iterator[RawBatch]) -> Iterator[CleanBatch]:
        waiting: deque[Future[CleanBatch]] = deque()
        for batch in batches:
            waiting.append(self._pool.submit(_clean, batch))
            if len(waiting) >= self._limit:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()

    def mine(self, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        waiting: deque[Future[pa.RecordBatch]] = deque()
        for batch in batches:
            waiting.append(self._pool.submit(_mine, batch))
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
    # Spawned, not forked: the caller may hold threads and locks.
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(workers, mp_context=context, initializer=_learn, initargs=(work,))
    try:
        yield _Team(pool, workers)
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


_known: list[Work] = []


def _learn(work: Work) -> None:
    _known[:] = [work]
    _cleaner.cache_clear()


@lru_cache(maxsize=1)
def _cleaner() -> RowCleaner:
    work = _known[0]
    return RowCleaner(work.rules, roles=work.roles, reference_date=work.reference_date)


def _clean(batch: RawBatch) -> CleanBatch:
    return _cleaner().clean(batch)


def _mine(batch: pa.RecordBatch) -> pa.RecordBatch:
    work = _known[0]
    return mine_batch(batch, taxonomy=work.taxonomy, rules=work.rules)
