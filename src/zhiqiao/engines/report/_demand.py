"""The chapters on demand: the industries together, one by one, and what rises or fades."""

from __future__ import annotations

from collections.abc import Sequence

from zhiqiao.engines.demand import months_after
from zhiqiao.engines.documents import (
    Band,
    BandKind,
    Block,
    Cell,
    Chart,
    ChartKind,
    Column,
    Heading,
    Inline,
    Paragraph,
    Series,
    Table,
    ValueKind,
)
from zhiqiao.engines.report._facts import (
    Direction,
    IndustryFacts,
    Part,
    PostFacts,
    SkillChange,
    SkillShare,
)
from zhiqiao.engines.report._teller import Teller

_MOVED = (Direction.RISING, Direction.FADING)
_SCENARIO_MONTHS = 12


def demand(tell: Teller) -> list[Block]:
    """Return the chapters: state and trend, industries, rising and fading."""
    return [*_state(tell), *_industries(tell), *_moving(tell)]


def _state(tell: Teller) -> list[Block]:
    facts = tell.facts
    blocks: list[Block] = [
        Heading(tell.text("head.state")),
        Heading(tell.text("head.overall"), 2),
        overview(tell),
        Heading(tell.text("head.structure"), 2),
        tell.say(
            "state.companies", n=tell.count(facts.coverage.companies), reason=tell.because("not_stated")
        ),
    ]
    for what in ("diploma", "experience"):
        parts = [part for part in facts.structure.get(what, ()) if part.name is not None]
        whole = sum(part.count for part in facts.structure.get(what, ()))
        if not parts:
            continue
        top = max(parts, key=lambda part: part.count)
        blocks.append(
            tell.say(
                "state.diploma_text",
                block=f"state.{what}",
                top=f"{tell.text(f'state.{what}')}{tell.text('list.colon')}{part_name(tell, what, top)}",
                n=tell.count(top.count),
                share=tell.share(top.count / whole),
            )
        )
        blocks.append(_structure_chart(tell, what))
    return blocks


def part_name(tell: Teller, what: str, part: Part) -> str:
    """Return the name of one value of a structure."""
    if part.name is None:
        return tell.text("state.not_stated")
    key = f"{what}.{part.name.key}"
    return tell.text(key) if tell.words.has(key) else tell.words.name(part.name)


def _structure_chart(tell: Teller, what: str) -> Chart:
    parts = tell.facts.structure[what]
    title = tell.text("state.structure_title", what=tell.text(f"state.{what}"))
    return Chart(
        title,
        ChartKind.BARS,
        [part_name(tell, what, part) for part in parts],
        [Series(tell.text("state.col_count"), [part.count for part in parts])],
        alt=title,
        unit=tell.text("state.unit"),
        key=f"structure-{what}",
        source=tell.source("postings"),
    )


def overview(tell: Teller) -> Table:
    """Return the table of all industries."""
    compared = any(item.change.before is not None for item in tell.facts.industries)
    counts, ahead = tell.text("state.group_counts"), tell.text("state.group_forecast")
    number = ValueKind.NUMBER
    columns = [
        Column(tell.text("state.col_industry"), width=20),
        Column(tell.text("state.col_now"), number, places=0, width=11, group=counts),
        Column(tell.text("state.col_before"), number, places=0, width=11, group=counts),
        Column(tell.text("state.col_share"), ValueKind.PERCENT, places=0, width=8, group=counts),
        Column(tell.text("state.col_direction"), width=13, group=counts),
        Column(tell.text("state.col_next"), number, places=0, width=13, group=ahead),
        Column(tell.text("state.col_interval", level=tell.level()), width=12, group=ahead),
        Column(tell.text("state.col_uncovered"), ValueKind.PERCENT, places=0, width=12),
    ]
    notes = [tell.text("state.note_level"), tell.text("state.note_uncovered")]
    if not compared:
        notes.append(tell.text("state.note_short"))
    return Table(
        tell.text("state.table"),
        columns,
        [_overview_row(tell, item) for item in tell.facts.industries],
        key="industries",
        notes=notes,
        source=tell.source("postings"),
        empty_reason=tell.text("reason.few_postings"),
    )


