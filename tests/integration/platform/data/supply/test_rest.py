"""The JSON API of the supply side: owner writes, colleague reads, stranger finds nothing; sums of three or none."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

import pytest
from django.test import Client

from tests.described import call
from tests.integration.platform.data.supply.conftest import ActorOf, facts
from zhiqiao.platform.data.models import EnterprisePlan, InvestmentProject, JobRole, Programme, ProgrammeYear
from zhiqiao.platform.data.supply.conditions import ConditionFacts, save_condition
from zhiqiao.platform.data.supply.regional import IndicatorFacts, save_indicator
from zhiqiao.platform.data.supply.years import save_year
from zhiqiao.platform.governance.api import AuditEvent, User

SignIn = Callable[[User], Client]
YEAR = {"year": 2025, "enrolled": 40, "graduates": 38, "placed": 36, "source": "学籍系统"}
PROJECT = {
    "name": "陶瓷基板工厂",
    "start": "2027-03",
    "probability": 0.6,
    "state": "announced",
    "source": "招商公告",
}


def test_a_year_is_stated_changed_and_taken_out_by_who_keeps_it(
    alice: User, programme: Programme, sign_in: SignIn
) -> None:
    client = sign_in(alice)
    made = call(client, "/api/supply/years", "post", {**YEAR, "programme": str(programme.uuid)}, status=201)
    assert (made["placement"], made["students"], made["version"]) == (pytest.approx(36 / 38), None, 1)
    url = f"/api/supply/years/{made['uuid']}"
    changed = call(client, url, "put", {**YEAR, "enrolled": 41, "version": 1})
    assert (changed["enrolled"], changed["version"]) == (41, 2)
    late = call(client, url, "put", {**YEAR, "enrolled": 42, "version": 1}, status=409)
    assert late["version"] == 2
    call(client, url + "?version=1", "delete", status=409)
    call(client, url + "?version=2", "delete", status=204)
    call(client, url, status=404)
    assert set(
        AuditEvent.objects.filter(action__startswith="supply.year").values_list("action", flat=True)
    ) == {
        "supply.year.added",
        "supply.year.changed",
        "supply.year.removed",
    }


@pytest.mark.parametrize(
    "change",
    [
        {"placed": 99},
        {"year": 1890},
        {"enrolled": -1},
        {"enrolled": 10**12},
        {"source": ""},
        {"source": "  "},
        {"source": "甲\x00乙"},
        {"source": "甲\u202e乙"},
        {"source": "长" * 301},
        {"definition": "长" * 501},
    ],
)
def test_what_a_form_refuses_the_api_refuses(
    alice: User, programme: Programme, sign_in: SignIn, change: dict[str, object]
) -> None:
    body = {**YEAR, "programme": str(programme.uuid), **change}
    assert call(sign_in(alice), "/api/supply/years", "post", body, status=422)["detail"]
    assert not ProgrammeYear.objects.exists()


def test_years_and_conditions_are_read_by_colleagues_and_the_bureau_and_by_no_stranger(
    alice: User,
    bob: User,
    charlie: User,
    officer: User,
    student: User,
    programme: Programme,
    other_programme: Programme,
    actor_of: ActorOf,
    sign_in: SignIn,
    client: Client,
) -> None:
    year = save_year(actor_of(alice), programme, facts(), year=2025)
    condition = save_condition(actor_of(alice), programme, ConditionFacts("封装线", "条", None, None, "", ""))
    addresses = {
        "/api/supply/years": f"/api/supply/years/{year.uuid}",
        "/api/supply/conditions": f"/api/supply/conditions/{condition.uuid}",
    }
    for many, one in addresses.items():
        for reader in (alice, bob, officer):
            found = call(sign_in(reader), many)
            assert [row["uuid"] for row in found["items"]] == [one.rpartition("/")[2]]
            assert call(sign_in(reader), one) == found["items"][0]
        stranger = sign_in(charlie)
        assert call(stranger, many)["items"] == []
        assert call(stranger, f"{many}?programme={programme.uuid}")["items"] == []
        assert stranger.get(one).status_code == 404
        assert stranger.delete(f"{one}?version=1").status_code == 404
        assert sign_in(bob).delete(f"{one}?version=1").status_code == 404
        assert sign_in(student).get(many).status_code == 404
        assert Client().get(many).status_code == 401
    body = {**YEAR, "year": 2024}
    assert call(
        sign_in(charlie), "/api/supply/years", "post", {**body, "programme": str(programme.uuid)}, status=404
    )
    assert sign_in(charlie).put(
        addresses["/api/supply/years"], {**body, "version": 1}, content_type="application/json"
    ).status_code == 404  # fmt: skip
    assert ProgrammeYear.objects.get().version == 1


def test_a_condition_is_kept_with_its_norm(alice: User, programme: Programme, sign_in: SignIn) -> None:
    client = sign_in(alice)
    body = {"programme": str(programme.uuid), "name": "封装线", "unit": "条", "required": 2}
    assert "出自哪里" in call(client, "/api/supply/conditions", "post", body, status=422)["detail"]
    made = call(client, "/api/supply/conditions", "post", {**body, "norm_source": "标准"}, status=201)
    assert (made["required"], made["present"], made["is_met"]) == (2.0, None, None)
    url = f"/api/supply/conditions/{made['uuid']}"
    body = {
        "name": "封装线",
        "unit": "条",
        "required": 2,
        "norm_source": "标准",
        "present": 1.5,
        "version": 1,
    }
    assert call(client, url, "put", body)["is_met"] is False
    call(client, url + "?version=2", "delete", status=204)


def test_pages_of_a_list_add_up(
    alice: User, programme: Programme, actor_of: ActorOf, sign_in: SignIn
) -> None:
    for year in range(2018, 2025):
        save_year(actor_of(alice), programme, facts(), year=year)
    client = sign_in(alice)
    pages = [call(client, f"/api/supply/years?size=3&page={number}") for number in (1, 2, 3, 4)]
    assert [page["total"] for page in pages] == [7] * 4
    assert [row["year"] for page in pages for row in page["items"]] == list(range(2024, 2017, -1))
    assert call(client, "/api/supply/years?year=2020")["total"] == 1
    for bad in ("size=0", "size=201", "page=0", "page=x", "programme=x", "year=x"):
        assert client.get(f"/api/supply/years?{bad}").status_code == 422


def test_plans_through_the_api_stay_with_the_enterprise_and_sums_need_three(
    enterprises: list[User], officer: User, alice: User, developer: JobRole, sign_in: SignIn
) -> None:
    body = {"role": developer.key, "year": 2027, "headcount": 4711, "note": "扩产"}
    made = call(sign_in(enterprises[0]), "/api/plans", "post", body, status=201)
    call(sign_in(enterprises[1]), "/api/plans", "post", {**body, "headcount": 11}, status=201)
    assert [row["headcount"] for row in call(sign_in(enterprises[0]), "/api/plans")["items"]] == [4711]
    for reader in (officer,):
        sums = sign_in(reader).get("/api/plans/sums")
        assert (sums.json()["items"][0]["headcount"], sums.json()["items"][0]["enterprises"]) == (None, None)
        assert "4711" not in sums.content.decode()
        assert "4722" not in sums.content.decode()
    call(sign_in(enterprises[2]), "/api/plans", "post", {**body, "headcount": 1}, status=201)
    row = call(sign_in(officer), "/api/plans/sums")["items"][0]
    assert (row["headcount"], row["enterprises"]) == (4723, 3)
    url = f"/api/plans/{made['uuid']}"
    for stranger in (enterprises[1], officer, alice):
        assert (
            sign_in(stranger).put(url, {**body, "version": 1}, content_type="application/json").status_code
            == 404
        )
        assert sign_in(stranger).delete(url + "?version=1").status_code == 404
    assert sign_in(officer).get("/api/plans").status_code == 404
    assert sign_in(enterprises[0]).get("/api/plans/sums").status_code == 404
    assert sign_in(alice).get("/api/plans/sums").status_code == 404
    # one takes its plan back: two are left, and the sum is gone again
    call(sign_in(enterprises[0]), url + "?version=1", "delete", status=204)
    assert call(sign_in(officer), "/api/plans/sums")["items"][0]["headcount"] is None
    assert EnterprisePlan.objects.count() == 2


def test_a_plan_for_a_post_that_is_none_or_twice_is_refused(
    enterprises: list[User], developer: JobRole, sign_in: SignIn
) -> None:
    client, body = sign_in(enterprises[0]), {"role": developer.key, "year": 2027, "headcount": 3}
    call(client, "/api/plans", "post", {**body, "role": "nothing"}, status=422)
    call(client, "/api/plans", "post", {**body, "headcount": 10**7}, status=422)
    call(client, "/api/plans", "post", body, status=201)
    assert "已经填过" in call(client, "/api/plans", "post", body, status=422)["detail"]


def test_projects_are_kept_by_the_bureau_and_read_by_schools(
    officer: User, alice: User, enterprises: list[User], developer: JobRole, sign_in: SignIn
) -> None:
    client = sign_in(officer)
    industry = developer.link.industry.key
    staff = [{"role": developer.key, "year": 2027, "headcount": 25}]
    body = {**PROJECT, "industry": industry, "link": developer.link.key, "staff": staff}
    made = call(client, "/api/projects", "post", body, status=201)
    assert (made["headcount"], made["staff"]) == (25, staff)
    url = f"/api/projects/{made['uuid']}"
    assert call(sign_in(alice), url) == made
    changed = call(client, url, "put", {**body, "staff": [], "state": "cancelled", "version": 1})
    assert (changed["headcount"], changed["state"], changed["version"]) == (None, "cancelled", 2)
    call(client, url, "put", {**body, "version": 1}, status=409)
    for bad in (
        {"industry": "x"},
        {"start": "2027-13"},
        {"probability": 2},
        {"staff": staff * 2},
        {"link": "x"},
    ):
        call(client, "/api/projects", "post", {**body, "name": "另一个", **bad}, status=422)
    assert call(client, "/api/projects?state=announced")["total"] == 0
    assert sign_in(alice).put(url, {**body, "version": 2}, content_type="application/json").status_code == 404
    assert sign_in(enterprises[0]).get("/api/projects").status_code == 404
    assert InvestmentProject.objects.count() == 1


def test_values_are_kept_under_the_definition_in_force(
    officer: User, alice: User, actor_of: ActorOf, sign_in: SignIn
) -> None:
    names = IndicatorFacts("常住人口", "Residents", "万人", "10,000 people")
    save_indicator(actor_of(officer), None, names, definition="年末")
    client = sign_in(officer)
    body = {"year": 2024, "value": 262.5, "state": "official", "source": "公报"}
    made = call(client, "/api/regional/indicators/residents/values", "post", body, status=201)
    assert (made["value"], made["definition"], made["breaks"]) == (262.5, 1, False)
    call(client, "/api/regional/indicators/residents/values", "post", body, status=422)
    call(client, "/api/regional/indicators/nothing/values", "post", body, status=404)
    url = f"/api/regional/values/{made['uuid']}"
    assert call(client, url, "put", {**body, "value": "263.1234", "version": 1})["value"] == 263.1234
    for bad in ({"value": 1.23456}, {"value": "NaN"}, {"value": 1e20}, {"state": "guess"}, {"source": ""}):
        call(client, url, "put", {**body, "version": 2, **bad}, status=422)
    reader = sign_in(alice)
    assert call(reader, "/api/regional/indicators")["items"][0]["latest_year"] == 2024
    assert call(reader, "/api/regional/values?indicator=residents")["total"] == 1
    assert call(reader, "/api/regional/values?indicator=x")["total"] == 0
    assert reader.put(url, {**body, "version": 2}, content_type="application/json").status_code == 404
    call(client, url + "?version=2", "delete", status=204)


@pytest.mark.parametrize(
    "url",
    [
        "/api/supply/years",
        "/api/supply/conditions",
        "/api/plans",
        "/api/plans/sums",
        "/api/projects",
        "/api/regional/indicators",
        "/api/regional/values",
    ],
)
def test_without_a_session_nothing_is_told(db: None, client: Client, url: str) -> None:
    assert client.get(url).status_code == 401
    assert client.post(url, {}, content_type="application/json").status_code in {401, 404}
    assert client.get(f"{url}/{uuid4()}").status_code in {401, 404}


def test_a_write_needs_the_token_against_forged_requests(alice: User, programme: Programme) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(alice)
    body = {**YEAR, "programme": str(programme.uuid)}
    assert client.post("/api/supply/years", body, content_type="application/json").status_code in {401, 403}
    assert not ProgrammeYear.objects.exists()
