"""What the demand report is composed from: counts, estimates and findings, already computed; no words, no layout.

None is unknown everywhere and is never read as zero. Counts of postings, answers of surveys and plans of enterprises
stay in fields of their own (rule JS-05): nothing here adds them up.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

Values = tuple[float | None, ...]


class Direction(StrEnum):
    """How a count or share moved between two years."""

    RISING = "rising"
    FADING = "fading"
    UNCLEAR = "unclear"
    UNKNOWN = "unknown"


SourceKind = Literal["postings", "survey", "plan", "school", "statistics"]


@dataclass(frozen=True)
class Name:
    """A thing with its names; without an English name the Chinese one stands."""

    key: str
    zh: str
    en: str = ""


@dataclass(frozen=True)
class Estimate:
    """A figure with its interval; an unknown end is None."""

    value: float | None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Change:
    """Counts of the last twelve months and of the twelve before; totals are what shares are taken of."""

    now: int
    before: int | None
    direction: Direction
    now_total: int | None = None
    before_total: int | None = None

    @property
    def share(self) -> float | None:
        """Return the share in the last twelve months; None without a whole."""
        return self.now / self.now_total if self.now_total else None

    @property
    def share_before(self) -> float | None:
        """Return the share in the twelve months before; None when it was not observed."""
        if self.before is None or not self.before_total:
            return None
        return self.before / self.before_total


@dataclass(frozen=True)
class SourceFacts:
    """One source: what it holds, how much of it, for which months; None where the source was not used at all."""

    key: str
    kind: SourceKind
    name: Name
    count: int | None
    first: str = ""
    last: str = ""
    synthetic: bool = False


@dataclass(frozen=True)
class Coverage:
    """How many postings came in and which of them count; `companies` are different names of employers.

    `elsewhere` were left out for their place; `outside` count although their place is not of the region.
    """

    read: int
    counted: int
    duplicates: int
    rejected: int
    elsewhere: int
    no_post: int
    place_unknown: int
    companies: int
    outside: int = 0


@dataclass(frozen=True)
class Part:
    """One value of a structure (a county, a level of education) and its postings; without a name: not stated."""

    name: Name | None
    count: int


@dataclass(frozen=True)
class ScenarioFacts:
    """A scenario of one year (2 or 3), not a forecast; `projects` is what announced projects add to `base`."""

    year: int
    first: str
    last: str
    low: float
    base: float
    high: float
    projects: float = 0.0


@dataclass(frozen=True)
class SkillShare:
    """A skill with how many of the postings of a post or an industry name it."""

    name: Name
    kind: str
    count: int
    total: int


@dataclass(frozen=True)
class Outlook:
    """Monthly counts, the forecast of the months that follow, and the sum of the next twelve with its interval."""

    counts: Values
    mean: Values = ()
    low: Values = ()
    high: Values = ()
    next_year: Estimate = Estimate(None)
    method: str = ""
    scenarios: tuple[ScenarioFacts, ...] = ()


@dataclass(frozen=True)
class PostFacts:
    """A post of an industry; `planned` is what enterprises plan, apart from what is posted."""

    name: Name
    link: Name
    change: Change
    outlook: Outlook
    planned: int | None = None


@dataclass(frozen=True)
class IndustryFacts:
    """An industry with its posts, the most wanted first."""

    name: Name
    lead: bool
    change: Change
    outlook: Outlook
    posts: tuple[PostFacts, ...]
    skills: tuple[SkillShare, ...]
    uncovered: Estimate | None = None


@dataclass(frozen=True)
class SkillChange:
    """How the share of an industry's postings that name a skill moved."""

    skill: Name
    industry: Name
    change: Change


@dataclass(frozen=True)
class SignalFacts:
    """An early signal: in `month` the newest `window` months differed from the months before."""

    skill: Name
    industry: Name
    month: str
    rising: bool
    window: int
    count: int
    total: int
    before_count: int
    before_total: int


@dataclass(frozen=True)
class Finding:
    """A kind of gap at a post, with the numbers it was concluded from."""

    kind: str
    programme: Name | None
    basis: Mapping[str, float | str]


@dataclass(frozen=True)
class MissingSkill:
    """A skill that a post asks for, with how far (0 to 1) the best programme for that post covers it."""

    post: Name
    skill: SkillShare
    covered: float
    hours: Mapping[str, float]
    pressure: Estimate