def _overview_row(tell: Teller, item: IndustryFacts) -> list[Cell]:
    star = "★" if item.lead else ""
    return [
        f"{tell.words.name(item.name)}{star}",
        item.change.now,
        tell.known(item.change.before, "change"),
        tell.known(item.change.share, "few_postings"),
        _direction_cell(tell, item.change.direction),
        tell.estimate(item.outlook.next_year, "few_postings"),
        tell.range(item.outlook.next_year, "few_postings"),
        tell.estimate(item.uncovered, "few_postings"),
    ]


def _direction_cell(tell: Teller, direction: Direction) -> Cell:
    return tell.unknown("change") if direction is Direction.UNKNOWN else tell.direction(direction)


def _industries(tell: Teller) -> list[Block]:
    blocks: list[Block] = [Heading(tell.text("head.industries"))]
    for item in tell.facts.industries:
        blocks += _industry(tell, item)
    return blocks


def _industry(tell: Teller, item: IndustryFacts) -> list[Block]:
    return [
        Heading(tell.words.name(item.name), 2, key=item.name.key),
        Paragraph(_intro(tell, item), "industry.intro"),
        Paragraph(_uncovered(tell, item), "industry.uncovered"),
        *_asked(tell, item),
        _chart(tell, item),
        _posts(tell, item),
    ]


def _intro(tell: Teller, item: IndustryFacts) -> tuple[Inline, ...]:
    known = item.change.before is not None
    return tell.words.say(
        "industry.intro" if known else "industry.intro_short",
        n=tell.count(item.change.now),
        before=tell.count(item.change.before),
        direction=tell.direction(item.change.direction),
        reason=tell.because("change"),
        next=tell.count(item.outlook.next_year.value, "forecast"),
        level=tell.level(),
        **tell.bounds(item.outlook.next_year, "forecast"),
    )


def _uncovered(tell: Teller, item: IndustryFacts) -> tuple[Inline, ...]:
    if item.uncovered is None:
        return tell.words.say("industry.uncovered_unknown", reason=tell.because("few_postings"))
    if item.uncovered.low == 1:
        return tell.words.say("industry.uncovered_all")
    return tell.words.say(
        "industry.uncovered",
        share=tell.share(item.uncovered.value, "balance"),
        level=tell.balance_level(),
        **tell.bounds(item.uncovered, "balance", percent=True),
    )


def _asked(tell: Teller, item: IndustryFacts) -> list[Block]:
    """Return tasks, skills and certificates: what postings of the industry ask for, each list by its share."""
    kinds = (
        ("tasks", {"ability"}),
        ("abilities", {"tool", "knowledge"}),
        ("certificates", {"certificate"}),
    )
    found: list[Block] = []
    for key, wanted in kinds:
        skills = [skill for skill in item.skills if skill.kind in wanted][: tell.limits.shown_skills]
        if skills:
            found.append(tell.say(f"industry.{key}", names=_shares(tell, skills)))
        elif key == "certificates":
            found.append(tell.say("industry.no_certificates", block="industry.certificates"))
    return found


def _shares(tell: Teller, skills: Sequence[SkillShare]) -> tuple[Inline, ...]:
    return tell.words.joined(
        [
            tell.words.say(
                "industry.skill",
                name=tell.words.name(skill.name),
                share=tell.share(skill.count / skill.total),
            )
            for skill in skills
        ]
    )


def _chart(tell: Teller, item: IndustryFacts) -> Chart:
    facts, name, outlook = tell.facts, tell.words.name(item.name), item.outlook
    seen, ahead = len(facts.months), len(facts.ahead)
    beyond = [band for band in outlook.scenarios for _ in range(_SCENARIO_MONTHS)]
    later = months_after(facts.ahead[-1], len(beyond))
    gap: list[float | None] = [None] * seen
    blank: list[float | None] = [None] * len(beyond)
    bands = [
        Band(
            tell.text("industry.interval", level=tell.level()),
            [*gap, *outlook.low, *blank],
            [*gap, *outlook.high, *blank],
        )
    ]
    if beyond:
        before: list[float | None] = [None] * (seen + ahead)
        bands.append(
            Band(
                tell.text("industry.scenario"),
                [*before, *(band.low / _SCENARIO_MONTHS for band in beyond)],
                [*before, *(band.high / _SCENARIO_MONTHS for band in beyond)],
                BandKind.SCENARIO,
            )
        )
    return Chart(
        tell.text("industry.chart", industry=name),
        ChartKind.LINE,
        [*facts.months, *facts.ahead, *later],
        [Series(tell.text("industry.observed"), [*outlook.counts, *outlook.mean, *blank], bands, seen)],
        alt=tell.text("industry.alt", industry=name, first=facts.months[0], start=facts.ahead[0]),
        unit=tell.text("industry.unit"),
        category_title=tell.text("industry.month"),
        key=f"chart-{item.name.key}",
        notes=[tell.text("industry.note")],
        source=tell.source("postings"),
        marks=[(seen, tell.text("industry.mark"))],
        empty_reason=tell.text("reason.few_postings"),
    )


