"""Several people edit one draft: changes merge, meet, are undone and redone, and are all kept."""

from __future__ import annotations

import uuid
from collections.abc import Callable

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.urls import reverse

from tests.integration.apps.teaching.conftest import EXAMPLE, Editor, set_credits
from zhiqiao.apps.teaching.document import plan_of
from zhiqiao.apps.teaching.models import PlanChange, PlanRow, PlanVersion, VersionState
from zhiqiao.apps.teaching.storing import load
from zhiqiao.engines import plans
from zhiqiao.platform.governance.models import AuditEvent, User

Page = Callable[[User], Editor]


def held(version: PlanVersion) -> plans.Plan:
    return plan_of(load(version).document)


def credit(version: PlanVersion, key: str) -> object:
    return next(one.credits for one in held(version).courses or () if one.key == key)


def test_the_example_comes_back_from_the_database_as_it_was(draft: PlanVersion) -> None:
    assert held(draft) == plans.read_plan(EXAMPLE)


def test_two_people_merge_meet_and_undo_only_their_own(
    page_of: Page, draft: PlanVersion, alice: User, colleague: User
) -> None:
    first, second = page_of(alice), page_of(colleague)
    was = credit(draft, "c14")
    first.send(set_credits("c14", was, 5.5))
    told = second.send(set_credits("c15", credit(draft, "c15"), 9))
    assert [change["by"] for change in told["changes"]] == ["Alice", "Dora"]
    assert [str(credit(draft, key)) for key in ("c14", "c15")] == ["5.5", "9"]

    assert told["changes"][0]["operations"][0]["after"] == 5.5
    page = second.client.get(reverse("teaching:editor", args=[draft.uuid])).content.decode()
    assert '"credits": 5.5' in page

    stale = Editor(second.client, draft)
    told = stale.send(set_credits("c14", was, 7), set_credits("c16", credit(draft, "c16"), 9), status=409)
    met, done = told["results"]
    assert (met["status"], met["current"], met["by"]) == ("conflict", 5.5, "Alice")
    assert done["status"] == "done"
    assert str(credit(draft, "c14")) == "5.5"

    told = first.turn("undo")
    assert credit(draft, "c14") == was
    assert (told["undo"], told["redo"]) == (False, True)
    assert credit(draft, "c15") == 9
    first.turn("redo")
    assert str(credit(draft, "c14")) == "5.5"
    second.send(set_credits("c14", 5.5, 8))
    told = first.turn("undo", status=409)
    assert told["results"][0]["current"] == 8
    assert first.turn("undo", status=409)["detail"]
    assert credit(draft, "c14") == 8


def test_a_request_that_comes_twice_changes_once(page_of: Page, draft: PlanVersion, alice: User) -> None:
    page, token = page_of(alice), str(uuid.uuid4())
    add = {"kind": "add", "table": "courses", "key": "n1", "after": {"name": "新课程"}, "place": "c01"}
    page.send(add, token=token)
    page.base = 0
    assert len(page.send(add, token=token)["changes"]) == 1
    assert [one.key for one in held(draft).courses or ()][:3] == ["c01", "n1", "c02"]
    assert PlanChange.objects.count() == 1


def test_a_pasted_block_is_one_change_and_one_step_back(
    page_of: Page, draft: PlanVersion, alice: User
) -> None:
    page, before = page_of(alice), held(draft)
    rows = [
        {"kind": "add", "table": "courses", "key": f"x{n}", "after": {"name": f"课程{n}"}, "place": None}
        for n in range(30)
    ]
    page.send(*rows, set_credits("c14", credit(draft, "c14"), 1), {**rows[0], "kind": "move", "place": "c14"})
    assert len(held(draft).courses or ()) == len(before.courses or ()) + 30
    page.turn("undo")
    assert held(draft) == before


def test_what_can_not_be_read_or_held_is_refused_and_nothing_is_lost(
    page_of: Page, draft: PlanVersion, alice: User
) -> None:
    page = page_of(alice)
    told = page.send(set_credits("c14", credit(draft, "c14"), "viel"))
    assert (told["results"][0]["status"], told["changes"]) == ("refused", [])
    assert told["results"][0]["current"] == credit(draft, "c14")
    page.send({"kind": "nothing"}, status=400)


def test_the_audit_trail_tells_a_sitting_once(page_of: Page, draft: PlanVersion, alice: User) -> None:
    page = page_of(alice)
    page.send(set_credits("c14", credit(draft, "c14"), 1))
    page.send(set_credits("c14", 1, 2))
    assert AuditEvent.objects.filter(action="training_plan.edited").count() == 1


def test_a_teacher_reads_a_stranger_sees_nothing_and_neither_writes(
    page_of: Page, draft: PlanVersion, bob: User, charlie: User, school_admin: User
) -> None:
    operation = set_credits("c14", credit(draft, "c14"), 1)
    for user, status in ((bob, 200), (charlie, 404), (school_admin, 200)):
        page = page_of(user)
        for name in ("version", "changes", "history", "compare"):
            query = f"?since={draft.sequence}" if name == "changes" else ""
            found = page.client.get(reverse(f"teaching:{name}", args=[draft.uuid]) + query).status_code
            assert found == (204 if name == "changes" and status == 200 else status), (user, name)
        assert page.client.get(reverse("teaching:editor", args=[draft.uuid])).status_code == 404
        assert page.client.post(
            reverse("teaching:operations", args=[draft.uuid]),
            {"base": 0, "token": str(uuid.uuid4()), "operations": [operation]},
            content_type="application/json",
        ).status_code in {404}
    remark = reverse("teaching:remark", args=[draft.uuid])
    assert page_of(bob).client.post(remark, {"text": "c14 的学时偏少。"}).status_code == 302
    assert page_of(charlie).client.post(remark, {"text": "x"}).status_code == 404


def test_the_database_keeps_one_version_in_force_and_a_closed_one_as_it_is(
    page_of: Page, draft: PlanVersion, alice: User
) -> None:
    page, seen = page_of(alice), credit(draft, "c14")
    PlanVersion.objects.filter(pk=draft.pk).update(state=VersionState.IN_FORCE)
    assert "detail" in page.send(set_credits("c14", seen, 1), status=409)
    row = PlanRow.objects.filter(version=draft, table="courses").first()
    assert row is not None
    for change in (row.save, row.delete):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    with pytest.raises(IntegrityError), transaction.atomic():
        PlanVersion.objects.create(
            org_root_id=draft.org_root_id,
            plan=draft.plan,
            number=2,
            state=VersionState.IN_FORCE,
            origin="nothing",
            made_at=draft.made_at,
        )
    assert connection.is_usable()