@dataclass(frozen=True)
class GapRow:
    """A row of table 1: a post at its place in the chain, its skills, the programmes for it, what is wrong."""

    industry: Name
    link: Name
    post: Name
    postings: int
    skills: tuple[SkillShare, ...]
    programmes: tuple[Name, ...]
    findings: tuple[Finding, ...]
    uncovered: Estimate | None
    quantity: Estimate | None


@dataclass(frozen=True)
class ProgrammeFacts:
    """A programme with its figures of `year` and what they suggest; `firmness` is 0 to 1.

    `decision` is what people decided of it in the end (open, keep, adjust, reduce, stop; empty: nothing yet), with the
    places they approved.
    """

    name: Name
    organisation: Name
    year: int | None
    enrolled: int | None
    graduates: int | None
    placement: float | None
    matching: float | None
    cost: float | None
    practice_share: float | None
    quantity: Estimate | None
    uncovered: Estimate | None
    advice: str
    reasons: tuple[str, ...]
    places: int | None
    firmness: float
    conditions: tuple[tuple[Name, float, float | None], ...] = ()
    posts: tuple[Name, ...] = ()
    decision: str = ""
    decided_places: int | None = None


@dataclass(frozen=True)
class BacktestLevel:
    """How the forecast of one level did: mean absolute errors per month, and the cover of both intervals (0 to 1)."""

    level: Literal["industry", "post", "skill"]
    series: int
    cells: int
    error: float
    naive: Mapping[str, float]
    cover: float
    total_cover: float | None = None


@dataclass(frozen=True)
class Backtest:
    """Forecasts made with the data up to `origin` against the months that came; `last_year` names the kind.

    `kept` is true where it is the score of a forecast that was published then, not one computed again.
    """

    origin: str
    months: tuple[str, ...]
    last_year: bool
    levels: tuple[BacktestLevel, ...]
    kept: bool = False


@dataclass(frozen=True)
class ProjectFacts:
    """An announced project; `counted` where some of its staff is hired in years two and three."""

    name: Name
    industry: Name
    start: str
    probability: float
    staff: int
    counted: bool = True


@dataclass(frozen=True)
class Ref:
    """The way from a figure to its evidence, without knowing addresses.

    `kind` "postings": the list of postings narrowed by `query` (names and values as the list takes them in its
    address), whose length is the figure. Any other `kind`: the thing of that kind with the uuid `key` in the evidence
    drawer.
    """

    kind: str
    key: str = ""
    query: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class ReportFacts:
    """Everything the report says.

    `months` are those counted, `recent` the last twelve, `earlier` the twelve before (empty where incomplete), `judged`
    those set against courses, `ahead` those forecast; `level` is per cent.

    `missing` holds, for what the report can not say, the code of the reason. `evidence` leads from figures to what they
    rest on; its keys are: `postings:`, `before:` (the year before) and `forecast:`, each with an
    industry's key or `INDUSTRY/POST`; `month:INDUSTRY/MONTH`; `skill:INDUSTRY/SKILL`, `skill-before:INDUSTRY/SKILL`;
    `total`, `total-before`; `uncovered:INDUSTRY`; `gap:POST`; `lacking:POST/SKILL`; `programme:KEY`;
    `year:PROGRAMME`; `project:KEY`; `signal:INDUSTRY/SKILL/MONTH`; `forecast`, `balance`, `backtest`. It is empty
    where facts come from files.
    """

    region: Name
    year: int
    date: dt.date
    organisation: Name
    label: Name | None
    sources: tuple[SourceFacts, ...]
    coverage: Coverage
    months: tuple[str, ...]
    ahead: tuple[str, ...]
    recent: tuple[str, ...]
    earlier: tuple[str, ...]
    judged: tuple[str, ...]
    industries: tuple[IndustryFacts, ...]
    total: Change
    structure: Mapping[str, tuple[Part, ...]]
    skills: tuple[SkillChange, ...]
    signals: tuple[SignalFacts, ...]
    gaps: tuple[GapRow, ...]
    lacking: tuple[MissingSkill, ...]
    programmes: tuple[ProgrammeFacts, ...]
    backtest: Backtest | None
    level: float
    balance_level: float
    false_discovery: float
    min_postings: int
    versions: Mapping[str, str] = field(default_factory=dict)
    projects: tuple[ProjectFacts, ...] = ()
    missing: Mapping[str, str] = field(default_factory=dict)
    evidence: Mapping[str, Ref] = field(default_factory=dict)
