"""The question bank that ships, as questions of the engine; choices of posts and skills come from the programme."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from django.db.models import Max

from zhiqiao import packs
from zhiqiao.engines.surveys import Condition, Kind, Option, Question, Questionnaire, Text
from zhiqiao.infra.db.names import Name
from zhiqiao.platform.data.models import JobRole, Programme, RoleSkill, Skill

__all__ = ["Bank", "bank", "filled", "posts_of", "section_name", "template_for"]

_MOST_SKILLS = 12
Values = Mapping[str, Any]  # Any: a table of the file


@dataclass(frozen=True)
class Bank:
    """The bank: questions by key, where choices come from, sections of the questionnaire, and the standard form."""

    version: str
    source: Name
    sections: Mapping[str, Name]
    questions: Mapping[str, Question]
    options_from: Mapping[str, str]
    template: tuple[tuple[str, tuple[Condition, ...]], ...]
    template_name: Name


@cache
def bank() -> Bank:
    """Return the bank, read once."""
    data = tomllib.loads(packs.common_file("survey", "bank.toml").read_text(encoding="utf-8"))
    return Bank(
        version=data["version"],
        source=_name(data["source"]),
        sections={key: _name(one) for key, one in data["sections"].items()},
        questions={one["key"]: _question(one) for one in data["question"]},
        options_from={one["key"]: one["options_from"] for one in data["question"] if "options_from" in one},
        template=tuple(
            (one["bank"], tuple(_condition(part) for part in one.get("when", ())))
            for one in data["template"]["questions"]
        ),
        template_name=_name(data["template"]["name"]),
    )


def section_name(key: str) -> str:
    """Return what a section is called; its key where the bank has no name."""
    return str(bank().sections.get(key, key))


def filled(key: str, programme: Programme) -> Question:
    """Return a question of the bank with the choices of a programme; raises KeyError for none of the bank."""
    one = bank().questions[key]
    match bank().options_from.get(key):
        case "posts":
            return replace(one, options=_options(posts_of(programme)))
        case "skills":
            return replace(one, options=_options(_skills_of(programme)))
    return one


def template_for(programme: Programme) -> Questionnaire:
    """Return the standard questionnaire for a programme; questions that would have no choices are left out."""
    questions = [replace(filled(key, programme), when=when) for key, when in bank().template]
    kept = {one.key for one in questions if not _lacks_choices(one)}
    return Questionnaire(
        tuple(
            one
            for one in questions
            if one.key in kept and all(condition.question in kept for condition in one.when)
        )
    )


def posts_of(programme: Programme) -> Sequence[JobRole]:
    """Return the posts a programme trains for, in the order of the programme."""
    rows = programme.target_roles.select_related("role__link").order_by("id")
    return [row.role for row in rows]


def _skills_of(programme: Programme) -> list[Skill]:
    """Return the skills its posts ask for most, as the region's pack states them."""
    roles = [role.pk for role in posts_of(programme)]
    weights = RoleSkill.objects.filter(role__in=roles).values("skill").annotate(weight=Max("weight"))
    best = [row["skill"] for row in weights.order_by("-weight", "skill__key")[:_MOST_SKILLS]]
    return sorted(Skill.objects.filter(pk__in=best), key=lambda skill: best.index(skill.pk))


def _lacks_choices(one: Question) -> bool:
    needs = one.kind in {Kind.SINGLE, Kind.MULTIPLE}
    grid = one.kind in {Kind.AMOUNTS, Kind.RATINGS}
    return (needs and len(one.options) < 2) or (grid and not one.options)


def _options(rows: Sequence[JobRole] | Sequence[Skill]) -> tuple[Option, ...]:
    return tuple(Option(row.key, Text(row.name_zh, row.name_en or row.name_zh)) for row in rows)


def _question(one: Values) -> Question:
    return Question(
        key=one["key"],
        kind=Kind(one["kind"]),
        text=_text(one["text"]),
        options=tuple(
            Option(option["key"], _text(option), bool(option.get("exclusive")))
            for option in one.get("options", ())
        ),
        least=one.get("least"),
        most=one.get("most"),
        whole=bool(one.get("whole", True)),
        unit=_text(one["unit"]) if "unit" in one else None,
        hint=_text(one["hint"]) if "hint" in one else None,
        required=bool(one.get("required")),
        section=one["section"],
        meaning=one.get("meaning", ""),
        bank=one["key"],
    )


def _condition(one: Values) -> Condition:
    return Condition(one["question"], tuple(one.get("any_of", ())), one.get("least"), one.get("most"))


def _text(one: Values) -> Text:
    return Text(one["zh"], one["en"])


def _name(one: Values) -> Name:
    return Name(one["zh"], one["en"])
