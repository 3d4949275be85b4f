"""Loads the supply side and regional facts of a region pack; every file is optional, and twice changes nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TypeVar

from django.db import transaction

from zhiqiao.packs import read_rows
from zhiqiao.platform.data.errors import CatalogueError
from zhiqiao.platform.data.models import (
    ChainLink,
    EnterprisePlan,
    Industry,
    InvestmentProject,
    JobRole,
    Programme,
    ProgrammeYear,
    ProjectStaff,
    RegionalDefinition,
    RegionalIndicator,
    RegionalValue,
    TrainingCondition,
    ValueState,
)
from zhiqiao.platform.data.supply.years import FIGURES, YearFacts, year_faults
from zhiqiao.platform.governance.api import Organisation

__all__ = ["load_regional", "load_supply"]

Found = TypeVar("Found")
_Row = dict[str, str]


@transaction.atomic
def load_regional(pack: Path) -> int:
    """Load regional.csv (key, zh, en, unit_zh, unit_en, definition, year, value, state, source, page).

    Return how many values are new. An indicator or value that is there is left alone. Raises CatalogueError.
    """
    new = 0
    for place, row in _rows(pack / "regional.csv"):
        indicator, is_new = RegionalIndicator.objects.get_or_create(
            key=row["key"],
            defaults={
                "name_zh": row["zh"],
                "name_en": row["en"],
                "unit_zh": row["unit_zh"],
                "unit_en": row["unit_en"],
                "sort": int(place.rpartition(" ")[2]),
            },
        )
        if is_new:
            RegionalDefinition.objects.create(indicator=indicator, number=1, text=row["definition"])
        definition = indicator.definitions.filter(text=row["definition"]).first()
        if definition is None:
            # people may have changed the definition since; the pack does not overrule them
            continue
        if row["state"] not in ValueState.values or not row["source"]:
            raise CatalogueError(f"{place}: {row['key']}: state must be known and source written")
        _value, added = RegionalValue.objects.get_or_create(
            indicator=indicator,
            definition=definition,
            year=_read(place, "year", row["year"], int),
            state=row["state"],
            defaults={
                "value": _read(place, "value", row["value"], Decimal),
                "source": row["source"],
                "page": row["page"],
            },
        )
        new += added
    return new


@transaction.atomic
def load_supply(pack: Path, *, is_demo: bool) -> int:
    """Load programme_years.csv, conditions.csv, plans.csv and projects.csv; return how many rows are new.

    A row that is there is left alone, for people may have changed it. Raises CatalogueError naming file, row, fault.
    """
    return (
        _load_years(pack, is_demo=is_demo)
        + _load_conditions(pack, is_demo=is_demo)
        + _load_plans(pack, is_demo=is_demo)
        + _load_projects(pack, is_demo=is_demo)
    )


def _load_years(pack: Path, *, is_demo: bool) -> int:
    programmes = {row.key: row for row in Programme.objects.all()}
    there = set(ProgrammeYear.objects.values_list("programme_id", "year"))
    new = 0
    for place, row in _rows(pack / "programme_years.csv"):
        programme = _named(place, "programme", row["programme"], programmes)
        year = _read(place, "year", row["year"], int)
        if (programme.pk, year) in there:
            continue
        figures = {name: _read(place, name, row[name], int) if row[name] else None for name in FIGURES}
        facts = YearFacts(**figures, source=row["source"], definition=row["definition"])
        for field, _reason in year_faults(facts):
            raise CatalogueError(f"{place}: {field} contradicts the rest of the row")
        ProgrammeYear.objects.create(
            org_root_id=programme.org_root_id,
            programme=programme,
            year=year,
            is_demo=is_demo,
            **facts.__dict__,
        )
        new += 1
    return new


def _load_conditions(pack: Path, *, is_demo: bool) -> int:
    programmes = {row.key: row for row in Programme.objects.all()}
    new = 0
    for place, row in _rows(pack / "conditions.csv"):
        programme = _named(place, "programme", row["programme"], programmes)
        amounts = {
            name: _read(place, name, row[name], Decimal) if row[name] else None
            for name in ("required", "present")
        }
        _row, added = TrainingCondition.objects.get_or_create(
            programme=programme,
            name=row["name"],
            defaults={
                "org_root_id": programme.org_root_id,
                "name_en": row.get("en", ""),
                "unit": row["unit"],
                "norm": row["norm"],
                "norm_source": row["norm_source"],
                "is_demo": is_demo,
                **amounts,
            },
        )
        new += added
    return new


def _load_plans(pack: Path, *, is_demo: bool) -> int:
    owners = {row.key: row for row in Organisation.objects.filter(parent=None)}
    roles = {row.key: row for row in JobRole.objects.all()}
    new = 0
    for place, row in _rows(pack / "plans.csv"):
        _row, added = EnterprisePlan.objects.get_or_create(
            org_root_id=_named(place, "organisation", row["organisation"], owners).pk,
            role=_named(place, "role", row["role"], roles),
            year=_read(place, "year", row["year"], int),
            defaults={
                "headcount": _read(place, "headcount", row["headcount"], int),
                "note": row["note"],
                "is_demo": is_demo,
            },
        )
        new += added
    return new


def _load_projects(pack: Path, *, is_demo: bool) -> int:
    owners = {row.key: row for row in Organisation.objects.filter(parent=None)}
    industries = {row.key: row for row in Industry.objects.all()}
    links = {row.key: row for row in ChainLink.objects.all()}
    roles = {row.key: row for row in JobRole.objects.all()}
    new = 0
    for place, row in _rows(pack / "projects.csv"):
        owner = _named(place, "organisation", row["organisation"], owners)
        link = _named(place, "link", row["link"], links) if row["link"] else None
        project, added = InvestmentProject.objects.get_or_create(
            org_root_id=owner.pk,
            name=row["name"],
            defaults={
                "key": row["id"],
                "name_en": row.get("en", ""),
                "industry": _named(place, "industry", row["industry"], industries),
                "link": link,
                "region": row["region"],
                "start": row["start"],
                "probability": _read(place, "probability", row["probability"], float),
                "state": row["state"],
                "source": row["source"],
                "announced": _read(place, "announced", row["announced"], dt.date.fromisoformat),
                "is_demo": is_demo,
            },
        )
        if added:
            _staff(place, project, row["staff"], roles)
        new += added
    return new


def _staff(place: str, project: InvestmentProject, text: str, roles: dict[str, JobRole]) -> None:
    """Write the staff of a project, written as post:year:head count parted by `|`."""
    for part in filter(None, text.split("|")):
        role, year, count = [*part.split(":"), "", ""][:3]
        ProjectStaff.objects.create(
            org_root_id=project.org_root_id,
            project=project,
            role=_named(place, "staff", role, roles),
            year=_read(place, "staff", year, int),
            headcount=_read(place, "staff", count, int),
        )


def _rows(path: Path) -> list[tuple[str, _Row]]:
    if not path.exists():
        return []
    return [(f"{path.name} row {number}", row) for number, row in enumerate(read_rows(path), start=2)]


def _named(place: str, column: str, key: str, known: dict[str, Found]) -> Found:
    if key not in known:
        raise CatalogueError(f"{place}: {column}: there is no {key!r}")
    return known[key]


def _read(place: str, column: str, cell: str, kind: Callable[[str], Found]) -> Found:
    try:
        return kind(cell)
    except (ValueError, InvalidOperation) as error:
        raise CatalogueError(f"{place}: {column}: can not read {cell!r}") from error
