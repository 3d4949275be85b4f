"""A toy subject (a number that may be unknown) and rules about it, for tests of the engine alone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from zhiqiao.engines import rules
from zhiqiao.engines.rules import Context, Kind, Param, Predicate, Verdict, failed, lacking, passed

ON = date(2026, 11, 1)


def _least(subject: int | None, context: Context) -> Iterator[Verdict]:
    if subject is None:
        yield lacking(["number"])
        return
    least = context.params.number("least")
    inputs = {"number": subject}
    if subject >= least:
        yield passed(inputs, number=subject, least=least)
    else:
        yield failed("fail", ["number"], inputs, number=subject, least=least)


def _nothing(_subject: int | None, _context: Context) -> Iterator[Verdict]:
    yield from ()


PREDICATES: dict[str, Predicate[Any]] = {
    one.name: one
    for one in (
        Predicate(
            "at_least",
            _least,
            {"pass": ("number", "least"), "fail": ("number", "least")},
            {"least": Param(Kind.NUMBER)},
        ),
        Predicate(
            "rows",
            _nothing,
            {"pass": ()},
            {"table": Param(Kind.ROWS, {"key": Kind.TEXT, "least": Kind.NUMBER, "note?": Kind.TEXT})},
        ),
        Predicate(
            "shares",
            _nothing,
            {"pass": ()},
            {"share": Param(Kind.SHARE), "by": Param(Kind.SHARES), "words": Param(Kind.TEXTS)},
        ),
    )
}

WORDS = """
[standing]
missing = { zh = "缺少：{what}", en = "missing: {what}" }
fill = { zh = "补填", en = "give it" }
not_applicable = { zh = "不适用", en = "does not apply" }
nothing = { zh = "无关", en = "nothing" }
unconfirmed = { zh = "来源尚未核实", en = "source not yet confirmed" }
[field]
number = { zh = "数", en = "number" }
[waiver]
reason = { zh = "理由", en = "reason", by = ["dean"] }
floor = { zh = "底线", en = "floor", by = ["province"], lifts_floor = true }
"""


def rule(
    rule_id: str = "X-01",
    *,
    least: object = 10,
    more: str = "",
    state: str = "confirmed",
    severity: str = "block",
) -> str:
    """Return a rule as TOML; `more` adds lines before the tables."""
    return f"""
[[rule]]
id = "{rule_id}"
state = "{state}"
severity = "{severity}"
predicate = "at_least"
{more}
params = {{ least = {least} }}
title = {{ zh = "至少", en = "at least" }}
text = {{ zh = "至少", en = "at least" }}
fix = {{ zh = "加", en = "add" }}
source = {{ document = {{ zh = "法", en = "law" }} }}
[rule.messages]
pass = {{ zh = "{{number}}够", en = "{{number}} will do" }}
fail = {{ zh = "{{number}}少于{{least}}", en = "{{number}} below {{least}}" }}
"""


def write(folder: Path, *texts: str, words: str = WORDS, name: str = "x.toml", head: str = "") -> Path:
    """Write a folder of rules."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "words.toml").write_text(words, encoding="utf-8")
    start = head or 'version = "1"\nset = "x"\n'
    (folder / name).write_text(start + "".join(texts), encoding="utf-8")
    return folder


def book(*folders: Path) -> rules.RuleBook:
    """Read folders of toy rules."""
    return rules.read_rules(*folders, predicates=PREDICATES)
