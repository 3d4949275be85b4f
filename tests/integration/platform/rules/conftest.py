"""A check of a plan with one hour of practice too few (TP-13) and one busy term (TP-15), kept for Alice's programme."""

from __future__ import annotations

import copy
import datetime as dt
import json
from typing import Any  # JSON
from uuid import UUID

import pytest

from tests.rule_cases import example, put
from zhiqiao.platform.governance.models import User
from zhiqiao.platform.governance.sessions import actor_for, current_memberships
from zhiqiao.platform.rules.checking import Subject, check_and_keep
from zhiqiao.platform.rules.models import RuleCheck

DAY = dt.date(2026, 11, 1)
NOW = dt.datetime(2026, 11, 1, 3, tzinfo=dt.UTC)
PLAN = UUID(int=99)


def plan_text(**changes: Any) -> str:
    """Return the example plan as JSON with too little practice, a busy term, and what is asked for besides."""
    data = copy.deepcopy(example("higher"))
    put(data, "courses[c30].activities", {"internship": 559, "other": 161})
    put(data, "courses[c30].practice", 559)
    put(data, "courses[c30].theory", 161)
    put(data, "terms[6].weekly_hours", 31)
    for path, value in changes.items():
        put(data, path, value)
    return json.dumps(data, ensure_ascii=False, default=float)


@pytest.fixture
def check(alice: User) -> RuleCheck:
    """Return a check that Alice had made of a plan she wrote."""
    actor = actor_for(alice, current_memberships(alice.pk)[0])
    assert actor.org_root_id is not None
    subject = Subject(PLAN, actor.org_root_id, actor.org_path, (alice.pk,), "软件技术 2026")
    return check_and_keep(plan_text(), "plan", "tp", DAY, actor, now=NOW, subject=subject)
