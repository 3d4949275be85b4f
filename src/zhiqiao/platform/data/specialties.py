"""The specialty directory (专业目录): which codes are loaded in which edition, and how an entry is kept."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import cache

from django.db.models import Count, QuerySet
from django.utils.translation import gettext_lazy

from zhiqiao.engines import plans
from zhiqiao.engines.rules import State
from zhiqiao.packs import common_file
from zhiqiao.platform.data.models import Specialty
from zhiqiao.platform.data.supply import keeping
from zhiqiao.platform.governance.api import Actor, require, visible

__all__ = [
    "SPECIALTY_LABELS",
    "SpecialtyFacts",
    "editions",
    "save_specialty",
    "specialties",
    "specialty_directory",
]

SPECIALTY_LABELS = {
    "code": gettext_lazy("专业代码"),
    "name": gettext_lazy("专业名称"),
    "level": gettext_lazy("层次"),
    "class_name": gettext_lazy("专业类"),
    "edition": gettext_lazy("目录版本"),
    "retired_from": gettext_lazy("停用的入学年份"),
    "state": gettext_lazy("核对情况"),
    "source": gettext_lazy("出处"),
}


@dataclass(frozen=True)
class SpecialtyFacts:
    """What an edition says of a code."""

    edition: str
    code: str
    name: str
    level: str
    class_name: str
    retired_from: int | None
    state: str
    source: str


def specialties(actor: Actor) -> QuerySet[Specialty]:
    """Return the entries that are loaded, by edition and code."""
    return visible(actor, "specialties.read", Specialty.objects.order_by("-edition", "code"))


def editions() -> list[tuple[str, int]]:
    """Return the editions of which codes are loaded, with how many, the newest first."""
    rows = Specialty.objects.values_list("edition").annotate(number=Count("id")).order_by("-edition")
    return [(edition, number) for edition, number in rows]


def save_specialty(actor: Actor, row: Specialty | None, facts: SpecialtyFacts, *, seen: int = 0) -> Specialty:
    """Write an entry of an edition; raises Conflict when it changed since it was seen."""
    require(actor, "specialties.import")
    return keeping.keep(actor, row or Specialty(), facts.__dict__, seen=seen, verb="specialty")


def specialty_directory(codes: Collection[str]) -> plans.Directory:
    """Return what is known of some codes, of every edition: what was imported, else what the demo ships."""
    found = {key: one for key, one in _shipped().specialties.items() if key[1] in codes}
    for row in Specialty.objects.filter(code__in=codes):
        found[row.edition, row.code] = plans.Specialty(
            row.code,
            row.name,
            row.level,
            row.class_name,
            row.edition,
            row.retired_from,
            State(row.state),
        )
    return plans.Directory(dict(sorted(found.items())))


@cache
def _shipped() -> plans.Directory:
    return plans.read_directory(common_file("curriculum", "specialties.csv"))
