"""Settings of surveys from `packs/common/survey`, and the interval of rule JS-03 from the rules in force."""

from __future__ import annotations

import datetime as dt
import tomllib
from dataclasses import dataclass
from functools import cache

from zhiqiao import packs
from zhiqiao.engines import plans, rules, surveys
from zhiqiao.infra.db.names import Name

__all__ = ["Parameters", "ShortlistRule", "least_days", "parameters", "rule_book"]


@dataclass(frozen=True)
class ShortlistRule:
    """A criterion of the shortlist with its name."""

    criterion: surveys.Criterion
    name: Name


@dataclass(frozen=True)
class Parameters:
    """What parameters.toml says."""

    version: str
    link_days: int
    unknown_links_a_minute: int
    saves_a_minute: int
    reuse_days: int
    least_in_stratum: int
    most_enterprises: int
    shortlist: tuple[ShortlistRule, ...]


@cache
def parameters() -> Parameters:
    """Return the settings, read once: they change with the installed version only."""
    data = tomllib.loads(packs.common_file("survey", "parameters.toml").read_text(encoding="utf-8"))
    return Parameters(
        version=data["version"],
        link_days=int(data["links"]["days"]),
        unknown_links_a_minute=int(data["links"]["unknown_links_a_minute"]),
        saves_a_minute=int(data["links"]["saves_a_minute"]),
        reuse_days=int(data["reuse"]["most_days"]),
        least_in_stratum=int(data["response"]["least_in_stratum"]),
        most_enterprises=int(data["frame"]["most_enterprises"]),
        shortlist=tuple(
            ShortlistRule(
                surveys.Criterion(one["key"], float(one["points"]), float(one["full"])),
                Name(one["zh"], one["en"]),
            )
            for one in data["shortlist"]
        ),
    )


@cache
def rule_book() -> rules.RuleBook:
    """Return the rules of surveys and their reports (JS)."""
    return rules.read_rules(packs.folder("common", "rules"), predicates=plans.PREDICATES).of_set("js")


def least_days(on: dt.date) -> int:
    """Return how many days must lie between two askings of one enterprise (JS-03), as the rule stands on a day."""
    found = [rule for rule in rule_book().rules if rule.id == "JS-03" and rule.in_force(on)]
    return int(str(found[-1].params["least_days"])) if found else 0
