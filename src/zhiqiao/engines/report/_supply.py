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
    NamedNumber,
    Table,
    Unknown,
    ValueKind,
)
from zhiqiao.engines.report._facts import Finding, GapRow, MissingSkill, ProgrammeFacts
from zhiqiao.engines.report._figure_table import OVER, part_key
from zhiqiao.engines.report._figures import end, named
from zhiqiao.engines.report._teller import Teller
from zhiqiao.engines.report._words import Value

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
                tell.known(item.enrolled, "graduates", of=named("enrolled", item.name.key)),
                tell.known(item.graduates, "graduates", of=named("graduates", item.name.key)),
                tell.known(item.placement, "graduates", of=named("placement", item.name.key)),
                tell.known(item.matching, "graduates", of=named("matching", item.name.key)),
                tell.known(item.practice_share, "few_postings", of=named("practice", item.name.key)),
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
            Column(tell.text("supply.col_interval", level=tell.balance_level()), width=18),
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
    places = tell.plain(item.decided_places, named("decided", item.name.key))
    return tell.words.say("supply.decided", decision=said, places=places)


def _advice_row(tell: Teller, item: ProgrammeFacts) -> list[Cell]:
    advised, quantity, key = item.advice != "unknown", item.quantity, item.name.key
    return [
        tell.words.name(item.name),
        tell.estimate(item.uncovered, "few_postings", of=named("programme-uncovered", key)),
        tell.estimate(quantity, "quantity", of=named("quantity", key)),
        tell.range(quantity, "quantity", of=named("quantity", key), places=2),
        tell.text(f"advice.{item.advice}") if advised else tell.unknown("quantity"),
        reasons(tell, item),
        tell.known(item.places, "quantity", of=named("places", key)),
        NamedNumber(item.firmness, named("firmness", key)) if advised else tell.unknown("quantity"),
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
    quantity, of = item.quantity, named("quantity", item.name.key)
    assert quantity is not None
    return tell.words.say(
        "supply.over_line",
        programme=tell.words.name(item.name),
        school=tell.words.name(item.organisation),
        quantity=tell.number(quantity.value, "supply", of=of),
        level=tell.balance_level(),
        low=tell.number(quantity.low, "supply", of=end("low", of)),
        high=tell.number(quantity.high, "supply", of=end("high", of)),
        advice=tell.text(f"advice.{item.advice}"),
        reasons=reasons(tell, item),
        firmness=tell.share(item.firmness, "supply", of=named("firmness", item.name.key)),
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
            tell.words.say(
                "gap.note_posts",
                months=len(tell.facts.judged),
                min=least,
                n=tell.plain(len(rows), "gap-posts"),
                left=tell.plain(posts - len(rows), "posts-left"),
            ),
        ],
        source=tell.source("postings", "school"),
        empty_reason=tell.text("gap.empty", min=least, months=len(tell.facts.judged)),
    )


def _gap_row(tell: Teller, row: GapRow) -> list[Cell]:
    skills = [
        tell.words.say(
            "gap.skill",
            name=tell.words.name(skill.name),
            share=tell.plain(
                skill.count / skill.total,
                named("post-skill-share", row.post.key, skill.name.key),
                percent=True,
            ),
        )
        for skill in row.skills
    ]
    findings = [_finding(tell, row, finding) for finding in row.findings if finding.kind != _SHORT]
    findings += _short(tell, row, [finding for finding in row.findings if finding.kind == _SHORT])
    return [
        tell.words.name(row.industry),
        tell.text("gap.post", link=tell.words.name(row.link), post=tell.words.name(row.post)),
        tell.words.joined(skills, "comma") or tell.unknown("few_postings"),
        tell.words.names(row.programmes) or tell.text("gap.no_programme"),
        tell.words.joined(findings) or tell.text("gap.fine"),
    ]


def _short(tell: Teller, row: GapRow, findings: list[Finding]) -> list[tuple[Inline, ...]]:
    """Return one phrase per programme on its equipment; the chapter of conclusions names every item."""
    programmes = {one.programme.key: one.programme for one in findings if one.programme is not None}
    return [
        tell.words.say(
            "finding.conditions_short",
            programme=tell.words.name(programme),
            n=tell.plain(
                sum(one.programme is not None and one.programme.key == key for one in findings),
                named("conditions-short", row.post.key, key),
            ),
        )
        for key, programme in programmes.items()
    ]


def _finding(tell: Teller, row: GapRow, finding: Finding) -> tuple[Inline, ...]:
    key = finding.kind
    if key == "too_theoretical":
        key += "_share" if "practice_share" in finding.basis else "_projects"
    programme = part_key(finding.programme)
    values: dict[str, Value] = {
        name: _basis(tell, (row.post.key, finding.kind, programme, name), value)
        for name, value in finding.basis.items()
    }
    values["programme"] = tell.words.name(finding.programme) if finding.programme else ""
    values["months"] = len(tell.facts.judged)
    return tell.words.say(f"finding.{key}", **values)


def _basis(tell: Teller, scope: tuple[str, ...], value: float | str) -> Value:
    if isinstance(value, str):
        return value
    name = scope[-1]
    if name in _PERCENT:
        return tell.plain(value, named("finding-share", *scope), percent=True)
    if name == "quantity":
        return tell.plain(value, named("finding-index", *scope), places=2)
    return tell.plain(value, named("finding-count", *scope))


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
        scope = (row.post.key, row.skill.name.key)
        hours = [
            tell.words.say(
                "gap.hours",
                programme=names.get(programme, programme),
                hours=tell.plain(value, named("hours", *scope, programme), places=None),
            )
            for programme, value in row.hours.items()
            if value
        ]
        cells.append(
            [
                tell.words.name(row.post),
                tell.words.name(row.skill.name),
                NamedNumber(row.skill.count, named("lacking", *scope)),
                NamedNumber(row.skill.count / row.skill.total, named("lacking-share", *scope)),
                NamedNumber(row.covered, named("covered", *scope)),
                tell.words.joined(hours, "comma") or tell.text("gap.hours_none"),
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
