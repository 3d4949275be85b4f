"""The chapters on supply and gap: programmes with advice, over-supply, table 1 of the paper, skills most lacking."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from zhiqiao.engines.documents import (
    Block,
    Cell,
    Column,
    Heading,
    Inline,
    Items,
    Table,
    Unknown,
    ValueKind,
)
from zhiqiao.engines.report._facts import Finding, GapRow, MissingSkill, ProgrammeFacts
from zhiqiao.engines.report._teller import Teller

OVER = ("reduce", "stop")
_EACH = 2
_SHORT = "conditions_short"
_PERCENT = ("uncovered", "practice_share")


def supply(tell: Teller) -> list[Block]:
    """Return the chapters on supply and on the gap."""
    return [*_programmes(tell), *_gap(tell)]


def _programmes(tell: Teller) -> list[Block]:
    programmes = tell.facts.programmes
    blocks: list[Block] = [Heading(tell.text("head.supply")), Heading(tell.text("head.programmes"), 2)]
    if any(item.graduates is not None for item in programmes):
        blocks.append(tell.say("supply.intro", year=supply_year(tell)))
    elif programmes:
        blocks.append(
            tell.say("supply.intro_unknown", block="supply.intro", reason=tell.because("graduates"))
        )
    blocks += [_programme_table(tell), _advice_table(tell), Heading(tell.text("head.oversupplied"), 2)]
    return [*blocks, *_over(tell)]


def supply_year(tell: Teller) -> str:
    """Return the year or years that programmes report for."""
    years = sorted({item.year for item in tell.facts.programmes if item.year is not None})
    return tell.text("list.comma").join(map(str, years))


def _programme_table(tell: Teller) -> Table:
    number, percent = ValueKind.NUMBER, ValueKind.PERCENT
    people, rates = tell.text("supply.group_people"), tell.text("supply.group_rates")
    return Table(
        tell.text("supply.table"),
        [
            Column(tell.text("supply.col_programme"), width=25),
            Column(tell.text("supply.col_school"), width=27),
            Column(tell.text("supply.col_enrolled"), number, places=0, width=10, group=people),
            Column(tell.text("supply.col_graduates"), number, places=0, width=11, group=people),
            Column(tell.text("supply.col_placement"), percent, places=0, width=9, group=rates),
            Column(tell.text("supply.col_matching"), percent, places=0, width=10, group=rates),
            Column(tell.text("supply.col_practice"), percent, places=0, width=10, group=rates),
        ],
        [
            [
                tell.words.name(item.name),
                tell.words.name(item.organisation),
                tell.known(item.enrolled, "graduates"),
                tell.known(item.graduates, "graduates"),
                tell.known(item.placement, "graduates"),
                tell.known(item.matching, "graduates"),
                tell.known(item.practice_share, "few_postings"),
            ]
            for item in tell.facts.programmes
        ],
        key="programmes",
        source=tell.source("school"),
        empty_reason=tell.text("supply.empty"),
    )


def _advice_table(tell: Teller) -> Table:
    number, share = ValueKind.NUMBER, ValueKind.PERCENT
    decided = any(item.decision for item in tell.facts.programmes)
    return Table(
        tell.text("supply.advice_table"),
        [
            Column(tell.text("supply.col_programme"), width=22),
            Column(tell.text("supply.col_uncovered"), share, places=0, width=10),
            Column(tell.text("supply.col_quantity"), number, places=2, width=10),
            Column(tell.text("supply.col_interval", level=tell.balance_level()), width=14),
            Column(tell.text("supply.col_advice"), width=11),
            Column(tell.text("supply.col_reasons"), width=22),
            Column(tell.text("supply.col_places"), number, places=0, width=9),
            Column(tell.text("supply.col_firmness"), share, places=0, width=9),
            *([Column(tell.text("supply.col_decision"), width=12)] if decided else []),
        ],
        [
            [*_advice_row(tell, item), *([_decision(tell, item)] if decided else [])]
            for item in tell.facts.programmes
        ],
        key="advice",
        notes=[tell.text("supply.note_quantity")],
        source=tell.source("school", "postings"),
        empty_reason=tell.text("supply.empty"),
    )


def _decision(tell: Teller, item: ProgrammeFacts) -> Cell:
    """Return what people decided; an advice is none."""
    if not item.decision:
        return Unknown(tell.text("supply.undecided"), applies=False)
    said = tell.text(f"decision.{item.decision}")
    if item.decided_places is None:
        return said
    return tell.text("supply.decided", decision=said, places=str(item.decided_places))


def _advice_row(tell: Teller, item: ProgrammeFacts) -> list[Cell]:
    advised, quantity = item.advice != "unknown", item.quantity
    known = quantity is not None and quantity.low is not None and quantity.high is not None
    return [
        tell.words.name(item.name),
        tell.estimate(item.uncovered, "few_postings"),
        tell.estimate(quantity, "quantity"),
        f"{quantity.low:.2f} – {quantity.high:.2f}" if quantity and known else tell.unknown("quantity"),
        tell.text(f"advice.{item.advice}") if advised else tell.unknown("quantity"),
        reasons(tell, item),
        tell.known(item.places, "quantity"),
        item.firmness if advised else tell.unknown("quantity"),
    ]


def reasons(tell: Teller, item: ProgrammeFacts) -> str:
    """Return the reasons of an advice in words."""
    return tell.text("list.comma").join(tell.text(f"why.{reason}") for reason in item.reasons)


def _over(tell: Teller) -> list[Block]:
    programmes = tell.facts.programmes
    if not programmes or all(item.quantity is None for item in programmes):
        return [tell.say("supply.over_unknown", block="supply.over", reason=tell.because("graduates"))]
    over = [item for item in programmes if item.advice in OVER]
    if not over:
        return [tell.say("supply.over_none", block="supply.over", year=supply_year(tell))]
    return [Items([_over_line(tell, item) for item in over], key="supply.over")]


def _over_line(tell: Teller, item: ProgrammeFacts) -> tuple[Inline, ...]:
    quantity = item.quantity
    assert quantity is not None
    return tell.words.say(
        "supply.over_line",
        programme=tell.words.name(item.name),
        school=tell.words.name(item.organisation),
        quantity=tell.number(quantity.value, "supply"),
        level=tell.balance_level(),
        low=tell.number(quantity.low, "supply"),
        high=tell.number(quantity.high, "supply"),
        advice=tell.text(f"advice.{item.advice}"),
        reasons=reasons(tell, item),
        firmness=tell.share(item.firmness, "supply"),
    )


def _gap(tell: Teller) -> list[Block]:
    return [
        Heading(tell.text("head.gap")),
        tell.say("gap.intro"),
        _gap_table(tell),
        Heading(tell.text("head.lacking"), 2),
        *_lacking(tell),
    ]


def _gap_table(tell: Teller) -> Table:
    rows = tell.facts.gaps
    posts = sum(len(industry.posts) for industry in tell.facts.industries)
    least = tell.facts.min_postings
    return Table(
        tell.text("gap.table"),
        [
            Column(tell.text("gap.col_industry"), width=16, merged=True),
            Column(tell.text("gap.col_post"), width=20),
            Column(tell.text("gap.col_skills"), width=31),
            Column(tell.text("gap.col_programmes"), width=18),
            Column(tell.text("gap.col_findings"), width=32),
        ],
        [_gap_row(tell, row) for row in rows],
        key="gap",
        notes=[
            tell.text("gap.note", months=len(tell.facts.judged)),
            tell.text(
                "gap.note_posts",
                months=len(tell.facts.judged),
                min=least,
                n=len(rows),
                left=posts - len(rows),
            ),
        ],
        source=tell.source("postings", "school"),
        empty_reason=tell.text("gap.empty", min=least, months=len(tell.facts.judged)),
    )


def _gap_row(tell: Teller, row: GapRow) -> list[Cell]:
    skills = [
        tell.text("gap.skill", name=tell.words.name(skill.name), share=percent(skill.count / skill.total))
        for skill in row.skills
    ]
    findings = [_finding(tell, finding) for finding in row.findings if finding.kind != _SHORT]
    findings += _short(tell, [finding for finding in row.findings if finding.kind == _SHORT])
    return [
        tell.words.name(row.industry),
        tell.text("gap.post", link=tell.words.name(row.link), post=tell.words.name(row.post)),
        tell.text("list.comma").join(skills) or tell.unknown("few_postings"),
        tell.words.names(row.programmes) or tell.text("gap.no_programme"),
        tell.text("list.semicolon").join(findings) or tell.text("gap.fine"),
    ]


def percent(value: float) -> str:
    """Return a share as a table's text prints it."""
    return f"{value * 100:.0f}%"


