"""What a gap says: one workshop named once, shares in per cent, no code left in a drawer."""

from __future__ import annotations

import re
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any, cast
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from tests.integration.apps.management.conftest import World
from zhiqiao.apps.management.balance import wording
from zhiqiao.apps.management.balance.selectors import KindLine, PostLine
from zhiqiao.apps.management.models import BalanceReport
from zhiqiao.apps.management.shell import todos
from zhiqiao.engines.balance import GapKind, Interval
from zhiqiao.platform.governance.api import Actor
from zhiqiao.platform.governance.models import User

SignIn = Callable[[User], Client]
SCHOOL = SimpleNamespace(school="一校", name="材料")


def post(kinds: list[KindLine], **values: object) -> PostLine:
    """Return a post with these gaps; only what the sentences read is there."""
    facts = {"hidden": 0, "uncovered": Interval(0.2, 0.1, 0.3), "postings": 40} | values
    return cast("PostLine", SimpleNamespace(kinds=kinds, **facts))


def lacking(name: str, programme: Any = SCHOOL) -> KindLine:
    return KindLine(
        uuid4(), GapKind.CONDITIONS_SHORT, programme, {"name": name, "required": 2.0, "present": 1.0}
    )


def test_what_one_programme_lacks_is_one_group_and_each_sentence_keeps_its_evidence() -> None:
    other = SimpleNamespace(school="二校", name="机电")
    kinds = [lacking("甲"), lacking("乙"), lacking("丙", other)]
    groups = wording.post_gaps(post(kinds))
    assert [(group.programme, len(group.sentences)) for group in groups] == [
        ("一校 · 材料", 2),
        ("二校 · 机电", 1),
    ]
    assert [uuid for group in groups for uuid, _text in group.sentences] == [str(item.uuid) for item in kinds]
    assert str(groups[0]) == "实训条件不足：一校 · 材料：甲应有 2，现有 1。 乙应有 2，现有 1。"


@pytest.mark.parametrize(
    ("line", "text"),
    [
        (post([]), "没有发现超过界限的缺口；未覆盖 20.0%（10.0% 至 30.0%）。"),
        (post([], uncovered=None), "招聘信息只有 40 条，太少，不下结论。"),
        (post([], hidden=2), "另有 2 条涉及您不能查看的专业，未列出。"),
    ],
)
def test_without_a_gap_it_says_why(line: PostLine, text: str) -> None:
    assert [str(group) for group in wording.post_gaps(line)] == [text]


def test_shares_are_per_cent_and_indices_signed() -> None:
    value = Interval(0.25, 0.2, 0.3)
    assert wording.figure("uncovered", value) == "25.0%（20.0% 至 30.0%）"
    assert wording.figure("quantity", value) == "+0.25（+0.20 至 +0.30）"
    assert wording.figure("share", None) == "未知"


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_no_drawer_shows_a_code(
    balance: BalanceReport, region: World, officer: User, sign_in: SignIn, language: str
) -> None:
    client = sign_in(officer)
    client.cookies["zq_language"] = language
    addresses = [reverse("evidence", args=["balance_line", line.uuid]) for line in balance.lines.all()]
    addresses.append(reverse("evidence", args=["programme_health", balance.health.get().uuid]))
    codes = re.compile(r"uncovered|quantity -?\d|pressure|_|^reduce|^adjust")
    for address in addresses:
        value = re.search(r'zq-figure-value">(.*?)<', client.get(address).content.decode(), re.S)
        assert value, address
        assert not codes.search(value[1]), value[1]


def test_the_bureau_is_told_what_to_compute(
    region: World, officer: User, alice: User, actor_of: Callable[[User], Actor]
) -> None:
    with translation.override("zh-hans"):
        waiting = {user: [str(todo.title) for todo in todos(actor_of(user))] for user in (officer, alice)}
    assert "还没有供需匹配报告，可以开始计算" in waiting[officer]
    assert waiting[alice] == []
