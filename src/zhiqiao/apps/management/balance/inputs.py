"""Gathers what the balance compares: postings that name skills, and what each programme supplies."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from uuid import UUID

import numpy as np

from zhiqiao.engines import balance as engine
from zhiqiao.packs import common_file
from zhiqiao.platform.data.api import (
    AskedPostings,
    PostView,
    ProgrammeView,
    ProgrammeYearView,
    SkillView,
    TrainingConditionView,
    all_conditions,
    asked_postings,
    posts,
    programme_years,
    skills_by_key,
    whole_programmes,
)
from zhiqiao.platform.governance.api import Actor

_PARAMETERS = ("balance", "balance.toml")


@dataclass(frozen=True)
class ReportParameters:
    """What a report counts and keeps: months of postings, lines a post, seed of the bootstrap."""

    months: int
    lines_per_post: int
    seed: int


def parameters() -> engine.BalanceParameters:
    """Return the parameters of the engine in force."""
    return engine.read_parameters(common_file(*_PARAMETERS))


def report_parameters() -> ReportParameters:
    """Return the parameters of the report in force."""
    data = tomllib.loads(common_file(*_PARAMETERS).read_text(encoding="utf-8"))["report"]
    return ReportParameters(int(data["months"]), int(data["lines_per_post"]), int(data["seed"]))


@dataclass(frozen=True)
class Inputs:
    """Everything one computation rests on; programmes carry their uuid as key in the engine."""

    asked: AskedPostings
    posts: tuple[PostView, ...]
    skills: Mapping[int, SkillView]
    programmes: tuple[ProgrammeView, ...]
    years: tuple[ProgrammeYearView, ...]
    conditions: Mapping[UUID, Sequence[TrainingConditionView]]

    @cached_property
    def postings(self) -> engine.Postings:
        """Return the postings as the engine takes them."""
        role_at = {post.id: at for at, post in enumerate(self.posts)}
        ids = sorted({skill for _posting, skill in self.asked.pairs}, key=lambda pk: self.skills[pk].key)
        skill_at = {pk: at for at, pk in enumerate(ids)}
        return engine.Postings(
            roles=tuple(engine.RoleFacts(post.key, post.industry_key, post.link_key) for post in self.posts),
            skills=tuple(engine.SkillFacts(self.skills[pk].key, self.skills[pk].kind) for pk in ids),
            role=np.array([role_at[role] for role in self.asked.roles], dtype=np.int64),
            posting=np.array([posting for posting, _skill in self.asked.pairs], dtype=np.int64),
            skill=np.array([skill_at[skill] for _posting, skill in self.asked.pairs], dtype=np.int64),
        )

    @cached_property
    def supply(self) -> tuple[engine.ProgrammeSupply, ...]:
        """Return what each programme supplies."""
        return tuple(
            supply_of(view, self.newest(view.uuid, "graduates"), self.conditions.get(view.uuid, ()))
            for view in self.programmes
        )

    def newest(self, programme_uuid: UUID, *figures: str) -> ProgrammeYearView | None:
        """Return the programme's newest year in which all these figures are known."""
        return next(
            (
                year
                for year in self.years
                if year.programme_uuid == programme_uuid
                and all(getattr(year, name) is not None for name in figures)
            ),
            None,
        )

    @property
    def is_demo(self) -> bool:
        """Tell whether demonstration data is among the inputs."""
        rows: list[object] = [*self.asked.imports, *self.programmes, *self.years]
        return any(getattr(row, "is_demo", False) for row in rows)


def gather(acting: Actor, *, until: str = "") -> Inputs:
    """Read all inputs as `acting` may see them; postings only of sources shared with the region.

    With `until` (yyyy-mm) only what was known by then: postings of the months up to it, figures of the years up to its.
    """
    asked = asked_postings(acting, months=report_parameters().months, until=until)
    years = programme_years(acting)
    return Inputs(
        asked=asked,
        posts=tuple(posts()),
        skills={skill.id: skill for skill in skills_by_key().values()},
        programmes=tuple(whole_programmes(acting)),
        years=tuple(year for year in years if not until or year.year <= int(until[:4])),
        conditions=conditions_of(acting),
    )


def conditions_of(acting: Actor) -> dict[UUID, list[TrainingConditionView]]:
    """Return the training conditions of all programmes one may see, by programme."""
    found: dict[UUID, list[TrainingConditionView]] = {}
    for item in all_conditions(acting):
        found.setdefault(item.programme_uuid, []).append(item)
    return found


def supply_of(
    view: ProgrammeView, year: ProgrammeYearView | None, conditions: Sequence[TrainingConditionView]
) -> engine.ProgrammeSupply:
    """Return what one programme supplies: hours from its course table, graduates of its newest known year.

    A module's practice hours are divided among its skills as its hours are. Whether modules work on an enterprise's
    real project is recorded nowhere yet, so it is unknown.
    """
    taught: dict[str, engine.Taught] = {}
    hours = practice = 0
    for _course, module in view.modules():
        hours, practice = hours + module.hours, practice + module.practice_hours
        share = module.practice_hours / module.hours if module.hours else 0.0
        for skill in module.skills:
            before = taught.get(skill.key, engine.Taught(0.0, 0.0))
            taught[skill.key] = replace(
                before, hours=before.hours + skill.hours, practice=before.practice + skill.hours * share
            )
    return engine.ProgrammeSupply(
        key=str(view.uuid),
        roles=tuple(role.key for role in view.roles),
        taught=taught,
        graduates=year.graduates if year else None,
        practice_share=practice / hours if hours else None,
        real_projects=None,
        conditions=tuple(
            engine.Condition(
                item.name, float(item.required), None if item.present is None else float(item.present)
            )
            for item in conditions
            if item.required is not None
        ),
    )
