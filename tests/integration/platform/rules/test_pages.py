"""Pages and API of the rules: what owner, colleague, authority and stranger see and may do."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from tests.integration.platform.rules.conftest import DAY, NOW, plan_text
from zhiqiao.engines import rules
from zhiqiao.platform.governance.access import Actor
from zhiqiao.platform.governance.models import User
from zhiqiao.platform.rules import books, checking, waiving
from zhiqiao.platform.rules.models import RuleCheck, RuleWaiver
from zhiqiao.platform.rules.waiving import Attached, Wish

SignIn = Callable[[User], Client]
ActorOf = Callable[[User], Actor]


@pytest.fixture
def waiver(check: RuleCheck, alice: User, actor_of: ActorOf) -> RuleWaiver:
    """Return a waiver of the busy term by Alice, for ever so long."""
    file = Attached("说明.pdf", b"%PDF-1.7 why")
    wish = Wish("TP-15", "reason", "programme_head", "集中实训", "", DAY, dt.date(2099, 1, 1), file=file)
    return waiving.give(actor_of(alice), check.uuid, wish, today=DAY, now=NOW)


def addresses(check: RuleCheck, waiver: RuleWaiver) -> list[str]:
    finding = check.findings.get(rule="TP-13")
    return [
        reverse("rules:check", args=[check.uuid]),
        reverse("rules:check_document", args=[check.uuid]),
        reverse("rules:waiver", args=[waiver.uuid]),
        reverse("rules:waiver_file", args=[waiver.uuid]),
        reverse("evidence", args=["rule_check", check.uuid]),
        reverse("evidence", args=["rule_finding", finding.uuid]),
        f"/api/rule-checks/{check.uuid}",
    ]


def test_owner_colleague_and_school_read_the_authority_once_it_was_shown_and_strangers_never(
    check: RuleCheck,
    waiver: RuleWaiver,
    alice: User,
    sign_in: SignIn,
    actor_of: ActorOf,
    request: pytest.FixtureRequest,
) -> None:
    urls = addresses(check, waiver)

    def seen(name: str, *, first: int = len(urls)) -> set[int]:
        client = sign_in(request.getfixturevalue(name))
        return {client.get(url).status_code for url in urls[:first]}

    assert seen("alice") == seen("bob", first=1) == seen("school_admin", first=1) == {200}
    assert seen("officer", first=1) == seen("mentor", first=1) == {404}
    checking.share(actor_of(alice), check.uuid, today=DAY)
    assert seen("officer") == {200}
    assert seen("charlie") == {404}


def test_the_page_of_a_check_says_what_is_wrong_from_what_and_who_may_waive(
    check: RuleCheck, waiver: RuleWaiver, alice: User, sign_in: SignIn
) -> None:
    page = sign_in(alice).get(reverse("rules:check", args=[check.uuid])).content.decode()
    for words in (
        "实践 1299/2600 学时 = 49.96 %，低于 50 %",
        "courses[c30].activities[internship]",
        "把讲授改为实验、实训、项目或实习",
        "教职成〔2019〕13号",
        "主管教育部门书面同意",
        "有 1 处必须先解决",
        "Alice 豁免（说明理由）：集中实训",
    ):
        assert words in page, words
    # TP-15 is waived, and TP-13 is not for who wrote the plan
    assert "/waive/" not in page
    finding = check.findings.get(rule="TP-13")
    hop = sign_in(alice).get(reverse("evidence", args=["rule_finding", finding.uuid])).content.decode()
    assert "实践性教学学时原则上占总学时数 50% 以上" in hop


def test_a_rule_is_shown_in_full_with_what_keeps_it_from_blocking(bob: User, sign_in: SignIn) -> None:
    client = sign_in(bob)
    listed = client.get(reverse("rules:book"), {"state": "verify", "set": "tp"}).content.decode()
    assert "TP-10" in listed
    assert "TP-13" not in listed
    page = client.get(reverse("rules:rule", args=["TP-10"])).content.decode()
    for words in (
        "来源尚未核实",
        "secondary: 3000",
        "底线：地方规定只能更严",
        "hours in all, below",
        "总学时 {total}，低于",
    ):
        assert words in page, words
    assert len(books.cases_of("TP-10")) >= 3
    assert client.get(reverse("rules:rule", args=["ZZ-1"])).status_code == 404


def test_a_file_is_checked_without_being_kept_and_kept_when_asked(
    officer: User, student: User, sign_in: SignIn
) -> None:
    client, url = sign_in(officer), reverse("rules:check_new")

    def send(text: str, **more: object) -> object:
        file = SimpleUploadedFile("plan.json", text.encode())
        return client.post(url, {"file": file, "sets": ["tp"], "on": "2026-11-01", **more})

    answer = send(plan_text())
    assert "这次检查没有保存" in answer.content.decode()  # type: ignore[attr-defined]
    assert "49.96 %" in answer.content.decode()  # type: ignore[attr-defined]
    assert not RuleCheck.objects.exists()
    wrong = send('{"key": "a", "courses": [{"key": "c1", "hours": -3}]}')
    assert wrong.status_code == 422  # type: ignore[attr-defined]
    assert "courses[c1].hours" in wrong.content.decode()  # type: ignore[attr-defined]
    kept = send(plan_text(), keep="on")
    row = RuleCheck.objects.get()
    assert kept.url == reverse("rules:check", args=[row.uuid])  # type: ignore[attr-defined]
    assert json.loads(client.get(reverse("rules:check_document", args=[row.uuid])).content) == json.loads(
        checking.document_of(row)
    )
    assert sign_in(student).get(url).status_code == 404


def test_a_waiver_is_given_and_withdrawn_on_pages(
    check: RuleCheck, alice: User, school_admin: User, sign_in: SignIn
) -> None:
    client, url = sign_in(alice), reverse("rules:waiver_new", args=[check.uuid, "TP-15"])
    fields = {"way": "reason:programme_head", "scope": "document", "reason": "集中实训", "reference": "备案 12 号",
              "granted": "2026-11-01", "expires": "2099-01-01"}  # fmt: skip
    assert client.post(url, fields | {"reason": " "}).status_code == 422
    assert client.post(url, fields | {"way": "authority:education_authority"}).status_code == 422
    assert url in client.get(reverse("rules:check", args=[check.uuid])).content.decode()
    given = client.post(url, fields)
    row = RuleWaiver.objects.get()
    assert given.url == reverse("rules:waiver", args=[row.uuid])  # type: ignore[attr-defined]
    assert client.post(url, fields).status_code == 409
    end = reverse("rules:waiver_withdraw", args=[row.uuid])
    assert sign_in(school_admin).post(end, {"reason": "误"}).status_code == 422
    assert client.post(end, {"reason": ""}).status_code == 422
    assert client.post(end, {"reason": "课表已改"}).status_code == 302
    assert client.post(end, {"reason": "再次"}).status_code == 409
    assert "课表已改" in client.get(given.url).content.decode()  # type: ignore[attr-defined]
    assert (
        "您不能豁免这条规则"
        in client.get(reverse("rules:waiver_new", args=[check.uuid, "TP-13"])).content.decode()
    )


def test_another_system_checks_a_plan_and_reads_the_rules(alice: User, sign_in: SignIn) -> None:
    client = sign_in(alice)
    body = {"document": json.loads(plan_text()), "sets": ["tp"], "on": "2026-11-01"}
    answer = client.post("/api/rule-checks", json.dumps(body), content_type="application/json")
    found = answer.json()
    assert (answer.status_code, found["blocks"], found["check"]) == (200, True, None)
    finding = next(one for one in found["findings"] if one["rule"] == "TP-13")
    assert finding["inputs"]["courses[c30].activities[internship]"] == 559
    assert finding["message"]["en"].startswith("Practice 1299 of 2600 hours = 49.96 %")
    here = checking.check_only(plan_text(), "plan", "tp", DAY)
    assert [one["outcome"] for one in found["findings"]] == [one.outcome for one in here.report.findings]
    kept = client.post("/api/rule-checks", json.dumps(body | {"keep": True}), content_type="application/json")
    assert kept.status_code == 201
    assert client.get(f"/api/rule-checks/{kept.json()['check']['uuid']}").json() == kept.json()
    bad = client.post(
        "/api/rule-checks",
        json.dumps({"document": {"key": "a", "hourz": 1}}),
        content_type="application/json",
    )
    assert (bad.status_code, bad.json()["detail"][0]["place"]) == (422, "hourz")
    listed = client.get("/api/rules", {"set": "tp", "state": "confirmed", "size": 200}).json()
    book = books.book().of_set("tp")
    assert {one["id"] for one in listed["items"]} == {
        rule.id for rule in book.rules if rule.state is rules.State.CONFIRMED
    }
    assert client.get("/api/rules/tp-13").json()[0]["params"]["least"] == 0.5
    assert client.get("/api/rules/none").status_code == 404
