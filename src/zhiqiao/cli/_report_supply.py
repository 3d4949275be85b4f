"""The supply side of a region pack as the engines take it: programmes, hours, graduates, equipment, plans, projects."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from zhiqiao.engines import balance, findings
from zhiqiao.engines.report import Name
from zhiqiao.packs import read_rows

#: The state of a project that was given up; it needs nobody.
_CANCELLED = "cancelled"


@dataclass(frozen=True)
class YearFigures:
    """What a school reported for a programme and year; None is unknown."""

    year: int
    enrolled: int | None
    graduates: int | None
    placed: int | None
    matching: int | None
    cost: float | None


@dataclass(frozen=True)
class Programme:
    """A programme of the pack with its school, what it teaches and what was reported."""

    name: Name
    school: Name
    supply: balance.ProgrammeSupply
    figures: YearFigures | None
    conditions: tuple[tuple[Name, float, float | None], ...]


@dataclass(frozen=True)
class Supply:
    """All programmes, and the head count that enterprises plan per post in the year of the report (None: no plans)."""

    programmes: tuple[Programme, ...]
    planned: dict[str, int] | None
    has_years: bool
    has_conditions: bool
    plan_lines: int
    year_lines: int


def read_supply(pack: Path, *, year: int) -> Supply:
    """Read what the pack holds; figures of `year` minus one or the newest year before it are used."""
    posts = {row["id"] for row in read_rows(pack / "job_roles.csv")}
    years, conditions, plans = (
        _optional(pack / f"{name}.csv") for name in ("programme_years", "conditions", "plans")
    )
    schools = _schools(pack)
    taught, shares = _taught(pack)
    figures = _figures(years, before=year)
    equipment = _equipment(conditions)
    found = []
    for row in read_rows(pack / "programmes.csv"):
        key = row["id"]
        own = figures.get(key)
        supply = balance.ProgrammeSupply(
            key=key,
            roles=tuple(role for role in row["roles"].split("|") if role in posts),
            taught=taught.get(key, {}),
            graduates=own.graduates if own else None,
            practice_share=shares.get(key),
            conditions=tuple(
                balance.Condition(name.zh, required, present)
                for name, required, present in equipment.get(key, ())
            ),
        )
        found.append(
            Programme(
                Name(key, row["zh"], row["en"]),
                schools[row["organisation"]],
                supply,
                own,
                tuple(equipment.get(key, ())),
            )
        )
    return Supply(
        tuple(found),
        _planned(plans, year),
        bool(years),
        bool(conditions),
        len(plans),
        len(years),
    )


def _optional(path: Path) -> list[dict[str, str]]:
    return read_rows(path) if path.exists() else []


def _schools(pack: Path) -> dict[str, Name]:
    """Return, for each unit, the organisation it belongs to."""
    rows = {row["key"]: row for row in read_rows(pack / "organisations.csv")}
    found = {}
    for key, row in rows.items():
        top = row
        while top["parent"]:
            top = rows[top["parent"]]
        found[key] = Name(top["key"], top["zh"], top["en"])
    return found


def _taught(pack: Path) -> tuple[dict[str, dict[str, balance.Taught]], dict[str, float]]:
    """Return hours per programme and skill, and the share of practice in all hours per programme."""
    programme_of = {row["id"]: row["programme"] for row in read_rows(pack / "courses.csv")}
    hours: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(lambda: [0.0, 0.0]))
    sums: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0])
    for row in read_rows(pack / "modules.csv"):
        programme = programme_of[row["course"]]
        theory, practice = float(row["theory"] or 0), float(row["practice"] or 0)
        sums[programme][0] += theory + practice
        sums[programme][1] += practice
        part = practice / (theory + practice) if theory + practice else 0.0
        for cell in filter(None, row["skills"].split("|")):
            skill, amount, *_ = cell.split(":")
            hours[programme][skill][0] += float(amount)
            hours[programme][skill][1] += float(amount) * part
    taught = {
        programme: {skill: balance.Taught(*both) for skill, both in rows.items()}
        for programme, rows in hours.items()
    }
    return taught, {programme: practice / whole for programme, (whole, practice) in sums.items() if whole}


def _figures(rows: list[dict[str, str]], *, before: int) -> dict[str, YearFigures]:
    """Return the newest figures before a year, those with graduates first."""
    found: dict[str, YearFigures] = {}
    for row in sorted(rows, key=lambda row: int(row["year"])):
        if int(row["year"]) >= before or not row["graduates"].strip():
            continue
        found[row["programme"]] = YearFigures(
            int(row["year"]),
            _whole(row["enrolled"]),
            _whole(row["graduates"]),
            _whole(row["placed"]),
            _whole(row["placed_matching"]),
            float(row["cost_per_student"]) if row["cost_per_student"].strip() else None,
        )
    return found


def _whole(cell: str) -> int | None:
    return int(cell) if cell.strip() else None


def _equipment(rows: list[dict[str, str]]) -> dict[str, list[tuple[Name, float, float | None]]]:
    found: dict[str, list[tuple[Name, float, float | None]]] = defaultdict(list)
    for row in rows:
        if not row["required"].strip():
            continue  # without a norm nothing can be called short
        present = float(row["present"]) if row["present"].strip() else None
        name = Name(row["name"], row["name"], row.get("en", ""))
        found[row["programme"]].append((name, float(row["required"]), present))
    return found


def _planned(rows: list[dict[str, str]], year: int) -> dict[str, int] | None:
    if not rows:
        return None
    found: dict[str, int] = defaultdict(int)
    for row in rows:
        if int(row["year"]) == year and row["headcount"].strip():
            found[row["role"]] += int(row["headcount"])
    return dict(found)


def read_projects(pack: Path, chain: findings.Chain) -> tuple[findings.Announced, ...]:
    """Return the announced projects of a pack that were not given up, one per industry whose posts they staff."""
    found = []
    for row in _optional(pack / "projects.csv"):
        if row["state"] == _CANCELLED:
            continue
        parts = [part.split(":") for part in row["staff"].split("|") if part]
        staff = [(post, int(year), int(persons)) for post, year, persons in parts]
        name = Name(row["id"], row["name"], row.get("en", ""))
        found += findings.announced(name, row["start"], float(row["probability"]), staff, chain)
    return tuple(found)
