"""Recorded query counts: a page that asks the database more (or less) often shows up in review as a changed line.

`ZHIQIAO_TEST_RECORD=1 pytest tests/perf` writes the counts found; without it they are compared.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from pathlib import Path

from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

RECORD = Path(__file__).with_name("query_counts.yml")
MOST = 20


def recorded() -> dict[str, int]:
    """Return the recorded counts by page."""
    if not RECORD.exists():
        return {}
    lines = (line.rpartition(": ") for line in RECORD.read_text(encoding="utf-8").splitlines())
    return {name: int(count) for name, _, count in lines if name and not name.startswith("#")}


def compare_pages(pages: Iterable[tuple[str, Callable[[], tuple[Client, str]]]]) -> None:
    """Ask every page over the same rows and compare all counts; what one page needs or writes is gone for the next."""
    faults = []
    for page, prepare in pages:
        with transaction.atomic():
            client, address = prepare()
            client.get(address)  # fills what is kept in memory
            with CaptureQueriesContext(connection) as asked:
                answer = client.get(address)
            transaction.set_rollback(True)
        faults += [f"{page} at {address} answers {answer.status_code}"] if answer.status_code != 200 else []
        faults += differences(page, len(asked))
    assert not faults, "\n".join(faults)


def differences(page: str, count: int) -> list[str]:
    """Compare a page's queries with the budget and the record; tell how to update it."""
    if count > MOST:
        return [f"{page} asks {count} queries; the budget is {MOST}"]
    known = recorded()
    if os.environ.get("ZHIQIAO_TEST_RECORD"):
        known[page] = count
        text = "".join(f"{name}: {known[name]}\n" for name in sorted(known))
        head = "# SQL queries per page; update with ZHIQIAO_TEST_RECORD=1 pytest tests/perf\n"
        RECORD.write_text(head + text, encoding="utf-8")
    elif known.get(page) != count:
        return [
            f"{page} asks {count} queries, {known.get(page)} are recorded; if that is right, update the record "
            "with ZHIQIAO_TEST_RECORD=1 pytest tests/perf"
        ]
    return []


def compare(page: str, count: int) -> None:
    """Compare the queries of a single page."""
    faults = differences(page, count)
    assert not faults, faults[0]
