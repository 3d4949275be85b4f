"""Rules and findings as pages and evidence show them: in the reader's language, with names of fields and offices."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhiqiao.engines import rules
from zhiqiao.engines.rules import Outcome, Severity, State
from zhiqiao.infra.ui import formats
from zhiqiao.platform.rules import books
from zhiqiao.platform.rules.books import said

__all__ = [
    "OUTCOMES",
    "SEVERITIES",
    "STATES",
    "FindingView",
    "RuleView",
    "SourceView",
    "WayView",
    "finding_view",
    "grouped",
    "rule_view",
    "set_name",
    "value_text",
    "way_views",
]

Label = str | Promise
OUTCOMES: Mapping[str, tuple[Label, str]] = {
    Outcome.FAIL: (gettext_lazy("不符合"), "error"),
    Outcome.MISSING: (gettext_lazy("缺数据"), "warning"),
    Outcome.WAIVED: (gettext_lazy("已豁免"), "accent"),
    Outcome.PASS: (gettext_lazy("符合"), "success"),
    Outcome.NOT_APPLICABLE: (gettext_lazy("不适用"), ""),
}
SEVERITIES: Mapping[str, Label] = {
    Severity.BLOCK: gettext_lazy("阻止"),
    Severity.WARN: gettext_lazy("提醒"),
    Severity.INFO: gettext_lazy("提示"),
}
STATES: Mapping[str, Label] = {
    State.CONFIRMED: gettext_lazy("已核实"),
    State.PART: gettext_lazy("部分核实"),
    State.VERIFY: gettext_lazy("待核实（凭记忆）"),
}


@dataclass(frozen=True)
class SourceView:
    """Where a rule is written."""

    document: str
    article: str
    url: str
    note: str


@dataclass(frozen=True)
class WayView:
    """A way in which a rule may be waived, and the offices that may."""

    key: str
    name: str
    offices: tuple[str, ...]
    is_separate: bool


@dataclass(frozen=True)
class RuleView:
    """An entry of a rule; `lighter` says that it warns at most although it would block, `why` what was not read."""

    id: str
    set: str
    set_label: str
    version: str
    title: str
    text: str
    source: SourceView
    state: str
    state_label: Label
    severity: str
    severity_label: Label
    lighter: bool
    valid: str
    valid_from: dt.date | None
    valid_to: dt.date | None
    region: str
    about: tuple[tuple[str, str], ...]
    params: tuple[tuple[str, str], ...]
    floors: tuple[str, ...]
    messages: tuple[tuple[str, str, str], ...]
    fix: rules.Text
    fix_text: str
    ways: tuple[WayView, ...]


@dataclass(frozen=True)
class FindingView:
    """A finding; `inputs` are (name of the field, place, value or None), `uuid` opens its evidence once it is kept."""

    number: int
    uuid: UUID | None
    rule: str
    title: str
    outcome: str
    outcome_label: Label
    tone: str
    severity_label: Label
    blocks: bool
    message: str
    fix: str
    places: tuple[tuple[str, str], ...]
    inputs: tuple[tuple[str, str, str | None], ...]
    source: SourceView
    notes: tuple[str, ...]
    ways: tuple[WayView, ...]
    waiver: rules.Waiver | None
    kind_name: str
    valid: str


def finding_view(one: rules.Finding, number: int, uuid: UUID | None = None) -> FindingView:
    """Return a finding as pages show it."""
    label, tone = OUTCOMES[one.outcome]
    words = books.book().words
    used = next((kind for kind in one.may_waive if one.waiver and kind.key == one.waiver.kind), None)
    return FindingView(
        number=number,
        uuid=uuid,
        rule=one.rule,
        title=said(one.title),
        outcome=one.outcome.value,
        outcome_label=label,
        tone="error" if one.blocks else "warning" if one.outcome is Outcome.FAIL else tone,
        severity_label=SEVERITIES[one.severity],
        blocks=one.blocks,
        message=said(one.message),
        fix=said(one.fix),
        places=tuple((said(words.field(place)), place) for place in one.at),
        inputs=tuple((said(words.field(at)), at, value_text(value)) for at, value in one.inputs.items()),
        source=_source(one.source),
        notes=tuple(said(note) for note in one.notes),
        ways=way_views(one.may_waive) if one.outcome is Outcome.FAIL else (),
        waiver=one.waiver,
        kind_name=said(used.name) if used else "",
        valid=_days(one.valid_from, one.valid_to),
    )


def grouped(findings: Sequence[FindingView]) -> list[tuple[str, Label, list[FindingView]]]:
    """Return findings by what they mean for the act: what stops it, what is asked, what is waived, what holds."""
    groups: list[tuple[str, Label, list[FindingView]]] = [
        ("stops", gettext_lazy("必须先解决"), []),
        ("asks", gettext_lazy("提醒，请核对或说明理由"), []),
        ("waived", gettext_lazy("已豁免（问题仍在）"), []),
        ("holds", gettext_lazy("符合"), []),
        ("apart", gettext_lazy("不适用"), []),
    ]
    places = {Outcome.WAIVED: 2, Outcome.PASS: 3, Outcome.NOT_APPLICABLE: 4}
    for one in findings:
        groups[0 if one.blocks else places.get(Outcome(one.outcome), 1)][2].append(one)
    return [group for group in groups if group[2]]


def rule_view(rule: rules.Rule) -> RuleView:
    """Return an entry of a rule as pages show it."""
    words = books.book().words
    return RuleView(
        id=rule.id,
        set=rule.set,
        set_label=set_name(rule.set),
        version=rule.version,
        title=said(rule.title),
        text=said(rule.text),
        source=_source(rule.source),
        state=rule.state.value,
        state_label=STATES[rule.state],
        severity=rule.severity.value,
        severity_label=SEVERITIES[rule.severity],
        lighter=rule.severity is Severity.BLOCK and rule.state is not State.CONFIRMED,
        valid=_days(rule.valid_from, rule.valid_to),
        valid_from=rule.valid_from,
        valid_to=rule.valid_to,
        region=rule.region,
        about=tuple(
            (str(_ABOUT.get(name, name)), _joined(said(words.text(f"{name}.{value}")) for value in values))
            for name, values in rule.applies_to.items()
        ),
        params=tuple((name, _plain(value)) for name, value in rules.plain_params(rule).items()),
        floors=tuple(rule.floors),
        messages=tuple((name, text.zh, text.en) for name, text in rule.messages.items()),
        fix=rule.fix,
        fix_text=said(rule.fix),
        ways=way_views(rule.waivers),
    )


_ABOUT: Mapping[str, Label] = {
    "level": gettext_lazy("办学层次"),
    "entry": gettext_lazy("入学起点"),
    "specialty": gettext_lazy("专业代码"),
    "work_integrated": gettext_lazy("工学一体化"),
}


def way_views(kinds: Iterable[rules.WaiverKind]) -> tuple[WayView, ...]:
    """Return the ways in which a rule may be waived."""
    words = books.book().words
    return tuple(
        WayView(
            kind.key,
            said(kind.name),
            tuple(said(words.text(f"office.{office}")) for office in kind.by),
            kind.separate,
        )
        for kind in kinds
    )


def set_name(key: str) -> str:
    """Return what a set of rules is called."""
    return said(books.SETS[key]) if key in books.SETS else key


def value_text(value: rules.Input) -> str | None:
    """Return a value that was read; None is unknown."""
    if value is None:
        return None
    if isinstance(value, bool):
        return str(_("是")) if value else str(_("否"))
    if isinstance(value, dt.date):
        return formats.date(value)
    return value if isinstance(value, str) else rules.number_text(value)


def _source(source: rules.Source) -> SourceView:
    return SourceView(said(source.document), source.article, source.url, said(source.note))


def _days(first: dt.date | None, last: dt.date | None) -> str:
    return f"{first or '…'} – {last or '…'}" if first or last else ""


def _plain(value: object) -> str:
    if isinstance(value, Mapping):
        return _joined(f"{name}: {_plain(part)}" for name, part in value.items())
    if isinstance(value, list):
        rows = [isinstance(part, Mapping) for part in value]
        return (" | " if any(rows) else ", ").join(_plain(part) for part in value)
    return str(value)


def _joined(parts: Iterable[str]) -> str:
    return ("、" if books.language() == "zh" else ", ").join(parts)
