"""Waivers: who may give which, what they mark, when they end, and that no finding is ever gone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace

import pytest
from django.db import DatabaseError, transaction
from django.http import Http404

from tests.factories import person_with
from tests.integration.platform.rules.conftest import DAY, NOW, PLAN, plan_text
from zhiqiao.engines.rules import Outcome
from zhiqiao.platform.governance.access import Actor
from zhiqiao.platform.governance.models import AuditEvent, Notice, Role, User
from zhiqiao.platform.rules import api, checking, waiving
from zhiqiao.platform.rules.errors import AlreadyDone, RulesRefused
from zhiqiao.platform.rules.models import RuleCheck, RuleWaiver, WaiverScope
from zhiqiao.platform.rules.waiving import Attached, Wish

ActorOf = Callable[[User], Actor]
LETTER = Attached("复函.pdf", b"%PDF-1.7 letter")
REASON = Wish(
    "TP-15", "reason", "programme_head", "第 6 学期集中实训", "教务处备案 12 号", DAY, dt.date(2026, 12, 31)
)
CONSENT = replace(
    REASON,
    rule="TP-13",
    kind="authority",
    office="education_authority",
    reason="试点专业",
    reference="巴教函〔2026〕3号",
)


def outcomes(check: RuleCheck, rule: str, on: dt.date) -> set[Outcome]:
    return {one.outcome for one in api.findings_with_waivers(check.uuid, on=on).findings if one.rule == rule}


def give(actor: Actor, check: RuleCheck, wish: Wish) -> RuleWaiver:
    return waiving.give(actor, check.uuid, wish, today=DAY, now=NOW)


def test_a_waiver_marks_its_finding_until_it_ends_or_is_withdrawn(
    check: RuleCheck, alice: User, school_admin: User, actor_of: ActorOf
) -> None:
    before = api.findings_with_waivers(check.uuid, on=DAY)
    waiver = give(actor_of(alice), check, REASON)
    marked = api.findings_with_waivers(check.uuid, on=DAY)
    assert [(one.rule, one.message) for one in marked.findings] == [
        (one.rule, one.message) for one in before.findings
    ]
    found = next(one for one in marked.findings if one.rule == "TP-15" and one.outcome is Outcome.WAIVED)
    assert found.waiver is not None
    assert (found.waiver.person, found.waiver.document) == ("Alice", "教务处备案 12 号")
    assert waiver.seen[0]["zh"].startswith("第 6 学期周学时 31")
    assert outcomes(check, "TP-15", REASON.expires) == {Outcome.WAIVED}
    assert outcomes(check, "TP-15", REASON.expires + dt.timedelta(1)) == {Outcome.FAIL}
    with pytest.raises(AlreadyDone):
        give(actor_of(alice), check, REASON)
    with pytest.raises(RulesRefused, match="机关"):
        waiving.withdraw(actor_of(school_admin), waiver.uuid, reason="误填", today=DAY, now=NOW)
    later = DAY + dt.timedelta(3)
    waiving.withdraw(actor_of(alice), waiver.uuid, reason="课表已改", today=later, now=NOW)
    assert outcomes(check, "TP-15", later - dt.timedelta(1)) == {Outcome.WAIVED}
    assert outcomes(check, "TP-15", later) == {Outcome.FAIL}
    assert [one.counts for one in api.findings_with_waivers(check.uuid, on=later).waivers] == [False]
    assert list(
        AuditEvent.objects.filter(action__startswith="rules.waiver")
        .order_by("id")
        .values_list("action", flat=True)
    ) == ["rules.waiver_given", "rules.waiver_withdrawn"]
    with pytest.raises(AlreadyDone):
        waiving.withdraw(actor_of(alice), waiver.uuid, reason="再次", today=later, now=NOW)
    for change in ({"expires": dt.date(2030, 1, 1)}, {"withdrawn_on": None}):
        with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
            RuleWaiver.objects.update(**change)


def test_the_authority_waives_what_is_shown_to_it_and_nothing_it_wrote(
    check: RuleCheck, alice: User, school_admin: User, charlie: User, officer: User, actor_of: ActorOf
) -> None:
    bureau = actor_of(officer)
    for stranger in (bureau, actor_of(charlie)):
        with pytest.raises(Http404):
            give(stranger, check, CONSENT)
    checking.share(actor_of(alice), check.uuid, today=DAY)
    with pytest.raises(RulesRefused, match="主管教育行政部门"):
        give(actor_of(school_admin), check, CONSENT)
    with pytest.raises(RulesRefused, match="另一个人"):
        give(actor_of(alice), check, CONSENT)
    assert api.findings_with_waivers(check.uuid, on=DAY).blocking
    give(bureau, check, CONSENT)
    told = Notice.objects.order_by("id").values_list("user_id", "kind")
    assert list(told) == [(officer.pk, "rules.check_shared"), (alice.pk, "rules.waiver_given")]
    assert not [one for one in api.findings_with_waivers(check.uuid, on=DAY).blocking if one.rule == "TP-13"]
    own = api.check_and_keep(plan_text(), "plan", "tp", DAY, bureau, now=NOW)
    with pytest.raises(RulesRefused, match="另一个人"):
        waiving.give(bureau, own.uuid, CONSENT, today=DAY, now=NOW)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"rule": "TP-21"}, "kind"),
        ({"kind": "authority"}, "kind"),
        ({"office": "dean"}, "office"),
        ({"reason": " "}, "reason"),
        ({"reason": "理由\u202e"}, "reason"),
        ({"reference": ""}, "reference"),
        ({"expires": DAY - dt.timedelta(1)}, "expires"),
        ({"scope": WaiverScope.ORGANISATION}, "scope"),
        ({"file": Attached("run.exe", b"MZ")}, "file"),
    ],
)
def test_what_a_waiver_lacks_is_named(
    check: RuleCheck, alice: User, actor_of: ActorOf, change: dict[str, object], field: str
) -> None:
    with pytest.raises(RulesRefused) as refused:
        give(actor_of(alice), check, replace(REASON, **change))  # type: ignore[arg-type]  # each of its own kind
    assert refused.value.field == field
    assert not RuleWaiver.objects.exists()


def test_what_an_office_decided_on_paper_is_entered_with_its_document(
    check: RuleCheck, alice: User, officer: User, actor_of: ActorOf
) -> None:
    checking.share(actor_of(alice), check.uuid, today=DAY)
    wish = replace(CONSENT, office="provincial_education_office")
    for lacking, field in ((wish, "file"), (replace(wish, file=LETTER), "person")):
        with pytest.raises(RulesRefused) as refused:
            give(actor_of(officer), check, lacking)
        assert refused.value.field == field
    waiver = give(actor_of(officer), check, replace(wish, file=LETTER, person="省教育厅职成处 王某"))
    assert (waiver.person, bytes(waiver.file or b""), waiver.by_id) == (
        "省教育厅职成处 王某",
        LETTER.content,
        officer.pk,
    )


def test_a_waiver_counts_in_its_scope_only(
    check: RuleCheck, alice: User, charlie: User, places: object, actor_of: ActorOf
) -> None:
    dean = person_with(Role.REGISTRY_OFFICER, places.school)  # type: ignore[attr-defined]  # a Places
    give(actor_of(alice), check, REASON)

    def of(user: User, text: str, subject: api.Subject | None = None) -> set[Outcome]:
        kept = api.check_and_keep(text, "plan", "tp", DAY, actor_of(user), now=NOW, subject=subject)
        return {
            one.outcome
            for one in api.findings_with_waivers(kept.uuid, on=DAY).findings
            if one.rule == "TP-15"
        }

    same = api.Subject(PLAN, check.org_root_id, check.path, (alice.pk,))
    assert of(alice, plan_text(version="2"), same) == {Outcome.WAIVED}
    assert of(alice, plan_text()) == {Outcome.FAIL}
    give(
        actor_of(dean),
        RuleCheck.objects.latest("id"),
        replace(REASON, office="dean", scope=WaiverScope.SPECIALTY),
    )
    assert of(alice, plan_text(key="another")) == {Outcome.WAIVED}
    assert of(alice, plan_text(**{"programme.code": "490201"})) == {Outcome.FAIL}
    assert of(charlie, plan_text()) == {Outcome.FAIL}