def _short(tell: Teller, findings: list[Finding]) -> list[str]:
    """Return one phrase per programme on its equipment; the chapter of conclusions names every item."""
    programmes = {one.programme.key: one.programme for one in findings if one.programme is not None}
    return [
        tell.text(
            "finding.conditions_short",
            programme=tell.words.name(programme),
            n=sum(one.programme is not None and one.programme.key == key for one in findings),
        )
        for key, programme in programmes.items()
    ]


def _finding(tell: Teller, finding: Finding) -> str:
    key = finding.kind
    if key == "too_theoretical":
        key += "_share" if "practice_share" in finding.basis else "_projects"
    values: dict[str, str | int] = {name: _basis(name, value) for name, value in finding.basis.items()}
    values["programme"] = tell.words.name(finding.programme) if finding.programme else ""
    values["months"] = len(tell.facts.judged)
    return tell.text(f"finding.{key}", **values)


def _basis(name: str, value: float | str) -> str:
    if isinstance(value, str):
        return value
    if name in _PERCENT:
        return percent(value)
    return f"{value:.2f}" if name == "quantity" else f"{value:g}"


def _lacking(tell: Teller) -> list[Block]:
    shown = most_lacking(tell, tell.facts.lacking)
    if not shown:
        return [tell.say("gap.lacking_empty", block="gap.lacking")]
    return [
        tell.say("gap.lacking_intro", block="gap.lacking", n=len(shown), months=len(tell.facts.judged)),
        lacking_table(tell, shown, "lacking", "gap.lacking_table"),
    ]


