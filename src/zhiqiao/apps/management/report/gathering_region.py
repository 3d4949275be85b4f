"""Names of the region, its chain of posts, its skills and places; sources, plans and projects."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from zhiqiao.engines import findings
from zhiqiao.engines.report import Name, Part, SourceFacts
from zhiqiao.infra.config import config
from zhiqiao.infra.db.names import Name as Both
from zhiqiao.packs import common_file, read_rows, region_folder
from zhiqiao.platform.data.api import enterprise_plans, posts, projects, skills_by_key
from zhiqiao.platform.governance.api import Actor, Organisation

if TYPE_CHECKING:
    from zhiqiao.apps.management.report.gathering_balance import Supplied
    from zhiqiao.apps.management.report.gathering_counts import Counted

__all__ = ["Region", "named", "region_of", "sources_of"]

_CANCELLED = "cancelled"
_CITY_DIGITS = 4  # of a code of GB/T 2260: province and city


def named(key: str, both: Both) -> Name:
    """Return a name as the engines take it."""
    return Name(key, both.zh, both.en)


@dataclass(frozen=True)
class Region:
    """The region that a report is about; `label` marks reports that rest on demonstration data.

    `places` begins the codes (GB/T 2260) of its places.
    """

    name: Name
    label: Name
    organisation: Name
    chain: findings.Chain
    skills: Mapping[str, findings.Skill]
    places: str
    places_en: Mapping[str, str]

    def planned(self, acting: Actor, year: int) -> dict[str, int] | None:
        """Return head counts by post that enterprises plan for a year; None when nothing can be told.

        Sums of fewer than three enterprises are not told at all.
        """
        plans = enterprise_plans(acting, [year])
        return {plan.role_key: plan.headcount for plan in plans if plan.headcount is not None} or None

    def projects(self, acting: Actor) -> tuple[findings.Announced, ...]:
        """Return the announced projects that were not given up, one per industry that they staff."""
        return tuple(
            one
            for item in projects(acting)
            if item.state != _CANCELLED
            for one in findings.announced(
                Name(str(item.uuid), item.name),
                item.start,
                item.probability,
                [(post, year, persons) for post, persons, year in item.staff],
                self.chain,
            )
        )

    def structure(self, count: Counted) -> dict[str, tuple[Part, ...]]:
        """Return whom the postings of the last twelve months seek and where."""
        tables, found = common_file("jobmining"), count.structure
        places = {
            row["code"]: Name(row["code"], row["name"], self.places_en.get(row["code"], ""))
            for row in read_rows(tables / "cities.csv")
        }
        diplomas = {row["id"]: Name(row["id"], row["zh"]) for row in read_rows(tables / "diplomas.csv")}
        return {
            "diploma": findings.parts_of(Counter(found.diplomas), diplomas),
            "experience": findings.parts_of(Counter(found.experience), findings.experience_names()),
            "place": findings.parts_of(Counter(found.places), places),
        }


def region_of(acting: Actor) -> Region:
    """Return the region that this installation serves; raises FileNotFoundError when its pack is gone."""
    pack = region_folder(config().region, config().region_path)
    data = tomllib.loads((pack / "region.toml").read_text(encoding="utf-8"))
    owner = Organisation.objects.filter(pk=acting.org_root_id or 0).first()
    name = Name(data["key"], data["name_zh"], data["name_en"])
    return Region(
        name=name,
        label=Name("demo", data["label_zh"], data["label_en"]),
        organisation=Name(owner.key, owner.name_zh, owner.name_en) if owner else name,
        chain=_chain(),
        skills={
            key: findings.Skill(named(key, view.name), view.kind) for key, view in skills_by_key().items()
        },
        places=data["city_code"][:_CITY_DIGITS],
        places_en=data.get("places_en", {}),
    )


def _chain() -> findings.Chain:
    views = posts()
    return findings.Chain(
        industries={view.industry_key: named(view.industry_key, view.industry) for view in views},
        leads=frozenset(view.industry_key for view in views if view.is_lead),
        links={view.link_key: named(view.link_key, view.link) for view in views},
        posts={view.key: named(view.key, view.name) for view in views},
        link_of={view.key: view.link_key for view in views},
        industry_of={view.key: view.industry_key for view in views},
    )


def sources_of(
    count: Counted, supply: Supplied, planned: Mapping[str, int] | None
) -> tuple[SourceFacts, ...]:
    """Return the sources with how much of each was used; None where there is nothing of it."""
    postings = sum(int(row.sum()) for row in _known(count))
    first, last = count.months[0], count.months[-1]
    return (
        SourceFacts(
            "postings",
            "postings",
            Name("postings", "网上招聘信息", "Online job postings"),
            postings,
            first,
            last,
            synthetic=count.is_demo,
        ),
        SourceFacts("survey", "survey", Name("survey", "企业问卷调研", "Survey of enterprises"), None),
        SourceFacts(
            "plans",
            "plan",
            Name("plans", "企业用人计划", "Hiring plans of enterprises"),
            len(planned) if planned else None,
            synthetic=supply.is_demo,
        ),
        SourceFacts(
            "courses",
            "school",
            Name("courses", "院校专业（附课程表）", "Programmes of schools with their course tables"),
            len(supply.compared.programmes) or None,
            synthetic=supply.is_demo,
        ),
        SourceFacts(
            "years",
            "school",
            Name(
                "years",
                "专业年度招生、毕业与就业",
                "Yearly enrolment, graduation and placement of programmes",
            ),
            supply.year_lines or None,
            synthetic=supply.is_demo,
        ),
    )


def _known(count: Counted) -> list[findings.Counts]:
    counts = count.levels["industry"].counts
    return [row[row == row] for row in counts]  # noqa: PLR0124 - NaN is not itself
