"""The facts of the demand report from the files of a region pack alone; wording and layout are the engine's."""

from __future__ import annotations

import datetime as dt
import tomllib
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from zhiqiao.cli._report_gap import Places, gap_of
from zhiqiao.cli._report_outlook import Announced, Counts, Level, Tools, backtest, outlooks, read_projects
from zhiqiao.cli._report_postings import Mined, mine_pack
from zhiqiao.cli._report_supply import read_supply
from zhiqiao.cli._say import Fault
from zhiqiao.engines import balance, demand, report
from zhiqiao.engines.jobmining import Skill
from zhiqiao.packs import common_file, read_rows

_YEAR = 12


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
    return _Maker(pack, year, today, limits, mined).facts()


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


class _Maker:
    """What the parts of the facts share."""

    def __init__(
        self, pack: Path, year: int, today: dt.date, limits: report.ReportParameters, mined: Mined
    ) -> None:
        self.pack, self.year, self.today, self.limits, self.mined = pack, year, today, limits, mined
        self.places = _places(pack, mined)
        self.tools = Tools.read()
        self.parameters = balance.read_parameters(common_file("balance", "balance.toml"))
        self.supply = read_supply(pack, year=year)
        self.projects = read_projects(pack, self.places.industries, self.places.industry_of)
        self.gap = gap_of(mined, self.supply, self.places, self.parameters, limits)
        size = len(mined.months)
        self.recent = slice(max(0, size - limits.months), size)
        whole = size >= 2 * limits.months
        self.earlier = slice(size - 2 * limits.months, size - limits.months) if whole else slice(0, 0)
        self.industry_of_post = np.array(
            [list(self.places.industries).index(self.places.industry_of[row["id"]]) for row in mined.posts]
        )
        self.levels = self._levels()

    def facts(self) -> report.ReportFacts:
        mined, region = self.mined, tomllib.loads((self.pack / "region.toml").read_text(encoding="utf-8"))
        industries, ahead = self._industries()
        tested = backtest(self.levels, mined.months, self.year, self.tools, self.limits)
        return report.ReportFacts(
            region=report.Name(region["key"], region["name_zh"], region["name_en"]),
            year=self.year,
            date=self.today,
            organisation=_bureau(self.pack),
            label=report.Name("demo", region["label_zh"], region["label_en"]),
            sources=self._sources(),
            coverage=self._coverage(),
            months=mined.months,
            ahead=ahead,
            recent=mined.months[self.recent],
            earlier=mined.months[self.earlier],
            judged=mined.months[-self.limits.gap_months :],
            industries=industries,
            total=self._changes(self.levels["industry"].counts.sum(axis=0, keepdims=True))[0],
            structure=self._structure(region.get("places_en", {})),
            skills=self._skills(),
            signals=self._signals(),
            gaps=self.gap.rows,
            lacking=self.gap.lacking,
            programmes=self.gap.programmes,
            backtest=tested,
            level=self.tools.parameters.level,
            balance_level=self.parameters.bootstrap["level"],
            false_discovery=self.limits.false_discovery,
            min_postings=int(self.parameters.demand["min_postings"]),
            versions=self._versions(),
            projects=tuple(replace(one.facts, counted=_counted(one, ahead)) for one in self.projects),
            missing=self._missing(tested),
        )

    def _levels(self) -> dict[str, Level]:
        mined, industries = self.mined, list(self.places.industries)
        size = len(mined.months)
        posts = np.zeros((len(mined.posts), size))
        np.add.at(posts, (mined.post, mined.month), 1)
        whole = np.zeros((len(industries), size))
        np.add.at(whole, self.industry_of_post, posts)
        posting, skill = mined.pairs
        pairs = np.zeros((len(industries), len(mined.skills), size))
        np.add.at(pairs, (self.industry_of_post[mined.post[posting]], skill, mined.month[posting]), 1)
        named = np.argwhere(pairs[:, :, self.recent].sum(axis=2) + pairs.sum(axis=2) > 0)
        keys = tuple((industries[row], mined.skills[column].id) for row, column in named)
        return {
            "industry": Level(("industry",), tuple((key,) for key in industries), whole),
            "post": Level(
                ("industry", "post"),
                tuple((self.places.industry_of[row["id"]], row["id"]) for row in mined.posts),
                posts,
            ),
            "skill": Level(("industry", "skill"), keys, pairs[named[:, 0], named[:, 1]]),
        }

    def _changes(self, counts: Counts, totals: Counts | None = None) -> list[report.Change]:
        """Return the change of every series; with totals it is the share that is compared."""
        now = counts[:, self.recent].sum(axis=1)
        before = counts[:, self.earlier].sum(axis=1)
        known = self.earlier.stop > 0
        months = float(self.limits.months)
        wholes = np.full((len(counts), 2), months)
        if totals is not None:
            wholes[:, 0] = totals[:, self.recent].sum(axis=1)
            wholes[:, 1] = totals[:, self.earlier].sum(axis=1)
        pairs = [
            (int(new), int(old) if known else None, float(whole[0]), float(whole[1]))
            for new, old, whole in zip(now, before, wholes, strict=True)
        ]
        found = report.directions(pairs, self.limits)
        return [
            report.Change(
                pair[0],
                pair[1],
                direction,
                int(pair[2]) if totals is not None else None,
                int(pair[3]) if totals is not None and known else None,
            )
            for pair, direction in zip(pairs, found, strict=True)
        ]

    def _industries(self) -> tuple[tuple[report.IndustryFacts, ...], tuple[str, ...]]:
        months, levels = self.mined.months, self.levels
        total = int(levels["industry"].counts[:, self.recent].sum())
        own, ahead = outlooks(levels["industry"], months, self.tools, self.projects)
        changes = self._changes(levels["industry"].counts)
        posts = self._posts()
        leads = {row["id"]: row["lead"] == "1" for row in read_rows(self.pack / "industries.csv")}
        found = []
        for at, (key, name) in enumerate(self.places.industries.items()):
            change = changes[at]
            found.append(
                report.IndustryFacts(
                    name=name,
                    lead=leads[key],
                    change=report.Change(change.now, change.before, change.direction, total),
                    outlook=own[at],
                    posts=tuple(posts[key]),
                    skills=self._asked(at),
                    uncovered=self.gap.uncovered.get(key),
                )
            )
        return tuple(found), ahead

    def _posts(self) -> dict[str, list[report.PostFacts]]:
        level, places, planned = self.levels["post"], self.places, self.supply.planned
        own, _ = outlooks(level, self.mined.months, self.tools, self.projects)
        found: dict[str, list[report.PostFacts]] = {key: [] for key in places.industries}
        for (industry, post), change, outlook in zip(
            level.keys, self._changes(level.counts), own, strict=True
        ):
            found[industry].append(
                report.PostFacts(
                    name=places.posts[post],
                    link=places.links[places.link_of[post]],
                    change=change,
                    outlook=outlook,
                    planned=planned.get(post) if planned is not None else None,
                )
            )
        order = list(places.links)
        for posts in found.values():
            posts.sort(key=lambda post: (-post.change.now, order.index(post.link.key), post.name.key))
        return found

    def _asked(self, industry: int) -> tuple[report.SkillShare, ...]:
        """Return the skills that the industry's recent postings name, the most named first."""
        key = list(self.places.industries)[industry]
        level = self.levels["skill"]
        total = int(self.levels["industry"].counts[industry, self.recent].sum())
        skills = {skill.id: skill for skill in self.mined.skills}
        found = [
            report.SkillShare(_name(skills[pair[1]]), skills[pair[1]].kind, int(count), total)
            for pair, count in zip(level.keys, level.counts[:, self.recent].sum(axis=1), strict=True)
            if pair[0] == key and count >= self.parameters.demand["min_count"]
        ]
        return tuple(sorted(found, key=lambda share: (-share.count, share.name.key)))

    def _skills(self) -> tuple[report.SkillChange, ...]:
        """Return pairs of industry and skill with enough postings in either year to be compared."""
        level = self.levels["skill"]
        sums = np.maximum(level.counts[:, self.recent].sum(axis=1), level.counts[:, self.earlier].sum(axis=1))
        rows = np.flatnonzero(sums >= self.limits.least_count)
        changes = self._changes(level.counts[rows], self._totals(rows))
        skills = {skill.id: skill for skill in self.mined.skills}
        return tuple(
            report.SkillChange(
                _name(skills[level.keys[row][1]]), self.places.industries[level.keys[row][0]], change
            )
            for row, change in zip(rows, changes, strict=True)
        )

    def _totals(self, rows: Sequence[int] | np.ndarray) -> Counts:
        industries = list(self.places.industries)
        places = [industries.index(self.levels["skill"].keys[row][0]) for row in rows]
        return self.levels["industry"].counts[places]

    def _signals(self) -> tuple[report.SignalFacts, ...]:
        level, months = self.levels["skill"], self.mined.months
        totals = self._totals(range(len(level.keys)))
        parameters = demand.read_watch_parameters(common_file("demand", "watch.toml"))
        signals = demand.watch(level.counts, totals, parameters, start=self.recent.start)
        skills = {skill.id: skill for skill in self.mined.skills}
        return tuple(
            report.SignalFacts(
                skill=_name(skills[level.keys[signal.series][1]]),
                industry=self.places.industries[level.keys[signal.series][0]],
                month=months[signal.month],
                rising=signal.direction == "rise",
                window=signal.window,
                count=int(signal.count),
                total=int(signal.total),
                before_count=int(signal.before_count),
                before_total=int(signal.before_total),
            )
            for signal in signals
        )

    def _coverage(self) -> report.Coverage:
        mined, left = self.mined, self.mined.left_out
        recent = [posting for posting in mined.postings if posting.month >= self.recent.start]
        return report.Coverage(
            read=left["read"],
            counted=len(mined.postings),
            duplicates=left["duplicates"],
            rejected=left["rejected"],
            elsewhere=left["elsewhere"],
            no_post=left["no_post"],
            place_unknown=sum(posting.place is None for posting in mined.postings),
            companies=len({posting.company for posting in recent if posting.company}),
        )

    def _structure(self, places_en: dict[str, str]) -> dict[str, tuple[report.Part, ...]]:
        recent = [posting for posting in self.mined.postings if posting.month >= self.recent.start]
        folder = common_file("jobmining")
        places = {
            row["code"]: report.Name(row["code"], row["name"], places_en.get(row["code"], ""))
            for row in read_rows(folder / "cities.csv")
        }
        diplomas = {
            row["id"]: report.Name(row["id"], row["zh"]) for row in read_rows(folder / "diplomas.csv")
        }
        bands = {key: report.Name(key, key, key) for key in ("none", "under1", "to3", "to5", "over5")}
        return {
            "diploma": _parts(Counter(posting.diploma for posting in recent), diplomas),
            "experience": _parts(Counter(posting.experience for posting in recent), bands),
            "place": _parts(Counter(posting.place for posting in recent), places),
        }

    def _sources(self) -> tuple[report.SourceFacts, ...]:
        months, supply = self.mined.months, self.supply
        absent = report.SourceFacts(
            "survey", "survey", report.Name("survey", "企业问卷调研", "Survey of enterprises"), None
        )
        return (
            report.SourceFacts(
                "postings",
                "postings",
                report.Name("postings", "网上招聘信息", "Online job postings"),
                len(self.mined.postings),
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
                report.Name(
                    "courses", "院校专业（附课程表）", "Programmes of schools with their course tables"
                ),
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

    def _versions(self) -> dict[str, str]:
        texts = tomllib.loads(common_file("report", "demand_report.toml").read_text(encoding="utf-8"))
        return {
            "taxonomy": self.mined.taxonomy,
            "forecast": self.tools.parameters.version,
            "scenario": self.tools.scenario.version,
            "scenario_width": f"{self.tools.scenario.yearly_width * 100:g}%",
            "balance": self.parameters.version,
            "report": self.limits.version,
            "texts": texts["version"],
        }

    def _missing(self, tested: report.Backtest | None) -> dict[str, str]:
        found = {"survey": "no_survey", "graduates": "no_graduates", "quantity": "no_graduates"}
        found |= {"conditions": "no_conditions", "projects": "no_projects", "change": "short_history"}
        if self.supply.has_years:
            found |= {"graduates": "no_year", "quantity": "no_year"}
        if tested is None:
            found["backtest"] = "short_backtest"
        return found


def _counted(project: Announced, ahead: Sequence[str]) -> bool:
    later = demand.months_after(ahead[-1], 2 * _YEAR)
    return any(later[0] <= start <= later[-1] for _, start, _ in project.staff)


def _parts(counts: Counter[str | None], names: dict[str, report.Name]) -> tuple[report.Part, ...]:
    """Return the parts in the order of their names; what is not stated stands last."""
    known = [report.Part(name, counts[key]) for key, name in names.items() if counts.get(key)]
    return (*known, *([report.Part(None, counts[None])] if counts.get(None) else []))


def _name(skill: Skill) -> report.Name:
    return report.Name(skill.id, skill.zh, skill.en)


def _bureau(pack: Path) -> report.Name:
    """Return the authority that publishes: the first government body of the pack."""
    rows = read_rows(pack / "organisations.csv")
    first = next((row for row in rows if row["kind"] == "government"), rows[0])
    return report.Name(first["key"], first["zh"], first["en"])


def _places(pack: Path, mined: Mined) -> Places:
    rows = sorted(read_rows(pack / "industries.csv"), key=lambda row: (row["lead"] != "1", int(row["sort"])))
    links = read_rows(pack / "chain_links.csv")
    industry_of_link = {row["id"]: row["industry"] for row in links}
    return Places(
        industries={row["id"]: report.Name(row["id"], row["zh"], row["en"]) for row in rows},
        links={row["id"]: report.Name(row["id"], row["zh"], row["en"]) for row in links},
        industry_of={row["id"]: industry_of_link[row["chain_link"]] for row in mined.posts},
        link_of={row["id"]: row["chain_link"] for row in mined.posts},
        posts={row["id"]: report.Name(row["id"], row["zh"], row["en"]) for row in mined.posts},
    )
