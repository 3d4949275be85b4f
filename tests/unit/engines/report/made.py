"""Small facts made by hand: two industries, three posts, one programme; every figure below stands for something."""

from __future__ import annotations

import datetime as dt

from zhiqiao.engines.report import (
    Backtest,
    BacktestLevel,
    Change,
    Coverage,
    Direction,
    Estimate,
    Finding,
    GapRow,
    IndustryFacts,
    MissingSkill,
    Name,
    Outlook,
    Part,
    PostFacts,
    ProgrammeFacts,
    ReportFacts,
    ReportParameters,
    ScenarioFacts,
    SignalFacts,
    SkillChange,
    SkillShare,
    SourceFacts,
    read_report_parameters,
)
from zhiqiao.packs import common_file

MONTHS = tuple(f"{2023 + at // 12}-{at % 12 + 1:02d}" for at in range(24))
AHEAD = tuple(f"2025-{at:02d}" for at in range(1, 13))
TEA, RIDING = Name("tea", "茶产业", "Tea"), Name("riding", "配送", "Delivery")
MAKING, SERVING = Name("making", "加工", "Processing"), Name("serving", "送达", "Carrying")
MAKER, TASTER, RIDER = (
    Name("maker", "制茶工", "Tea maker"),
    Name("taster", "评茶员", "Tea taster"),
    Name("rider", "骑手", "Rider"),
)
ROASTING, TASTING = Name("roasting", "炒茶", "Roasting"), Name("tasting", "评茶", "Tasting")
LEVEL = BacktestLevel("post", 3, 36, 1.37, {"last": 1.61, "mean3": 1.43}, 0.79, 0.67)
SCHOOL = Name("school", "茶校", "Tea School")
PROGRAMME = Name("tea-programme", "茶叶生产", "Tea production")


def limits() -> ReportParameters:
    return read_report_parameters(common_file("report", "report.toml"))


def outlook(monthly: float, total: Estimate) -> Outlook:
    return Outlook(
        counts=(monthly,) * 24,
        mean=(monthly,) * 12,
        low=(monthly - 1,) * 12,
        high=(monthly + 1,) * 12,
        next_year=total,
        method="counts",
        scenarios=(
            ScenarioFacts(2, "2026-01", "2026-12", 701.0, 811.0, 921.0),
            ScenarioFacts(3, "2027-01", "2027-12", 601.0, 811.0, 1021.0),
        ),
    )


def post(name: Name, link: Name, now: int, before: int, direction: Direction) -> PostFacts:
    return PostFacts(
        name,
        link,
        Change(now, before, direction),
        outlook(now / 12, Estimate(now + 3.0, now - 9.0, now + 17.0)),
    )


def facts(**changed: object) -> ReportFacts:
    """Return the facts, some of them changed."""
    values: dict[str, object] = {
        "region": Name("city", "试验市", "Testcity"),
        "year": 2025,
        "date": dt.date(2025, 1, 15),
        "organisation": Name("bureau", "教育局", "Education Bureau"),
        "label": Name("demo", "演示数据", "Demo data"),
        "sources": (
            SourceFacts("postings", "postings", Name("p", "招聘网", "Job site"), 977, MONTHS[0], MONTHS[-1]),
            SourceFacts("survey", "survey", Name("s", "问卷", "Survey form"), None),
            SourceFacts("courses", "school", Name("c", "课程表", "Course tables"), 1),
        ),
        "coverage": Coverage(1043, 977, 13, 7, 29, 17, 3, 41),
        "months": MONTHS,
        "ahead": AHEAD,
        "recent": MONTHS[12:],
        "earlier": MONTHS[:12],
        "judged": MONTHS,
        "industries": _industries(),
        "total": Change(523, 454, Direction.UNCLEAR),
        "structure": {"diploma": (Part(Name("college", "大专"), 307), Part(None, 216))},
        "skills": (SkillChange(ROASTING, TEA, Change(83, 31, Direction.RISING, 359, 300)),),
        "signals": (SignalFacts(TASTING, TEA, "2024-09", True, 2, 19, 61, 11, 477),),
        "gaps": _gaps(),
        "lacking": (
            MissingSkill(MAKER, SkillShare(ROASTING, "ability", 83, 307), 0.25, {"tea-programme": 5.0}, Estimate(0.2)),
        ),
        "programmes": (programme(),),
        "backtest": Backtest(
            "2023-12", MONTHS[12:], True, (LEVEL,)
        ),
        "level": 80.0,
        "balance_level": 0.9,
        "false_discovery": 0.1,
        "min_postings": 30,
        "versions": {"scenario": "2026.11", "scenario_width": "15%", "taxonomy": "abc123"},
        "missing": {"survey": "no_survey", "graduates": "no_graduates", "quantity": "no_graduates",
                    "conditions": "no_conditions", "projects": "no_projects", "change": "short_history"},
    }  # fmt: skip
    return ReportFacts(**{**values, **changed})  # type: ignore[arg-type]


def _industries() -> tuple[IndustryFacts, ...]:
    tea = IndustryFacts(
        TEA,
        True,
        Change(359, 300, Direction.RISING, 523),
        outlook(30, Estimate(366.0, 331.0, 402.0)),
        (
            post(MAKER, MAKING, 307, 203, Direction.RISING),
            post(TASTER, MAKING, 52, 97, Direction.FADING),
        ),
        (SkillShare(ROASTING, "ability", 83, 359),),
        Estimate(0.41, 0.37, 0.46),
    )
    riding = IndustryFacts(
        RIDING,
        False,
        Change(164, 154, Direction.UNCLEAR, 523),
        outlook(14, Estimate(169.0, 149.0, 190.0)),
        (post(RIDER, SERVING, 164, 154, Direction.UNCLEAR),),
        (),
        None,
    )
    return (tea, riding)


def _gaps() -> tuple[GapRow, ...]:
    share = (SkillShare(ROASTING, "ability", 83, 307),)
    behind = Finding("content_behind", None, {"uncovered": 0.58})
    missing = Finding("programme_missing", None, {"postings": 318})
    return (
        GapRow(TEA, MAKING, MAKER, 510, share, (PROGRAMME,), (behind,), Estimate(0.58, 0.53, 0.63), None),
        GapRow(RIDING, SERVING, RIDER, 318, (), (), (missing,), None, None),
    )  # fmt: skip


def programme(**changed: object) -> ProgrammeFacts:
    values: dict[str, object] = {
        "name": PROGRAMME, "organisation": SCHOOL, "year": None, "enrolled": None, "graduates": None,
        "placement": None, "matching": None, "cost": None, "practice_share": 0.43, "quantity": None,
        "uncovered": Estimate(0.58, 0.53, 0.63), "advice": "unknown", "reasons": ("quantity_unknown",),
        "places": None, "firmness": 0.0,
    }  # fmt: skip
    return ProgrammeFacts(**{**values, **changed})  # type: ignore[arg-type]
