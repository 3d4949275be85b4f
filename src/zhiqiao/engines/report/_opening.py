"""The first pages: summary with key findings, purpose, and what the report rests on."""

from __future__ import annotations

from zhiqiao.engines.documents import (
    Block,
    Callout,
    Column,
    Contents,
    Figure,
    Heading,
    Inline,
    Items,
    Paragraph,
    Table,
    Text,
    Tone,
    Unknown,
    ValueKind,
)
from zhiqiao.engines.report._facts import Direction, GapRow, IndustryFacts, PostFacts
from zhiqiao.engines.report._figure_table import OVER
from zhiqiao.engines.report._figures import named
from zhiqiao.engines.report._teller import Teller
from zhiqiao.engines.report._words import Value

_NAMED = 6


def opening(tell: Teller) -> list[Block]:
    """Return contents, summary, purpose and the chapter on data."""
    return [Contents(depth=2), *_summary(tell), *_purpose(tell), *_data(tell)]


def _summary(tell: Teller) -> list[Block]:
    findings: list[Text] = [*_demand(tell), *_posts(tell), *_skills(tell), *_gaps(tell), *_tested(tell)]
    blocks: list[Block] = [
        Heading(tell.text("head.summary"), numbered=False),
        Paragraph(_total(tell), "summary.total"),
        Callout(tell.text("summary.callout"), findings, Tone.KEY, "summary.findings"),
    ]
    if tell.facts.label is not None:
        blocks.append(Callout(tell.text("data.limits_title"), [tell.text("summary.demo")], Tone.LIMITS))
    return blocks


def _total(tell: Teller) -> Text:
    facts = tell.facts
    posts = sum(post.change.now > 0 for industry in facts.industries for post in industry.posts)
    busy = sum(industry.change.now > 0 for industry in facts.industries)
    before = facts.total.before
    return tell.words.say(
        "summary.total_short" if before is None else "summary.total",
        first=facts.recent[0],
        last=facts.recent[-1],
        region=tell.words.name(facts.region),
        n=tell.count(facts.total.now, of="total"),
        industries=tell.count(busy, of="busy-industries"),
        posts=tell.count(posts, of="busy-posts"),
        before=tell.count(before, of="total-before"),
    )


def _demand(tell: Teller) -> list[Text]:
    industries = [industry for industry in tell.facts.industries if industry.change.now]
    if not industries:
        return []
    first = max(industries, key=lambda industry: industry.change.now)
    key, ahead = first.name.key, named("next", first.name.key)
    if first.outlook.next_year.value is None:
        return []
    return [
        tell.words.say(
            "summary.largest",
            industry=tell.words.name(first.name),
            n=tell.count(first.change.now, of=named("postings", key)),
            share=tell.share(first.change.share, of=named("share", key)),
            next=tell.count(first.outlook.next_year.value, "forecast", of=ahead),
            level=tell.level(),
            **tell.bounds(first.outlook.next_year, "forecast", of=ahead),
        )
    ]


def _posts(tell: Teller) -> list[Text]:
    posts = [(industry, post) for industry in tell.facts.industries for post in industry.posts]
    if all(post.change.direction is Direction.UNKNOWN for _, post in posts):
        return [tell.words.say("moving.not_compared", reason=tell.because("change"))]
    if not any(post.change.direction in {Direction.RISING, Direction.FADING} for _, post in posts):
        return [tell.words.say("summary.no_moved_posts")]
    return [_moved(tell, posts, Direction.RISING), _moved(tell, posts, Direction.FADING)]


def _moved(tell: Teller, posts: list[tuple[IndustryFacts, PostFacts]], direction: Direction) -> Text:
    found = [pair for pair in posts if pair[1].change.direction is direction]
    found.sort(key=lambda pair: -abs(pair[1].change.now - (pair[1].change.before or 0)))
    if not found:
        return tell.words.say(f"summary.no_{direction.value}_posts")
    phrases = [
        tell.words.say(
            f"summary.{direction.value}_post",
            post=tell.words.name(post.name),
            now=tell.count(post.change.now, "change", of=named("postings", industry.name.key, post.name.key)),
            before=tell.count(
                post.change.before, "change", of=named("before", industry.name.key, post.name.key)
            ),
        )
        for industry, post in found[:_NAMED]
    ]
    return tell.words.say(
        f"summary.{direction.value}_posts",
        n=tell.count(len(found), "change", of=f"posts-{direction.value}"),
        names=tell.words.joined(phrases),
    )