def _posts(tell: Teller, item: IndustryFacts) -> Table:
    posts = [post for post in item.posts if post.change.now]
    shown = posts[: tell.limits.shown_posts]
    links = list(dict.fromkeys(post.link.key for post in shown))
    shown.sort(key=lambda post: links.index(post.link.key))
    notes = [tell.text("industry.posts_note", n=len(shown))] if len(posts) > len(shown) else []
    planned = any(post.planned is not None for post in shown)
    if planned:
        notes.append(tell.text("industry.planned_note"))
    return Table(
        tell.text("industry.posts", industry=tell.words.name(item.name)),
        post_columns(tell, planned=planned),
        [post_row(tell, post, planned=planned) for post in shown],
        key=f"posts-{item.name.key}",
        notes=notes,
        source=tell.source("postings", "plan") if planned else tell.source("postings"),
        empty_reason=tell.text("industry.posts_empty"),
    )


def post_columns(tell: Teller, *, planned: bool) -> list[Column]:
    """Return the columns of a table of posts."""
    number, counts, ahead = (
        ValueKind.NUMBER,
        tell.text("state.group_counts"),
        tell.text("state.group_forecast"),
    )
    columns = [
        Column(tell.text("industry.col_link"), width=19, merged=True),
        Column(tell.text("industry.col_post"), width=19),
        Column(tell.text("state.col_now"), number, places=0, width=11, group=counts),
        Column(tell.text("state.col_before"), number, places=0, width=11, group=counts),
        Column(tell.text("state.col_direction"), width=13, group=counts),
        Column(tell.text("state.col_next"), number, places=0, width=12, group=ahead),
        Column(tell.text("state.col_interval", level=tell.level()), width=11, group=ahead),
    ]
    if planned:
        columns.append(Column(tell.text("industry.col_planned"), number, places=0, width=10))
    return columns


def post_row(tell: Teller, post: PostFacts, *, planned: bool) -> list[Cell]:
    """Return one row of a table of posts."""
    row: list[Cell] = [
        tell.words.name(post.link),
        tell.words.name(post.name),
        post.change.now,
        tell.known(post.change.before, "change"),
        _direction_cell(tell, post.change.direction),
        tell.estimate(post.outlook.next_year, "few_postings"),
        tell.range(post.outlook.next_year, "few_postings"),
    ]
    if planned:
        row.append(tell.known(post.planned, "plan_not_stated"))
    return row


def _moving(tell: Teller) -> list[Block]:
    return [
        Heading(tell.text("head.moving")),
        Heading(tell.text("head.posts"), 2),
        *_moving_posts(tell),
        Heading(tell.text("head.skills"), 2),
        *_moving_skills(tell),
        Heading(tell.text("head.signals"), 2),
        *_signals(tell),
    ]


def _moving_posts(tell: Teller) -> list[Block]:
    posts = [post for item in tell.facts.industries for post in item.posts]
    compared = [post for post in posts if post.change.direction is not Direction.UNKNOWN]
    if not compared:
        return [tell.say("moving.not_compared", block="moving.posts", reason=tell.because("change"))]
    moved = sorted(
        (post for post in compared if post.change.direction in _MOVED),
        key=lambda post: (_MOVED.index(post.change.direction), -post.change.now),
    )
    table: list[Block] = (
        [
            Table(
                tell.text("moving.posts_table"),
                post_columns(tell, planned=False),
                [post_row(tell, post, planned=False) for post in moved],
                key="moving-posts",
                source=tell.source("postings"),
            )
        ]
        if moved
        else []
    )
    counted = [sum(post.change.direction is one for post in compared) for one in _MOVED]
    return [
        tell.say(
            "moving.posts_intro",
            block="moving.posts",
            n=tell.count(len(compared), "change"),
            rising=tell.count(counted[0], "change"),
            fading=tell.count(counted[1], "change"),
        ),
        *table,
    ]


