"""Loads the survey of a region pack in demo mode through the same verbs as people use; all of it is synthetic."""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.db import transaction

from zhiqiao.engines.surveys import GRIDS, Questionnaire
from zhiqiao.packs import read_rows
from zhiqiao.platform.data.models import Industry, PostSurvey, Programme, SurveyedEnterprise
from zhiqiao.platform.data.survey import (
    answering,
    asking,
    designing,
    framing,
    register,
    reporting,
    visiting,
)
from zhiqiao.platform.data.survey.designing import SurveyText
from zhiqiao.platform.governance.api import Actor, User, actor_for, current_memberships

__all__ = ["load_demo_survey"]

FILE, REGISTER = "survey.toml", "survey_enterprises.csv"
Values = Mapping[str, Any]  # Any: a table of the file


def load_demo_survey(pack: Path, *, now: dt.datetime) -> int:
    """Load survey.toml with its register where a pack has one; one that is there stays. Return how many were made."""
    path = pack / FILE
    if not path.exists():
        return 0
    values = tomllib.loads(path.read_text(encoding="utf-8"))
    user = User.objects.get(username=values["officer"], is_demo=True)
    acting = actor_for(user, current_memberships(user.id)[0])
    known = PostSurvey.objects.filter(
        org_root_id=acting.org_root_id or 0, title=values["title"], is_demo=True
    )
    if known.exists():
        return 0
    _load(values, pack, acting=acting, now=now)
    return 1


@transaction.atomic
def _load(values: Values, pack: Path, *, acting: Actor, now: dt.datetime) -> None:
    firms = _register(pack, acting)
    programme = Programme.objects.get(key=values["programme"])
    text = SurveyText(values["title"], values["purpose"], programme)
    survey = designing.create_survey(text, acting=acting, is_demo=True)

    def day(days: int) -> dt.datetime:
        return now - dt.timedelta(days=days)

    framing.draw_sample(
        survey.uuid,
        [row.uuid for row in firms],
        size=values["size"],
        seed=values["seed"],
        acting=acting,
        now=day(values["asked"]),
    )
    links = asking.send_links(survey.uuid, acting=acting, now=day(values["asked"]))
    tokens = {link.unit.enterprise.name: link for link in links}
    at = day(values["answered"])
    for one in values["answers"]:
        sheet = _filled(tokens[one["name"]].token, one["given"], now=at)
        answering.submit(sheet, may_reuse=one["may_reuse"], version=sheet.row.version, now=at)
    _filled(tokens[values["partial"]["name"]].token, values["partial"]["given"], now=at)
    for name, outcome in values["outcomes"].items():
        asking.note_outcome(tokens[name].unit.uuid, outcome, "", acting=acting)
    for one in values["visits"]:
        visited = day(one["days"]).date()
        facts = visiting.VisitFacts(visited, one["visitors"], one["met"], one["findings"])
        visiting.save_visit(acting, None, tokens[one["name"]].unit.uuid, facts, today=now.date())
    asking.close_survey(survey.uuid, acting=acting, now=day(values["closed"]))
    report = reporting.begin_report(survey.uuid, acting=acting)
    reporting.save_texts(survey.uuid, values["report"], seen=report.version, acting=acting)


def _register(pack: Path, acting: Actor) -> list[SurveyedEnterprise]:
    industries = {row.key: row for row in Industry.objects.all()}
    return [
        register.save_enterprise(
            acting,
            None,
            register.EnterpriseFacts(
                row["name"], industry=industries[row["industry"]], size=row["size"], place=row["place"]
            ),
            origin="file",
            is_demo=True,
        )
        for row in read_rows(pack / REGISTER)
    ]


def _filled(token: str, given: Values, *, now: dt.datetime) -> answering.Sheet:
    """Save a row of the file as the enterprise would, all pages at once."""
    sheet = answering.find_sheet(token, now=now)
    answers = _answers(sheet.questionnaire, given)
    return answering.save_part(sheet, answers, keys=set(answers), version=sheet.row.version, now=now)


def _answers(questionnaire: Questionnaire, given: Values) -> dict[str, object]:
    """Return a row of the file as answers: numbers choose options by place, a list fills a grid row by row."""
    found: dict[str, object] = {}
    known = questionnaire.by_key()
    for key, value in given.items():
        one = known[key]
        if one.kind in GRIDS:
            found[key] = dict(zip(one.option_keys, value, strict=False))
        elif isinstance(value, list):
            found[key] = [one.option_keys[item] if isinstance(item, int) else item for item in value]
        else:
            found[key] = value
    return found
