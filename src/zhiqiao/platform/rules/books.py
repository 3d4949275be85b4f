"""The rule book of this installation: national rules and those of its region pack, offices, cases; read once."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path

from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from zhiqiao.engines import plans, rules
from zhiqiao.infra.config import config
from zhiqiao.packs import common_file, folder, region_folder
from zhiqiao.platform.rules.errors import RulesRefused

__all__ = [
    "SETS",
    "Case",
    "Office",
    "book",
    "cases_of",
    "home_region",
    "language",
    "offices",
    "said",
    "sets_of",
]

#: What the sets of rules are called; a set of a region pack without a name here is called by its key.
SETS: Mapping[str, rules.Text] = {
    "tp": rules.Text("人才培养方案", "Training plan"),
    "js": rules.Text("岗位调研", "Job survey"),
    "gx": rules.Text("工学一体化与活页式教材", "Work-integrated courses and loose-leaf books"),
    "ct": rules.Text("证书", "Certificates"),
}


@dataclass(frozen=True)
class Office:
    """An office that rules name, and the roles of the product that act for it."""

    key: str
    name: rules.Text
    signs: tuple[str, ...]
    records: tuple[str, ...]


@dataclass(frozen=True)
class Case:
    """A case that ships with a rule: an example document with places changed, and what the rule says of it."""

    kind: str
    name: str
    outcome: str
    changed: tuple[tuple[str, str], ...]


def book() -> rules.RuleBook:
    """Return all rules of this installation; a file that can not be used raises RuleFileError at first use."""
    return _book(*_folders())


def _folders() -> tuple[Path, ...]:
    own = _pack() / "rules"
    return (folder("common", "rules"), *([own] if own.is_dir() else []))


@cache
def _book(*folders: Path) -> rules.RuleBook:
    return rules.read_rules(*folders, predicates=plans.PREDICATES)


def _pack() -> Path:
    return region_folder(config().region, config().region_path)


def home_region() -> str:
    """Return the code (GB/T 2260) of the region that this installation serves; empty when the pack tells none."""
    return _home(_pack() / "region.toml")


@cache
def _home(path: Path) -> str:
    return str(tomllib.loads(path.read_text(encoding="utf-8")).get("city_code", ""))


def sets_of(wanted: str | list[str] | tuple[str, ...]) -> tuple[str, ...]:
    """Return names of sets in the book's order, all when none is named; raises RulesRefused for an unknown one."""
    names = (wanted,) if isinstance(wanted, str) else tuple(wanted)
    known = book().sets
    unknown = [name for name in names if name and name not in known]
    if unknown:
        told = {"sets": ", ".join(unknown)[:100], "known": ", ".join(known)}
        raise RulesRefused(_("没有规则集 %(sets)s；可用：%(known)s。") % told, field="sets")
    return tuple(name for name in known if name in names) or known


@cache
def offices() -> Mapping[str, Office]:
    """Return the offices by key with the roles that act for them."""
    table = tomllib.loads(common_file("access", "offices.toml").read_text(encoding="utf-8"))
    words = book().words
    return {
        key: Office(key, words.text(f"office.{key}"), tuple(entry["signs"]), tuple(entry["records"]))
        for key, entry in table.items()
        if isinstance(entry, dict)
    }


def cases_of(rule_id: str) -> tuple[Case, ...]:
    """Return the cases that ship with a rule."""
    return _cases(_folders()).get(rule_id, ())


@cache
def _cases(folders: tuple[Path, ...]) -> Mapping[str, tuple[Case, ...]]:
    found: dict[str, tuple[Case, ...]] = {}
    for path in (path for place in folders for path in sorted(place.glob("fixtures/*.toml"))):
        for entry in tomllib.loads(path.read_text(encoding="utf-8"), parse_float=Decimal).get("case", ()):
            changed = [(name, str(value)) for name, value in entry.get("set", {}).items()]
            changed += [(name, "") for name in entry.get("unset", ())]
            case = Case(entry["kind"], entry["name"], entry["outcome"], tuple(changed))
            found[entry["rule"]] = (*found.get(entry["rule"], ()), case)
    return found


def language() -> rules.Language:
    """Return the language of the page as the rules know it."""
    return "en" if (get_language() or settings.LANGUAGE_CODE).startswith("en") else "zh"


def said(text: rules.Text | None) -> str:
    """Return a text of the rules in the reader's language."""
    return text.of(language()) if text else ""
