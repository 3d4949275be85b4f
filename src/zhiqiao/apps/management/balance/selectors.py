"""Reads of the balance as plain values: industries, posts, skills, kinds of gap; always through `visible`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from zhiqiao.apps.management.models import BalanceLine, BalanceReport, LineLevel, ReportState
from zhiqiao.engines.balance import Interval
from zhiqiao.infra.db.names import Name
from zhiqiao.platform.data.api import (
    PlanScope,
    PostView,
    ProgrammeView,
    SkillView,
    condition_names,
    enterprise_plans,
    plan_uuid,
    posts,
    programmes,
    skills_by_key,
)
from zhiqiao.platform.governance.api import Actor, can, visible


@dataclass(frozen=True)
class SkillLine:
    """A skill of a post; `covered` 0..1 is the best of the programmes, `hours` maps programmes to hours taught."""

    uuid: UUID
    skill: SkillView
    post: PostView
    rank: int
    count: int
    total: int
    share: Interval
    pressure: Interval
    covered: float
    hours: Mapping[str, float]


@dataclass(frozen=True)
class KindLine:
    """A kind of gap at a post; `programme` is empty when it concerns none, or one that may not be read about."""

    uuid: UUID
    kind: str
    programme: ProgrammeView | None
    basis: Mapping[str, float | str]


@dataclass(frozen=True)
class PostLine:
    """A post with its indices; None is too little data, or nobody stated graduates.

    `others` counts programmes that train for it but may not be read about; `hidden` the kinds of gap at those.
    """

    uuid: UUID
    post: PostView
    postings: int
    uncovered: Interval | None
    quantity: Interval | None
    graduates: float | None
    programmes: tuple[ProgrammeView, ...]
    others: int
    skills: tuple[SkillLine, ...]
    kinds: tuple[KindLine, ...]
    hidden: int
    planned: int | None
    planned_uuid: UUID | None


@dataclass(frozen=True)
class TotalLine:
    """A skill over all posts of an industry; `posts` maps them to how many of their postings name it."""

    uuid: UUID
    skill: SkillView
    rank: int
    count: int
    total: int
    posts: tuple[tuple[PostView, int], ...]


@dataclass(frozen=True)
class IndustryLine:
    """An industry with its index and its posts, the most pressing first."""

    uuid: UUID
    key: str
    name: Name
    is_lead: bool
    postings: int
    uncovered: Interval | None
    planned: int | None
    planned_uuid: UUID | None
    posts: tuple[PostLine, ...]
    skills: tuple[TotalLine, ...]


@dataclass(frozen=True)
class BalanceView:
    """A report with its industries; `plans_seen` tells whether the reader may see sums of plans at all."""

    uuid: UUID
    state: str
    stale_reason: str
    computed_at: dt.datetime
    computed_by: str
    method: str
    postings: int
    months: tuple[str, str] | None
    undated: int
    without_role: int
    window: int
    level: float
    draws: int
    min_postings: int
    is_demo: bool
    plans_seen: bool
    plan_year: int | None
    industries: tuple[IndustryLine, ...]

    @property
    def planned_uuid(self) -> UUID | None:
        """Return the uuid of the sum of all plans."""
        return plan_uuid(self.plan_year, PlanScope.ALL) if self.plan_year else None

    @property
    def planned(self) -> int | None:
        """Return the sum over the posts whose head counts are told; None where none is."""
        heads = [item.planned for item in self.industries if item.planned is not None]
        return sum(heads) if heads else None

    def industry(self, key: str) -> IndustryLine | None:
        """Return one industry."""
        return next((item for item in self.industries if item.key == key), None)

    def post(self, key: str) -> PostLine | None:
        """Return one post."""
        return next((row for item in self.industries for row in item.posts if row.post.key == key), None)


def report_row(acting: Actor) -> BalanceReport | None:
    """Return the report in force that the person may see."""
    rows = visible(acting, "balance.read", BalanceReport.objects.select_related("computed_by"))
    return rows.exclude(state=ReportState.SUPERSEDED).order_by("-computed_at").first()


def balance(acting: Actor) -> BalanceView | None:
    """Return the report in force with everything in it, or None when none was computed yet."""
    row = report_row(acting)
    return _view(acting, row) if row else None


def _view(acting: Actor, row: BalanceReport) -> BalanceView:
    year, planned = planned_heads(acting)
    inputs = row.inputs
    return BalanceView(
        uuid=row.uuid,
        state=row.state,
        stale_reason=row.stale_reason,
        computed_at=row.computed_at,
        computed_by=row.computed_by.display_name if row.computed_by else "",
        method=f"{row.method} {row.method_version}",
        postings=row.postings,
        months=(inputs["months"][0], inputs["months"][1]) if inputs["months"] else None,
        undated=inputs["undated"],
        without_role=inputs["without_role"],
        window=row.parameters["report"]["months"],
        level=row.parameters["bootstrap"]["level"],
        draws=int(row.parameters["bootstrap"]["draws"]),
        min_postings=int(row.parameters["demand"]["min_postings"]),
        is_demo=inputs["is_demo"],
        plans_seen=can(acting, "plans.sums"),
        plan_year=year,
        industries=_industries(acting, row, year, planned),
    )


def planned_heads(acting: Actor) -> tuple[int | None, dict[str, int]]:
    """Return the newest year with sums of three enterprises or more, and those sums by post."""
    if not can(acting, "plans.sums"):
        return None, {}
    plans = enterprise_plans(acting)
    year = max((plan.year for plan in plans if plan.headcount is not None), default=None)
    return year, {
        plan.role_key: plan.headcount for plan in plans if plan.year == year and plan.headcount is not None
    }


def _industries(
    acting: Actor, row: BalanceReport, year: int | None, planned: Mapping[str, int]
) -> tuple[IndustryLine, ...]:
    lines = list(row.lines.order_by("rank", "id"))
    by_level: dict[str, list[BalanceLine]] = {level: [] for level in LineLevel.values}
    for line in lines:
        by_level[line.level].append(line)
    known = {post.key: post for post in posts()}
    skills = skills_by_key({line.skill_key for line in lines if line.skill_key})
    seen = {str(view.uuid): view for view in programmes(acting)} if can(acting, "programmes.read") else {}
    names = condition_names([line.programme_uuid for line in lines if line.programme_uuid])
    rows = [
        _post(line, by_level, known=known, skills=skills, seen=seen, year=year, planned=planned, names=names)
        for line in by_level[LineLevel.ROLE]
        if line.role_key in known
    ]
    found = []
    for line in by_level[LineLevel.INDUSTRY]:
        mine = tuple(item for item in rows if item.post.industry_key == line.industry_key)
        heads = [item.planned for item in mine if item.planned is not None]
        if mine:
            found.append(
                IndustryLine(
                    uuid=line.uuid,
                    key=line.industry_key,
                    name=mine[0].post.industry,
                    is_lead=mine[0].post.is_lead,
                    postings=line.count,
                    uncovered=_interval(line, "uncovered"),
                    planned=sum(heads) if heads else None,
                    planned_uuid=plan_uuid(year, PlanScope.INDUSTRY, mine[0].post.industry_id)
                    if year
                    else None,
                    posts=mine,
                    skills=tuple(
                        _total(item, known, skills)
                        for item in by_level[LineLevel.TOTAL]
                        if item.industry_key == line.industry_key and item.skill_key in skills
                    ),
                )
            )
    return tuple(sorted(found, key=lambda item: not item.is_lead))


def _post(
    line: BalanceLine,
    by_level: Mapping[str, Sequence[BalanceLine]],
    *,
    known: Mapping[str, PostView],
    skills: Mapping[str, SkillView],
    seen: Mapping[str, ProgrammeView],
    year: int | None,
    planned: Mapping[str, int],
    names: Mapping[tuple[UUID, str], str],
) -> PostLine:
    post = known[line.role_key]
    serving = line.facts["programmes"]
    mine = tuple(seen[key] for key in serving if key in seen)
    kinds = [item for item in by_level[LineLevel.KIND] if item.role_key == post.key]
    told = [item for item in kinds if item.programme_uuid is None or str(item.programme_uuid) in seen]
    return PostLine(
        uuid=line.uuid,
        post=post,
        postings=line.count,
        uncovered=_interval(line, "uncovered"),
        quantity=_interval(line, "quantity"),
        # the sum would tell what another school graduates
        graduates=line.facts["graduates"] if len(mine) == len(serving) else None,
        programmes=mine,
        others=len(serving) - len(mine),
        skills=tuple(
            _skill(item, post, skills, seen)
            for item in by_level[LineLevel.SKILL]
            if item.role_key == post.key and item.skill_key in skills
        ),
        kinds=tuple(
            KindLine(item.uuid, item.kind, seen.get(str(item.programme_uuid)), spoken(item, names))
            for item in told
        ),
        hidden=len(kinds) - len(told),
        planned=planned.get(post.key),
        planned_uuid=plan_uuid(year, PlanScope.ROLE, post.id) if year else None,
    )


def spoken(line: BalanceLine, names: Mapping[tuple[UUID, str], str]) -> Mapping[str, float | str]:
    """Return what a kind of gap rests on, a condition by its name in the reader's language where it has one."""
    basis: Mapping[str, float | str] = line.facts["basis"]
    name = names.get((line.programme_uuid, str(basis.get("name")))) if line.programme_uuid else None
    return {**basis, "name": name} if name else basis


def _skill(
    line: BalanceLine, post: PostView, skills: Mapping[str, SkillView], seen: Mapping[str, ProgrammeView]
) -> SkillLine:
    share, pressure = _interval(line, "share"), _interval(line, "pressure")
    assert share is not None
    assert pressure is not None
    return SkillLine(
        uuid=line.uuid,
        skill=skills[line.skill_key],
        post=post,
        rank=line.rank,
        count=line.count,
        total=line.total,
        share=share,
        pressure=pressure,
        covered=line.facts["covered"],
        hours={key: hours for key, hours in line.facts["hours"].items() if key in seen},
    )


def _total(line: BalanceLine, known: Mapping[str, PostView], skills: Mapping[str, SkillView]) -> TotalLine:
    return TotalLine(
        uuid=line.uuid,
        skill=skills[line.skill_key],
        rank=line.rank,
        count=line.count,
        total=line.total,
        posts=tuple((known[key], count) for key, count in line.facts["posts"].items() if key in known),
    )


def _interval(line: BalanceLine, name: str) -> Interval | None:
    found = line.intervals.get(name)
    return Interval(*found) if found else None
