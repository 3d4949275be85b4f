"""Query counts of the industry pages with two imports on the platform."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.integration.platform.data.conftest import HEADER, ROWS, Upload
from tests.perf.recorded import compare
from zhiqiao.platform.data.figures import ALL_POSTINGS, Scope, demand_uuid
from zhiqiao.platform.data.models import JobPosting, JobRole, PostingImport, Skill
from zhiqiao.platform.governance.api import User

PAGES = {
    "data:sources": lambda: reverse("data:sources"),
    "data:imports": lambda: reverse("data:imports"),
    "data:import_new": lambda: reverse("data:import_new"),
    "data:import": lambda: reverse("data:import", args=[PostingImport.objects.earliest("id").uuid]),
    "data:import_withdraw": lambda: reverse(
        "data:import_withdraw", args=[PostingImport.objects.earliest("id").uuid]
    ),
    "data:postings": lambda: reverse("data:postings"),
    "data:postings filtered": lambda: reverse("data:postings") + "?role=developer&skill=python&q=a",
    "data:posting": lambda: reverse("data:posting", args=[JobPosting.objects.get(company="甲公司").uuid]),
    "data:roles": lambda: reverse("data:roles"),
    "data:role": lambda: reverse("data:role", args=["developer"]),
    "data:heat": lambda: reverse("data:heat"),
    "data:skills": lambda: reverse("data:skills"),
    "data:skill": lambda: reverse("data:skill", args=["python"]),
    "evidence posting": lambda: _evidence("posting", JobPosting.objects.get(company="甲公司").uuid),
    "evidence skill": lambda: _evidence("skill", Skill.objects.get(key="python").uuid),
    "evidence posting_import": lambda: _evidence("posting_import", PostingImport.objects.earliest("id").uuid),
    "evidence skill_demand": lambda: _evidence(
        "skill_demand", demand_uuid(Skill.objects.get(key="python").pk, (Scope.ALL, 0))
    ),
    "evidence role_postings": lambda: _evidence("role_postings", JobRole.objects.get(key="developer").uuid),
    "evidence postings_total": lambda: _evidence("postings_total", ALL_POSTINGS),
    "api/skills": lambda: "/api/skills",
    "api/postings": lambda: "/api/postings",
    "api/imports": lambda: "/api/imports",
}


def _evidence(kind: str, uuid: object) -> str:
    return reverse("evidence", args=[kind, uuid])


@pytest.mark.parametrize("page", PAGES)
def test_a_page_asks_as_often_as_recorded(
    alice: User, import_file: Upload, sign_in: Callable[[User], Client], page: str
) -> None:
    import_file(alice)
    import_file(
        alice,
        HEADER + ROWS[0].replace("甲公司", "戊公司").replace("Docker", "Java"),
        name="b.csv",
        shared=True,
    )
    client, address = sign_in(alice), PAGES[page]()
    client.get(address)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    compare(page, len(asked))


def test_the_page_of_the_coder_asks_as_often_as_recorded(
    data_officer: User, sign_in: Callable[[User], Client]
) -> None:
    client = sign_in(data_officer)
    client.get(reverse("data:occupations"))
    with CaptureQueriesContext(connection) as asked:
        assert client.get(reverse("data:occupations")).status_code == 200
    compare("data:occupations", len(asked))
