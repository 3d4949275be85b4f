"""The synthetic postings of a region pack mined and laid out by month for the report; nothing is judged here."""

from __future__ import annotations

import datetime as dt
import tempfile
import tomllib
from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow.parquet as pq

from zhiqiao.engines import findings, jobmining, tabular
from zhiqiao.engines.demand import month_number, month_text
from zhiqiao.packs import common_file, folder, read_rows
from zhiqiao.packs.postings import write_postings

Counts = npt.NDArray[np.float64]
_CITY_DIGITS = 4  # of a GB/T 2260 code: province and city


@dataclass(frozen=True)
class Posting:
    """One posting that counts; `month` and `post` are places in their lists."""

    month: int
    post: int
    place: str | None
    company: str | None
    diploma: str | None
    experience: str | None
    skills: tuple[int, ...]


@dataclass(frozen=True)
class Mined:
    """All postings that count, with months, posts (`job_roles.csv` rows) and skills that they point to."""

    months: tuple[str, ...]
    posts: tuple[dict[str, str], ...]
    skills: tuple[jobmining.Skill, ...]
    postings: tuple[Posting, ...]
    left_out: Counter[str]
    taxonomy: str

    @cached_property
    def month(self) -> npt.NDArray[np.int64]:
        """Return the month of every posting."""
        return np.array([posting.month for posting in self.postings], dtype=np.int64)

    @cached_property
    def post(self) -> npt.NDArray[np.int64]:
        """Return the post of every posting."""
        return np.array([posting.post for posting in self.postings], dtype=np.int64)

    @cached_property
    def pairs(self) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """Return places of postings and of the skills they name, one pair each."""
        found = [(at, skill) for at, posting in enumerate(self.postings) for skill in posting.skills]
        table = np.array(found, dtype=np.int64).reshape(-1, 2)
        return table[:, 0], table[:, 1]


def mine_pack(pack: Path, *, last: str, today: dt.date) -> Mined:
    """Mine a pack's synthetic postings and keep those of the region up to the month `last`.

    Raises OSError when the pack has no `postings.toml` and the errors of the mining engine.
    """
    rules = jobmining.read_rules(folder("common", "jobmining"))
    taxonomy = jobmining.read_taxonomy(folder("common", "skills"))
    with tempfile.TemporaryDirectory(prefix="zhiqiao-report-") as place:
        source, out = Path(place) / "postings.jsonl", Path(place) / "mined"
        read = write_postings(pack, source)
        summary = jobmining.run(
            [jobmining.Input(source)],
            out,
            taxonomy=taxonomy,
            rules=rules,
            vocabulary=tabular.read_vocabulary(common_file("intake", "posting_columns.csv")),
            roles=jobmining.read_roles(pack / "job_roles.csv", words=rules.title_words),
            learned=jobmining.read_learned(folder("common", "jobmining", "learned")),
            reference_date=today,
        )
        rows = pq.read_table(out / "postings.parquet").to_pylist()
        named = _named(out / "mentions.parquet")
    late = sum((row["month"] or last) > last for row in rows)
    left_out = Counter(read=read - late, duplicates=summary.duplicates, rejected=summary.quarantined)
    return _laid_out(pack, [row for row in rows if (row["month"] or last) <= last], named, taxonomy, left_out)


def _named(path: Path) -> dict[str, set[str]]:
    """Return the skills that each posting names in lines that count."""
    found: dict[str, set[str]] = {}
    for row in pq.read_table(path, columns=["posting_id", "skill_id", "line_role"]).to_pylist():
        if row["skill_id"] and row["line_role"] in jobmining.COUNTING_ROLES:
            found.setdefault(row["posting_id"], set()).add(row["skill_id"])
    return found


def _laid_out(
    pack: Path,
    rows: list[dict[str, object]],
    named: dict[str, set[str]],
    taxonomy: jobmining.Taxonomy,
    left_out: Counter[str],
) -> Mined:
    posts = tuple(read_rows(pack / "job_roles.csv"))
    own = tomllib.loads((pack / "region.toml").read_text(encoding="utf-8"))["city_code"][:_CITY_DIGITS]
    place_of_post = {row["id"]: at for at, row in enumerate(posts)}
    place_of_skill = {skill.id: at for at, skill in enumerate(taxonomy.skills)}
    kept = [row for row in rows if row["month"]]
    left_out["rejected"] += len(rows) - len(kept)
    months = _months([str(row["month"]) for row in kept])
    number = {month: at for at, month in enumerate(months)}
    found = []
    for row in kept:
        city = row["city_code"]
        if city is not None and str(city)[:_CITY_DIGITS] != own:
            left_out["elsewhere"] += 1
            continue
        if row["role_id"] is None:
            left_out["no_post"] += 1
            continue
        found.append(
            Posting(
                month=number[str(row["month"])],
                post=place_of_post[str(row["role_id"])],
                place=None if city is None else str(city),
                company=_text(row["company"]),
                diploma=_text(row["diploma"]),
                experience=findings.experience_band(
                    _years(row["experience_min"]), _years(row["experience_max"])
                ),
                skills=tuple(sorted(place_of_skill[key] for key in named.get(str(row["posting_id"]), ()))),
            )
        )
    return Mined(months, posts, taxonomy.skills, tuple(found), left_out, taxonomy.version)


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _years(value: object) -> float | None:
    return None if value is None else float(str(value))


def _months(seen: list[str]) -> tuple[str, ...]:
    if not seen:
        return ()
    first, last = month_number(min(seen)), month_number(max(seen))
    assert first is not None
    assert last is not None
    return tuple(month_text(number) for number in range(first, last + 1))
