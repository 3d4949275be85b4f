"""Columns that are coded from cleaned ones: post, industry, form of work, signals of doubt, occupation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Protocol, cast

from zhiqiao.engines.jobmining._fold import FoldedBatch
from zhiqiao.engines.jobmining._industries import IndustryIndex
from zhiqiao.engines.jobmining._legitimacy import Hit, LegitimacyReader
from zhiqiao.engines.jobmining._roles import RoleBook
from zhiqiao.engines.jobmining._rules import Rules
from zhiqiao.engines.jobmining._salary import Period, Salary
from zhiqiao.engines.jobmining._text import clean_text

__all__ = ["Coder", "Columns", "TitleCoder"]

Columns = Mapping[str, Sequence[object]]

_REMEMBERED = 20_000

# what is made of the rules alone is made once per process: a small file is mined faster than they are built
_industry_index = lru_cache(maxsize=2)(IndustryIndex)
_legitimacy_reader = lru_cache(maxsize=2)(LegitimacyReader)


class TitleCoder(Protocol):
    """A fitted coder of titles to occupations; pickled to every worker."""

    def code_titles(self, titles: Sequence[str]) -> tuple[Sequence[str | None], Sequence[float | None]]:
        """Return the likeliest code of each title and its probability, None where nothing is known."""


class Coder:
    """Codes whole columns by one rule set; build one per process. What is unknown stays None."""

    def __init__(
        self, rules: Rules, *, roles: RoleBook, occupations: TitleCoder | None, reference_date: date | None
    ) -> None:
        self._post = lru_cache(_REMEMBERED)(lambda title: roles.assign_with_confidence(clean_text(title)))
        self._industries = _industry_index(rules.industries)
        self._legitimacy = _legitimacy_reader(rules.legitimacy)
        self._occupations = occupations
        self._reference_date = reference_date

    def find(self, folded: FoldedBatch) -> dict[int, list[Hit]]:
        """Return the words of texts that `code` needs, by the number of the text."""
        return self._legitimacy.find(folded)

    def code(
        self, columns: Columns, *, words: Mapping[int, Sequence[Hit]], names_companies: bool
    ) -> dict[str, Sequence[object]]:
        """Return the coded columns; `names_companies` says whether the source has a column for the employer.

        `words` are those found in the texts, by row.
        """
        titles = cast("Sequence[str]", columns["title"])
        posts = [self._post(title) for title in titles]
        found = [self._industries.find(cell) for cell in cast("Sequence[str | None]", columns["industry"])]
        return {
            "role_id": [post and post.role_id for post in posts],
            "role_confidence": [post and post.confidence for post in posts],
            "industry_code": [industry.code for industry in found],
            **self._signals(columns, words, names_companies=names_companies),
            **self._coded_occupations(titles),
        }

    def _coded_occupations(self, titles: Sequence[str]) -> dict[str, Sequence[object]]:
        if self._occupations is None:
            unknown: list[None] = [None] * len(titles)
            return {"occupation_code": unknown, "occupation_score": unknown}
        codes, scores = self._occupations.code_titles([clean_text(title) for title in titles])
        return {"occupation_code": codes, "occupation_score": scores}

    def _signals(
        self, columns: Columns, words: Mapping[int, Sequence[Hit]], *, names_companies: bool
    ) -> dict[str, Sequence[object]]:
        pays = zip(columns["salary_min"], columns["salary_max"], columns["salary_period"], strict=True)
        rows = zip(
            columns["title"],
            columns["company"],
            pays,
            columns["experience_min"],
            columns["diploma"],
            columns["published"],
            strict=True,
        )
        readings = [
            self._legitimacy.judge(
                words.get(row, ()),
                title=cast("str", title),
                company=(cast("str | None", company) or "") if names_companies else None,
                salary=_salary(pay),
                experience_min=cast("float | None", experience),
                diploma=cast("str | None", diploma),
                published=cast("date | None", published),
                reference_date=self._reference_date,
            )
            for row, (title, company, pay, experience, diploma, published) in enumerate(rows)
        ]
        return {
            "work_form": [reading.work_form for reading in readings],
            "legitimacy": [[signal.code for signal in reading.signals] for reading in readings],
        }


def _salary(pay: tuple[object, object, object]) -> Salary:
    low, high, period = cast("tuple[int | None, int | None, Period | None]", pay)
    return Salary(minimum=low, maximum=high, period=period)
