"""Recorded query counts: a page that asks the database more (or less) often shows up in review as a changed line.

`ZHIQIAO_TEST_RECORD=1 pytest tests/perf` writes the counts found; without it they are compared.
"""

from __future__ import annotations

import os
from pathlib import Path

RECORD = Path(__file__).with_name("query_counts.yml")
MOST = 20


def recorded() -> dict[str, int]:
    """Return the recorded counts by page."""
    if not RECORD.exists():
        return {}
    lines = (line.rpartition(": ") for line in RECORD.read_text(encoding="utf-8").splitlines())
    return {name: int(count) for name, _, count in lines if name and not name.startswith("#")}


def compare(page: str, count: int) -> None:
    """Compare a page's queries with the record; tell how to update it."""
    assert count <= MOST, f"{page} asks {count} queries; the budget is {MOST}"
    known = recorded()
    if os.environ.get("ZHIQIAO_TEST_RECORD"):
        known[page] = count
        text = "".join(f"{name}: {known[name]}\n" for name in sorted(known))
        head = "# SQL queries per page; update with ZHIQIAO_TEST_RECORD=1 pytest tests/perf\n"
        RECORD.write_text(head + text, encoding="utf-8")
        return
    assert known.get(page) == count, (
        f"{page} asks {count} queries, {known.get(page)} are recorded; if that is right, update the record with "
        "ZHIQIAO_TEST_RECORD=1 pytest tests/perf"
    )
