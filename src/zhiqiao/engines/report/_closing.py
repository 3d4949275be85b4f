"""The last pages: conclusions over real findings only, the block for signing, and annexes with all tables."""

from __future__ import annotations

from collections.abc import Sequence

from zhiqiao.engines.documents import (
    Annex,
    Block,
    Cell,
    Column,
    Heading,
    Inline,
    Items,
    NamedNumber,
    Signature,
    Sources,
    Table,
    Text,
    Unknown,
    ValueKind,
)
from zhiqiao.engines.report._demand import moved_skills, post_columns, post_row, skill_table
from zhiqiao.engines.report._facts import IndustryFacts, MissingSkill, ProgrammeFacts
from zhiqiao.engines.report._figure_table import part_key
from zhiqiao.engines.report._figure_words import part_name
from zhiqiao.engines.report._figures import named
from zhiqiao.engines.report._outlook import scenario_table
from zhiqiao.engines.report._standing import Standing, signature_lines
from zhiqiao.engines.report._supply import lacking_table, most_lacking, reasons
from zhiqiao.engines.report._teller import Teller

_ADVISED = ("expand", "adjust", "reduce", "stop")
_HALF = 0.5  # 教职成〔2019〕13号: practice is at least half of all hours
_NAMED = 6
_ANNEX_GAPS = 60
_DASH = Unknown(applies=False)
_DASHES = (_DASH, _DASH, _DASH)


def closing(tell: Teller, standing: Standing) -> list[Block]:
    """Return conclusions, signatures, sources and annexes."""
    sources: list[Block] = [Heading(tell.text("head.list"), numbered=False), Sources()]
    return [*_conclusions(tell), *_signature(tell, standing), *sources, *_annexes(tell)]


def _conclusions(tell: Teller) -> list[Block]:
    return [
        Heading(tell.text("head.conclusions")),
        tell.say("conclusions.intro"),
        Heading(tell.text("head.goals"), 2),
        Items(_goals(tell), numbered=True, key="conclusions.goals"),
        Heading(tell.text("head.courses"), 2),
        Items(_courses(tell), numbered=True, key="conclusions.courses"),
        Heading(tell.text("head.teachers"), 2),
        Items(_teachers(tell), numbered=True, key="conclusions.teachers"),
        Heading(tell.text("head.conditions"), 2),
        Items(_conditions(tell), numbered=True, key="conclusions.conditions"),
    ]


def _goals(tell: Teller) -> list[Text]:
    programmes = tell.facts.programmes
    found: list[Text] = [_advice(tell, item) for item in programmes if item.advice in _ADVISED]
    if all(item.quantity is None for item in programmes):
        found.append(tell.words.say("conclusions.goals_unknown", reason=tell.because("graduates")))
    missing = sorted((row for row in tell.facts.gaps if not row.programmes), key=lambda row: -row.postings)
    if missing:
        phrases = [
            tell.words.say(
                "conclusions.missing_post",
                post=tell.words.name(row.post),
                n=tell.count(row.postings, "balance", of=named("gap-postings", row.post.key)),
            )
            for row in missing[:_NAMED]
        ]
        found.append(
            tell.words.say(
                "conclusions.missing", names=tell.words.joined(phrases), months=len(tell.facts.judged)
            )
        )
    return found or [tell.words.say("conclusions.goals_none")]


def _advice(tell: Teller, item: ProgrammeFacts) -> tuple[Inline, ...]:
    moved = item.places is not None and item.enrolled is not None and item.places != item.enrolled
    return tell.words.say(
        "conclusions.advice_places" if moved else "conclusions.advice",
        **_of(tell, item),
        advice=tell.text(f"advice.{item.advice}"),
        reasons=reasons(tell, item),
        firmness=tell.share(item.firmness, "supply", of=named("firmness", item.name.key)),
        enrolled=tell.count(item.enrolled, "supply", of=named("enrolled", item.name.key)),
        places=tell.count(item.places, "supply", of=named("places", item.name.key)),
    )


def _of(tell: Teller, item: ProgrammeFacts) -> dict[str, str]:
    return {"programme": tell.words.name(item.name), "school": tell.words.name(item.organisation)}


def _served(tell: Teller) -> list[MissingSkill]:
    """Return the most lacking skills of posts that some programme trains for."""
    return list(most_lacking(tell, [row for row in tell.facts.lacking if row.hours and row.covered < 1]))


def _courses(tell: Teller) -> list[Text]:
    found: list[Text] = [
        tell.words.say(
            "conclusions.course_little" if row.covered else "conclusions.course_none",
            post=tell.words.name(row.post),
            skill=tell.words.name(row.skill.name),
            share=tell.share(row.skill.count / row.skill.total, "balance", of=named("lacking-share", *scope)),
            covered=tell.share(row.covered, "balance", of=named("covered", *scope)),
        )
        for row in _served(tell)
        for scope in [(row.post.key, row.skill.name.key)]
    ]
    found += [
        tell.words.say(
            "conclusions.practice",
            **_of(tell, item),
            share=tell.share(item.practice_share, "practice", of=named("practice", item.name.key)),
        )
        for item in tell.facts.programmes
        if item.practice_share is not None and item.practice_share < _HALF
    ]
    return found or [tell.words.say("conclusions.courses_empty")]


def _teachers(tell: Teller) -> list[Text]:
    found: list[Text] = [tell.words.say("conclusions.teachers", reason=tell.because("no_teachers"))]
    untaught = list(
        dict.fromkeys(tell.words.name(row.skill.name) for row in _served(tell) if not row.covered)
    )
    if untaught:
        found.append(tell.words.say("conclusions.teachers_skills", names=tell.words.names(untaught)))
    return found


