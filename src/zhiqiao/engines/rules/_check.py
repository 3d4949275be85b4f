"""Checks a subject against the rules in force: a report of findings, each with its source and its inputs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from zhiqiao.engines.rules._predicates import Context, Params, lacking
from zhiqiao.engines.rules._reading import RuleBook
from zhiqiao.engines.rules._resolve import Resolved, Scope, resolve
from zhiqiao.engines.rules._values import (
    Finding,
    Outcome,
    Report,
    Rule,
    Severity,
    State,
    Text,
    Verdict,
    Waiver,
    rule_order,
)
from zhiqiao.engines.rules._waivers import Waivers, judge_waivers


def check(
    subject: object,
    book: RuleBook,
    *,
    on: date,
    region: str = "",
    scope: Scope | None = None,
    waivers: Sequence[Waiver] = (),
    tables: Mapping[str, object] | None = None,
) -> Report:
    """Judge a subject by every rule of the book in force on a day in a region (GB/T 2260; empty: national only).

    `scope` holds the properties by which rules choose their subjects, `tables` what predicates look up.
    """
    judged = judge_waivers(waivers, book.rules, on=on)
    resolved = resolve(
        book.rules, on=on, region=region, scope=scope or {}, floor_lifted=judged.lifts_floor_of
    )
    about = _Check(subject, book, judged, on=on, region=region, tables=tables or {})
    findings = [finding for one in resolved for finding in about.findings(one)]
    findings.sort(key=lambda one: (rule_order(one.set, one.rule), one.at, one.message.zh))
    return Report(on, region, tuple(findings), judged.refused + judged.idle(findings))


@dataclass(frozen=True)
class InForce:
    """The rules that held for a subject: as they stand in the files, and as they were judged.

    In `judged` a parameter stands where a floor held it; a general rule behind a special one comes after it.
    """

    entries: tuple[Rule, ...]
    judged: tuple[Rule, ...]


def in_force(
    book: RuleBook,
    *,
    on: date,
    region: str = "",
    scope: Scope | None = None,
    waivers: Sequence[Waiver] = (),
) -> InForce:
    """Return the rules by which `check` judges with the same arguments; those that do not apply are among them."""
    judged = judge_waivers(waivers, book.rules, on=on)
    resolved = resolve(
        book.rules, on=on, region=region, scope=scope or {}, floor_lifted=judged.lifts_floor_of
    )
    return InForce(
        tuple(rule for rule in book.rules if rule.in_force(on) and rule.covers(region)),
        tuple(rule for one in resolved for rule in (one.rule, one.general) if rule is not None),
    )


class _Check:
    """One check under way."""

    def __init__(
        self,
        subject: object,
        book: RuleBook,
        waivers: Waivers,
        *,
        on: date,
        region: str,
        tables: Mapping[str, object],
    ) -> None:
        self._subject, self._book, self._on, self._region = subject, book, on, region
        self._waivers, self._tables = waivers, tables
        self._kept: dict[str, object] = {}

    def findings(self, resolved: Resolved) -> Iterable[Finding]:
        """Return the findings of one rule; a confirmed general rule still stands behind an unconfirmed special one."""
        own = list(self._of(resolved, resolved.rule))
        if resolved.general is None or any(one.blocks for one in own):
            return own
        general = [one for one in self._of(resolved, resolved.general) if one.outcome is not Outcome.PASS]
        return [one for one in own if one.outcome is not Outcome.PASS] + general if general else own

    def _of(self, resolved: Resolved, rule: Rule) -> Iterator[Finding]:
        for verdict in self._verdicts(resolved, rule):
            yield self._finding(rule, verdict, resolved.notes)

    def _verdicts(self, resolved: Resolved, rule: Rule) -> Sequence[Verdict]:
        if not resolved.applies:
            return [Verdict(Outcome.NOT_APPLICABLE, "not_applicable")]
        if resolved.unknown:
            return [lacking(resolved.unknown)]
        context = Context(self._on, self._region, Params(rule.params), self._tables, self._kept)
        predicate = self._book.predicates[rule.predicate]
        return list(predicate.judge(self._subject, context)) or [Verdict(Outcome.NOT_APPLICABLE, "nothing")]

    def _finding(self, rule: Rule, verdict: Verdict, notes: tuple[Text, ...]) -> Finding:
        return self._waivers.marked(self._plain(rule, verdict, notes))

    def _plain(self, rule: Rule, verdict: Verdict, notes: tuple[Text, ...]) -> Finding:
        words = self._book.words
        bare = verdict.message == "missing"  # nothing was judged: only data help
        unsure = rule.state is not State.CONFIRMED or verdict.unconfirmed
        values = {name: words.written(value) for name, value in verdict.values.items()}
        text = rule.messages.get(verdict.message) or words.text(f"standing.{verdict.message}")
        if verdict.outcome is Outcome.MISSING and "what" not in values:
            values["what"] = words.fields(verdict.at)
        return Finding(
            rule=rule.id,
            set=rule.set,
            version=rule.version,
            region=rule.region,
            valid_from=rule.valid_from,
            valid_to=rule.valid_to,
            state=rule.state,
            target=rule.severity,
            severity=_lightened(rule.severity) if unsure else rule.severity,
            outcome=verdict.outcome,
            title=rule.title,
            message=words.message(text, values),
            fix=words.text("standing.fill") if bare else rule.fix,
            source=rule.source,
            values=values,
            inputs=verdict.inputs,
            at=verdict.at,
            notes=((words.text("standing.unconfirmed"),) if unsure else ()) + notes,
            may_waive=() if verdict.outcome is Outcome.MISSING else rule.waivers,
        )


def _lightened(severity: Severity) -> Severity:
    return Severity.WARN if severity is Severity.BLOCK else severity
