"""The tiny import of the data tests and the small world of the programme tests, for counting queries."""

from __future__ import annotations

from tests.integration.apps.evaluation.conftest import ahp, delphi, olive, tell
from tests.integration.apps.management.balance.conftest import (
    balance,
    balance_world,
    region,
    region_world,
)
from tests.integration.apps.management.conftest import programme_world, report, world
from tests.integration.platform.data.conftest import import_file, pack, skills, skills_world, upload
from tests.integration.platform.data.sources_cast import hanna, new_source, olga

__all__ = [
    "ahp",
    "balance",
    "balance_world",
    "delphi",
    "hanna",
    "import_file",
    "new_source",
    "olga",
    "olive",
    "pack",
    "programme_world",
    "region",
    "region_world",
    "report",
    "skills",
    "skills_world",
    "tell",
    "upload",
    "world",
]