def _skills(tell: Teller) -> list[Text]:
    rising = [item for item in tell.facts.skills if item.change.direction is Direction.RISING]
    rising.sort(key=lambda item: -((item.change.share or 0) - (item.change.share_before or 0)))
    if not rising:
        return []
    phrases = [
        tell.words.say(
            "summary.rising_skill",
            skill=tell.words.name(item.skill),
            industry=tell.words.name(item.industry),
            now=tell.share(
                item.change.share, "change", of=named("skill-share", item.industry.key, item.skill.key)
            ),
            before=tell.share(
                item.change.share_before,
                "change",
                of=named("skill-share-before", item.industry.key, item.skill.key),
            ),
        )
        for item in rising[:4]
    ]
    return [tell.words.say("summary.rising_skills", names=tell.words.joined(phrases))]


def _gaps(tell: Teller) -> list[Text]:
    found: list[Text] = []
    served = [row for row in tell.facts.gaps if row.programmes and row.uncovered and row.uncovered.value]
    if served:
        found.append(
            _widest(tell, max(served, key=lambda row: (row.uncovered.low or 0) if row.uncovered else 0))
        )
    missing = sorted((row for row in tell.facts.gaps if not row.programmes), key=lambda row: -row.postings)
    if missing:
        key = "summary.missing" if len(missing) <= _NAMED else "summary.missing_more"
        names = tell.words.names([row.post for row in missing[:_NAMED]])
        found.append(
            tell.words.say(key, n=tell.count(len(missing), "balance", of="posts-unserved"), names=names)
        )
    return [*found, *_over(tell)]


def _widest(tell: Teller, row: GapRow) -> Text:
    assert row.uncovered is not None
    of = named("gap", row.post.key)
    return tell.words.say(
        "summary.gap",
        post=tell.words.name(row.post),
        share=tell.share(row.uncovered.value, "balance", of=of),
        level=tell.balance_level(),
        **tell.bounds(row.uncovered, "balance", of=of, percent=True),
    )


def _over(tell: Teller) -> list[Text]:
    programmes = tell.facts.programmes
    if not programmes:
        return []
    if all(item.quantity is None for item in programmes):
        return [tell.words.say("summary.oversupply_unknown", reason=tell.because("graduates"))]
    over = [item for item in programmes if item.advice in OVER]
    if not over:
        return [tell.words.say("summary.no_oversupply")]
    names = tell.words.names([item.name for item in over])
    n = tell.count(len(over), "supply", of="programmes-over")
    return [tell.words.say("summary.oversupply", n=n, names=names)]


def _tested(tell: Teller) -> list[Text]:
    backtest = tell.facts.backtest
    if backtest is None:
        return [tell.words.say("backtest.unknown", reason=tell.because("backtest"))]
    posts = next((level for level in backtest.levels if level.level == "post"), None)
    if posts is None:
        return []
    best = min(posts.naive.values())
    return [
        tell.words.say(
            "summary.backtest_better" if posts.error < best else "summary.backtest_worse",
            error=tell.number(posts.error, "backtest", of=named("error", "post")),
            naive=tell.number(best, "backtest", of=named("naive", "post")),
            level=tell.level(),
            cover=tell.share(posts.cover, "backtest", of=named("cover", "post")),
        )
    ]


def _purpose(tell: Teller) -> list[Block]:
    return [
        Heading(tell.text("head.purpose")),
        tell.say("purpose.purpose", region=tell.words.name(tell.facts.region)),
        tell.say("purpose.law"),
        tell.say("purpose.person"),
    ]


