"""Findings engine: what was counted, stored and compared of a region in; the facts of its yearly report out.

Reads nothing and words nothing: a gathering hands values in (`Inputs`), `engines/report` makes a document of the facts.
"""

from __future__ import annotations

from zhiqiao.engines.findings._inputs import (
    LEVELS,
    Announced,
    Chain,
    Compared,
    Counts,
    Inputs,
    Kept,
    Level,
    LevelName,
    Programme,
    Rules,
    Skill,
    announced,
)
from zhiqiao.engines.findings._make import experience_band, experience_names, make_facts, parts_of, windows

__all__ = [
    "LEVELS",
    "Announced",
    "Chain",
    "Compared",
    "Counts",
    "Inputs",
    "Kept",
    "Level",
    "LevelName",
    "Programme",
    "Rules",
    "Skill",
    "announced",
    "experience_band",
    "experience_names",
    "make_facts",
    "parts_of",
    "windows",
]
