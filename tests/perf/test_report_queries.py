"""Query counts of the pages of the report with one published edition."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.integration.apps.management.report.conftest import (
    chief,
    edition,
    facts,
    published,
    quick_files,
    signed,
)
from tests.perf.recorded import compare
from zhiqiao.apps.management.models import ReportEdition
from zhiqiao.apps.management.report.figures import figure_uuid
from zhiqiao.platform.governance.models import User

__all__ = ["chief", "edition", "facts", "published", "quick_files", "signed"]


def addresses(row: ReportEdition) -> dict[str, str]:
    block = row.blocks.get(key="industries")
    return {
        "management:reports": reverse("management:reports"),
        "management:report": reverse("management:report", args=[row.uuid]),
        "management:report all": reverse("management:report", args=[row.uuid], query={"chapter": "all"}),
        "management:report_quality": reverse("management:report_quality", args=[row.uuid]),
        "management:report_history": reverse("management:report_history", args=[row.uuid]),
        "evidence report_block": reverse("evidence", args=["report_block", block.uuid]),
        "evidence report_figure": reverse(
            "evidence", args=["report_figure", figure_uuid(row.pk, "next:tea")]
        ),
        "evidence report_edition": reverse("evidence", args=["report_edition", row.uuid]),
        "api/reports": "/api/reports",
        "api/reports/one": f"/api/reports/{row.uuid}",
        "api/reports/files": f"/api/reports/{row.uuid}/files",
    }


def count(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    return len(asked)


def test_pages_ask_as_often_as_recorded(
    published: ReportEdition, officer: User, sign_in: Callable[[User], Client]
) -> None:
    client = sign_in(officer)
    for page, address in addresses(published).items():
        compare(page, count(client, address))


def test_a_draft_asks_as_often_as_recorded(
    edition: ReportEdition, officer: User, sign_in: Callable[[User], Client]
) -> None:
    client = sign_in(officer)
    compare("management:report draft", count(client, reverse("management:report", args=[edition.uuid])))


@pytest.fixture(autouse=True)
def _database(db: None) -> None:
    """Every page is asked of the database."""
