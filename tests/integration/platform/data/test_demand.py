"""Demand from live, visible postings: by import, by month, together, per actor; and the faces that show it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from tests.integration.platform.data.conftest import HEADER, ROWS, Upload
from zhiqiao.infra.jobs.api import run_waiting
from zhiqiao.platform.data import actions, api, shell
from zhiqiao.platform.data.models import JobRole
from zhiqiao.platform.governance.api import Actor, User

ActorOf = Callable[[User], Actor]
SignIn = Callable[[User], Client]
OTHER = HEADER + "Java程序员,戊公司,任职要求：精通Java，了解Docker。,成都,9-12K,2026-02-10\n"


def roles(*keys: str) -> list[int]:
    """Return the ids of posts."""
    return list(JobRole.objects.filter(key__in=keys).values_list("id", flat=True))


def counts(table: api.DemandTable) -> dict[str, tuple[int, int]]:
    """Return (asking, all) per skill."""
    return {row.key: (row.count, row.total) for row in table.rows}


def test_demand_of_a_post_counts_postings_not_mentions(
    alice: User, import_file: Upload, actor_of: ActorOf
) -> None:
    import_file(alice)
    table = api.demand(actor_of(alice), roles("developer"))
    assert table.total == 2
    assert counts(table) == {"python": (1, 2), "docker": (1, 2), "teamwork": (1, 2), "java": (1, 2)}


def test_demand_of_all_postings_is_the_default(alice: User, import_file: Upload, actor_of: ActorOf) -> None:
    import_file(alice)
    assert counts(api.demand(actor_of(alice)))["ceramic-packaging"] == (1, 3)


def test_demand_is_the_sum_of_its_imports_and_months(
    alice: User, import_file: Upload, actor_of: ActorOf
) -> None:
    import_file(alice)
    import_file(alice, OTHER, name="other.csv")
    table = api.demand(actor_of(alice), roles("developer", "packer"))
    assert table.total == sum(item.postings for item in table.imports) == 4
    assert table.months == ("2026-01", "2026-02")
    for row in table.rows:
        assert row.count == sum(row.by_import.values()) == sum(count for count, _ in row.months.values())
        assert {month: every for month, (_count, every) in row.months.items()} == {"2026-01": 1, "2026-02": 3}
    assert table.together[("docker", "java")] == 1
    assert table.together[("docker", "python")] == 1
    assert ("java", "python") not in table.together


def test_a_withdrawn_import_leaves_the_demand_at_once(
    alice: User, import_file: Upload, actor_of: ActorOf
) -> None:
    first = import_file(alice)
    import_file(alice, OTHER, name="other.csv")
    actions.withdraw_import(actor_of(alice), first, reason="测试")
    assert counts(api.demand(actor_of(alice))) == {"java": (1, 1), "docker": (1, 1)}
    run_waiting()
    assert counts(api.demand(actor_of(alice))) == {"java": (1, 1), "docker": (1, 1)}


def test_each_sees_the_demand_of_own_and_shared_postings(
    alice: User, charlie: User, import_file: Upload, actor_of: ActorOf
) -> None:
    import_file(alice)
    import_file(charlie, OTHER, name="other.csv", shared=True)
    assert api.demand(actor_of(alice)).total == 4
    assert api.demand(actor_of(charlie)).total == 1


def test_without_postings_the_share_is_unknown(alice: User, skills: object, actor_of: ActorOf) -> None:
    table = api.demand(actor_of(alice), roles("developer"))
    assert (table.total, table.rows, table.months) == (0, (), None)


def test_sentences_come_with_their_posting(alice: User, import_file: Upload, actor_of: ActorOf) -> None:
    import_file(alice)
    (source,) = api.sentences(actor_of(alice), "docker", roles("developer"), 5)
    assert ("Docker", True) in source.text_parts
    assert source.url.startswith("/data/postings/")
    assert api.sentences(actor_of(alice), "docker", roles("packer")) == []


def test_skills_are_found_by_key(skills: object) -> None:
    found = api.skills_by_key({"python", "nothing"})
    assert set(found) == {"python"}
    assert str(found["python"].name) == "Python"


def test_the_search_finds_skills_posts_and_own_postings(
    alice: User, charlie: User, student: User, import_file: Upload, actor_of: ActorOf
) -> None:
    import_file(alice)
    titles = {hit.title for hit in shell.search(actor_of(alice), "封装", 10)}
    assert titles == {"陶瓷芯片封装", "封装工", "芯片封装技术员"}
    assert "芯片封装技术员" not in {hit.title for hit in shell.search(actor_of(charlie), "封装", 10)}
    assert shell.search(actor_of(student), "封装", 10) == []


def test_home_shows_figures_only_to_those_who_may_read(
    alice: User, student: User, import_file: Upload, actor_of: ActorOf
) -> None:
    assert shell.home_cards(actor_of(alice))[0].value is None
    import_file(alice)
    assert shell.home_cards(actor_of(alice))[0].value == "3"
    assert shell.home_cards(actor_of(student)) == []


def test_an_import_left_halfway_is_on_the_to_do_list(
    alice: User, bob: User, upload: Upload, actor_of: ActorOf
) -> None:
    waiting = upload(alice)
    assert [todo.url for todo in shell.todos(actor_of(alice))] == [
        reverse("data:import", args=[waiting.uuid])
    ]
    assert shell.todos(actor_of(bob)) == []
    assert len(shell.recent(actor_of(bob), 5)) == 1


def test_the_api_gives_what_the_pages_show(alice: User, import_file: Upload, sign_in: SignIn) -> None:
    import_file(alice)
    client = sign_in(alice)
    skills = client.get("/api/skills", {"q": "团队协作"}).json()
    assert [(item["key"], item["postings"], item["postings_total"]) for item in skills["items"]] == [
        ("teamwork", 1, 3)
    ]
    postings = client.get("/api/postings", {"skill": "java", "role": "developer"}).json()
    assert [item["title"] for item in postings["items"]] == ["Java开发工程师"]
    (item,) = client.get("/api/imports").json()["items"]
    assert item["rows_in"] == item["kept"] + item["duplicates"] + item["quarantined"]


def test_the_api_pages_its_lists(alice: User, import_file: Upload, sign_in: SignIn) -> None:
    import_file(alice)
    client = sign_in(alice)
    pages = [client.get("/api/postings", {"page": page, "size": 2}).json() for page in (1, 2, 3)]
    assert [len(page["items"]) for page in pages] == [2, 1, 0]
    assert {page["total"] for page in pages} == {3}
    assert client.get("/api/postings", {"size": 1000}).status_code == 422


@pytest.mark.parametrize("who", ["student", "auditor"])
def test_the_api_is_closed_to_who_may_not_read(
    request: pytest.FixtureRequest, who: str, sign_in: SignIn
) -> None:
    client = sign_in(request.getfixturevalue(who))
    for path in ("skills", "postings", "imports"):
        assert client.get(f"/api/{path}").status_code == 404


def test_a_stranger_gets_no_postings_by_the_api(
    alice: User, charlie: User, import_file: Upload, sign_in: SignIn
) -> None:
    import_file(alice, HEADER + ROWS[0])
    client = sign_in(charlie)
    assert client.get("/api/postings").json()["total"] == 0
    assert client.get("/api/imports").json()["total"] == 0
    assert client.get("/api/skills", {"q": "python"}).json()["items"][0]["postings"] is None
