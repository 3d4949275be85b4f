"""The pages of programmes: what owner, colleague and stranger see and may do."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from tests.integration.apps.management.conftest import World
from zhiqiao.apps.management.models import GapReport, Proposal, ProposalState
from zhiqiao.infra.jobs.api import runs
from zhiqiao.platform.governance.models import User

SignIn = Callable[[User], Client]


@pytest.fixture
def addresses(world: World, report: GapReport) -> dict[str, str]:
    programme = world.programme.uuid
    update = report.proposals.get(change="update")
    return {
        "gap": reverse("management:gap", args=[programme]),
        "proposals": reverse("management:proposals", args=[programme]),
        "courses": reverse("management:courses", args=[programme]),
        "matrix": reverse("management:matrix", args=[programme]),
        "proposal": reverse("management:proposal", args=[update.uuid]),
        "module": reverse("management:module", args=[world.ceramics.uuid]),
    }


def decision(proposal: Proposal, **changes: str) -> dict[str, str]:
    fields = {
        "version": str(proposal.version),
        "decision": "accept",
        "module": str(proposal.module_uuid or ""),
    }
    for skill in proposal.skills:
        fields |= {f"keep-{skill['key']}": "1", f"hours-{skill['key']}": "8", f"level-{skill['key']}": "2"}
    return fields | changes


@pytest.mark.parametrize("name", ["alice", "bob", "officer", "school_admin"])
def test_owner_colleague_and_bureau_read_every_page(
    addresses: dict[str, str], sign_in: SignIn, request: pytest.FixtureRequest, name: str
) -> None:
    client = sign_in(request.getfixturevalue(name))
    assert {key: client.get(url).status_code for key, url in addresses.items()} == dict.fromkeys(
        addresses, 200
    )


@pytest.mark.parametrize("name", ["charlie", "student", "mentor", "sysadmin", "auditor"])
def test_strangers_and_students_find_nothing(
    addresses: dict[str, str], sign_in: SignIn, request: pytest.FixtureRequest, name: str
) -> None:
    client = sign_in(request.getfixturevalue(name))
    assert {key: client.get(url).status_code for key, url in addresses.items()} == dict.fromkeys(
        addresses, 404
    )


def test_the_gap_page_names_skill_count_and_reason(
    addresses: dict[str, str], alice: User, sign_in: SignIn
) -> None:
    client = sign_in(alice)
    page = client.get(addresses["gap"]).content.decode()
    assert all(words in page for words in ("陶瓷芯片封装", "50.0%", "岗位要求，无模块讲授", "重新计算"))
    proposal = client.get(addresses["proposal"]).content.decode()
    assert "60 条招聘信息中有 30 条（50.0%）要求该技能" in proposal


def test_only_those_who_decide_see_the_form(
    addresses: dict[str, str], alice: User, bob: User, officer: User, sign_in: SignIn
) -> None:
    pages = [sign_in(user).get(addresses["proposal"]).content.decode() for user in (alice, bob, officer)]
    assert ["您的决定" in page for page in pages] == [True, False, False]


def test_accepting_on_the_page_changes_the_module_and_shows_the_result(
    report: GapReport, world: World, alice: User, sign_in: SignIn
) -> None:
    proposal = report.proposals.get(change="update")
    client = sign_in(alice)
    answer = client.post(reverse("management:decide", args=[proposal.uuid]), decision(proposal), follow=True)
    proposal.refresh_from_db()
    assert (answer.status_code, proposal.state) == (200, ProposalState.EDITED)
    page = client.get(reverse("management:module", args=[world.ceramics.uuid])).content.decode()
    assert "陶瓷芯片封装" in page
    assert "第 2 版" in page


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"hours-ceramic-chip-packaging": "viel"}, "须填写数字"),
        ({"hours-ceramic-chip-packaging": "-3"}, "学时须大于"),
        ({"hours-ceramic-chip-packaging": "1e400"}, "学时须大于"),
        ({"version": "99"}, "已由他人处理"),
        ({"version": ""}, "须填写数字"),
        ({"decision": "reject", "reason": " "}, "驳回理由"),
        ({"module": "00000000-0000-0000-0000-000000000000"}, "不属于该专业"),
        ({"keep-ceramic-chip-packaging": ""}, "至少保留一项"),
    ],
)
def test_a_decision_that_can_not_be_taken_says_why_and_keeps_the_page(
    report: GapReport, alice: User, sign_in: SignIn, changes: dict[str, str], words: str
) -> None:
    proposal = report.proposals.get(change="update")
    answer = sign_in(alice).post(
        reverse("management:decide", args=[proposal.uuid]), decision(proposal, **changes)
    )
    assert answer.status_code == (409 if changes.get("version") else 422)
    assert words in answer.content.decode()
    proposal.refresh_from_db()
    assert proposal.state == ProposalState.OPEN


@pytest.mark.parametrize("name", ["bob", "charlie", "student", "officer"])
def test_others_can_neither_decide_nor_recompute(
    report: GapReport, world: World, sign_in: SignIn, request: pytest.FixtureRequest, name: str
) -> None:
    proposal = report.proposals.get(change="update")
    client = sign_in(request.getfixturevalue(name))
    assert (
        client.post(reverse("management:decide", args=[proposal.uuid]), decision(proposal)).status_code == 404
    )
    assert client.post(reverse("management:recompute", args=[world.programme.uuid])).status_code == 404
    proposal.refresh_from_db()
    assert proposal.state == ProposalState.OPEN


def test_recompute_queues_one_run_and_leads_to_it(
    report: GapReport, world: World, alice: User, sign_in: SignIn
) -> None:
    answer = sign_in(alice).post(reverse("management:recompute", args=[world.programme.uuid]))
    run = runs().get(kind="management.gap")
    assert answer.status_code == 302
    assert str(run.uuid) in answer["Location"]
    assert run.owner_id == alice.pk


def test_the_export_of_the_gap_list_holds_the_rows_and_goes_on_record(
    addresses: dict[str, str], alice: User, sign_in: SignIn
) -> None:
    answer = sign_in(alice).get(addresses["gap"] + "?export=csv")
    text = b"".join(answer.streaming_content if answer.streaming else [answer.content]).decode("utf-8-sig")
    assert answer["Content-Type"].startswith("text/csv")
    assert "陶瓷芯片封装" in text


def test_the_list_of_programmes_shows_missing_and_open_figures(
    report: GapReport, alice: User, sign_in: SignIn
) -> None:
    text = sign_in(alice).get(reverse("management:programmes")).content.decode()
    assert "材料工程技术" in text
    assert f"/evidence/gap_report/{report.uuid}/" in text


def test_a_programme_without_report_says_what_will_be_there(
    world: World, alice: User, sign_in: SignIn
) -> None:
    text = sign_in(alice).get(reverse("management:gap", args=[world.programme.uuid])).content.decode()
    assert "还没有差距报告" in text
    assert "重新计算" in text


def test_english_pages_are_english(addresses: dict[str, str], alice: User, sign_in: SignIn) -> None:
    client = sign_in(alice)
    client.cookies["zq_language"] = "en"
    text = client.get(addresses["proposal"]).content.decode()
    assert "Ceramic chip packaging" in text
    assert "Of 60 postings for the target posts, 30 (50.0%) ask for this skill" in text
