"""An enterprise's own postings: drafts, versions that replace each other, closing, skills with spans, who may."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from tests.conftest import Places
from tests.factories import person_with
from tests.integration.platform.data.conftest import Upload
from zhiqiao.infra.jobs.api import run_waiting
from zhiqiao.platform.data import vacancies
from zhiqiao.platform.data.errors import Refused
from zhiqiao.platform.data.models import Delivery, ImportState, JobPosting, PostingImport, Source, Vacancy
from zhiqiao.platform.data.selectors.vacancies import vacancy_page
from zhiqiao.platform.data.vacancies import VacancyFacts
from zhiqiao.platform.governance.api import Actor, AuditEvent, Role, User

ActorOf = Callable[[User], Actor]
SignIn = Callable[[User], Client]
FORM = {
    "title": "Python开发工程师",
    "text": "任职要求：\n熟练掌握Python和Docker。\n联系电话13800138000。",
    "city": "成都",
    "salary_min": "8000",
    "salary_max": "12000",
    "diploma": "大专",
    "experience": "1-3年",
}


@pytest.fixture
def published(hanna: User, skills: Path, sign_in: SignIn) -> Vacancy:
    """A posting written and published on the page."""
    done = sign_in(hanna).post(reverse("data:vacancy_new"), {**FORM, "publish": "1"})
    assert done.status_code == 302
    run_waiting()
    return Vacancy.objects.get()


def test_a_draft_counts_nowhere(hanna: User, skills: Path, sign_in: SignIn) -> None:
    sign_in(hanna).post(reverse("data:vacancy_new"), FORM)
    row = Vacancy.objects.get()
    assert (row.state, row.version) == ("draft", 0)
    assert not PostingImport.objects.exists()
    assert "13800138000" not in row.text


def test_a_published_posting_counts_and_shows_its_skills_with_spans(
    hanna: User, published: Vacancy, actor_of: ActorOf, sign_in: SignIn
) -> None:
    posting = JobPosting.objects.get()
    assert (posting.city, posting.salary_min, posting.salary_max) == ("成都市", 8000, 12000)
    page = vacancy_page(actor_of(hanna), published.uuid)
    assert page.skills == ("Docker", "Python")
    marked = [piece.text for part in page.passages for piece in part.pieces if piece.skill_key]
    assert marked == ["Python", "Docker"]
    assert "<mark" in sign_in(hanna).get(reverse("data:vacancy", args=[published.uuid])).content.decode()


def test_its_source_is_the_enterprises_own_and_shared_with_a_licence(published: Vacancy) -> None:
    source = Source.objects.get()
    assert (source.kind, source.is_shared, source.org_root_id) == ("enterprise", True, published.org_root_id)
    assert source.licence_note


def test_the_region_sees_the_posting(published: Vacancy, alice: User, sign_in: SignIn) -> None:
    posting = JobPosting.objects.get()
    assert sign_in(alice).get(reverse("data:posting", args=[posting.uuid])).status_code == 200


def test_an_edit_is_a_draft_until_published_and_then_takes_the_place_of_the_old_version(
    hanna: User, published: Vacancy, sign_in: SignIn
) -> None:
    client = sign_in(hanna)
    changed = {**FORM, "text": "任职要求：熟练掌握Java，有团队合作精神。", "salary_max": "15000"}
    client.post(reverse("data:vacancy_edit", args=[published.uuid]), changed)
    assert JobPosting.objects.get().salary_max == 12000
    client.post(reverse("data:vacancy_publish", args=[published.uuid]))
    run_waiting()
    posting = JobPosting.objects.live().get()
    assert posting.salary_max == 15000
    assert set(posting.skills.values_list("skill__key", flat=True)) == {"java", "teamwork"}
    assert Vacancy.objects.get().version == 2
    states = list(PostingImport.objects.order_by("id").values_list("state", flat=True))
    assert states == [ImportState.WITHDRAWN, ImportState.LIVE]
    assert [row.origin["version"] for row in Delivery.objects.order_by("id")] == ["1", "2"]


def test_a_small_edit_is_no_duplicate_of_its_own_earlier_version(
    hanna: User, published: Vacancy, sign_in: SignIn
) -> None:
    client = sign_in(hanna)
    client.post(
        reverse("data:vacancy_edit", args=[published.uuid]), {**FORM, "salary_max": "13000", "publish": "1"}
    )
    run_waiting()
    assert JobPosting.objects.live().get().salary_max == 13000


def test_publishing_without_a_change_is_refused(hanna: User, published: Vacancy, actor_of: ActorOf) -> None:
    with pytest.raises(Refused, match="没有变化"):
        vacancies.publish_vacancy(actor_of(hanna), published)
    assert PostingImport.objects.count() == 1


def test_publishing_again_before_the_first_has_run_leaves_one(
    hanna: User, skills: Path, actor_of: ActorOf
) -> None:
    actor = actor_of(hanna)
    facts = VacancyFacts("Python开发工程师", "掌握Python。", "成都", 8000, 9000, "", "")
    row = vacancies.save_vacancy(actor, None, facts)
    vacancies.publish_vacancy(actor, row)
    vacancies.save_vacancy(
        actor, row, VacancyFacts("Java开发工程师", "掌握Java。", "成都", 8000, 9000, "", "")
    )
    vacancies.publish_vacancy(actor, row)
    run_waiting()
    assert [posting.title for posting in JobPosting.objects.live()] == ["Java开发工程师"]


def test_closing_takes_it_out_of_all_figures_and_keeps_what_was_written(
    hanna: User, published: Vacancy, sign_in: SignIn, actor_of: ActorOf
) -> None:
    sign_in(hanna).post(reverse("data:vacancy_close", args=[published.uuid]))
    run_waiting()
    row = Vacancy.objects.get()
    assert (row.state, row.title) == ("closed", "Python开发工程师")
    assert not JobPosting.objects.live().exists()
    with pytest.raises(Refused, match="关闭"):
        vacancies.save_vacancy(actor_of(hanna), row, VacancyFacts("x", "y", "", None, None, "", ""))
    with pytest.raises(Refused, match="关闭"):
        vacancies.publish_vacancy(actor_of(hanna), row)
    with pytest.raises(Refused, match="关闭"):
        vacancies.close_vacancy(actor_of(hanna), row)


def test_what_is_in_from_another_source_counts_once(
    alice: User, hanna: User, import_file: Upload, sign_in: SignIn, actor_of: ActorOf
) -> None:
    text = "任职要求：熟练掌握Python和Docker，有团队合作精神。"
    import_file(alice, shared=True)
    data = {"title": "Python开发工程师", "text": text, "city": "成都", "publish": "1"}
    sign_in(hanna).post(reverse("data:vacancy_new"), data)
    run_waiting()
    page = vacancy_page(actor_of(hanna), Vacancy.objects.get().uuid)
    assert page.is_duplicate == (PostingImport.objects.latest("id").duplicates == 1)
    assert JobPosting.objects.filter(title="Python开发工程师").count() == 2 - page.is_duplicate


def test_a_colleague_may_go_on_and_a_stranger_finds_nothing(
    hanna: User, published: Vacancy, places: Places, sign_in: SignIn, alice: User
) -> None:
    colleague = person_with(Role.ENTERPRISE_HR, places.enterprise, username="hugo")
    stranger = person_with(Role.ENTERPRISE_HR, places.other_school, username="stefan")
    address = reverse("data:vacancy_edit", args=[published.uuid])
    assert sign_in(colleague).get(address).status_code == 200
    for who in (stranger, alice):
        assert sign_in(who).get(address).status_code == 404
        assert sign_in(who).post(reverse("data:vacancy_close", args=[published.uuid])).status_code == 404
    assert Vacancy.objects.get().state == "published"


@pytest.mark.parametrize(
    "changes",
    [{"title": ""}, {"text": ""}, {"salary_min": "-5"}, {"salary_min": "13000"}, {"salary_max": "viel"}],
)
def test_a_wrong_form_is_shown_again_with_what_is_wrong(
    hanna: User, skills: Path, sign_in: SignIn, changes: dict[str, str]
) -> None:
    answer = sign_in(hanna).post(reverse("data:vacancy_new"), {**FORM, **changes})
    assert answer.status_code == 422
    assert not Vacancy.objects.exists()


def test_the_trail_names_the_person_who_published(hanna: User, published: Vacancy) -> None:
    event = AuditEvent.objects.get(action="vacancies.published")
    assert (event.actor_id, event.detail) == (hanna.pk, {"version": 1})


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_pages_open_in_both_languages(
    hanna: User, published: Vacancy, sign_in: SignIn, language: str
) -> None:
    client = sign_in(hanna)
    client.cookies["zq_language"] = language
    for name, arguments in (("vacancies", []), ("vacancy_new", []), ("vacancy", [published.uuid])):
        assert client.get(reverse(f"data:{name}", args=arguments)).status_code == 200