def _data(tell: Teller) -> list[Block]:
    return [
        Heading(tell.text("head.data")),
        Heading(tell.text("head.sources"), 2),
        tell.say("data.apart"),
        _sources_table(tell),
        Heading(tell.text("head.coverage"), 2),
        *_coverage(tell),
        Heading(tell.text("head.method"), 2),
        _method(tell),
        Heading(tell.text("head.limits"), 2),
        _limits(tell),
    ]


def _sources_table(tell: Teller) -> Table:
    rows = []
    for source in tell.facts.sources:
        used = source.count is not None
        months = tell.text("data.months", first=source.first, last=source.last) if source.first else None
        missing = tell.text("data.not_used")
        rows.append(
            [
                tell.source_name(source),
                tell.text(f"kind.{source.kind}"),
                tell.known(source.count, f"no_{_ABSENT[source.kind]}", of=named("source", source.key)),
                months
                if used and months
                else (Unknown(tell.because("months_not_stated"), applies=False) if used else missing),
            ]
        )
    columns = [
        Column(tell.text("data.col_source"), width=30),
        Column(tell.text("data.col_kind"), width=22),
        Column(tell.text("data.col_count"), ValueKind.NUMBER, places=0, width=24),
        Column(tell.text("data.col_months"), width=24),
    ]
    return Table(tell.text("data.sources_title"), columns, rows, key="sources")


_ABSENT = {
    "postings": "postings",
    "survey": "survey",
    "plan": "plans",
    "school": "graduates",
    "statistics": "statistics",
}


def _coverage(tell: Teller) -> list[Block]:
    facts, coverage = tell.facts, tell.facts.coverage
    blocks: list[Block] = [
        tell.say(
            "data.objects",
            region=tell.words.name(facts.region),
            companies=tell.count(coverage.companies, of="companies"),
        ),
        tell.say(
            "data.coverage",
            read=_came(tell, "read"),
            counted=_came(tell, "counted"),
            duplicates=_came(tell, "duplicates"),
            rejected=_came(tell, "rejected"),
            elsewhere=_came(tell, "elsewhere"),
            no_post=_came(tell, "no_post"),
        ),
    ]
    if coverage.place_unknown:
        blocks.append(tell.say("data.place_unknown", n=_came(tell, "place_unknown")))
    if coverage.outside:
        blocks.append(tell.say("data.coverage_outside", n=_came(tell, "outside")))
    blocks.append(Paragraph(tell.words.say("data.period", **_period(tell)), "data.period"))
    wanted = f"{facts.year - 1}-12"
    if facts.months[-1] != wanted:
        blocks.append(tell.say("data.cut", year=facts.year, wanted=wanted, last=facts.months[-1]))
    blocks.append(tell.say("data.survey", n=_came(tell, "counted"), reason=tell.because("survey")))
    return blocks


def _came(tell: Teller, what: str) -> Figure:
    """Return how many postings came in, or did not count for a reason."""
    return tell.count(getattr(tell.facts.coverage, what), "intake", of=named("coverage", what))


def _period(tell: Teller) -> dict[str, Value]:
    months, ahead = tell.facts.months, tell.facts.ahead
    return {
        "first": months[0],
        "last": months[-1],
        "months": tell.count(len(months), "intake", of="months"),
        "ahead_first": ahead[0],
        "ahead_last": ahead[-1],
    }


def _method(tell: Teller) -> Callout:
    say, limits = tell.words.say, tell.limits
    texts: list[tuple[Inline, ...]] = [
        say("data.method_posts"),
        say(
            "data.method_change",
            ratio=f"{limits.least_ratio:g}",
            count=limits.least_count,
            rate=f"{limits.false_discovery * 100:g}%",
        ),
        say("data.method_forecast", level=tell.level()),
        say("data.method_balance", min=tell.facts.min_postings, months=len(tell.facts.judged)),
    ]
    return Callout(tell.text("data.method_title"), texts, Tone.METHOD)


def _limits(tell: Teller) -> Items:
    keys = ["limit_online", "limit_share", "limit_small"]
    if tell.facts.label is not None:
        keys.append("limit_demo")
    return Items([tell.words.say(f"data.{key}") for key in keys], key="data.limits")
