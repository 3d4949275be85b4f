"""The demo's survey and its report: every claim from one source, frozen once published, as page and files."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.factories import person_with
from zhiqiao import packs
from zhiqiao.engines.plans import read_plan
from zhiqiao.engines.rules import Outcome
from zhiqiao.platform.data.catalogue import load_industries, load_skills
from zhiqiao.platform.data.models import PostSurvey, SurveyReport
from zhiqiao.platform.data.region import load_programmes
from zhiqiao.platform.data.survey import reporting
from zhiqiao.platform.data.survey.counting import count
from zhiqiao.platform.data.survey.demo import load_demo_survey
from zhiqiao.platform.governance.api import Organisation, Role, User, load_demo_people, load_organisations

PACK = packs.folder("bazhong")


@pytest.fixture
def demo(db: None) -> PostSurvey:
    """Load the region with its survey."""
    load_skills(packs.folder("common", "skills"))
    load_industries(PACK)
    load_organisations(PACK, is_demo=True)
    load_demo_people(PACK, today=timezone.localdate())
    load_programmes(PACK, is_demo=True)
    assert load_demo_survey(PACK, now=timezone.now()) == 1
    assert load_demo_survey(PACK, now=timezone.now()) == 0
    return PostSurvey.objects.get()


def _person(role: Role, organisation: str) -> User:
    """Return somebody beside the demo's own people, who sign in in demo mode only."""
    return person_with(role, Organisation.objects.get(key=organisation), username=f"{role}-x")


def test_the_demo_survey_becomes_a_report_that_stays(
    demo: PostSurvey, sign_in: Callable[[User], Client]
) -> None:
    counted = count(demo)
    assert (counted.response.drawn, counted.response.answered) == (18, 12)
    assert counted.weights is not None
    assert 3 < counted.weights.effective <= 12
    assert dict(counted.weights.uncovered) == {"modern-logistics": 2}
    officer = sign_in(_person(Role.ASSOCIATION_OFFICER, "bz-materials-association"))
    page = reverse("data:survey_report", args=[demo.uuid])
    draft = officer.get(page).content.decode()
    assert "草稿" in draft
    assert "光雾精密陶瓷" not in draft
    head = sign_in(_person(Role.PROGRAMME_HEAD, "bz-college-ceramics"))
    assert "还没有报告" in head.get(page).content.decode()
    assert head.get(reverse("data:survey_report_file", args=[demo.uuid, "pdf"])).status_code == 404
    row = SurveyReport.objects.get()
    write = reverse("data:survey_report_write", args=[demo.uuid])
    assert officer.post(write, {"version": row.version - 1}).status_code == 409
    publish = reverse("data:survey_report_publish", args=[demo.uuid])
    assert officer.post(publish, {"version": row.version}).status_code == 302
    row.refresh_from_db()
    content = reporting.published_content(row)
    assert {one.source for one in content.claims} == {"answers", "visits"}
    report = reporting.judge_report(counted, content, on=timezone.localdate())
    assert {one.rule: one.outcome for one in report.findings if one.rule in {"JS-02", "JS-05"}} == {
        "JS-02": Outcome.PASS,
        "JS-05": Outcome.PASS,
    }
    with pytest.raises(DatabaseError), transaction.atomic():
        SurveyReport.objects.filter(pk=row.pk).update(content={})
    read = head.get(page).content.decode()
    assert "内容不再变化" in read
    assert reverse("data:survey_question_results", args=[demo.uuid, "hires"]) in read
    assert (
        head.get(reverse("data:survey_question_results", args=[demo.uuid, "main-tasks"])).status_code == 200
    )
    for kind, begins in (("docx", b"PK"), ("pdf", b"%PDF")):
        given = head.get(reverse("data:survey_report_file", args=[demo.uuid, kind]))
        assert given.content.startswith(begins)
    rules = officer.get(reverse("data:survey_rules_file", args=[demo.uuid]))
    assert read_plan(rules.content.decode()).survey is not None
    assert "演示）有限公司" not in rules.content.decode()
    assert json.dumps(row.content, ensure_ascii=False).count("演示）有限公司") == 0
