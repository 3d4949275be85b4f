"""The facts of the demand report from the files of a region pack alone; wording and layout are the engine's."""

from __future__ import annotations

import datetime as dt
import tomllib
from collections import Counter
from pathlib import Path

import numpy as np

from zhiqiao.cli._report_gap import compared
from zhiqiao.cli._report_postings import Mined, mine_pack
from zhiqiao.cli._report_supply import Supply, read_projects, read_supply
from zhiqiao.cli._say import Fault
from zhiqiao.engines import findings, report
from zhiqiao.packs import common_file, folder, read_rows


def facts_of_pack(
    pack: Path, year: int, *, today: dt.date, limits: report.ReportParameters
) -> report.ReportFacts:
    """Return the facts of a pack for a year: data up to the end of the year before, or the last month there is.

    Raises Fault when the pack has no postings or none of that time, and the errors of the engines.
    """
    if not (pack / "postings.toml").exists():
        raise Fault(
            f"区域包 {pack.name} 没有招聘信息（postings.toml），无法编制报告。",
            f"The region pack {pack.name} has no postings (postings.toml): no report can be made.",
        )
    mined = mine_pack(pack, last=f"{year - 1}-12", today=today)
    _check(mined, year)
    rules = findings.Rules.read(folder("common"), report=limits)
    return findings.make_facts(_inputs(pack, mined, rules, year=year, today=today), rules)


def _check(mined: Mined, year: int) -> None:
    if not mined.months or not mined.postings:
        raise Fault(
            f"{year - 1} 年底以前没有招聘信息，不能编制 {year} 年度报告。请改用较晚的年份。",
            f"There are no postings up to the end of {year - 1}: no report for {year}. Choose a later year.",
        )
    if mined.months[-1] < f"{year - 1}-01":
        raise Fault(
            f"招聘信息只到 {mined.months[-1]}，{year} 年度报告需要 {year - 1} 年的数据。请改用较早的年份或补充数据。",
            f"The postings end with {mined.months[-1]}; a report for {year} needs data of {year - 1}. "
            "Choose an earlier year or add data.",
        )


def _inputs(pack: Path, mined: Mined, rules: findings.Rules, *, year: int, today: dt.date) -> findings.Inputs:
    region = tomllib.loads((pack / "region.toml").read_text(encoding="utf-8"))
    texts = tomllib.loads(common_file("report", "demand_report.toml").read_text(encoding="utf-8"))
    chain, supply = _chain(pack, mined), read_supply(pack, year=year)
    recent, _ = findings.windows(mined.months, rules.report.months)
    return findings.Inputs(
        region=report.Name(region["key"], region["name_zh"], region["name_en"]),
        year=year,
        today=today,
        organisation=_bureau(pack),
        label=report.Name("demo", region["label_zh"], region["label_en"]),
        chain=chain,
        skills={
            skill.id: findings.Skill(report.Name(skill.id, skill.zh, skill.en), skill.kind)
            for skill in mined.skills
        },
        months=mined.months,
        levels=_levels(mined, chain),
        coverage=_coverage(mined, recent),
        structure=_structure(mined, recent, region.get("places_en", {})),
        sources=_sources(mined, supply),
        compared=compared(mined, supply, chain, rules.balance, months=rules.report.gap_months),
        planned=supply.planned,
        projects=read_projects(pack, chain),
        taxonomy=mined.taxonomy,
        texts=texts["version"],
    )


def _levels(mined: Mined, chain: findings.Chain) -> dict[findings.LevelName, findings.Level]:
    industries, size = list(chain.industries), len(mined.months)
    home = np.array([industries.index(chain.industry_of[row["id"]]) for row in mined.posts])
    posts = np.zeros((len(mined.posts), size))
    np.add.at(posts, (mined.post, mined.month), 1)
    whole = np.zeros((len(industries), size))
    np.add.at(whole, home, posts)
    posting, skill = mined.pairs
    pairs = np.zeros((len(industries), len(mined.skills), size))
    np.add.at(pairs, (home[mined.post[posting]], skill, mined.month[posting]), 1)
    named = np.argwhere(pairs.sum(axis=2) > 0)
    keys = tuple((industries[row], mined.skills[column].id) for row, column in named)
    return {
        "industry": findings.Level("industry", tuple((key,) for key in industries), whole),
        "post": findings.Level(
            "post", tuple((chain.industry_of[row["id"]], row["id"]) for row in mined.posts), posts
        ),
        "skill": findings.Level("skill", keys, pairs[named[:, 0], named[:, 1]]),
    }


