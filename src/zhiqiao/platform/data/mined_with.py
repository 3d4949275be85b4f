"""What postings are mined with besides the taxonomy: rules and learned stage of the common pack."""

from __future__ import annotations

from functools import lru_cache

from zhiqiao import packs
from zhiqiao.engines import jobmining

__all__ = ["current_rules", "learned_stage"]


def current_rules() -> jobmining.Rules:
    """Return the rules that postings are mined with."""
    return jobmining.read_rules(packs.common_file("jobmining"))


@lru_cache(maxsize=1)
def learned_stage() -> jobmining.LearnedModel:
    """Return the learned stage that ships; read once per process."""
    return jobmining.read_learned(packs.common_file("jobmining", "learned"))
