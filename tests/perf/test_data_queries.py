"""Query counts of the industry pages with two imports on the platform."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from django.test import Client
from django.urls import reverse

from tests.integration.platform.data.conftest import HEADER, ROWS, Upload
from tests.integration.platform.data.sources_cast import NewSource
from tests.perf.recorded import compare_pages
from zhiqiao.infra.jobs.api import run_waiting
from zhiqiao.platform.data import correcting
from zhiqiao.platform.data.figures import ALL_POSTINGS, Scope, demand_uuid, pay_uuid
from zhiqiao.platform.data.models import (
    JobPosting,
    JobRole,
    PostingImport,
    Skill,
    SkillChange,
    SkillProposal,
    Source,
    TitleCorrection,
    Vacancy,
)
from zhiqiao.platform.data.taxonomy import actions
from zhiqiao.platform.governance.api import Actor, User

PAGES = {
    "data:sources": lambda: reverse("data:sources"),
    "data:source": lambda: reverse("data:source", args=[Source.objects.earliest("id").uuid]),
    "data:source imports": lambda: _tab("imports"),
    "data:source coverage": lambda: _tab("coverage"),
    "data:conflicts": lambda: reverse("data:conflicts"),
    "data:role_pay": lambda: reverse("data:role_pay", args=["developer"]),
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
    "evidence source_pay": lambda: _evidence(
        "source_pay", pay_uuid(JobRole.objects.get(key="developer").pk, Source.objects.earliest("id").pk)
    ),
    "evidence postings_total": lambda: _evidence("postings_total", ALL_POSTINGS),
    "api/skills": lambda: "/api/skills",
    "api/postings": lambda: "/api/postings",
    "api/imports": lambda: "/api/imports",
    "data:taxonomy_proposals": lambda: reverse("data:taxonomy_proposals"),
    "data:taxonomy_find": lambda: reverse("data:taxonomy_find") + "?term=精通",
    "data:taxonomy_proposal": lambda: reverse("data:taxonomy_proposal", args=[_term().uuid]),
    "data:taxonomy_changes": lambda: reverse("data:taxonomy_changes"),
    "data:taxonomy_change": lambda: reverse("data:taxonomy_change", args=[_change().uuid]),
    "data:taxonomy_versions": lambda: reverse("data:taxonomy_versions"),
}


def _tab(tab: str) -> str:
    return reverse("data:source_tab", args=[Source.objects.earliest("id").uuid, tab])


def _evidence(kind: str, uuid: object) -> str:
    return reverse("evidence", args=[kind, uuid])


def _term() -> SkillProposal:
    return actions.propose(Actor.system(), "精通")


def _change() -> SkillChange:
    """Return an active change with its impact and the sentences of it."""
    new = actions.NewSkill("精通", "", "tool", "programming")
    change = actions.draft_skill(Actor.system(), new, proposal=_term())
    run_waiting()
    actions.activate(Actor.system(), change, seen=actions.current().taxonomy.version)
    run_waiting()
    return change


def test_pages_ask_as_often_as_recorded(
    alice: User,
    import_file: Upload,
    sign_in: Callable[[User], Client],
    actor_of: Callable[[User], Actor],
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
    compare_pages((page, lambda to=to: (sign_in(alice), to())) for page, to in PAGES.items())


MANAGED = {
    "data:sources as steward": lambda _uuid: reverse("data:sources"),
    "data:source_edit": lambda uuid: reverse("data:source_edit", args=[uuid]),
    "data:source connectors": lambda uuid: reverse("data:source_tab", args=[uuid, "connectors"]),
    "data:source history": lambda uuid: reverse("data:source_tab", args=[uuid, "history"]),
}


def test_a_stewards_pages_ask_as_often_as_recorded(
    olga: User, new_source: NewSource, sign_in: Callable[[User], Client]
) -> None:
    source = new_source(steward_id=olga.pk, trust="B", trust_reason="x")
    new_source(name="b", is_shared=True)
    compare_pages((page, lambda to=to: (sign_in(olga), to(source.uuid))) for page, to in MANAGED.items())


def test_an_enterprises_pages_ask_as_often_as_recorded(
    hanna: User, skills: Path, sign_in: Callable[[User], Client]
) -> None:
    sign_in(hanna).post(
        reverse("data:vacancy_new"), {"title": "Python开发工程师", "text": "掌握Python。", "publish": "1"}
    )
    run_waiting()
    pages = {"data:vacancies": [], "data:vacancy": [Vacancy.objects.get().uuid]}
    compare_pages(
        (page, lambda page=page, named=named: (sign_in(hanna), reverse(page, args=named)))
        for page, named in pages.items()
    )


def test_the_page_of_the_coder_asks_as_often_as_recorded(
    data_officer: User, sign_in: Callable[[User], Client]
) -> None:
    compare_pages([("data:occupations", lambda: (sign_in(data_officer), reverse("data:occupations")))])