def most_lacking(tell: Teller, rows: Sequence[MissingSkill]) -> tuple[MissingSkill, ...]:
    """Return the first rows, few of each post: one post in need must not hide all others."""
    counts: Counter[str] = Counter()
    found = []
    for row in rows:
        counts[row.post.key] += 1
        if counts[row.post.key] <= _EACH:
            found.append(row)
    return tuple(found[: tell.limits.shown_skills])


def lacking_table(tell: Teller, rows: tuple[MissingSkill, ...], key: str, title: str) -> Table:
    """Return the table of skills that posts ask for and courses do not cover."""
    names = {item.name.key: tell.words.name(item.name) for item in tell.facts.programmes}
    cells: list[list[Cell]] = []
    for row in rows:
        hours = [
            tell.text("gap.hours", programme=names.get(programme, programme), hours=f"{value:g}")
            for programme, value in row.hours.items()
            if value
        ]
        cells.append(
            [
                tell.words.name(row.post),
                tell.words.name(row.skill.name),
                row.skill.count,
                row.skill.count / row.skill.total,
                row.covered,
                tell.text("list.comma").join(hours) or tell.text("gap.hours_none"),
            ]
        )
    return Table(
        tell.text(title),
        [
            Column(tell.text("industry.col_post"), width=20),
            Column(tell.text("moving.col_skill"), width=22),
            Column(tell.text("state.group_counts"), ValueKind.NUMBER, places=0, width=11),
            Column(tell.text("gap.col_share"), ValueKind.PERCENT, places=0, width=13),
            Column(tell.text("gap.col_covered"), ValueKind.PERCENT, places=0, width=12),
            Column(tell.text("gap.col_hours"), width=22),
        ],
        cells,
        key=key,
        source=tell.source("postings", "school"),
        empty_reason=tell.text("gap.lacking_empty"),
    )
