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
from zhiqiao.platform.data import correcting
from zhiqiao.platform.data.figures import ALL_POSTINGS, Scope, demand_uuid
from zhiqiao.platform.data.models import JobPosting, JobRole, PostingImport, Skill, TitleCorrection
from zhiqiao.platform.governance.api import Actor, User

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
    "data:postings coded": lambda: reverse("data:postings") + "?signal=severe&industry=I&form=internship",
    "data:posting_count": lambda: reverse(
        "data:posting_count", args=[JobPosting.objects.get(company="甲公司").uuid]
    ),
    "data:titles": lambda: reverse("data:titles"),
    "data:titles_correct": lambda: (
        f"{reverse('data:titles_correct')}?posting={JobPosting.objects.get(company='甲公司').uuid}"
    ),
    "data:corrections": lambda: reverse("data:corrections"),
    "data:correction": lambda: reverse("data:correction", args=[TitleCorrection.objects.get().uuid]),
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
    alice: User,
    import_file: Upload,
    sign_in: Callable[[User], Client],
    actor_of: Callable[[User], Actor],
    page: str,
) -> None:
    import_file(alice)
    import_file(
        alice,
        HEADER + ROWS[0].replace("甲公司", "戊公司").replace("Docker", "Java"),
        name="b.csv",
        shared=True,
    )
    excluded = JobPosting.objects.select_related("posting_import__source").get(company="丙公司")
    correcting.correct_titles(actor_of(alice), [excluded], role=None)
    correcting.exclude(actor_of(alice), excluded, reason="收费")
    client, address = sign_in(alice), PAGES[page]()
    client.get(address)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    compare(page, len(asked))
