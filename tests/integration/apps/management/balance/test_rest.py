"""The JSON API of the balance: lines of the pages, what another school states left out, health by who may see it."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

import pytest
from django.test import Client

from tests.described import call
from tests.integration.apps.management.conftest import NOW, World
from zhiqiao.apps.management.balance import decisions
from zhiqiao.apps.management.balance.decisions import Wish
from zhiqiao.apps.management.models import BalanceReport
from zhiqiao.platform.governance.access import Actor
from zhiqiao.platform.governance.models import User

SignIn = Callable[[User], Client]


def test_before_anything_was_computed_there_is_nothing(officer: User, sign_in: SignIn) -> None:
    client = sign_in(officer)
    assert call(client, "/api/balance") is None
    for end in ("/lines", "/table-one"):
        found = call(client, f"/api/balance{end}")
        assert (found["balance"], found["total"], found["items"]) == (None, 0, [])
    assert call(sign_in(officer), "/api/health")["items"] == []


@pytest.mark.parametrize("level", ["industry", "role", "skill", "total", "kind"])
def test_lines_of_a_level_have_evidence_and_intervals(
    balance: BalanceReport, officer: User, sign_in: SignIn, level: str
) -> None:
    client = sign_in(officer)
    found = call(client, f"/api/balance/lines?level={level}")
    assert found["balance"] == str(balance.uuid)
    assert found["total"] == len(found["items"]) >= 1
    for row in found["items"]:
        assert client.get(f"/evidence/balance_line/{row['uuid']}/").status_code in {200, 301}
        for name in ("uncovered", "quantity", "share", "pressure"):
            assert row[name] is None or row[name]["low"] <= row[name]["value"] <= row[name]["high"]
    assert call(client, f"/api/balance/lines?level={level}&industry=nothing")["total"] == 0
    assert client.get("/api/balance/lines?level=planet").status_code == 422


def test_another_school_is_told_no_graduates_of_this_one(
    balance: BalanceReport, officer: User, charlie: User, sign_in: SignIn
) -> None:
    seen = call(sign_in(officer), "/api/balance/lines?level=role")["items"]
    assert any(row["graduates"] is not None for row in seen)
    for row in call(sign_in(charlie), "/api/balance/lines?level=role")["items"]:
        assert row["graduates"] is None or row["others"] == 0
        assert row["programmes"] == []
        assert row["planned"] is None


def test_table_one_holds_sentences_with_their_lines(
    balance: BalanceReport, officer: User, sign_in: SignIn
) -> None:
    rows = call(sign_in(officer), "/api/balance/table-one?industry=new-materials")["items"]
    assert rows[0]["core_skills"]
    assert all(row["gaps"] for row in rows)


def test_health_is_there_for_the_school_and_the_bureau(
    balance: BalanceReport,
    region: World,
    officer: User,
    school_admin: User,
    charlie: User,
    student: User,
    actor_of: Callable[[User], Actor],
    sign_in: SignIn,
) -> None:
    decisions.propose(
        region.programme.uuid,
        acting=actor_of(school_admin),
        wish=Wish("reduce", 30, "毕业生去向不理想"),
        seen_report=balance.uuid,
        now=NOW,
    )
    url = f"/api/health/{region.programme.uuid}"
    for reader in (officer, school_admin):
        found = call(sign_in(reader), url)
        assert (found["graduates"], found["decisions"][0]["state"], found["is_waiting"]) == (
            20,
            "proposed",
            True,
        )
        assert school_admin.username not in str(found)
        assert call(sign_in(reader), "/api/health")["total"] >= 1
    assert all(
        row["programme"] != str(region.programme.uuid) for row in _items(sign_in(charlie), "/api/health")
    )
    assert sign_in(charlie).get(url).status_code == 404
    assert sign_in(student).get("/api/balance").status_code == 404
    assert Client().get("/api/balance").status_code == 401
    call(sign_in(officer), f"/api/health/{uuid4()}", status=404)


def _items(client: Client, url: str) -> list[dict[str, object]]:
    answer = client.get(url)
    return list(answer.json()["items"]) if answer.status_code == 200 else []
