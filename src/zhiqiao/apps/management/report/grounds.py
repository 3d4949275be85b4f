"""From a block of the report to what its figures rest on in the database, as the snapshot kept it."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from django.utils.translation import gettext as _

from zhiqiao.engines.report import Ref, ReportFacts
from zhiqiao.platform.data.api import Link

__all__ = ["grounds"]

_MOST = 20
#: What stands at the begin of a block's key, and the keys of the snapshot's evidence that its figures have.
_OF_ALL = {
    "summary": ("forecast", "balance", "backtest"),
    "backtest": ("backtest",),
    "gap": ("gap:", "balance"),
    "lacking": ("lacking:", "balance"),
    "annex-gap": ("lacking:", "balance"),
    "programmes": ("programme:", "year:"),
    "advice": ("programme:", "balance"),
    "supply": ("programme:", "year:"),
    "conclusions": ("programme:", "lacking:", "balance"),
    "signals": ("signal:",),
    "moving.signals": ("signal:",),
    "scenarios": ("project:", "forecast"),
    "annex-scenarios": ("forecast",),
    "industries": ("forecast", "forecast:", "uncovered:"),
    "annex-posts": ("forecast:", "forecast"),
}


def grounds(facts: ReportFacts, key: str) -> list[Link]:
    """Return the ways from a block to stored results, without titles: forecasts, lines of the balance, alerts …"""
    found: dict[UUID, Link] = {}
    for ref in _refs(facts, key):
        try:
            uuid = UUID(ref.key)
        except ValueError:
            continue  # the list of postings, not a thing with evidence of its own
        found.setdefault(uuid, Link(ref.kind, uuid, "", _("编制时的依据")))
    return list(found.values())[:_MOST]


def _refs(facts: ReportFacts, key: str) -> Iterator[Ref]:
    wanted = next((names for begin, names in _OF_ALL.items() if key.startswith(begin)), ())
    industry = _industry(facts, key)
    if industry:
        wanted = (f"forecast:{industry}", f"uncovered:{industry}")
    for name, ref in facts.evidence.items():
        if ref.kind != "postings" and any(_fits(name, begin) for begin in wanted):
            yield ref


def _fits(name: str, begin: str) -> bool:
    return name == begin or (begin.endswith(":") and name.startswith(begin)) or name.startswith(f"{begin}/")


def _industry(facts: ReportFacts, key: str) -> str:
    """Return the industry that a block is about; empty when it is about several."""
    _begin, _at, scope = key.partition("@")
    known = {item.name.key for item in facts.industries}
    if scope:
        return scope if scope in known else ""
    kind, _dash, rest = key.partition("-")
    return rest if kind in {"chart", "posts", "monthly"} and rest in known else ""
