"""A programme of school A with the example plan of the rules as a draft, and how a page talks to it."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.conftest import Places
from tests.factories import person_with
from zhiqiao.apps.teaching.models import Origin, PlanVersion
from zhiqiao.apps.teaching.starting import Wish, start
from zhiqiao.packs import common_file
from zhiqiao.platform.data.models import Programme
from zhiqiao.platform.governance.access import Actor
from zhiqiao.platform.governance.models import Role, User

NOW = dt.datetime(2026, 11, 20, 9, 0, tzinfo=dt.UTC)
EXAMPLE = common_file("rules", "fixtures", "higher.json").read_text(encoding="utf-8")


def make_programme(places: Places) -> Programme:
    return Programme.objects.create(
        org_root_id=places.programme.org_root_id,
        organisation=places.programme,
        key="software",
        code="510203",
        name_zh="软件技术",
        name_en="Software Technology",
        level="higher",
    )


@pytest.fixture
def programme(places: Places) -> Programme:
    """Software technology, Alice's programme."""
    return make_programme(places)


@pytest.fixture
def colleague(places: Places) -> User:
    """The second head of Alice's programme, who edits at the same time."""
    return person_with(Role.PROGRAMME_HEAD, places.programme, username="dora", display_name="Dora")


@pytest.fixture
def draft(programme: Programme, alice: User, actor_of: Callable[[User], Actor]) -> PlanVersion:
    """The example plan as Alice's draft for 2026."""
    return start(Wish(programme.uuid, 2026, Origin.FILE, EXAMPLE.encode()), acting=actor_of(alice), now=NOW)


@dataclass
class Editor:
    """One person's page: what it last heard, and what it sends."""

    client: Client
    version: PlanVersion
    base: int = 0

    def send(self, *operations: dict[str, Any], token: str = "", status: int = 200) -> dict[str, Any]:
        return self._post("operations", {"operations": list(operations)}, token, status)

    def turn(self, kind: str, *, status: int = 200) -> dict[str, Any]:
        return self._post("turn", {"kind": kind}, "", status)

    def _post(self, name: str, body: dict[str, Any], token: str, status: int) -> dict[str, Any]:
        address = reverse(f"teaching:{name}", args=[self.version.uuid])
        body = {"base": self.base, "token": token or str(uuid.uuid4()), "rail": False, **body}
        answer = self.client.post(address, json.dumps(body), content_type="application/json")
        assert answer.status_code == status, answer.content
        told: dict[str, Any] = answer.json()
        self.base = told.get("sequence", self.base)
        return told


def set_credits(key: str, before: float | None, after: object) -> dict[str, Any]:
    """Return the operation that sets the credits of a course."""
    path = ["credits"]
    return {"kind": "set", "table": "courses", "key": key, "path": path, "before": before, "after": after}


@pytest.fixture
def page_of(draft: PlanVersion, sign_in: Callable[[User], Client]) -> Callable[[User], Editor]:
    """Return a function that opens the editor for a person."""
    return lambda user: Editor(sign_in(user), draft)
