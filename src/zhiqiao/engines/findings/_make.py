"""Makes the facts of the report from what was read: counts, changes, outlooks, signals, gaps, the back-test."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import numpy as np

from zhiqiao.engines import demand
from zhiqiao.engines.findings._gap import gap_of
from zhiqiao.engines.findings._inputs import Counts, Inputs, Level, Rules
from zhiqiao.engines.findings._outlook import Ahead, backtest, is_counted, outlooks, values
from zhiqiao.engines.report import (
    Backtest,
    Change,
    IndustryFacts,
    Name,
    Outlook,
    Part,
    PostFacts,
    ReportFacts,
    SignalFacts,
    SkillChange,
    SkillShare,
    directions,
)


def make_facts(inputs: Inputs, rules: Rules, *, check: Callable[[], None] = lambda: None) -> ReportFacts:
    """Return the facts; `check` is called between the longer steps and may raise to stop.

    Raises DemandError as `demand.forecast` does: fewer months than a forecast needs.
    """
    return _Maker(inputs, rules, check).facts()


def parts_of(counts: Counter[str | None], names: Mapping[str, Name]) -> tuple[Part, ...]:
    """Return the parts of a structure in the order of their names; what is not stated stands last."""
    known = [Part(name, counts[key]) for key, name in names.items() if counts.get(key)]
    return (*known, *([Part(None, counts[None])] if counts.get(None) else []))


#: Groups of the experience asked for and the most years that still belong to each.
_BANDS = (("none", 0.0), ("under1", 1.0), ("to3", 3.0), ("to5", 5.0))
_MOST = "over5"
_MOST_FROM = 5.0


def experience_band(low: float | None, high: float | None) -> str | None:
    """Return the group of experience asked for (years); None where nothing is stated."""
    if high is None:
        return None if low is None else _MOST if low >= _MOST_FROM else "none"
    return next((name for name, bound in _BANDS if high <= bound), _MOST)


def experience_names() -> dict[str, Name]:
    """Return the groups of experience in their order, named by their codes."""
    return {key: Name(key, key, key) for key in (*(name for name, _ in _BANDS), _MOST)}


def windows(months: Sequence[str], length: int) -> tuple[slice, slice]:
    """Return the newest `length` months and as many before them (empty where there are not so many)."""
    size = len(months)
    recent = slice(max(0, size - length), size)
    earlier = slice(size - 2 * length, size - length) if size >= 2 * length else slice(0, 0)
    return recent, earlier


class _Maker:
    """What the parts of the facts share."""

    def __init__(self, inputs: Inputs, rules: Rules, check: Callable[[], None]) -> None:
        self.inputs, self.rules, self.check = inputs, rules, check
        self.chain, self.limits = inputs.chain, rules.report
        self.recent, self.earlier = windows(inputs.months, self.limits.months)
        self.industry_at = {key: at for at, key in enumerate(self.chain.industries)}
        unknown = np.isnan(inputs.levels["industry"].counts).all(axis=0)
        self.blank: Counts = np.where(unknown, np.nan, 0.0)
        self.industries = self._rows(inputs.levels["industry"], [(key,) for key in self.chain.industries])
        self.post_keys = [(self.chain.industry_of[post], post) for post in self.chain.posts]
        self.posts = self._rows(inputs.levels["post"], self.post_keys)
        self.skills = inputs.levels["skill"]
        self.gap = gap_of(inputs, rules)

    def _rows(self, level: Level, keys: Sequence[tuple[str, ...]]) -> Counts:
        """Return the counts in the order of `keys`; what has no series has no posting in a month that is known."""
        at = {key: row for row, key in enumerate(level.keys)}
        return np.array([level.counts[at[key]] if key in at else self.blank for key in keys])

    def facts(self) -> ReportFacts:
        inputs, months = self.inputs, self.inputs.months
        industries, ahead = self._industries()
        self.check()
        tested = inputs.backtest or backtest(inputs.levels, months, inputs.year, self.rules)
        self.check()
        return ReportFacts(
            region=inputs.region,
            year=inputs.year,
            date=inputs.today,
            organisation=inputs.organisation,
            label=inputs.label,
            sources=inputs.sources,
            coverage=inputs.coverage,
            months=months,
            ahead=ahead,
            recent=months[self.recent],
            earlier=months[self.earlier],
            judged=months[-self.limits.gap_months :],
            industries=industries,
            total=self._changes(self.industries.sum(axis=0, keepdims=True))[0],
            structure=inputs.structure,
            skills=self._skills(),
            signals=self._signals(),
            gaps=self.gap.rows,
            lacking=self.gap.lacking,
            programmes=self.gap.programmes,
            backtest=tested,
            level=self.rules.forecast.level,
            balance_level=self.rules.balance.bootstrap["level"],
            false_discovery=self.limits.false_discovery,
            min_postings=int(self.rules.balance.demand["min_postings"]),
            versions=self._versions(),
            projects=tuple(replace(one.facts, counted=is_counted(one, ahead)) for one in inputs.projects),
            missing=self._missing(tested),
        )

    def _changes(self, counts: Counts, totals: Counts | None = None) -> list[Change]:
        """Return the change of every series; with totals it is the share that is compared.

        Without totals the postings of known months are compared: exposures are the months known.
        """
        known = (~np.isnan(counts[:, self.recent]), ~np.isnan(counts[:, self.earlier]))
        now, before = (np.nansum(counts[:, part], axis=1) for part in (self.recent, self.earlier))
        wholes = [part.sum(axis=1).astype(float) for part in known]
        seen = wholes[1] > 0
        if totals is not None:
            wholes = [np.nansum(totals[:, part], axis=1) for part in (self.recent, self.earlier)]
        pairs = [
            (int(new), int(old) if is_known else None, float(whole), float(whole_before))
            for new, old, is_known, whole, whole_before in zip(now, before, seen, *wholes, strict=True)
        ]
        found = directions(pairs, self.limits)
        return [
            Change(
                pair[0],
                pair[1],
                direction,
                int(pair[2]) if totals is not None else None,
                int(pair[3]) if totals is not None and pair[1] is not None else None,
            )
            for pair, direction in zip(pairs, found, strict=True)
        ]

    def _industries(self) -> tuple[tuple[IndustryFacts, ...], tuple[str, ...]]:
        total = int(np.nansum(self.industries[:, self.recent]))
        own = self._ahead("industry")
        unknown = (None,) * len(own.months)  # nothing to forecast from
        changes = self._changes(self.industries)
        posts = self._posts()
        found = []
        for at, (key, name) in enumerate(self.chain.industries.items()):
            change = changes[at]
            found.append(
                IndustryFacts(
                    name=name,
                    lead=key in self.chain.leads,
                    change=Change(change.now, change.before, change.direction, total),
                    outlook=own.by_key.get((key,))
                    or Outlook(values(self.industries[at]), unknown, unknown, unknown),
                    posts=tuple(posts[key]),
                    skills=self._asked(at),
                    uncovered=self.gap.uncovered.get(key),
                )
            )
        return tuple(found), own.months

    def _ahead(self, name: str) -> Ahead:
        self.check()
        inputs = self.inputs
        level = inputs.levels["industry" if name == "industry" else "post"]
        return outlooks(level, inputs.months, self.rules, inputs.projects, inputs.kept.get(level.name))

    def _posts(self) -> dict[str, list[PostFacts]]:
        chain, planned = self.chain, self.inputs.planned
        own = self._ahead("post").by_key
        found: dict[str, list[PostFacts]] = {key: [] for key in chain.industries}
        changes = self._changes(self.posts)
        for (industry, post), change, counts in zip(self.post_keys, changes, self.posts, strict=True):
            found[industry].append(
                PostFacts(
                    name=chain.posts[post],
                    link=chain.links[chain.link_of[post]],
                    change=change,
                    outlook=own.get((industry, post)) or Outlook(values(counts)),
                    planned=planned.get(post) if planned is not None else None,
                )
            )
        order = list(chain.links)
        for posts in found.values():
            posts.sort(key=lambda post: (-post.change.now, order.index(post.link.key), post.name.key))
        return found

    def _asked(self, industry: int) -> tuple[SkillShare, ...]:
        """Return the skills that the industry's recent postings name, the most named first."""
        key = list(self.chain.industries)[industry]
        total = int(np.nansum(self.industries[industry, self.recent]))
        least, skills = self.rules.balance.demand["min_count"], self.inputs.skills
        sums = np.nansum(self.skills.counts[:, self.recent], axis=1)
        found = [
            SkillShare(skills[pair[1]].name, skills[pair[1]].kind, int(count), total)
            for pair, count in zip(self.skills.keys, sums, strict=True)
            if pair[0] == key and count >= least
        ]
        return tuple(sorted(found, key=lambda share: (-share.count, share.name.key)))

    def _skills(self) -> tuple[SkillChange, ...]:
        """Return pairs of industry and skill with enough postings in either year to be compared."""
        level, counts = self.skills, self.skills.counts
        sums = np.maximum(*(np.nansum(counts[:, part], axis=1) for part in (self.recent, self.earlier)))
        rows = np.flatnonzero(sums >= self.limits.least_count)
        changes = self._changes(counts[rows], self._totals(rows))
        return tuple(
            SkillChange(
                self.inputs.skills[level.keys[row][1]].name, self.chain.industries[level.keys[row][0]], change
            )
            for row, change in zip(rows, changes, strict=True)
        )

    def _totals(self, rows: Sequence[int] | np.ndarray) -> Counts:
        return self.industries[[self.industry_at[self.skills.keys[row][0]] for row in rows]]

    def _signals(self) -> tuple[SignalFacts, ...]:
        level, months = self.skills, self.inputs.months
        if not level.keys:
            return ()
        totals = self._totals(range(len(level.keys)))
        signals = demand.watch(level.counts, totals, self.rules.watch)
        return tuple(
            SignalFacts(
                skill=self.inputs.skills[level.keys[signal.series][1]].name,
                industry=self.chain.industries[level.keys[signal.series][0]],
                month=months[signal.month],
                rising=signal.direction == "rise",
                window=signal.window,
                count=int(signal.count),
                total=int(signal.total),
                before_count=int(signal.before_count),
                before_total=int(signal.before_total),
            )
            for signal in signals  # earlier ones are found too: they renew the reference, as in the watch on pages
            if signal.month >= self.recent.start
        )

    def _versions(self) -> dict[str, str]:
        rules = self.rules
        return {
            "taxonomy": self.inputs.taxonomy,
            "forecast": rules.forecast.version,
            "scenario": rules.scenario.version,
            "scenario_width": f"{rules.scenario.yearly_width * 100:g}%",
            "balance": rules.balance.version,
            "report": rules.report.version,
            "texts": self.inputs.texts,
            **self.inputs.versions,
        }

    def _missing(self, tested: Backtest | None) -> dict[str, str]:
        found = {"survey": "no_survey", "graduates": "no_graduates", "quantity": "no_graduates"}
        found |= {"conditions": "no_conditions", "projects": "no_projects", "change": "short_history"}
        if any(source.key == "years" and source.count for source in self.inputs.sources):
            found |= {"graduates": "no_year", "quantity": "no_year"}
        if tested is None:
            found["backtest"] = "short_backtest"
        return found
