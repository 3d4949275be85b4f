"""The chapters that say how far the outlook carries: scenarios of later years, and the back-test."""

from __future__ import annotations

from collections.abc import Sequence

from zhiqiao.engines.documents import (
    Block,
    Callout,
    Cell,
    Column,
    Heading,
    Inline,
    Items,
    NamedNumber,
    Table,
    Tone,
    Unknown,
    ValueKind,
)
from zhiqiao.engines.report._facts import Backtest, BacktestLevel, Name, ProjectFacts, ScenarioFacts
from zhiqiao.engines.report._figures import named
from zhiqiao.engines.report._teller import Teller


def outlook(tell: Teller) -> list[Block]:
    """Return the chapters on scenarios and on the back-test."""
    return [*_scenarios(tell), *_backtest(tell)]


def _scenarios(tell: Teller) -> list[Block]:
    facts = tell.facts
    blocks: list[Block] = [
        Heading(tell.text("head.scenarios")),
        tell.say(
            "scenarios.intro",
            width=facts.versions["scenario_width"],
            version=facts.versions["scenario"],
        ),
    ]
    counted = [project for project in facts.projects if project.counted]
    if counted:
        blocks += [
            tell.say("scenarios.projects", n=tell.count(len(counted), "scenario", of="projects")),
            Items(_projects(tell, counted), key="scenarios.each"),
        ]
        blocks.append(tell.say("scenarios.projects_apart"))
    else:
        blocks.append(tell.say("scenarios.no_inputs", reason=tell.because("projects")))
    if early := [project.name for project in facts.projects if not project.counted]:
        blocks.append(tell.say("scenarios.early", names=tell.words.names(early)))
    series = [(item.name, (item.name.key,), item.outlook.scenarios) for item in facts.industries]
    return [
        *blocks,
        scenario_table(tell, series, "scenarios", "scenarios.table"),
        Callout(tell.text("scenarios.title"), [tell.text("scenarios.label")], Tone.LIMITS),
    ]


def _projects(tell: Teller, projects: Sequence[ProjectFacts]) -> list[tuple[Inline, ...]]:
    return [
        tell.words.say(
            "scenarios.project",
            name=tell.words.name(project.name),
            start=project.start,
            staff=tell.count(
                project.staff, "scenario", of=named("project-staff", project.name.key, project.industry.key)
            ),
            probability=tell.share(
                project.probability,
                "scenario",
                of=named("project-chance", project.name.key, project.industry.key),
            ),
        )
        for project in projects
    ]


def scenario_table(
    tell: Teller,
    series: Sequence[tuple[Name, tuple[str, ...], Sequence[ScenarioFacts]]],
    key: str,
    title: str,
) -> Table:
    """Return the table of scenario bands, each series with the keys of its figures; years are named by months."""
    number = ValueKind.NUMBER
    split = any(band.projects for *_, bands in series for band in bands)
    rows: list[list[Cell]] = [
        [
            tell.words.name(name),
            tell.text("scenarios.period", first=band.first, last=band.last),
            NamedNumber(round(band.low), named("scenario-low", *scope)),
            NamedNumber(round(band.base), named("scenario-base", *scope)),
            *([NamedNumber(round(band.projects), named("scenario-projects", *scope))] if split else []),
            NamedNumber(round(band.high), named("scenario-high", *scope)),
        ]
        for name, keys, bands in series
        for band in bands
        for scope in [(*keys, str(band.year))]
    ]
    extra = [Column(tell.text("scenarios.col_projects"), number, places=0, width=14)] if split else []
    head = "state.col_industry" if key == "scenarios" else "industry.col_post"
    return Table(
        tell.text(title),
        [
            Column(tell.text(head), width=30, merged=True),
            Column(tell.text("scenarios.col_year"), width=25),
            Column(tell.text("scenarios.col_low"), number, places=0, width=12),
            Column(tell.text("scenarios.col_base"), number, places=0, width=12),
            *extra,
            Column(tell.text("scenarios.col_high"), number, places=0, width=12),
        ],
        rows,
        key=key,
        notes=[tell.text("scenarios.label")] if key != "scenarios" else [],
        source=tell.source("postings"),
        empty_reason=tell.text("scenarios.empty"),
    )


def _backtest(tell: Teller) -> list[Block]:
    backtest = tell.facts.backtest
    heading = Heading(tell.text("head.backtest"))
    if backtest is None:
        return [
            heading,
            tell.say("backtest.unknown", block="backtest.intro", reason=tell.because("backtest")),
        ]
    intro = "backtest.intro_last_year" if backtest.last_year else "backtest.intro_rolling"
    if backtest.kept:
        intro = "backtest.intro_kept"
    return [
        heading,
        tell.say(
            intro,
            block="backtest.intro",
            origin=backtest.origin,
            n=len(backtest.months),
            first=backtest.months[0],
            last=backtest.months[-1],
        ),
        Items([_verdict(tell, level) for level in backtest.levels], key="backtest.verdicts"),
        _backtest_table(tell, backtest),
    ]


def _best(level: BacktestLevel) -> tuple[str, float]:
    return min(level.naive.items(), key=lambda item: item[1])


def _verdict(tell: Teller, level: BacktestLevel) -> tuple[Inline, ...]:
    _, naive = _best(level)
    better = level.error < naive
    return tell.words.say(
        "backtest.verdict_better" if better else "backtest.verdict_worse",
        level_name=tell.text(f"backtest.{level.level}"),
        error=tell.number(level.error, "backtest", of=named("error", level.level)),
        naive=tell.number(naive, "backtest", of=named("naive", level.level)),
        share=tell.share(
            1 - level.error / naive if better else None, "backtest", of=named("better", level.level), places=1
        ),
    )


def _backtest_table(tell: Teller, backtest: Backtest) -> Table:
    number, percent = ValueKind.NUMBER, ValueKind.PERCENT
    return Table(
        tell.text("backtest.table"),
        [
            Column(tell.text("backtest.col_level"), width=15),
            Column(tell.text("backtest.col_series"), number, places=0, width=9),
            Column(tell.text("backtest.col_cells"), number, places=0, width=9),
            Column(tell.text("backtest.col_error"), number, places=2, width=10),
            Column(tell.text("backtest.col_best"), number, places=2, width=12),
            Column(tell.text("backtest.col_which"), width=15),
            Column(tell.text("backtest.col_better"), width=13),
            Column(tell.text("backtest.col_cover"), percent, places=0, width=11),
            Column(tell.text("backtest.col_total_cover"), percent, places=0, width=11),
        ],
        [_level_row(tell, level) for level in backtest.levels],
        key="backtest",
        notes=[tell.text("backtest.note", level=tell.level())],
        source=tell.source("postings"),
    )


def _level_row(tell: Teller, level: BacktestLevel) -> list[Cell]:
    name, naive = _best(level)
    better = level.error < naive
    share = tell.plain(1 - level.error / naive, named("better", level.level), places=1, percent=True)
    return [
        tell.text(f"backtest.{level.level}"),
        NamedNumber(level.series, named("series", level.level)),
        NamedNumber(level.cells, named("cells", level.level)),
        NamedNumber(level.error, named("error", level.level)),
        NamedNumber(naive, named("naive", level.level)),
        tell.text(f"naive.{'ses' if name.startswith('ses') else name}"),
        tell.words.say("backtest.better", share=share) if better else tell.text("backtest.worse"),
        NamedNumber(level.cover, named("cover", level.level)),
        Unknown(applies=False)
        if level.total_cover is None
        else NamedNumber(level.total_cover, named("total-cover", level.level)),
    ]
