"""The rules by which sources are merged, judged and compared, read from packs/common/sources."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from zhiqiao import packs
from zhiqiao.infra.db.names import Name

__all__ = [
    "ApiRules",
    "ConflictRules",
    "ConnectorRules",
    "CoverageRules",
    "Grade",
    "MergingRules",
    "WageRules",
    "grades",
    "merging_rules",
]


@dataclass(frozen=True)
class CoverageRules:
    """From where on a gap in coverage is worth a sentence; shares are of the postings counted."""

    min_postings: int
    single_source_share: float
    tag_only_share: float
    undated_share: float
    industry_unknown_share: float
    city_unknown_share: float
    stale_months: int
    most_statements: int


@dataclass(frozen=True)
class ConflictRules:
    """When two figures of one post's pay contradict each other."""

    min_postings: int
    median_difference: float


@dataclass(frozen=True)
class WageRules:
    """Limits of a table of guideline wages, and months of a year."""

    max_rows: int
    max_megabytes: int
    months_a_year: int


@dataclass(frozen=True)
class ConnectorRules:
    """How often connectors look and how much they take at once."""

    look_seconds: int
    settle_minutes: int
    max_items_a_look: int
    message_megabytes: int


@dataclass(frozen=True)
class ApiRules:
    """Limits of the delivery by JSON API."""

    requests_a_minute: int
    max_postings: int


@dataclass(frozen=True)
class MergingRules:
    """All rules with their version."""

    version: str
    coverage: CoverageRules
    conflict: ConflictRules
    wages: WageRules
    connectors: ConnectorRules
    api: ApiRules


@dataclass(frozen=True)
class Grade:
    """A grade of trust and what it means."""

    grade: str
    name: Name
    meaning: Name


@cache
def merging_rules() -> MergingRules:
    """Return the rules in force."""
    found = tomllib.loads(packs.common_file("sources", "merging.toml").read_text(encoding="utf-8"))
    return MergingRules(
        version=found["version"],
        coverage=CoverageRules(**found["coverage"]),
        conflict=ConflictRules(**found["conflict"]),
        wages=WageRules(**found["wages"]),
        connectors=ConnectorRules(**found["connectors"]),
        api=ApiRules(**found["api"]),
    )


@cache
def grades() -> Mapping[str, Grade]:
    """Return the grades of trust, the best first."""
    rows = packs.read_rows(packs.common_file("sources", "trust_grades.csv"))
    return {
        row["grade"]: Grade(row["grade"], Name(row["zh"], row["en"]), Name(row["means_zh"], row["means_en"]))
        for row in rows
    }
