"""Query counts of the pages of surveys, over the survey of the demo."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.factories import person_with
from tests.perf.recorded import compare_pages
from zhiqiao import packs
from zhiqiao.platform.data.catalogue import load_industries, load_skills
from zhiqiao.platform.data.models import EnterpriseVisit, PostSurvey, SurveyedEnterprise, SurveyUnit
from zhiqiao.platform.data.region import load_programmes
from zhiqiao.platform.data.survey.demo import load_demo_survey
from zhiqiao.platform.governance.api import Organisation, Role, load_demo_people, load_organisations

_OF_SURVEY = (
    "survey",
    "survey_edit",
    "survey_questions",
    "survey_question_new",
    "survey_preview",
    "survey_frame",
)
_OF_RESULTS = ("survey_units", "survey_results", "survey_visits", "survey_report")


@pytest.mark.django_db
def test_pages_ask_as_often_as_recorded() -> None:
    pack = packs.folder("bazhong")
    load_skills(packs.folder("common", "skills"))
    load_industries(pack)
    load_organisations(pack, is_demo=True)
    load_demo_people(pack, today=timezone.localdate())
    load_programmes(pack, is_demo=True)
    load_demo_survey(pack, now=timezone.now())
    uuid = PostSurvey.objects.get().uuid
    officer, reader = Client(), Client()
    for client, role, organisation in (
        (officer, Role.ASSOCIATION_OFFICER, "bz-materials-association"),
        (reader, Role.PROGRAMME_HEAD, "bz-college-ceramics"),
    ):
        client.force_login(person_with(role, Organisation.objects.get(key=organisation)))
    pages: dict[str, tuple[Client, str]] = {
        "data:surveys": (officer, reverse("data:surveys")),
        "data:surveys reader": (reader, reverse("data:surveys")),
        "data:survey_new": (officer, reverse("data:survey_new")),
        "data:survey_enterprises": (officer, reverse("data:survey_enterprises")),
        "data:survey_enterprise_edit": (
            officer,
            reverse("data:survey_enterprise_edit", args=[SurveyedEnterprise.objects.earliest("id").uuid]),
        ),
        "data:survey_question": (officer, reverse("data:survey_question", args=[uuid, "visit"])),
        "data:survey_question_results": (
            officer,
            reverse("data:survey_question_results", args=[uuid, "hires"]),
        ),
        "data:survey_results reader": (reader, reverse("data:survey_results", args=[uuid])),
        "data:survey_visit_new": (
            officer,
            reverse("data:survey_visit_new", args=[SurveyUnit.objects.earliest("id").uuid]),
        ),
        "data:survey_visit_edit": (
            officer,
            reverse("data:survey_visit_edit", args=[EnterpriseVisit.objects.get().uuid]),
        ),
        **{
            f"data:{name}": (officer, reverse(f"data:{name}", args=[uuid]))
            for name in (*_OF_SURVEY, *_OF_RESULTS)
        },
    }

    def asked(page: tuple[Client, str]) -> Callable[[], tuple[Client, str]]:
        return lambda: page

    compare_pages((name, asked(page)) for name, page in pages.items())
