"""Query counts of the pages of supply and regional facts, with several rows on each."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.factories import person_with
from tests.perf.recorded import compare
from zhiqiao import packs
from zhiqiao.platform.data.api import PlanScope, plan_uuid
from zhiqiao.platform.data.catalogue import load_industries, load_skills
from zhiqiao.platform.data.models import (
    EnterprisePlan,
    InvestmentProject,
    ProgrammeYear,
    RegionalValue,
    TrainingCondition,
)
from zhiqiao.platform.data.region import load_programmes
from zhiqiao.platform.data.supply.loading import load_regional, load_supply
from zhiqiao.platform.governance.api import Organisation, Role, load_organisations

BUREAU = (Role.BUREAU_OFFICER, "bz-bureau")
SCHOOL = (Role.SCHOOL_ADMIN, "bz-college")
ENTERPRISE = (Role.ENTERPRISE_HR, "bz-tongci")


def _year() -> str:
    return str(ProgrammeYear.objects.get(programme__key="bz-ceramics", year=2025).uuid)


def _project() -> str:
    return str(InvestmentProject.objects.get(key="p-ceramic").uuid)


def _plan() -> str:
    return str(EnterprisePlan.objects.filter(role__key="chip-test-technician").earliest("id").uuid)


PAGES: dict[str, tuple[tuple[Role, str], Callable[[], str]]] = {
    "data:supply_years": (BUREAU, lambda: reverse("data:supply_years")),
    "data:supply_years school": (SCHOOL, lambda: reverse("data:supply_years")),
    "data:supply_year": (SCHOOL, lambda: reverse("data:supply_year", args=[_year()])),
    "data:supply_year_new": (SCHOOL, lambda: reverse("data:supply_year_new")),
    "data:supply_year_edit": (SCHOOL, lambda: reverse("data:supply_year_edit", args=[_year()])),
    "data:supply_import": (SCHOOL, lambda: reverse("data:supply_import")),
    "data:supply_conditions": (BUREAU, lambda: reverse("data:supply_conditions")),
    "data:condition_edit": (
        SCHOOL,
        lambda: reverse(
            "data:condition_edit",
            args=[TrainingCondition.objects.filter(programme__key="bz-ceramics").earliest("id").uuid],
        ),
    ),
    "data:condition_import": (SCHOOL, lambda: reverse("data:condition_import")),
    "data:plan_import": (ENTERPRISE, lambda: reverse("data:plan_import")),
    "data:project_import": (BUREAU, lambda: reverse("data:project_import")),
    "data:plans": (ENTERPRISE, lambda: reverse("data:plans")),
    "data:plan_edit": (ENTERPRISE, lambda: reverse("data:plan_edit", args=[_plan()])),
    "data:plan_sums": (BUREAU, lambda: reverse("data:plan_sums")),
    "data:regional": (BUREAU, lambda: reverse("data:regional")),
    "data:regional_indicator": (BUREAU, lambda: reverse("data:regional_indicator", args=["gdp"])),
    "data:regional_import": (BUREAU, lambda: reverse("data:regional_import")),
    "data:projects": (BUREAU, lambda: reverse("data:projects")),
    "data:project": (BUREAU, lambda: reverse("data:project", args=[_project()])),
    "data:project_edit": (BUREAU, lambda: reverse("data:project_edit", args=[_project()])),
    "evidence programme_year": (BUREAU, lambda: reverse("evidence", args=["programme_year", _year()])),
    "evidence regional_value": (
        BUREAU,
        lambda: reverse("evidence", args=["regional_value", RegionalValue.objects.earliest("id").uuid]),
    ),
    "evidence plan_sums": (
        BUREAU,
        lambda: reverse("evidence", args=["plan_sums", plan_uuid(2027, PlanScope.ALL)]),
    ),
    "evidence project": (BUREAU, lambda: reverse("evidence", args=["project", _project()])),
}


@pytest.fixture
def bazhong(db: None) -> Path:
    """The shipped region's catalogue, organisations, programmes and supply."""
    pack = packs.folder("bazhong")
    load_skills(packs.folder("common", "skills"))
    load_industries(pack)
    load_organisations(pack, is_demo=True)
    load_programmes(pack, is_demo=True)
    load_regional(pack)
    load_supply(pack, is_demo=True)
    return pack


def test_pages_ask_as_often_as_recorded(bazhong: Path) -> None:
    for page, ((role, place), address) in PAGES.items():
        client = Client()
        client.force_login(person_with(role, Organisation.objects.get(key=place)))
        url = address()
        assert client.get(url).status_code == 200, page
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get(url)
        compare(page, len(queries))
