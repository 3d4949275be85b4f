"""Loads the studies of a region pack in demo mode through the same verbs as people use; all of it is synthetic."""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.db import transaction

from zhiqiao.apps.evaluation import actions, answering, inviting
from zhiqiao.apps.evaluation.answering import Key, Questions, Reply
from zhiqiao.apps.evaluation.forms import ratio
from zhiqiao.apps.evaluation.models import StudyKind, WeightStudy
from zhiqiao.platform.governance.api import Actor, User, actor_for, current_memberships

FILE = "studies.toml"
Values = Mapping[str, Any]  # Any: a table of the file


def load_demo_studies(pack: Path, *, now: dt.datetime) -> int:
    """Load studies.toml where a pack has one; a study that is there stays. Return how many were made."""
    path = pack / FILE
    if not path.exists():
        return 0
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    made = 0
    for values in data["studies"]:
        acting = _officer(values["officer"])
        known = WeightStudy.objects.filter(
            org_root_id=acting.org_root_id or 0, title=values["title"], is_demo=True
        )
        if not known.exists():
            _load(values, acting=acting, now=now)
            made += 1
    return made


def _officer(username: str) -> Actor:
    user = User.objects.get(username=username, is_demo=True)
    return actor_for(user, current_memberships(user.id)[0])


@transaction.atomic
def _load(values: Values, *, acting: Actor, now: dt.datetime) -> None:
    study = actions.create_study(
        actions.StudyText(values["title"], values["purpose"], values["kind"], values["items"]),
        acting=acting,
        is_demo=True,
    )
    experts = values["experts"]
    guests = "\n".join(f"{name}，{values['affiliation']}" for name in experts)
    links = inviting.invite(study.uuid, guests, acting=acting, now=now)
    for one in values["rounds"]:
        actions.open_round(study.uuid, acting=acting, now=now)
        for link in links:
            row = one["answers"].get(link.expert.name)
            found = answering.questions(link.expert)
            if row and found:
                replies = _replies(found, row)
                answering.save(found, replies, version=found.sheet.version, submit=True, now=now)
        if one["closed"]:
            actions.close_round(study.uuid, acting=acting, now=now)
    if table := values.get("examples"):
        actions.set_alternatives(study.uuid, table, acting=acting)
    if values["closed"]:
        actions.close_study(study.uuid, acting=acting, now=now)


def _replies(found: Questions, row: Values) -> dict[Key, Reply]:
    """Return a row of the file as answers, in the order of the questions."""
    if found.expert.study.kind == StudyKind.AHP:
        return {key: Reply(ratio(str(value))) for key, value in zip(found.keys, row["pairs"], strict=True)}
    return {
        key: Reply(float(value), row["basis"], row["familiarity"])
        for key, value in zip(found.keys, row["ratings"], strict=True)
    }
