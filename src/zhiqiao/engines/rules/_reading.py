"""Reads rules from TOML files and refuses them with every problem named; a file half right is not loaded."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from hashlib import sha256
from itertools import combinations
from pathlib import Path
from typing import Any, TypeAlias

from zhiqiao.engines.kernel import Key, ShapeError, from_json
from zhiqiao.engines.rules._errors import RuleFileError, RuleProblem
from zhiqiao.engines.rules._params import typed_params
from zhiqiao.engines.rules._predicates import Predicate
from zhiqiao.engines.rules._values import Direction, Rule, Severity, Source, State, Text, WaiverKind
from zhiqiao.engines.rules._wording import Words, places

#: Any: predicates of any subject; one book holds rules about one kind of subject.
Predicates: TypeAlias = Mapping[str, Predicate[Any]]
_WORDS = "words.toml"
_STANDING = (
    "standing.missing",
    "standing.fill",
    "standing.not_applicable",
    "standing.nothing",
    "standing.unconfirmed",
)


@dataclass(frozen=True)
class _Raw:
    """A rule as it is written in a file."""

    id: Key
    title: Text
    text: Text
    source: Source
    state: State
    severity: Severity
    predicate: Key
    messages: Mapping[str, Text]
    fix: Text
    params: Mapping[str, object] = field(default_factory=dict)
    floors: Mapping[str, Direction] = field(default_factory=dict)
    applies_to: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    waivers: tuple[str, ...] = ()
    region: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    based_on: str = ""


@dataclass(frozen=True)
class RuleBook:
    """All rules read, with the vocabulary they are worded in and a digest of the files."""

    rules: tuple[Rule, ...]
    words: Words
    predicates: Predicates
    digest: str

    def of_set(self, *sets: str) -> RuleBook:
        """Return the rules of some sets only."""
        return replace(self, rules=tuple(rule for rule in self.rules if rule.set in sets))

    @property
    def sets(self) -> tuple[str, ...]:
        """Return the names of the sets."""
        return tuple(dict.fromkeys(rule.set for rule in self.rules))

    def entries(self, rule_id: str) -> tuple[Rule, ...]:
        """Return every entry of a rule: national, regional, of other years."""
        return tuple(rule for rule in self.rules if rule.id == rule_id)


def read_rules(*folders: Path, predicates: Predicates) -> RuleBook:
    """Read the rules of folders, the national one first; raises RuleFileError with all problems."""
    problems: list[RuleProblem] = []
    files = [path for place in folders for path in sorted(place.glob("*.toml"))]
    tables = {path: table for path in files if (table := _table(path, problems)) is not None}
    words, kinds = _vocabulary(
        {path: table for path, table in tables.items() if path.name == _WORDS}, problems
    )
    written = list(_written({path: table for path, table in tables.items() if path.name != _WORDS}, problems))
    rules = [rule for one in written if (rule := _rule(one, written, kinds, problems)) is not None]
    for rule in rules:
        problems.extend(_check(rule, predicates))
    problems.extend(_overlaps(rules))
    problems.extend(
        RuleProblem(_WORDS, "", key, "缺少这条用语", "this word is missing")
        for key in _STANDING
        if key not in words
    )
    if problems:
        raise RuleFileError(*problems)
    typed = (replace(rule, params=typed_params(rule.params, predicates[rule.predicate])[0]) for rule in rules)
    digest = sha256(b"".join(path.read_bytes() for path in files)).hexdigest()
    ordered = sorted(
        typed, key=lambda rule: (rule.order, rule.rank, rule.region, rule.valid_from or date.min)
    )
    return RuleBook(tuple(ordered), words, predicates, digest)


@dataclass(frozen=True)
class _Written:
    file: str
    set: str
    version: str
    table: Mapping[str, object]

    @property
    def id(self) -> str:
        return str(self.table.get("id", ""))

    def problem(self, place: str, zh: str, en: str) -> RuleProblem:
        return RuleProblem(self.file, self.id, place, zh, en)


def _table(path: Path, problems: list[RuleProblem]) -> dict[str, object] | None:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        problems.append(
            RuleProblem(path.name, "", "", f"不是有效的 TOML：{error}", f"not valid TOML: {error}")
        )
        return None


def _vocabulary(
    tables: Mapping[Path, Mapping[str, object]], problems: list[RuleProblem]
) -> tuple[Words, dict[str, WaiverKind]]:
    """Read terms, names of fields, standing messages and kinds of waiver; a later file adds to an earlier one."""
    words: dict[str, Text] = {}
    kinds: dict[str, WaiverKind] = {}
    for path, table in tables.items():
        for group, entries in table.items():
            for key, entry in entries.items() if isinstance(entries, dict) else ():
                try:
                    if group == "waiver":
                        name = {part: entry[part] for part in ("zh", "en") if part in entry}
                        rest = {part: value for part, value in entry.items() if part not in name}
                        kinds[key] = from_json(WaiverKind, {"key": key, "name": name, **rest})
                    else:
                        words[f"{group}.{key}"] = from_json(Text, entry)
                except ShapeError as error:
                    problems.extend(
                        RuleProblem(path.name, "", f"{group}.{key} {one.path}".strip(), one.zh, one.en)
                        for one in error.problems
                    )
    return Words(words), kinds


def _written(tables: Mapping[Path, Mapping[str, object]], problems: list[RuleProblem]) -> Iterator[_Written]:
    for path, table in tables.items():
        version, set_, rules = table.get("version"), table.get("set"), table.get("rule")
        for name, value, kind in (("version", version, str), ("set", set_, str), ("rule", rules, list)):
            if not isinstance(value, kind) or not value:
                problems.append(RuleProblem(path.name, "", name, "必须填写", "must be given"))
        if isinstance(rules, list) and isinstance(version, str) and isinstance(set_, str):
            for rule in rules:
                own = rule.get("set", set_)
                yield _Written(path.name, own, version, {k: v for k, v in rule.items() if k != "set"})


def _rule(
    one: _Written, written: Sequence[_Written], kinds: Mapping[str, WaiverKind], problems: list[RuleProblem]
) -> Rule | None:
    try:
        raw = from_json(_Raw, dict(_inherited(one, written)))
    except ShapeError as error:
        problems.extend(one.problem(part.path, part.zh, part.en) for part in error.problems)
        return None
    unknown = [key for key in raw.waivers if key not in kinds]
    problems.extend(
        one.problem("waivers", f"没有豁免种类“{key}”", f"there is no kind of waiver “{key}”")
        for key in unknown
    )
    fields = {name: getattr(raw, name) for name in vars(raw) if name not in {"waivers", "based_on"}}
    waivers = tuple(kinds[key] for key in raw.waivers if key in kinds)
    return Rule(**fields, waivers=waivers, set=one.set, version=one.version, file=one.file)


def _inherited(one: _Written, written: Sequence[_Written]) -> Mapping[str, object]:
    """Return a rule with what it does not say itself taken from the newest national entry it is based on.

    Where it stands (region, days) and how far its source was read is never inherited.
    """
    bases = [
        base.table
        for base in written
        if base is not one and base.id == one.table.get("based_on") and not base.table.get("region")
    ]
    if not bases:
        return one.table
    base = max(bases, key=lambda table: str(table.get("valid_from", "")))
    own = {"valid_from", "valid_to", "region", "state", "source"}
    merged = {name: value for name, value in base.items() if name not in own} | dict(one.table)
    return merged | {"params": _merged(base.get("params", {}), one.table.get("params", {}))}


def _merged(base: object, more: object) -> object:
    """Return parameters with those of a more special rule on top; rows with the same key are replaced."""
    if isinstance(base, dict) and isinstance(more, dict):
        return base | {name: _merged(base[name], more[name]) if name in base else more[name] for name in more}
    if (
        isinstance(base, list)
        and isinstance(more, list)
        and all(isinstance(row, dict) for row in base + more)
    ):
        rows = {row.get("key"): row for row in base}
        return list((rows | {row.get("key"): row for row in more}).values())
    return more


def _check(rule: Rule, predicates: Predicates) -> Iterator[RuleProblem]:
    def problem(place: str, zh: str, en: str) -> RuleProblem:
        return RuleProblem(rule.file, rule.id, place, zh, en)

    if rule.valid_from and rule.valid_to and rule.valid_to < rule.valid_from:
        yield problem("valid_to", "早于 valid_from", "is before valid_from")
    if rule.region and not (rule.region.isdigit() and len(rule.region) == 6):
        yield problem(
            "region", "应为六位行政区划代码（GB/T 2260）", "must be a code of six digits (GB/T 2260)"
        )
    predicate = predicates.get(rule.predicate)
    if predicate is None:
        yield problem(
            "predicate",
            f"没有判定“{rule.predicate}”；可用：{'、'.join(sorted(predicates))}",
            f"there is no predicate “{rule.predicate}”; there are: {', '.join(sorted(predicates))}",
        )
        return
    for place, zh, en in typed_params(rule.params, predicate)[1]:
        yield problem(f"params.{place}", zh, en)
    for name in rule.floors:
        if name not in predicate.params:
            yield problem(f"floors.{name}", "不是这个判定的参数", "is no parameter of this predicate")
    yield from (problem(*one) for one in _wrong_messages(rule, predicate))


def _wrong_messages(rule: Rule, predicate: Predicate[Any]) -> Iterator[tuple[str, str, str]]:
    for name, given in predicate.messages.items():
        text = rule.messages.get(name)
        if text is None:
            yield f"messages.{name}", "缺少这条说明", "this message is missing"
            continue
        for place in sorted(places(text) - set(given)):
            yield (
                f"messages.{name}",
                f"“{{{place}}}”不是判定给出的值；可用：{'、'.join(given)}",
                f"“{{{place}}}” is no value of the predicate; there are: {', '.join(given)}",
            )
    for name in rule.messages.keys() - predicate.messages.keys():
        yield f"messages.{name}", "判定没有这条说明", "the predicate has no such message"


def _overlaps(rules: Iterable[Rule]) -> Iterator[RuleProblem]:
    """Name pairs of one rule and region that would both be in force on some day for some subject."""
    groups: dict[tuple[str, str, bool], list[Rule]] = {}
    for rule in rules:
        groups.setdefault((rule.id, rule.region, "specialty" in rule.applies_to), []).append(rule)
    for group in groups.values():
        for first, second in combinations(group, 2):
            if _days_meet(first, second) and _subjects_meet(first, second):
                yield RuleProblem(
                    second.file,
                    second.id,
                    "valid_from",
                    f"与 {first.file} 中同一规则的有效期重叠",
                    f"is in force on the same days as the entry in {first.file}",
                )


def _days_meet(first: Rule, second: Rule) -> bool:
    start = max(first.valid_from or date.min, second.valid_from or date.min)
    return start <= min(first.valid_to or date.max, second.valid_to or date.max)


def _subjects_meet(first: Rule, second: Rule) -> bool:
    shared = first.applies_to.keys() & second.applies_to.keys()
    return all(set(first.applies_to[name]) & set(second.applies_to[name]) for name in shared)
