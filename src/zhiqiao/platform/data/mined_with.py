"""What postings are mined with besides the taxonomy: rules and learned stage of the common pack."""

from __future__ import annotations

from functools import cache

from zhiqiao import packs
from zhiqiao.engines import jobmining

__all__ = ["current_rules", "learned_stage"]


@cache
def current_rules() -> jobmining.Rules:
    """Return the rules that postings are mined with, read once: they change with the installed version only."""
    return jobmining.read_rules(packs.common_file("jobmining"))


@cache
def learned_stage() -> jobmining.LearnedModel:
    """Return the learned stage that ships; read once per process."""
    return jobmining.read_learned(packs.common_file("jobmining", "learned"))