def _coverage(mined: Mined, recent: slice) -> report.Coverage:
    left = mined.left_out
    newest = [posting for posting in mined.postings if posting.month >= recent.start]
    return report.Coverage(
        read=left["read"],
        counted=len(mined.postings),
        duplicates=left["duplicates"],
        rejected=left["rejected"],
        elsewhere=left["elsewhere"],
        no_post=left["no_post"],
        place_unknown=sum(posting.place is None for posting in mined.postings),
        companies=len({posting.company for posting in newest if posting.company}),
    )


def _structure(mined: Mined, recent: slice, places_en: dict[str, str]) -> dict[str, tuple[report.Part, ...]]:
    newest = [posting for posting in mined.postings if posting.month >= recent.start]
    tables = common_file("jobmining")
    places = {
        row["code"]: report.Name(row["code"], row["name"], places_en.get(row["code"], ""))
        for row in read_rows(tables / "cities.csv")
    }
    diplomas = {row["id"]: report.Name(row["id"], row["zh"]) for row in read_rows(tables / "diplomas.csv")}
    return {
        "diploma": findings.parts_of(Counter(posting.diploma for posting in newest), diplomas),
        "experience": findings.parts_of(
            Counter(posting.experience for posting in newest), findings.experience_names()
        ),
        "place": findings.parts_of(Counter(posting.place for posting in newest), places),
    }


def _sources(mined: Mined, supply: Supply) -> tuple[report.SourceFacts, ...]:
    months = mined.months
    absent = report.SourceFacts(
        "survey", "survey", report.Name("survey", "企业问卷调研", "Survey of enterprises"), None
    )
    return (
        report.SourceFacts(
            "postings",
            "postings",
            report.Name("postings", "网上招聘信息", "Online job postings"),
            len(mined.postings),
            months[0],
            months[-1],
            synthetic=True,
        ),
        absent,
        report.SourceFacts(
            "plans",
            "plan",
            report.Name("plans", "企业用人计划", "Hiring plans of enterprises"),
            supply.plan_lines or None,
            synthetic=True,
        ),
        report.SourceFacts(
            "courses",
            "school",
            report.Name("courses", "院校专业（附课程表）", "Programmes of schools with their course tables"),
            len(supply.programmes),
            synthetic=True,
        ),
        report.SourceFacts(
            "years",
            "school",
            report.Name(
                "years",
                "专业年度招生、毕业与就业",
                "Yearly enrolment, graduation and placement of programmes",
            ),
            supply.year_lines or None,
            synthetic=True,
        ),
    )


def _bureau(pack: Path) -> report.Name:
    """Return the authority that publishes: the first government body of the pack."""
    rows = read_rows(pack / "organisations.csv")
    first = next((row for row in rows if row["kind"] == "government"), rows[0])
    return report.Name(first["key"], first["zh"], first["en"])


def _chain(pack: Path, mined: Mined) -> findings.Chain:
    rows = sorted(read_rows(pack / "industries.csv"), key=lambda row: (row["lead"] != "1", int(row["sort"])))
    links = read_rows(pack / "chain_links.csv")
    industry_of_link = {row["id"]: row["industry"] for row in links}
    return findings.Chain(
        industries={row["id"]: report.Name(row["id"], row["zh"], row["en"]) for row in rows},
        leads=frozenset(row["id"] for row in rows if row["lead"] == "1"),
        links={row["id"]: report.Name(row["id"], row["zh"], row["en"]) for row in links},
        industry_of={row["id"]: industry_of_link[row["chain_link"]] for row in mined.posts},
        link_of={row["id"]: row["chain_link"] for row in mined.posts},
        posts={row["id"]: report.Name(row["id"], row["zh"], row["en"]) for row in mined.posts},
    )
