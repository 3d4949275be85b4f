"""What the pack says about discovery: the engine's parameters and how a run is carried out."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache

from zhiqiao import packs
from zhiqiao.engines import competency

__all__ = ["StudyRules", "parameters", "study_rules"]


@dataclass(frozen=True)
class StudyRules:
    """The values of packs/common/competency/study.toml."""

    version: str
    stability_seeds: int
    stable_from: float
    coherent_from: float
    carry_over_least: float
    shown_skills: int
    shown_sentences: int
    most_groups: int


@cache
def study_rules() -> StudyRules:
    """Return how runs are carried out, read once."""
    data = tomllib.loads(packs.common_file("competency", "study.toml").read_text(encoding="utf-8"))
    return StudyRules(**{name: data[name] for name in StudyRules.__dataclass_fields__})


@cache
def parameters() -> competency.Parameters:
    """Return the engine's parameters, read once."""
    return competency.read_parameters(packs.common_file("competency"))
