"""The way of an officer who misses a skill, page by page; and what a colleague and a stranger see of it."""

from __future__ import annotations

import io
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from copy import deepcopy
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from tests.conftest import Places
from tests.factories import the_one
from tests.integration.platform.data.conftest import bring_in, reading_with
from tests.integration.platform.data.taxonomy.conftest import CSV, NEW, SilentStage
from tests.worlds import lay
from zhiqiao.engines import jobmining
from zhiqiao.infra.jobs.api import run_waiting
from zhiqiao.platform.data.figures import Scope, demand_uuid
from zhiqiao.platform.data.models import (
    ChangeKind,
    JobPosting,
    PostingImport,
    ProposalState,
    Skill,
    SkillChange,
    SkillProposal,
)
from zhiqiao.platform.data.taxonomy import actions
from zhiqiao.platform.governance.api import Actor, AuditEvent, Role, User

SignIn = Callable[[User], Client]
InForce = Callable[..., SkillChange]


def words_of(client: Client, name: str, *args: object, **query: str) -> str:
    answer = client.get(reverse(f"data:{name}", args=args), query)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.fixture
def page(keeper: User, sign_in: SignIn) -> Client:
    """The officer's browser."""
    return sign_in(keeper)


@pytest.fixture(scope="session")
def imported_world(
    request: pytest.FixtureRequest,
    places_world: Places,
    skills_world: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[PostingImport | None]:
    """A shared import that holds a term the catalogue lacks."""

    def make() -> PostingImport:
        alice = the_one(Role.PROGRAMME_HEAD, places_world.programme, username="alice", display_name="Alice")
        with reading_with(skills_world, SilentStage):
            return bring_in(alice, CSV, tmp_path_factory.mktemp("world"), shared=True)

    yield from lay(request, make)


@pytest.fixture
def imported(imported_world: PostingImport, skills: Path, alice: User) -> PostingImport:
    """A shared import that holds a term the catalogue lacks."""
    return deepcopy(imported_world)


def test_from_an_empty_search_to_a_figure(imported: object, page: Client) -> None:
    empty = page.get("/search", {"q": "鹦鹉链"}).content.decode()
    assert reverse("data:taxonomy_find") in empty
    found = words_of(page, "taxonomy_find", term="鹦鹉链")
    assert "不在目录里" in found
    assert "<mark>鹦鹉链</mark>" in found
    answer = page.post(reverse("data:taxonomy_propose"), {"term": "鹦鹉链"})
    term = SkillProposal.objects.get()
    assert answer["Location"] == reverse("data:taxonomy_proposal", args=[term.uuid])
    fields = {
        "decision": "accept",
        "zh": "鹦鹉链",
        "en": "",
        "kind": "tool",
        "category": "programming",
        "aliases": "鹦鹉引擎\n",
    }
    answer = page.post(answer["Location"], fields)
    change = SkillChange.objects.get()
    assert answer["Location"] == reverse("data:taxonomy_change", args=[change.uuid])
    assert "正在计算影响" in words_of(page, "taxonomy_change", change.uuid)
    run_waiting()
    assert "确认生效" in words_of(page, "taxonomy_change", change.uuid)
    change.refresh_from_db()
    seen = {"verb": "activate", "seen": change.impact["old"]}
    page.post(reverse("data:taxonomy_act", args=[change.uuid]), seen)
    assert "还有 1 次导入没有更新" in words_of(page, "taxonomy_versions")
    assert "还按旧版目录统计" in words_of(page, "skills")
    run_waiting()
    assert "所有导入都已按第 2 版" in words_of(page, "taxonomy_versions")
    assert "2 / 4（50.0%）" in words_of(page, "skill", change.skill_key)
    term.refresh_from_db()
    assert term.state == ProposalState.ACCEPTED


def test_merging_asks_for_a_skill_and_leads_to_its_impact(
    imported: object, page: Client, acting: Actor
) -> None:
    term = actions.propose(acting, "精通Jav")
    address = reverse("data:taxonomy_proposal", args=[term.uuid])
    answer = page.post(address, {"decision": "merge"})
    assert answer.status_code == 409
    assert "请选择要并入的技能" in answer.content.decode()
    typed = page.post(address, {"decision": "merge", "target_q": "ｊａｖ"}).content.decode()
    assert 'name="target" value="java"' in typed
    assert page.post(address, {"decision": "merge", "target": "absent"}).status_code == 409
    assert page.post(address, {"decision": "merge", "target": "java"}).status_code == 302
    assert SkillChange.objects.get().kind == ChangeKind.ADD_ALIAS


def test_a_name_with_an_owner_is_refused_on_the_page_and_what_was_written_stays(
    imported: object, page: Client, acting: Actor
) -> None:
    term = actions.propose(acting, "鹦鹉链")
    fields = {
        "decision": "accept",
        "zh": "鹦鹉链",
        "kind": "tool",
        "category": "programming",
        "aliases": "PYTHON",
    }
    answer = page.post(reverse("data:taxonomy_proposal", args=[term.uuid]), fields)
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "“PYTHON”已经是技能“Python”的名称或写法" in text
    assert ">PYTHON</textarea>" in text.replace("\n", "")
    answer = page.post(reverse("data:taxonomy_proposal", args=[term.uuid]), fields | {"category": ""})
    assert answer.status_code == 422


def test_rejecting_many_asks_for_one_reason(imported: object, page: Client, acting: Actor) -> None:
    rows = [actions.propose(acting, word) for word in ("鹦鹉链", "吃苦")]
    picked = {"picked": [str(row.uuid) for row in rows] + ["no uuid"]}
    assert "驳回 2 个词" in page.post(reverse("data:taxonomy_reject"), picked).content.decode()
    assert page.post(reverse("data:taxonomy_reject"), picked | {"confirmed": "1"}).status_code == 422
    page.post(reverse("data:taxonomy_reject"), picked | {"confirmed": "1", "reason": "不是技能"})
    assert set(SkillProposal.objects.values_list("state", "reason")) == {("rejected", "不是技能")}
    assert "吃苦" not in words_of(page, "taxonomy_proposals")
    assert "吃苦" in words_of(page, "taxonomy_proposals", state="rejected")
    page.post(reverse("data:taxonomy_proposal", args=[rows[0].uuid]), {"decision": "reopen"})
    assert SkillProposal.objects.get(pk=rows[0].pk).state == ProposalState.OPEN


def test_undoing_shows_its_impact_first(
    imported: object, page: Client, acting: Actor, in_force: InForce
) -> None:
    change = in_force(actions.draft_skill(acting, NEW))
    act = reverse("data:taxonomy_act", args=[change.uuid])
    page.post(act, {"verb": "preview"})
    run_waiting()
    assert "撤销的影响" in words_of(page, "taxonomy_change", change.uuid)
    page.post(act, {"verb": "withdraw", "seen": actions.current().taxonomy.version, "reason": ""})
    assert Skill.objects.get(key=change.skill_key).is_active
    page.post(act, {"verb": "withdraw", "seen": actions.current().taxonomy.version, "reason": "写错"})
    assert not Skill.objects.get(key=change.skill_key).is_active
    assert "这项技能已停用" in words_of(page, "skill", change.skill_key)


def test_the_second_of_two_gets_a_clear_message_and_a_new_preview(
    imported: object, page: Client, acting: Actor, in_force: InForce
) -> None:
    late = actions.draft(acting, ChangeKind.ADD_ALIAS, "java", surface="爪哇")
    run_waiting()
    late.refresh_from_db()
    seen = late.impact["old"]
    in_force(actions.draft_skill(acting, NEW))
    answer = page.post(
        reverse("data:taxonomy_act", args=[late.uuid]), {"verb": "activate", "seen": seen}, follow=True
    )
    assert "请按新目录再看一次影响" in answer.content.decode()
    assert "正在计算影响" in answer.content.decode()
    run_waiting()
    late.refresh_from_db()
    assert late.impact["old"] == actions.current().taxonomy.version


def test_writings_of_a_skill_are_kept_on_its_own_page(imported: object, page: Client) -> None:
    address = reverse("data:taxonomy_skill", args=["teamwork"])
    assert "停用写法“团队协作”" in page.get(address).content.decode()
    assert page.post(address, {"verb": "add", "surface": "Python"}).status_code == 409
    assert page.post(address, {"verb": "retire", "surface": "团队协作"}).status_code == 302
    assert page.post(address, {"verb": "drop", "reason": "太宽"}).status_code == 302
    assert set(SkillChange.objects.values_list("kind", flat=True)) == {"retire_alias", "retire_skill"}
    assert page.get(reverse("data:taxonomy_skill", args=["absent"])).status_code == 404


def test_skills_are_offered_while_typing(skills: object, page: Client) -> None:
    text = words_of(page, "taxonomy_options", target_q="团队", field="target")
    assert 'name="target" value="teamwork"' in text
    assert "没有含“不存在”" in words_of(page, "taxonomy_options", broader_q="不存在", field="broader")


def test_the_pack_has_the_version_of_the_catalogue_and_the_command_line_reads_it(
    imported: object, page: Client, acting: Actor, in_force: InForce, tmp_path: Path
) -> None:
    in_force(actions.draft_skill(acting, NEW))
    answer = page.get(reverse("data:taxonomy_pack"))
    zipfile.ZipFile(io.BytesIO(answer.content)).extractall(tmp_path / "exported")
    found = jobmining.read_taxonomy(tmp_path / "exported")
    assert found.version == actions.current().taxonomy.version
    assert found.version in answer["Content-Disposition"]
    assert AuditEvent.objects.filter(action="taxonomy.exported").exists()
    (tmp_path / "in.csv").write_text("id,text\n1,任职要求：会用鹦鹉链。\n", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "zhiqiao.cli", "mine", str(tmp_path / "in.csv"), "--json",
         "--taxonomy", str(tmp_path / "exported"), "--out", str(tmp_path / "out")],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert f'"taxonomy_version": "{found.version}"' in done.stdout
    assert '"mentions": 1' in done.stdout


@pytest.mark.parametrize("term", ["长" * 10_000, "🦜", "a|b"])
def test_a_bad_term_is_told_beside_the_field(skills: object, page: Client, term: str) -> None:
    answer = page.get(reverse("data:taxonomy_find"), {"term": term})
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.content.decode()
    assert page.post(reverse("data:taxonomy_propose"), {"term": term}).status_code == 302
    assert not SkillProposal.objects.exists()


def test_markup_in_a_term_is_shown_and_not_run(imported: object, page: Client) -> None:
    text = words_of(page, "taxonomy_find", term="<script>链</script>")
    assert "<script>链" not in text
    assert "&lt;script&gt;链" in text


def test_a_short_term_warns(imported: object, page: Client) -> None:
    assert "只有一个字" in words_of(page, "taxonomy_find", term="链")


def test_a_term_the_catalogue_has_leads_to_its_skill(imported: object, page: Client) -> None:
    text = words_of(page, "taxonomy_find", term="ｄｏｃｋｅｒ")
    assert reverse("data:skill", args=["docker"]) in text
    assert "不需要再加" in text


def test_a_colleague_proposes_and_sees_the_state_but_decides_nothing(
    imported: object, bob: User, sign_in: SignIn
) -> None:
    client = sign_in(bob)
    assert "提出这项技能" in words_of(client, "taxonomy_find", term="鹦鹉链")
    client.post(reverse("data:taxonomy_propose"), {"term": "鹦鹉链"})
    term = SkillProposal.objects.get()
    text = words_of(client, "taxonomy_proposal", term.uuid)
    assert "等待行业协会审核" in text
    assert "预览收下的影响" not in text
    for decision in ("accept", "merge", "reject"):
        answer = client.post(reverse("data:taxonomy_proposal", args=[term.uuid]), {"decision": decision})
        assert answer.status_code == 404
    assert client.get(reverse("data:taxonomy_skill", args=["java"])).status_code == 404


def test_a_student_reaches_none_of_it(imported: object, student: User, sign_in: SignIn) -> None:
    client = sign_in(student)
    for name in ("proposals", "find", "changes", "versions", "pack"):
        assert client.get(reverse(f"data:taxonomy_{name}")).status_code == 404
    assert reverse("data:taxonomy_find") not in client.get("/search", {"q": "x"}).content.decode()


def test_a_draft_is_its_authors_alone(
    imported: object, acting: Actor, second: User, bob: User, sign_in: SignIn
) -> None:
    draft = actions.draft_skill(acting, NEW)
    for person in (second, bob):
        assert sign_in(person).get(reverse("data:taxonomy_change", args=[draft.uuid])).status_code == 404


def test_the_officers_home_says_how_many_terms_wait(imported: object, page: Client, acting: Actor) -> None:
    actions.propose(acting, "鹦鹉链")
    assert "有 1 个词等您决定" in page.get("/").content.decode()


def test_the_evidence_of_a_figure_names_the_catalogue_it_was_counted_with(
    imported: PostingImport, page: Client
) -> None:
    figure = demand_uuid(Skill.objects.get(key="python").pk, (Scope.ALL, 0))
    text = page.get(reverse("evidence", args=["skill_demand", figure])).content.decode()
    assert imported.taxonomy_version in text


def test_a_posting_offers_to_name_what_is_missing(imported: object, bob: User, sign_in: SignIn) -> None:
    row = JobPosting.objects.get(company="甲公司")
    assert "data-zq-select-from" in words_of(sign_in(bob), "posting", row.uuid)


def test_english_pages_hold_no_chinese_but_data(
    imported: object, keeper: User, acting: Actor, sign_in: SignIn
) -> None:
    client = sign_in(keeper)
    client.cookies["zq_language"] = "en"
    term = actions.propose(acting, "parrot chain")
    draft = actions.draft(acting, ChangeKind.ADD_ALIAS, "java", surface="parrot chain", proposal=term)
    run_waiting()
    for name, args in (
        ("taxonomy_proposals", ()), ("taxonomy_changes", ()), ("taxonomy_versions", ()), ("taxonomy_find", ()),
        ("taxonomy_proposal", (term.uuid,)), ("taxonomy_change", (draft.uuid,)), ("taxonomy_skill", ("java",)),
    ):  # fmt: skip
        text = client.get(reverse(f"data:{name}", args=args)).content.decode()
        main = text[text.index("<main") :]
        assert "技能" not in main, name
        assert "目录" not in main, name
