"""The summary of a run: what came in and what became of it, put together and written in one place."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from zhiqiao.engines.jobmining._intake import Source
from zhiqiao.engines.jobmining._parallel import Work

__all__ = ["Summary", "write_summary"]


@dataclass(frozen=True)
class Summary:
    """What a run did; kept + duplicates + quarantined == rows_in."""

    rows_in: int
    kept: int
    duplicates: int
    duplicates_exact: int
    duplicates_near: int
    quarantined: int
    mentions: int
    seconds: float
    taxonomy_version: str
    rules_version: str
    learned_version: str = ""
    quarantine_reasons: dict[str, int] = field(default_factory=dict)
    notes: dict[str, int] = field(default_factory=dict)
    mappings: dict[str, dict[str, str]] = field(default_factory=dict)


def write_summary(
    folder: Path,
    *,
    work: Work,
    sources: Sequence[Source],
    rows_in: int,
    postings: int,
    duplicates: int,
    exact: int,
    quarantined: Counter[str],
    mentions: int,
    notes: Counter[str],
    seconds: float,
) -> Summary:
    """Write summary.json of a run and return it; `postings` are the usable rows, copies among them."""
    summary = Summary(
        rows_in=rows_in,
        kept=postings - duplicates,
        duplicates=duplicates,
        duplicates_exact=exact,
        duplicates_near=duplicates - exact,
        quarantined=quarantined.total(),
        mentions=mentions,
        seconds=round(seconds, 3),
        taxonomy_version=work.taxonomy.version,
        rules_version=work.rules.version,
        learned_version=work.learned.version if work.learned else "",
        quarantine_reasons=dict(sorted(quarantined.items())),
        notes={name: count for name, count in sorted(notes.items()) if count},
        mappings={source.input.label: dict(source.mapping) for source in sources},
    )
    text = json.dumps(asdict(summary), ensure_ascii=False, indent=2)
    (folder / "summary.json").write_text(text + "\n", encoding="utf-8")
    return summary