def _conditions(tell: Teller) -> list[Text]:
    stated = [
        (item, str(at), condition)
        for item in tell.facts.programmes
        for at, condition in enumerate(item.conditions)
    ]
    if not stated:
        return [tell.words.say("conclusions.conditions_unknown", reason=tell.because("conditions"))]
    found: list[Text] = [
        tell.words.say(
            "conclusions.condition",
            **_of(tell, item),
            name=tell.words.name(name),
            required=tell.count(required, "supply", of=named("required", item.name.key, at)),
            present=tell.count(present, "supply", of=named("present", item.name.key, at)),
        )
        for item, at, (name, required, present) in stated
        if present is not None and present < required
    ]
    return found or [tell.words.say("conclusions.conditions_fine")]


def _signature(tell: Teller, standing: Standing) -> list[Block]:
    signed = standing.signed_on is not None
    return [
        Heading(tell.text("head.signature")),
        Signature(signature_lines(tell, standing), seal=signed),
    ]


def _annexes(tell: Teller) -> list[Block]:
    posts = [(item, post) for item in tell.facts.industries for post in item.posts]
    planned = any(post.planned is not None for _, post in posts)
    rows = [
        [
            tell.words.name(item.name),
            *post_row(tell, item, post, planned=planned)[1:],
            _method(tell, post.outlook.method),
        ]
        for item, post in posts
    ]
    columns = [
        Column(tell.text("state.col_industry"), width=14, merged=True),
        *post_columns(tell, planned=planned)[1:],
        Column(tell.text("annex.col_method"), width=13),
    ]
    all_posts = Table(
        tell.text("annex.posts"), columns, rows, "annex-posts", source=tell.source("postings"),
        empty_reason=tell.text("industry.posts_empty"),
    )  # fmt: skip
    series = [(post.name, (item.name.key, post.name.key), post.outlook.scenarios) for item, post in posts]
    return [
        Annex(tell.text("head.annex_posts")),
        all_posts,
        scenario_table(tell, series, "annex-scenarios", "annex.scenarios"),
        Annex(tell.text("head.annex_skills")),
        skill_table(tell, moved_skills(tell), "annex-skills"),
        Annex(tell.text("head.annex_gap")),
        lacking_table(tell, tell.facts.lacking[:_ANNEX_GAPS], "annex-gap", "annex.gap"),
        Annex(tell.text("head.annex_structure")),
        *_structure(tell),
        Annex(tell.text("head.annex_industries")),
        *(_monthly(tell, item) for item in tell.facts.industries),
        Annex(tell.text("head.annex_terms")),
        _terms(tell),
    ]


def _method(tell: Teller, method: str) -> Cell:
    name = method.removesuffix("+gaps")
    return tell.text(f"method.{name}") if name else tell.unknown("few_postings")


def _structure(tell: Teller) -> list[Block]:
    found: list[Block] = []
    for what, parts in tell.facts.structure.items():
        whole = sum(part.count for part in parts)
        found.append(
            Table(
                tell.text("state.structure_title", what=tell.text(f"state.{what}")),
                [
                    Column(tell.text("state.col_value"), width=40),
                    Column(tell.text("state.col_count"), ValueKind.NUMBER, places=0, width=20),
                    Column(tell.text("state.col_share"), ValueKind.PERCENT, places=0, width=20),
                ],
                [
                    [
                        part_name(tell, what, part),
                        NamedNumber(part.count, named("structure", *scope)),
                        NamedNumber(part.count / whole, named("structure-share", *scope)),
                    ]
                    for part in parts
                    for scope in [(what, part_key(part.name))]
                ],
                key=f"annex-{what}",
                source=tell.source("postings"),
                empty_reason=tell.text("reason.few_postings"),
            )
        )
    return found


def _monthly(tell: Teller, item: IndustryFacts) -> Table:
    facts, outlook, key = tell.facts, item.outlook, item.name.key
    seen: Sequence[Sequence[Cell]] = [
        [month, tell.known(count, "month_unknown", of=named("month", key, month)), *_DASHES]
        for month, count in zip(facts.months, outlook.counts, strict=True)
    ]
    ahead: Sequence[Sequence[Cell]] = [
        [
            month,
            _DASH,
            *(
                tell.known(value, "few_postings", of=named(f"month-{which}", key, month))
                for which, value in zip(("mean", "low", "high"), values, strict=True)
            ),
        ]
        for month, *values in zip(facts.ahead, outlook.mean, outlook.low, outlook.high, strict=True)
    ]
    number = ValueKind.NUMBER
    return Table(
        tell.text("annex.monthly", industry=tell.words.name(item.name)),
        [
            Column(tell.text("annex.col_month"), width=20),
            Column(tell.text("annex.col_count"), number, places=0, width=16),
            Column(tell.text("annex.col_mean"), number, places=1, width=16),
            Column(tell.text("annex.col_low"), number, places=1, width=16),
            Column(tell.text("annex.col_high"), number, places=1, width=16),
        ],
        [*seen, *ahead],
        key=f"monthly-{item.name.key}",
        notes=[tell.text("annex.monthly_note")],
        source=tell.source("postings"),
    )


def _terms(tell: Teller) -> Table:
    rows: list[list[Cell]] = [
        [tell.text(f"version.{name}"), value]
        for name, value in tell.facts.versions.items()
        if tell.words.has(f"version.{name}")
    ]
    return Table(
        tell.text("annex.terms"),
        [Column(tell.text("annex.col_name"), width=40), Column(tell.text("annex.col_version"), width=40)],
        rows,
        key="terms",
        empty_reason=tell.text("cell.none"),
    )