def _moving_skills(tell: Teller) -> list[Block]:
    compared = [item for item in tell.facts.skills if item.change.direction is not Direction.UNKNOWN]
    if not compared:
        return [tell.say("moving.not_compared", block="moving.skills", reason=tell.because("change"))]
    counted = [sum(item.change.direction is one for item in compared) for one in _MOVED]
    return [
        tell.say(
            "moving.skills_intro",
            block="moving.skills",
            n=tell.count(len(compared), "change"),
            rising=tell.count(counted[0], "change"),
            fading=tell.count(counted[1], "change"),
        ),
        skill_table(tell, moved_skills(tell, most=tell.limits.shown_skills // 2), "moving-skills"),
    ]


def moved_skills(tell: Teller, *, most: int | None = None) -> list[SkillChange]:
    """Return skills with a clear change by industry, rising first, the largest change first; `most` of each."""
    found: list[SkillChange] = []
    for industry in tell.facts.industries:
        for direction in _MOVED:
            mine = [
                item
                for item in tell.facts.skills
                if item.industry.key == industry.name.key and item.change.direction is direction
            ]
            mine.sort(key=lambda item: -abs((item.change.share or 0) - (item.change.share_before or 0)))
            found += mine[:most]
    return found


def skill_table(tell: Teller, items: Sequence[SkillChange], key: str) -> Table:
    """Return the table of skills whose share moved."""
    percent = ValueKind.PERCENT
    notes = []
    if key == "moving-skills":
        notes = [tell.text("moving.skills_shown", n=tell.limits.shown_skills // 2)]
    return Table(
        tell.text("moving.skills_table" if notes else "annex.skills"),
        [
            Column(tell.text("state.col_industry"), width=20, merged=True),
            Column(tell.text("moving.col_skill"), width=26),
            Column(tell.text("state.col_direction"), width=12),
            Column(tell.text("state.col_now"), ValueKind.NUMBER, places=0, width=11),
            Column(tell.text("moving.col_share_now"), percent, places=0, width=13),
            Column(tell.text("moving.col_share_before"), percent, places=0, width=13),
        ],
        [
            [
                tell.words.name(item.industry),
                tell.words.name(item.skill),
                tell.direction(item.change.direction),
                item.change.now,
                tell.known(item.change.share, "few_postings"),
                tell.known(item.change.share_before, "few_postings"),
            ]
            for item in items
        ],
        key=key,
        notes=notes,
        source=tell.source("postings"),
        empty_reason=tell.text("moving.skills_empty"),
    )


def _signals(tell: Teller) -> list[Block]:
    signals = tell.facts.signals
    if not signals:
        return [tell.say("moving.signals_none", block="moving.signals")]
    table = Table(
        tell.text("moving.signals_table"),
        [
            Column(tell.text("moving.col_month"), width=11),
            Column(tell.text("state.col_industry"), width=20),
            Column(tell.text("moving.col_skill"), width=24),
            Column(tell.text("state.col_direction"), width=10),
            Column(tell.text("moving.col_window"), ValueKind.NUMBER, places=0, width=11),
            Column(tell.text("moving.col_window_share"), ValueKind.PERCENT, places=0, width=10),
            Column(tell.text("moving.col_reference_share"), ValueKind.PERCENT, places=0, width=12),
        ],
        [
            [
                item.month,
                tell.words.name(item.industry),
                tell.words.name(item.skill),
                tell.direction(Direction.RISING if item.rising else Direction.FADING),
                item.window,
                item.count / item.total,
                item.before_count / item.before_total,
            ]
            for item in signals
        ],
        key="signals",
        source=tell.source("postings"),
    )
    return [tell.say("moving.signals_intro", block="moving.signals", n=tell.count(len(signals))), table]
