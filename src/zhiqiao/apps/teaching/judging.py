"""Judges a plan by the rules of its region while it is written; each finding is told at its row and field."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path

from zhiqiao.apps.teaching.document import HEAD, TABLES, Document
from zhiqiao.engines import plans, rules
from zhiqiao.engines.plans import Plan
from zhiqiao.engines.rules import Finding, Language, Outcome, Report, Severity
from zhiqiao.infra.config import config
from zhiqiao.packs import common_file, folder, region_folder

__all__ = ["FindingView", "Judged", "Place", "book", "judge", "region_code"]

#: A finding may name every cell of a table; a page shows and marks so many of them.
MOST_PLACES = 120
_NAMED = 3
_LINES = 8
_PLACE = re.compile(r"^(?:(orientation)\.)?(\w+)\[([^\]]*)\](?:\.(.*))?$")
_STEP = re.compile(r"([^.\[\]]+)|\[([^\]]*)\]")


@dataclass(frozen=True)
class Place:
    """Where a finding shows: the row of a table, the field in it, and its name in words."""

    table: str
    key: str
    path: tuple[str, ...]
    label: str

    @property
    def as_json(self) -> str:
        """Return the path as the page's script reads it."""
        return json.dumps(self.path, ensure_ascii=False)


@dataclass(frozen=True)
class Line:
    """What a rule says of one thing, and where it shows."""

    message: str
    places: tuple[Place, ...]
    count: int

    @property
    def named(self) -> tuple[Place, ...]:
        """Return the first places, which are named beside the finding; all are marked in their tables."""
        return self.places[:_NAMED]


@dataclass(frozen=True)
class FindingView:
    """What a rule finds, in one language: a line for each thing it speaks of."""

    rule: str
    severity: str
    outcome: str
    blocks: bool
    title: str
    fix: str
    source: str
    article: str
    url: str
    notes: tuple[str, ...]
    may_waive: tuple[str, ...]
    lines: tuple[Line, ...] = ()

    @property
    def named(self) -> tuple[Line, ...]:
        """Return the first lines; the places of all are marked in their tables."""
        return self.lines[:_LINES]


@dataclass(frozen=True)
class Judged:
    """What the rules say of a plan on a day: what is open, the worst first, and how many rules hold."""

    on: date
    findings: tuple[FindingView, ...]
    open: int
    passed: int
    blocking: int

    @property
    def marks(self) -> list[tuple[str, str, str, bool]]:
        """Return every cell that a finding means, once: table, row, field, whether something there blocks."""
        found: dict[tuple[str, str, str], bool] = {}
        for one in self.findings:
            for place in (place for line in one.lines for place in line.places):
                name = place.table, place.key, ",".join(place.path)
                found[name] = found.get(name, False) or one.blocks
        return [(*name, blocks) for name, blocks in found.items()]


@cache
def book() -> rules.RuleBook:
    """Return the shipped rules and those of the region's pack."""
    places = [folder("common", "rules")]
    try:
        own = _pack() / "rules"
    except FileNotFoundError:
        own = None
    places += [own] if own is not None and own.is_dir() else []
    return rules.read_rules(*places, predicates=plans.PREDICATES)


def _pack() -> Path:
    return region_folder(config().region, config().region_path)


@cache
def region_code() -> str:
    """Return the code of the region (GB/T 2260); empty where its pack tells none."""
    try:
        text = (_pack() / "region.toml").read_text(encoding="utf-8")
    except FileNotFoundError:
        return ""
    return str(tomllib.loads(text).get("city_code", ""))


@cache
def directory() -> plans.Directory:
    """Return the loaded specialty directory (专业目录)."""
    return plans.read_directory(common_file("curriculum", "specialties.csv"))


def report_of(plan: Plan, *, on: date) -> Report:
    """Judge a plan by every rule in force on a day; the one place where recorded waivers will come in."""
    return plans.check_plan(plan, book(), on=on, directory=directory())


def judge(plan: Plan, document: Document, *, on: date, language: Language) -> Judged:
    """Return what is open by the rules, the worst first."""
    report = report_of(plan, on=on)
    shown = [one for one in report.findings if one.outcome in {Outcome.FAIL, Outcome.MISSING, Outcome.WAIVED}]
    shown.sort(key=_weight)
    return Judged(
        on=on,
        findings=_by_rule(shown, document, language),
        open=len(shown),
        passed=sum(report.outcome(rule) is Outcome.PASS for rule in report.rules),
        blocking=len(report.blocking),
    )


def _by_rule(findings: Iterable[Finding], document: Document, language: Language) -> tuple[FindingView, ...]:
    """Put what one rule finds in many rows under one head, in the order of the first."""
    heads: dict[FindingView, list[Line]] = {}
    for one in findings:
        heads.setdefault(_view(one, language), []).append(_line(one, document, language))
    return tuple(replace(head, lines=tuple(lines)) for head, lines in heads.items())


def _weight(finding: Finding) -> tuple[bool, bool, int]:
    """Put what fails before what can not be judged, what blocks before what warns."""
    severity = Severity(finding.severity)
    return (not finding.blocks, finding.outcome is not Outcome.FAIL, -severity.weight)


def _view(finding: Finding, language: Language) -> FindingView:
    return FindingView(
        rule=finding.rule,
        severity=str(finding.severity),
        outcome=str(finding.outcome),
        blocks=finding.blocks,
        title=finding.title.of(language),
        fix=finding.fix.of(language),
        source=finding.source.document.of(language),
        article=finding.source.article,
        url=finding.source.url,
        notes=tuple(note.of(language) for note in finding.notes),
        may_waive=tuple(kind.name.of(language) for kind in finding.may_waive),
    )


def _line(finding: Finding, document: Document, language: Language) -> Line:
    places = tuple(place_of(at, document, language) for at in finding.at[:MOST_PLACES])
    return Line(finding.message.of(language), places, len(finding.at))


def place_of(at: str, document: Document, language: Language) -> Place:
    """Return the row and field that a place of the engine names, such as `courses[c14].terms[0].hours`."""
    label = book().words.field(at).of(language)
    found = _PLACE.match(at)
    if found is None or found[2] not in TABLES:
        path = tuple(one[1] or one[2] for one in _STEP.finditer(at))
        table = path[0] if path and path[0] in TABLES else path[1] if at == "orientation.posts" else ""
        return Place(table, "", (), label) if table else Place(HEAD, HEAD, path, label)
    table, key, rest = found[2], found[3], found[4] or ""
    path = tuple(one[1] or one[2] for one in _STEP.finditer(rest))
    row = document.rows(table).get(key, {})
    if table == "sections":
        return Place(table, key, ("text",), book().words.text(f"section.{key}").of(language))
    if path[:1] == ("terms",) and len(path) > 1:
        path = ("terms", _term_at(row.get("terms"), path[1]))
    name = row.get("name") or row.get("text") or key
    return Place(table, key, path, f"{name} · {label}")


def _term_at(entries: object, number: str) -> str:
    """Return the term of an entry that is named by its number in the list."""
    if isinstance(entries, list) and number.isdecimal() and int(number) < len(entries):
        return str(entries[int(number)].get("term"))
    return number
