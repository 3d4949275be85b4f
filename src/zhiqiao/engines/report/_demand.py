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
    NamedNumber,
    Paragraph,
    Series,
    Table,
    ValueKind,
)
from zhiqiao.engines.report._facts import (
    Direction,
    IndustryFacts,
    PostFacts,
    SkillChange,
    SkillShare,
)
from zhiqiao.engines.report._figure_table import part_key
from zhiqiao.engines.report._figure_words import part_name
from zhiqiao.engines.report._figures import named
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
            "state.companies",
            n=tell.count(facts.coverage.companies, of="companies"),
            reason=tell.because("not_stated"),
        ),
    ]
    for what in ("diploma", "experience"):
        parts = [part for part in facts.structure.get(what, ()) if part.name is not None]
        whole = sum(part.count for part in facts.structure.get(what, ()))
        if not parts:
            continue
        top = max(parts, key=lambda part: part.count)
        scope = (what, part_key(top.name))
        blocks.append(
            tell.say(
                "state.diploma_text",
                block=f"state.{what}",
                top=f"{tell.text(f'state.{what}')}{tell.text('list.colon')}{part_name(tell, what, top)}",
                n=tell.count(top.count, of=named("structure", *scope)),
                share=tell.share(top.count / whole, of=named("structure-share", *scope)),
            )
        )
        blocks.append(_structure_chart(tell, what))
    return blocks


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
        origins=[named("structure", what, part_key(part.name)) for part in parts],
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
    star, key = "★" if item.lead else "", item.name.key
    return [
        f"{tell.words.name(item.name)}{star}",
        NamedNumber(item.change.now, named("postings", key)),
        tell.known(item.change.before, "change", of=named("before", key)),
        tell.known(item.change.share, "few_postings", of=named("share", key)),
        _direction_cell(tell, item.change.direction),
        tell.estimate(item.outlook.next_year, "few_postings", of=named("next", key)),
        tell.range(item.outlook.next_year, "few_postings", of=named("next", key)),
        tell.estimate(item.uncovered, "few_postings", of=named("uncovered", key)),
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
    known, ahead = item.change.before is not None, named("next", item.name.key)
    return tell.words.say(
        "industry.intro" if known else "industry.intro_short",
        n=tell.count(item.change.now, of=named("postings", item.name.key)),
        before=tell.count(item.change.before, of=named("before", item.name.key)),
        direction=tell.direction(item.change.direction),
        reason=tell.because("change"),
        next=tell.count(item.outlook.next_year.value, "forecast", of=ahead),
        level=tell.level(),
        **tell.bounds(item.outlook.next_year, "forecast", of=ahead),
    )


def _uncovered(tell: Teller, item: IndustryFacts) -> tuple[Inline, ...]:
    if item.uncovered is None:
        return tell.words.say("industry.uncovered_unknown", reason=tell.because("few_postings"))
    if item.uncovered.low == 1:
        return tell.words.say("industry.uncovered_all")
    of = named("uncovered", item.name.key)
    return tell.words.say(
        "industry.uncovered",
        share=tell.share(item.uncovered.value, "balance", of=of),
        level=tell.balance_level(),
        **tell.bounds(item.uncovered, "balance", of=of, percent=True),
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
            found.append(tell.say(f"industry.{key}", names=_shares(tell, item, skills)))
        elif key == "certificates":
            found.append(tell.say("industry.no_certificates", block="industry.certificates"))
    return found


def _shares(tell: Teller, item: IndustryFacts, skills: Sequence[SkillShare]) -> tuple[Inline, ...]:
    return tell.words.joined(
        [
            tell.words.say(
                "industry.skill",
                name=tell.words.name(skill.name),
                share=tell.share(
                    skill.count / skill.total, of=named("skill-share", item.name.key, skill.name.key)
                ),
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
        origins=[
            *(named("month", item.name.key, month) for month in facts.months),
            *(named("month-mean", item.name.key, month) for month in facts.ahead),
            *(named("scenario-base", item.name.key, str(band.year)) for band in beyond),
        ],
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
        [post_row(tell, item, post, planned=planned) for post in shown],
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
        Column(tell.text("state.col_direction"), width=14, group=counts),
        Column(tell.text("state.col_next"), number, places=0, width=12, group=ahead),
        Column(tell.text("state.col_interval", level=tell.level()), width=11, group=ahead),
    ]
    if planned:
        columns.append(Column(tell.text("industry.col_planned"), number, places=0, width=12))
    return columns


def post_row(tell: Teller, industry: IndustryFacts, post: PostFacts, *, planned: bool) -> list[Cell]:
    """Return one row of a table of posts."""
    scope = (industry.name.key, post.name.key)
    row: list[Cell] = [
        tell.words.name(post.link),
        tell.words.name(post.name),
        NamedNumber(post.change.now, named("postings", *scope)),
        tell.known(post.change.before, "change", of=named("before", *scope)),
        _direction_cell(tell, post.change.direction),
        tell.estimate(post.outlook.next_year, "few_postings", of=named("next", *scope)),
        tell.range(post.outlook.next_year, "few_postings", of=named("next", *scope)),
    ]
    if planned:
        row.append(tell.known(post.planned, "plan_not_stated", of=named("planned", *scope)))
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
    posts = [(item, post) for item in tell.facts.industries for post in item.posts]
    compared = [pair for pair in posts if pair[1].change.direction is not Direction.UNKNOWN]
    if not compared:
        return [tell.say("moving.not_compared", block="moving.posts", reason=tell.because("change"))]
    moved = sorted(
        (pair for pair in compared if pair[1].change.direction in _MOVED),
        key=lambda pair: (_MOVED.index(pair[1].change.direction), -pair[1].change.now),
    )
    table: list[Block] = (
        [
            Table(
                tell.text("moving.posts_table"),
                post_columns(tell, planned=False),
                [post_row(tell, item, post, planned=False) for item, post in moved],
                key="moving-posts",
                source=tell.source("postings"),
            )
        ]
        if moved
        else []
    )
    counted = [sum(post.change.direction is one for _, post in compared) for one in _MOVED]
    return [
        tell.say(
            "moving.posts_intro",
            block="moving.posts",
            n=tell.count(len(compared), "change", of="posts-compared"),
            rising=tell.count(counted[0], "change", of="posts-rising"),
            fading=tell.count(counted[1], "change", of="posts-fading"),
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
            n=tell.count(len(compared), "change", of="skills-compared"),
            rising=tell.count(counted[0], "change", of="skills-rising"),
            fading=tell.count(counted[1], "change", of="skills-fading"),
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
                NamedNumber(item.change.now, named("skill", *scope)),
                tell.known(item.change.share, "few_postings", of=named("skill-share", *scope)),
                tell.known(item.change.share_before, "few_postings", of=named("skill-share-before", *scope)),
            ]
            for item in items
            for scope in [(item.industry.key, item.skill.key)]
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
                NamedNumber(item.window, named("signal-window", *scope)),
                NamedNumber(item.count / item.total, named("signal-share", *scope)),
                NamedNumber(item.before_count / item.before_total, named("signal-share-before", *scope)),
            ]
            for item in signals
            for scope in [(item.industry.key, item.skill.key, item.month)]
        ],
        key="signals",
        source=tell.source("postings"),
    )
    n = tell.count(len(signals), "signal", of="signals")
    return [tell.say("moving.signals_intro", block="moving.signals", n=n), table]
