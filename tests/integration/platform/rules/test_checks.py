"""Checks that are kept: nothing changes them, they open years later, and they can be made again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.db import DatabaseError, transaction
from django.http import Http404

from tests.integration.platform.rules.conftest import DAY, NOW, PLAN, plan_text
from zhiqiao.engines.rules import Outcome
from zhiqiao.platform.data.models import Specialty
from zhiqiao.platform.governance.access import Actor
from zhiqiao.platform.governance.models import AuditEvent, User
from zhiqiao.platform.rules import api, books, checking
from zhiqiao.platform.rules.errors import BadDocument, Damaged, RulesRefused
from zhiqiao.platform.rules.models import KeptRules, RuleCheck, RuleFinding

ActorOf = Callable[[User], Actor]


def test_a_check_keeps_findings_rules_document_and_what_was_looked_up(check: RuleCheck) -> None:
    report = checking.report_of(check)
    assert report.outcome("TP-13") is Outcome.FAIL
    assert [one.rule for one in report.findings] == list(
        check.findings.order_by("number").values_list("rule", flat=True)
    )
    assert (check.blocking, check.versions["tp"], check.region) == (len(report.blocking), "2026.11", "510000")
    in_force = checking.rules_of(check)
    assert (
        set(report.rules)
        == {one.id for one in in_force.judged}
        == {one.id for one in books.book().of_set("tp").rules}
    )
    assert [one["name"] for one in check.tables["specialties"]] == ["软件技术"]
    event = AuditEvent.objects.get(action="rules.checked")
    assert (event.detail["document"], event.detail["report"]) == (check.document_digest, check.report_digest)
    assert checking.again(check)


def test_the_same_rules_are_kept_once_and_no_waiver_is_in_the_report(
    check: RuleCheck, alice: User, actor_of: ActorOf
) -> None:
    api.check_and_keep(checking.document_of(check), "plan", "tp", DAY, actor_of(alice), now=NOW)
    assert KeptRules.objects.count() == 1
    assert RuleCheck.objects.exclude(pk=check.pk).get().report_digest == check.report_digest


@pytest.mark.parametrize("model", [RuleCheck, RuleFinding, KeptRules])
def test_the_database_refuses_changes(check: RuleCheck, model: type) -> None:
    rows = model.objects.all()
    field = {"RuleCheck": "title", "RuleFinding": "rule", "KeptRules": "digest"}[model.__name__]
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        rows.update(**{field: "another"})
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        rows.filter(pk__gt=0)._raw_delete(using="default")


def test_a_check_is_shown_to_the_authority_once_and_by_its_owners(
    check: RuleCheck, alice: User, bob: User, officer: User, actor_of: ActorOf
) -> None:
    with pytest.raises(Http404):
        checking.share(actor_of(bob), check.uuid, today=DAY)
    with pytest.raises(Http404):
        checking.share(actor_of(officer), check.uuid, today=DAY)
    assert checking.share(actor_of(alice), check.uuid, today=DAY).is_shared
    with pytest.raises(api.AlreadyDone):
        checking.share(actor_of(alice), check.uuid, today=DAY)
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        RuleCheck.objects.update(is_shared=False)


def test_what_does_not_have_its_digest_is_not_shown(check: RuleCheck) -> None:
    check.report = checking._packed("{}")
    with pytest.raises(Damaged):
        checking.report_of(check)


def test_what_can_not_be_checked_says_why(
    alice: User, officer: User, charlie: User, check: RuleCheck, actor_of: ActorOf
) -> None:
    actor = actor_of(alice)
    with pytest.raises(BadDocument) as bad:
        api.check_only('{"key": "x", "hourz": 3}', "plan", "tp", DAY)
    assert [place for place, _ in bad.value.problems] == ["hourz"]
    with pytest.raises(RulesRefused, match="qq"):
        api.check_only(plan_text(), "plan", "qq", DAY)
    with pytest.raises(RulesRefused, match="placement"):
        api.check_and_keep("{}", "placement", "tp", DAY, actor, now=NOW)
    mine = api.Subject(PLAN, check.org_root_id, check.path, (alice.pk,))
    for other in (officer, charlie):
        with pytest.raises(Http404):
            api.check_and_keep(plan_text(), "plan", "tp", DAY, actor_of(other), now=NOW, subject=mine)


def test_the_rules_of_the_day_count_and_a_loaded_directory(alice: User, actor_of: ActorOf) -> None:
    early = api.check_only(plan_text(), "plan", "tp", dt.date(2019, 6, 17))
    assert "TP-13" not in early.report.rules
    before = api.check_only(plan_text(), "plan", "tp", DAY)
    finding = before.report.of("TP-03")[0]
    assert (finding.outcome, finding.blocks) == (Outcome.PASS, False)
    Specialty.objects.create(
        edition="2021", code="510203", name="软件技术", level="higher", retired_from=2026, state="confirmed"
    )
    after = api.check_only(plan_text(), "plan", "tp", DAY).report.of("TP-03")[0]
    assert (after.outcome, after.blocks) == (Outcome.FAIL, True)
