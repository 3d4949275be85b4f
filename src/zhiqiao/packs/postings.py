"""Seeded generator of synthetic postings for a region pack; what it writes is demo data and says so."""

from __future__ import annotations

import datetime as dt
import json
import random
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from zhiqiao.packs import folder, read_rows

#: Any: the parsed postings.toml, whose shape the pack's own test checks
Plan = Mapping[str, Any]


@dataclass(frozen=True)
class _Skill:
    kind: str
    surfaces: tuple[str, ...]


@dataclass(frozen=True)
class _Post:
    key: str
    industry: str
    titles: tuple[str, ...]
    weights: tuple[tuple[str, float], ...]


def write_postings(pack: Path, target: Path, *, seed: int | None = None) -> int:
    """Write the pack's synthetic postings as JSON Lines and return how many; the same pack gives the same bytes.

    Another seed than the pack's own gives other postings of the same kind.
    """
    plan = tomllib.loads((pack / "postings.toml").read_text(encoding="utf-8"))
    skills = _skills()
    posts = _posts(pack)
    draw = random.Random(plan["seed"] if seed is None else seed)  # noqa: S311 - demo data, not a secret
    count = 0
    with target.open("w", encoding="utf-8") as out:
        for number, row in enumerate(_rows(plan, posts, skills, draw), start=1):
            out.write(json.dumps({"id": f"{plan['prefix']}-{number:05}", **row}, ensure_ascii=False) + "\n")
            count = number
    return count


def _skills() -> dict[str, _Skill]:
    found = {}
    for path in sorted(folder("common", "skills").glob("*.csv")):
        if path.stem == "categories":
            continue
        for row in read_rows(path):
            chinese = [alias for alias in row["aliases"].split("|") if len(alias) > 2 and not alias.isascii()]
            found[row["id"]] = _Skill(row["kind"], (row["zh"], row["zh"], *chinese[:2]))
    return found


def _posts(pack: Path) -> list[_Post]:
    links = {row["id"]: row["industry"] for row in read_rows(pack / "chain_links.csv")}
    posts = []
    for row in read_rows(pack / "job_roles.csv"):
        pairs = (part.split(":") for part in row["skills"].split("|") if part)
        titles = tuple(part for part in row["title_patterns"].split("|") if _is_title(part))
        posts.append(
            _Post(
                key=row["id"],
                industry=links[row["chain_link"]],
                titles=titles or (row["zh"],),
                weights=tuple((key, float(weight)) for key, weight in pairs),
            )
        )
    return posts


def _is_title(pattern: str) -> bool:
    """Tell whether a title pattern reads as a title by itself (`UI` and half a bracket do not)."""
    return "(" not in pattern and (not pattern.isascii() or len(pattern) > 3)


def _rows(
    plan: Plan, posts: Sequence[_Post], skills: Mapping[str, _Skill], draw: random.Random
) -> Iterator[dict[str, str]]:
    for place, month in enumerate(_months(plan["first_month"], plan["months"])):
        for post in posts:
            for _ in range(_how_many(plan, post, place, draw)):
                yield _posting(plan, post, (place, month), skills, draw)


def _months(first: str, count: int) -> list[dt.date]:
    year, month = map(int, first.split("-"))
    return [dt.date(year + (month - 1 + step) // 12, (month - 1 + step) % 12 + 1, 1) for step in range(count)]


def _how_many(plan: Plan, post: _Post, place: int, draw: random.Random) -> int:
    """Draw a month's number of postings: the industry's rate, the post's own growth, a little noise."""
    rate: float = plan["rate"].get(post.key, plan["rate"].get(post.industry, plan["rate"]["default"]))
    growth: float = plan["growth"].get(post.key, 0.0)
    expected = max(0.0, rate * (1 + growth * place / plan["months"]))
    whole = int(expected)
    return whole + int(draw.random() < expected - whole)


def _posting(
    plan: Plan, post: _Post, when: tuple[int, dt.date], skills: Mapping[str, _Skill], draw: random.Random
) -> dict[str, str]:
    place, month = when
    low = draw.choice(plan["pay"]["low"]) + plan["pay"]["bonus"].get(post.industry, 0)
    high = low + draw.choice(plan["pay"]["spread"])
    return {
        "title": draw.choice(post.titles) + draw.choice(plan["title_tails"]),
        "company": draw.choice(plan["companies"][post.industry]),
        "city": draw.choices(plan["cities"]["names"], plan["cities"]["weights"])[0],
        "salary": draw.choice(plan["pay"]["formats"]).format(
            low=low, high=high, k_low=low / 1000, k_high=high / 1000
        ),
        "experience": draw.choice(plan["experience"]),
        "diploma": draw.choice(plan["diplomas"]),
        "published": month.replace(day=draw.randint(1, 28)).isoformat(),
        "industry": plan["industry_names"][post.industry],
        "description": _text(plan["text"], _asked(plan, post, place, draw), skills, draw),
    }


def _asked(plan: Plan, post: _Post, place: int, draw: random.Random) -> list[str]:
    """Draw which skills this posting names: the post's weights, bent by the planted trends."""
    weights = dict(post.weights)
    for trend in plan["trend"]:
        if post.key in trend["posts"] and place >= trend["from_month"]:
            ramp = min(1.0, (place - trend["from_month"] + 1) / trend["ramp_months"])
            weights[trend["skill"]] = trend["before"] + (trend["after"] - trend["before"]) * ramp
        elif post.key in trend["posts"]:
            weights[trend["skill"]] = trend["before"]
    return [key for key, weight in weights.items() if draw.random() < weight]


def _text(words: Plan, asked: Sequence[str], skills: Mapping[str, _Skill], draw: random.Random) -> str:
    duties: list[str] = []
    wants = [draw.choice(words["openers"])]
    for key in asked:
        skill = skills[key]
        line = draw.choice(words[skill.kind]).format(x=draw.choice(skill.surfaces))
        (duties if skill.kind == "ability" else wants).append(line)
    duties = duties or [draw.choice(words["plain_duties"])]
    parts = ["岗位职责：", *_numbered(duties), "任职要求：", *_numbered(wants)]
    if draw.random() < words["benefit_share"]:
        parts += ["福利待遇：", draw.choice(words["benefits"])]
    if draw.random() < words["blurb_share"]:
        parts += ["公司简介：", draw.choice(words["blurbs"])]
    return "\n".join(parts)


def _numbered(lines: Sequence[str]) -> list[str]:
    return [f"{place}、{line}；" for place, line in enumerate(lines, start=1)]
