"""What `zhiqiao rules` prints for people: findings with source, inputs and remedy, and rules in full."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator

from zhiqiao.engines import rules

_SHOWN = 4
_MARKS = {"pass": "✓", "fail": "✗", "missing": "?", "not_applicable": "–", "waived": "○"}
_OUTCOMES = {
    "zh": {
        "pass": "符合",
        "fail": "不符合",
        "missing": "缺数据",
        "not_applicable": "不适用",
        "waived": "已豁免",
    },
    "en": {
        "pass": "pass",
        "fail": "fail",
        "missing": "data missing",
        "not_applicable": "not applicable",
        "waived": "waived",
    },
}
_SEVERITY = {
    "zh": {"block": "阻止", "warn": "提醒", "info": "提示"},
    "en": {"block": "blocks", "warn": "warns", "info": "shown"},
}
_LABELS = {
    "zh": {
        "source": "依据",
        "at": "位置",
        "fix": "改法",
        "waive": "可豁免",
        "waived": "豁免",
        "refused": "豁免未计入",
        "state": "来源状态",
        "valid": "有效",
        "region": "区域",
        "params": "参数",
        "note": "说明",
    },
    "en": {
        "source": "source",
        "at": "at",
        "fix": "fix",
        "waive": "may be waived",
        "waived": "waiver",
        "refused": "waiver refused",
        "state": "state of the source",
        "valid": "valid",
        "region": "region",
        "params": "parameters",
        "note": "note",
    },
}


def finding_lines(finding: rules.Finding, words: rules.Words, language: rules.Language) -> Iterator[str]:
    """Yield the lines of one finding; one that holds takes a single line."""
    outcome = _OUTCOMES[language][finding.outcome]
    severity = _SEVERITY[language][finding.severity]
    yield (
        f"{_MARKS[finding.outcome]} {finding.rule} {outcome} · {severity} · {finding.title.of(language)}: "
        f"{finding.message.of(language)}"
    )
    if finding.outcome not in {rules.Outcome.FAIL, rules.Outcome.MISSING, rules.Outcome.WAIVED}:
        return
    label = _LABELS[language]
    if finding.at:
        rest = f" … {len(finding.at)}" if len(finding.at) > _SHOWN else ""
        yield f"    {label['at']}: {', '.join(finding.at[:_SHOWN])}{rest}"
    yield f"    {label['source']}: {source_text(finding.source, language)}"
    yield from (f"    {label['note']}: {note.of(language)}" for note in finding.notes)
    if finding.waiver is not None:
        one = finding.waiver
        yield f"    {label['waived']}: {one.person}, {one.reason} ({one.document}, –{one.expires})"
        return
    yield f"    {label['fix']}: {finding.fix.of(language)}"
    yield from _may_waive(finding.may_waive, words, language)


def _may_waive(
    kinds: tuple[rules.WaiverKind, ...], words: rules.Words, language: rules.Language
) -> Iterator[str]:
    for kind in kinds:
        offices = ", ".join(words.text(f"office.{office}").of(language) for office in kind.by)
        yield f"    {_LABELS[language]['waive']}: {kind.name.of(language)} ({offices})"


def source_text(source: rules.Source, language: rules.Language) -> str:
    """Return a source as one line: document, article, address and note."""
    note = source.note.of(language) if source.note else ""
    return " · ".join(
        part for part in (source.document.of(language), source.article, source.url, note) if part
    )


def summary_line(report: rules.Report, language: rules.Language) -> str:
    """Return how many rules came to what, how many findings block, and the waivers that do not count."""
    counted = Counter(report.outcome(rule) for rule in report.rules)
    parts = [
        f"{_OUTCOMES[language][outcome]} {counted[outcome]}" for outcome in rules.Outcome if counted[outcome]
    ]
    blocking = len({one.rule for one in report.blocking})
    end = f"阻止 {blocking}" if language == "zh" else f"blocking {blocking}"
    lines = [
        f"{_LABELS[language]['refused']}: {one.waiver.rule} {one.why.of(language)}" for one in report.refused
    ]
    head = f"{report.on}{' ' + report.region if report.region else ''}: "
    return "\n".join([*lines, head + ", ".join([*parts, end])])


def rule_lines(rule: rules.Rule, words: rules.Words, language: rules.Language) -> Iterator[str]:
    """Yield the lines of a rule in full."""
    label = _LABELS[language]
    yield f"{rule.id}  {rule.title.of(language)}"
    yield f"  {rule.text.of(language)}"
    yield f"  {label['source']}: {source_text(rule.source, language)}"
    light = (
        "" if rule.state is rules.State.CONFIRMED else f" → {words.text('standing.unconfirmed').of(language)}"
    )
    yield f"  {label['state']}: {rule.state} · {_SEVERITY[language][rule.severity]}{light}"
    yield f"  {label['valid']}: {rule.valid_from or '…'} – {rule.valid_to or '…'}"
    if rule.region:
        yield f"  {label['region']}: {rule.region}"
    if rule.params:
        yield f"  {label['params']}: {json.dumps(rules.plain_params(rule), ensure_ascii=False)}"
    yield f"  {label['fix']}: {rule.fix.of(language)}"
    yield from (line[2:] for line in _may_waive(rule.waivers, words, language))
