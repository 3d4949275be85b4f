"""Programmes year by year: reads, what contradicts itself, and the verbs; an empty figure is unknown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from zhiqiao.infra.db.names import Name
from zhiqiao.platform.data.errors import Refused
from zhiqiao.platform.data.models import YEARS, Programme, ProgrammeYear
from zhiqiao.platform.data.supply import keeping
from zhiqiao.platform.governance.api import Actor, can, get_visible, require, visible

__all__ = [
    "FIGURES",
    "ProgrammeYearView",
    "YearFacts",
    "editable_programmes",
    "get_year",
    "programme_years",
    "remove_year",
    "save_year",
    "year_faults",
    "year_view",
]

#: The figures of a year, in the order in which they are shown.
FIGURES = (
    "enrolled",
    "students",
    "graduates",
    "placed",
    "placed_locally",
    "placed_matching",
    "cost_per_student",
)
_PARTS = (
    ("placed", "graduates"),
    ("placed_locally", "placed"),
    ("placed_matching", "placed"),
    # where the number in work is unknown, its parts can still not exceed the graduates
    ("placed_locally", "graduates"),
    ("placed_matching", "graduates"),
)


@dataclass(frozen=True)
class YearFacts:
    """What a school states of a programme in a year; None is unknown, cost in RMB per student and year."""

    enrolled: int | None
    students: int | None
    graduates: int | None
    placed: int | None
    placed_locally: int | None
    placed_matching: int | None
    cost_per_student: int | None
    source: str
    definition: str = ""


@dataclass(frozen=True)
class ProgrammeYearView:
    """A programme in one year; None is unknown, cost in RMB per student and year."""

    uuid: UUID
    programme_uuid: UUID
    programme_key: str
    programme: Name
    year: int
    enrolled: int | None
    students: int | None
    graduates: int | None
    placed: int | None
    placed_locally: int | None
    placed_matching: int | None
    cost_per_student: int | None
    source: str
    definition: str
    is_demo: bool
    version: int

    @property
    def placement(self) -> float | None:
        """Return the share of graduates in work, None when a part of it is unknown."""
        return _share(self.placed, self.graduates)

    @property
    def matching(self) -> float | None:
        """Return the share of those in work whose work matches, None when a part of it is unknown."""
        return _share(self.placed_matching, self.placed)


def programme_years(acting: Actor, programme_uuids: Sequence[UUID] | None = None) -> list[ProgrammeYearView]:
    """Return the years of the programmes one may see, by programme, the newest year first."""
    rows = visible(acting, "supply.read", _rows())
    if programme_uuids is not None:
        rows = rows.filter(programme__uuid__in=programme_uuids)
    return [
        year_view(row) for row in rows.order_by("programme__organisation__path", "programme__key", "-year")
    ]


def get_year(acting: Actor, uuid: UUID, action: str = "supply.read") -> ProgrammeYear:
    """Return one row; 404 when it may not be seen."""
    return get_visible(acting, action, _rows(), uuid=uuid)


def editable_programmes(acting: Actor) -> list[Programme]:
    """Return the programmes whose figures one may keep."""
    if not can(acting, "supply.edit"):
        return []
    rows = visible(acting, "supply.edit", Programme.objects.select_related("organisation"))
    return list(rows.order_by("organisation__path", "key"))


def year_faults(facts: YearFacts) -> list[tuple[str, str]]:
    """Return (field, reason) of what can not be so: a part larger than its whole, no source."""
    names = _names()
    faults = [
        (part, _("“%(part)s”多于“%(whole)s”，请核对。") % {"part": names[part], "whole": names[whole]})
        for part, whole in _PARTS
        if (left := getattr(facts, part)) is not None
        and (right := getattr(facts, whole)) is not None
        and left > right
    ]
    if not facts.source.strip():
        faults.append(("source", _("请写明数字从哪里来，例如“学籍系统 2025 年 9 月”。")))
    return faults


def save_year(
    actor: Actor,
    target: ProgrammeYear | Programme,
    facts: YearFacts,
    *,
    year: int,
    seen: int = 0,
) -> ProgrammeYear:
    """Keep a year of a programme: a new one for a Programme, a changed one for a row in version `seen`.

    Raises Refused when figures contradict each other or the year is there already, Conflict when the row was changed.
    """
    require(actor, "supply.edit", target)
    faults = year_faults(facts)
    if faults:
        raise Refused(faults[0][1])
    if not YEARS[0] <= year <= YEARS[1]:
        raise Refused(_("年份要在 %(low)s 到 %(high)s 之间。") % {"low": YEARS[0], "high": YEARS[1]})
    values: dict[str, object] = asdict(facts) | {"year": year}
    if isinstance(target, Programme):
        row = ProgrammeYear(org_root_id=target.org_root_id, programme=target)
        programme = target
    else:
        row, programme = target, target.programme
    others = ProgrammeYear.objects.filter(programme=programme, year=year).exclude(pk=row.pk)
    if others.exists():
        raise Refused(_("这个专业 %(year)s 年已经填过，请直接修改那一行。") % {"year": year})
    return keeping.keep(actor, row, values, seen=seen, verb="supply.year")


def remove_year(actor: Actor, row: ProgrammeYear, *, seen: int) -> None:
    """Take a year out; the trail keeps what it said."""
    require(actor, "supply.edit", row)
    keeping.remove(actor, row, seen=seen, verb="supply.year")


def _rows() -> QuerySet[ProgrammeYear]:
    return ProgrammeYear.objects.select_related("programme__organisation")


def year_view(row: ProgrammeYear) -> ProgrammeYearView:
    """Return a row that the person was given as a value."""
    return ProgrammeYearView(
        uuid=row.uuid,
        programme_uuid=row.programme.uuid,
        programme_key=row.programme.key,
        programme=Name(row.programme.name_zh, row.programme.name_en),
        year=row.year,
        source=row.source,
        definition=row.definition,
        is_demo=row.is_demo,
        version=row.version,
        **{name: getattr(row, name) for name in FIGURES},
    )


def _share(part: int | None, whole: int | None) -> float | None:
    return part / whole if part is not None and whole else None


def _names() -> dict[str, str]:
    return {
        "graduates": _("毕业人数"),
        "placed": _("就业人数"),
        "placed_locally": _("本地就业人数"),
        "placed_matching": _("对口就业人数"),
    }
