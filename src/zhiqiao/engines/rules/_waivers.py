"""Waivers: which count on the day, and why the others do not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from zhiqiao.engines.rules._values import (
    Finding,
    Outcome,
    RefusedWaiver,
    Report,
    Rule,
    Text,
    Waiver,
    WaiverKind,
)


@dataclass(frozen=True)
class Waivers:
    """Waivers that count, by rule, those of floors apart, and those refused."""

    accepted: Mapping[str, Waiver]
    floors: frozenset[str]
    refused: tuple[RefusedWaiver, ...]

    def of(self, rule: str) -> Waiver | None:
        """Return the waiver of a rule."""
        return self.accepted.get(rule)

    def marked(self, finding: Finding) -> Finding:
        """Return a finding with the waiver that lifts it; only what fails is lifted, and the finding stays."""
        waiver = self.of(finding.rule)
        if waiver is None or finding.outcome is not Outcome.FAIL:
            return finding
        return replace(finding, outcome=Outcome.WAIVED, waiver=waiver)

    def lifts_floor_of(self, rule: Rule) -> bool:
        """Say whether a more special rule may stay below this rule's floors."""
        return rule.id in self.floors

    def idle(self, findings: Iterable[Finding]) -> tuple[RefusedWaiver, ...]:
        """Return the waivers that found nothing to lift: the rule holds, or lacks data that no waiver replaces."""
        by_rule: dict[str, set[Outcome]] = {}
        for one in findings:
            by_rule.setdefault(one.rule, set()).add(one.outcome)
        return tuple(
            RefusedWaiver(waiver, _idle(by_rule.get(rule, set())))
            for rule, waiver in self.accepted.items()
            if Outcome.WAIVED not in by_rule.get(rule, set())
        )


def judge_waivers(waivers: Sequence[Waiver], rules: Sequence[Rule], *, on: date) -> Waivers:
    """Sort waivers into those that count on the day and those that do not, each with its reason."""
    accepted: dict[str, Waiver] = {}
    floors: set[str] = set()
    refused: list[RefusedWaiver] = []
    for waiver in sorted(waivers, key=lambda one: (one.rule, one.kind, one.expires, one.person)):
        kinds = {kind.key: kind for rule in rules if rule.id == waiver.rule for kind in rule.waivers}
        known = any(rule.id == waiver.rule for rule in rules)
        why = _refusal(waiver, kinds, on) if known else _no_rule(waiver)
        if why is not None:
            refused.append(RefusedWaiver(waiver, why))
        elif kinds[waiver.kind].lifts_floor:
            floors.add(waiver.rule)
        else:
            accepted[waiver.rule] = waiver
    return Waivers(accepted, frozenset(floors), tuple(refused))


def with_waivers(report: Report, waivers: Sequence[Waiver], rules: Sequence[Rule], *, on: date) -> Report:
    """Mark the findings of a report, made without these waivers, that a waiver lifts on a day.

    The day may be another than that of the report: a waiver that ended since counts no more. Floors were judged when
    the report was made and stay as they are.
    """
    judged = judge_waivers(waivers, rules, on=on)
    findings = tuple(judged.marked(one) for one in report.findings)
    return replace(report, findings=findings, refused=judged.refused + judged.idle(findings))


def _refusal(waiver: Waiver, kinds: Mapping[str, WaiverKind], on: date) -> Text | None:
    kind = kinds.get(waiver.kind)
    if kind is None:
        allowed = ", ".join(kinds) or "—"
        return Text(
            f"规则 {waiver.rule} 不允许“{waiver.kind}”这种豁免；允许：{allowed}。",
            f"Rule {waiver.rule} does not allow a waiver of kind “{waiver.kind}”; it allows: {allowed}.",
        )
    if waiver.office not in kind.by:
        return Text(
            f"“{waiver.office}”无权豁免；有权的是：{'、'.join(kind.by)}。",
            f"“{waiver.office}” may not waive it; these may: {', '.join(kind.by)}.",
        )
    empty = [name for name in ("person", "reason", "document") if not getattr(waiver, name).strip()]
    if empty:
        return Text(f"豁免缺少：{'、'.join(empty)}。", f"The waiver lacks: {', '.join(empty)}.")
    return _untimely(waiver, on)


def _untimely(waiver: Waiver, on: date) -> Text | None:
    if waiver.expires < on:
        return Text(
            f"豁免已于 {waiver.expires} 到期，{on} 不再有效。",
            f"The waiver ended on {waiver.expires}; it does not hold on {on}.",
        )
    if waiver.granted is not None and on < waiver.granted:
        return Text(
            f"豁免自 {waiver.granted} 起有效，{on} 尚未生效。",
            f"The waiver holds from {waiver.granted}; not yet on {on}.",
        )
    return None


def _no_rule(waiver: Waiver) -> Text:
    return Text(f"没有规则 {waiver.rule}。", f"There is no rule {waiver.rule}.")


def _idle(outcomes: set[Outcome]) -> Text:
    if Outcome.MISSING in outcomes:
        return Text("缺少数据，不能用豁免代替数据。", "Data are missing; a waiver does not replace them.")
    return Text("没有需要豁免的问题。", "There is nothing to waive.")
