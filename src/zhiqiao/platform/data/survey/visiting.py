"""Which enterprises to visit, by points that anybody can check, and what the visits found."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count
from django.utils.translation import gettext as _

from zhiqiao.engines.surveys import Answers, Candidate, Place, Question, shortlist
from zhiqiao.infra.db.names import Name
from zhiqiao.infra.text import is_plain
from zhiqiao.platform.data.errors import Refused
from zhiqiao.platform.data.models import EnterpriseVisit, JobPosting
from zhiqiao.platform.data.supply import keeping
from zhiqiao.platform.data.survey.asking import get_unit
from zhiqiao.platform.data.survey.bank import posts_of
from zhiqiao.platform.data.survey.counting import Counted, UnitState
from zhiqiao.platform.data.survey.parameters import parameters
from zhiqiao.platform.data.survey.register import folded_name
from zhiqiao.platform.governance.api import Actor, get_visible, visible

__all__ = ["Listed", "VisitFacts", "get_visit", "places", "save_visit"]


@dataclass(frozen=True)
class Listed:
    """A place of the shortlist with its enterprise; `reasons` are (criterion, value, points, most)."""

    place: Place
    unit: UnitState
    visits: int
    reasons: tuple[tuple[Name, float | None, float, float], ...]

    @property
    def text(self) -> str:
        """Return the reasons in one line, as a visit keeps them."""
        told = [
            _("%(name)s %(value)s（%(points)s 分）")
            % {"name": name, "value": _("未知") if value is None else f"{value:g}", "points": f"{points:g}"}
            for name, value, points, _most in self.reasons
        ]
        return _("；").join(told)


def places(counted: Counted, *, acting: Actor, size: int = 20) -> list[Listed]:
    """Return the answering enterprises worth a visit, the first by points; each criterion says what it gave."""
    answered = {one.code: one for one in counted.units if one.sheet}
    postings = _postings(counted, acting=acting)
    rules = parameters().shortlist
    candidates = [
        Candidate(code, _values(one, counted, postings.get(folded_name(one.row.enterprise.name), 0)))
        for code, one in answered.items()
    ]
    found = shortlist(candidates, [rule.criterion for rule in rules], size=size)
    visits = dict(
        EnterpriseVisit.objects.filter(survey=counted.survey)
        .values_list("unit__code")
        .annotate(count=Count("id"))
    )
    names = {rule.criterion.key: rule.name for rule in rules}
    return [
        Listed(
            place,
            answered[place.key],
            visits.get(place.key, 0),
            tuple((names[one.criterion], one.value, one.points, one.most) for one in place.reasons),
        )
        for place in found
    ]


def _values(one: UnitState, counted: Counted, postings: int) -> Mapping[str, float | None]:
    assert one.sheet is not None
    questions = counted.versions[one.code].questions
    answers: Answers = one.sheet.answers
    return {
        "hires": _total(_answer(questions, answers, "hires")),
        "posts": _chosen(_answer(questions, answers, "posts")),
        "visit": _yes(_answer(questions, answers, "visit")),
        "cooperation": _chosen(_answer(questions, answers, "cooperation")),
        "postings": float(postings),
    }


def _answer(questions: tuple[Question, ...], answers: Answers, meaning: str) -> object:
    key = next((one.key for one in questions if one.meaning == meaning), "")
    return answers.get(key)


def _total(answer: object) -> float | None:
    return float(sum(answer.values())) if isinstance(answer, dict) else None


def _chosen(answer: object) -> float | None:
    return float(len([one for one in answer if one != "none"])) if isinstance(answer, list) else None


def _yes(answer: object) -> float | None:
    return None if answer is None else float(answer == "yes")


def _postings(counted: Counted, *, acting: Actor) -> Mapping[str, int]:
    """Return counted postings of the programme's posts by folded name of the employer; they are no answers."""
    names = {one.row.enterprise.name for one in counted.units if one.sheet}
    rows = visible(acting, "postings.read", JobPosting.objects.counted())
    rows = rows.filter(role__in=posts_of(counted.survey.programme), company__in=names)
    found = rows.values_list("company").annotate(count=Count("id"))
    return {folded_name(company): count for company, count in found}


@dataclass(frozen=True)
class VisitFacts:
    """What is recorded of a visit."""

    visited_on: dt.date
    visitors: str
    met: str
    findings: str
    reason: str = ""


def get_visit(acting: Actor, uuid: UUID) -> EnterpriseVisit:
    """Return one visit; 404 otherwise."""
    rows = EnterpriseVisit.objects.select_related("survey", "unit__enterprise")
    return get_visible(acting, "surveys.manage", rows, uuid=uuid)


def save_visit(
    actor: Actor,
    row: EnterpriseVisit | None,
    unit_uuid: UUID,
    facts: VisitFacts,
    *,
    today: dt.date,
    seen: int = 0,
) -> EnterpriseVisit:
    """Keep the record of a visit; raises Refused for one that lies ahead or says nothing, Conflict when changed."""
    unit = get_unit(actor, unit_uuid)
    if facts.visited_on > today:
        raise Refused(_("走访日期在今天之后；走访过了再记。"))
    if not facts.findings.strip() or not facts.visitors.strip():
        raise Refused(_("请写走访人和了解到的情况。"))
    if not all(is_plain(text) for text in (facts.visitors, facts.met, facts.findings)):
        raise Refused(_("含有看不见的控制字符，没有保存；请重新输入。"))
    current = row or EnterpriseVisit(
        org_root_id=unit.org_root_id, survey=unit.survey, unit=unit, is_demo=unit.survey.is_demo
    )
    values = {name: getattr(facts, name) for name in ("visited_on", "visitors", "met", "findings")}
    if row is None:
        values["reason"] = facts.reason[:500]
    return keeping.keep(
        actor, current, values, seen=seen, verb="survey.visit", secret=("visitors", "met", "findings")
    )
