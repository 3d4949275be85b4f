"""Signals that a posting may not be what it says, each with its words and reason; a person decides."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Literal, NamedTuple

import numpy as np
from ahocorasick_rs import AhoCorasick, MatchKind

from zhiqiao.engines.jobmining._fold import FoldedBatch, fold_batch, fold_phrase
from zhiqiao.engines.jobmining._legitimacy_rules import LegitimacyRule, LegitimacyRules
from zhiqiao.engines.jobmining._salary import Salary
from zhiqiao.engines.jobmining._title_words import whole_word

__all__ = ["Hit", "LegitimacyReader", "LegitimacyReading", "Signal", "WorkForm"]

WorkForm = Literal["full_time", "part_time", "internship", "flexible"]

_TEXT_FORMS: tuple[tuple[str, WorkForm], ...] = (
    ("form_internship", "internship"),
    ("form_part_time", "part_time"),
    ("form_flexible", "flexible"),
    ("form_full_time", "full_time"),
)
# In a title one word is enough, in a text 兼职 and 实习 mostly speak of something else.
_TITLE_FORMS: tuple[tuple[str, WorkForm], ...] = (
    ("title_internship", "internship"),
    ("title_part_time", "part_time"),
    *_TEXT_FORMS,
)
_NO_PAY = Salary()
_NO_CODES: frozenset[str] = frozenset()
_REMEMBERED = 50_000
_BEFORE, _AFTER = 14, 10
_CLAUSE_END = re.compile(r"[。;!?！？；\r\n]")
_AMOUNT = re.compile(r"\d[\d,]*")
_NO_COMPANY = frozenset({"", "无", "-", "--", "none", "null", "nan"})


@dataclass(frozen=True)
class Signal:
    """A reason for doubt: code points [start, end) of the text, or None where it is not in the text."""

    code: str
    start: int | None
    end: int | None
    detail: str
    detail_en: str = ""
    severity: int | None = None  # of the words that were found; None where no word decided


@dataclass(frozen=True)
class LegitimacyReading:
    """The signals of a posting, at most one per code, and its form of work where it says one."""

    signals: tuple[Signal, ...] = ()
    work_form: WorkForm | None = None


class Hit(NamedTuple):
    """Words of a rule that count, at [start, end)."""

    rule: LegitimacyRule
    start: int
    end: int


_Match = tuple[int, int, int]  # number of the word, start, end


@dataclass(frozen=True)
class _Name:
    """What a title or the name of a company says; both repeat, so this is remembered."""

    codes: frozenset[str]
    found: tuple[LegitimacyRule, ...]


class LegitimacyReader:
    """Reads the signals by one vocabulary in one pass over the text; build one per process."""

    def __init__(self, rules: LegitimacyRules) -> None:
        self._bounds = rules.bounds
        owners = {word: rule for rule in rules.rules for word in rule.words}
        self._owners = list(owners.values())
        self._latin = [word[0].isascii() or word[-1].isascii() for word in owners]
        self._search = AhoCorasick(list(owners), matchkind=MatchKind.LeftmostLongest)
        # What a guarded word hides: 劳务公司 without its needed word still holds 劳务.
        self._hidden = [_inside(word, owners) if rule.guarded else () for word, rule in owners.items()]
        self._silent = frozenset(rule.code for rule in rules.rules if not _is_signal(rule.code))
        self._name = lru_cache(maxsize=_REMEMBERED)(self._read_name)

    def read(
        self,
        *,
        title: str,
        text: str,
        company: str | None = None,
        salary: Salary | None = None,
        experience_min: float | None = None,
        diploma: str | None = None,
        published: date | None = None,
        reference_date: date | None = None,
    ) -> LegitimacyReading:
        """Return the signals and the form of work; a company of None means that the source has no such column."""
        return self.judge(
            self.find(fold_batch([text])).get(0, ()),
            title=title,
            company=company,
            salary=salary or _NO_PAY,
            experience_min=experience_min,
            diploma=diploma,
            published=published,
            reference_date=reference_date,
        )

    def find(self, folded: FoldedBatch) -> dict[int, list[Hit]]:
        """Return the words that count, in positions of each text as given, by its number; most texts hold none."""
        matches = self._search.find_matches_as_indexes(folded.text)
        starts = np.array([start for _, start, _ in matches], dtype=np.int64)
        by_text: dict[int, list[_Match]] = {}
        for number, match in zip(folded.number(starts).tolist(), matches, strict=True):
            by_text.setdefault(number, []).append(match)
        found: dict[int, list[Hit]] = {}
        for number, own in by_text.items():
            base = int(folded.bounds[number])
            text = folded.text[base : int(folded.bounds[number + 1]) - 1]
            hits = self._counting(text, ((word, start - base, end - base) for word, start, end in own))
            if hits:
                found[number] = _as_given(hits, folded, number)
        return found

    def judge(
        self,
        hits: Sequence[Hit],
        *,
        title: str,
        company: str | None,
        salary: Salary,
        experience_min: float | None,
        diploma: str | None,
        published: date | None,
        reference_date: date | None,
    ) -> LegitimacyReading:
        """Return what the words found in a text and the fields of its posting say together."""
        codes = frozenset([hit.rule.code for hit in hits]) if hits else _NO_CODES
        name = self._name(title)
        found: list[Signal] = []
        if not codes <= self._silent:
            found += _worded(hits, reachable="_contact" in codes)
        found += [_signal(rule) for rule in name.found]
        if company is not None:
            found += self._company(company, codes, name.codes)
        if salary.minimum or salary.maximum:
            found += self._pay(salary, experience_min, diploma, hits)
        if published and reference_date:
            found += self._stale(published, reference_date)
        form = _form(name.codes, _TITLE_FORMS) or _form(codes, _TEXT_FORMS)
        return LegitimacyReading(
            _one_each(found) if found else (), form or ("part_time" if salary.period == "hour" else None)
        )

    def _read_name(self, name: str) -> _Name:
        text = fold_phrase(name)
        hits = self._counting(text, self._search.find_matches_as_indexes(text))
        found = tuple(hit.rule for hit in hits if _is_signal(hit.rule.code))
        return _Name(frozenset(hit.rule.code for hit in hits), found)

    def _counting(self, text: str, matches: Iterable[_Match]) -> list[Hit]:
        hits: list[Hit] = []
        for index, start, end in matches:
            if self._is_hit(index, text, start, end):
                hits.append(Hit(self._owners[index], start, end))
            elif self._hidden[index]:
                hits += self._uncovered(index, text, start)
        return hits

    def _is_hit(self, index: int, text: str, start: int, end: int) -> bool:
        if self._latin[index] and not whole_word(text, start, end):
            return False
        return _counts(self._owners[index], text, start, end)

    def _uncovered(self, index: int, text: str, start: int) -> Iterator[Hit]:
        """Yield the longest words inside one that does not count, none over another."""
        reached = start
        for inner, offset, length in self._hidden[index]:
            begin, end = start + offset, start + offset + length
            if begin >= reached and self._is_hit(inner, text, begin, end):
                reached = end
                yield Hit(self._owners[inner], begin, end)

    def _company(self, company: str, codes: frozenset[str], title: frozenset[str]) -> Iterator[Signal]:
        employer = self._name(company).codes
        if "_agency_company" in employer:
            yield Signal("agency", None, None, "招聘方是人力资源服务机构", "The employer is an agency")
        recruits = "_training_weak" in codes or "_training_weak" in title
        if "_training_company" in employer and recruits and "_teacher" not in title:
            yield Signal(
                "training_loan",
                None,
                None,
                "招聘方是培训机构而岗位不是教师",
                "A training school recruits for a post that is not a teacher's",
            )
        unnamed = company.strip().lower() in _NO_COMPANY and "_employer" not in codes
        if unnamed or "_no_name" in employer:
            yield Signal("no_employer", None, None, "没有写明用人单位", "No employer is named")

    def _pay(
        self, pay: Salary, experience: float | None, diploma: str | None, hits: Sequence[Hit]
    ) -> Iterator[Signal]:
        bounds = self._bounds
        low, high = pay.minimum or 0, pay.maximum or 0
        if low and high > low * bounds.range_ratio:
            yield _pay_signal(
                f"薪酬上限是下限的 {high / low:.0f} 倍",
                f"The highest pay is {high / low:.0f} times the lowest",
            )
        if max(low, high) > bounds.most_monthly:
            yield _pay_signal(
                f"月薪超过 {bounds.most_monthly} 元", f"More than RMB {bounds.most_monthly} a month"
            )
        if pay.period == "month" and 0 < high < bounds.least_monthly:
            yield _pay_signal(
                f"月薪不足 {bounds.least_monthly} 元", f"Less than RMB {bounds.least_monthly} a month"
            )
        if low >= bounds.unskilled_monthly and not experience:
            said = {hit.start for hit in hits if hit.rule.code in ("_unskilled", "_training_weak")}
            evidence = len(said) + (diploma in bounds.low_diplomas and experience == 0)
            # Twice the pay needs one sign that nothing is asked, else two: 能力突出者学历不限 alone is no sign.
            if evidence and low >= bounds.unskilled_monthly * (2 if evidence == 1 else 1):
                yield _pay_signal(
                    f"无经验、学历要求而月薪 {low} 元起",
                    f"From RMB {low} a month although no experience or diploma is asked",
                )

    def _stale(self, published: date, reference: date) -> Iterator[Signal]:
        days = (reference - published).days
        if days > self._bounds.stale_days:
            yield Signal("stale", None, None, f"发布已 {days} 天", f"Published {days} days before")


def _as_given(hits: Sequence[Hit], folded: FoldedBatch, number: int) -> list[Hit]:
    """Move hits from the folded text to the text as given."""
    places = np.array([(start, end - 1) for _, start, end in hits]) + folded.bounds[number]
    moved = (folded.origins(places) - folded.origin_bounds[number]).tolist()
    return [Hit(hit.rule, start, last + 1) for hit, (start, last) in zip(hits, moved, strict=True)]


def _worded(hits: Sequence[Hit], *, reachable: bool) -> Iterator[Signal]:
    for rule, start, end in hits:
        if _is_signal(rule.code) and not (rule.code == "messenger_only" and reachable):
            yield _signal(rule, start, end)


def _inside(word: str, words: Collection[str]) -> tuple[tuple[int, int, int], ...]:
    """Return the number, place and length of each of the words that is part of another, from the left, long first."""
    found = [
        (at, -len(other), number)
        for number, other in enumerate(words)
        if other in word and other != word
        for at in range(len(word) - len(other) + 1)
        if word.startswith(other, at)
    ]
    return tuple((number, at, -length) for at, length, number in sorted(found))


def _signal(rule: LegitimacyRule, start: int | None = None, end: int | None = None) -> Signal:
    return Signal(rule.code, start, end, rule.zh, rule.en, rule.severity)


def _pay_signal(zh: str, en: str) -> Signal:
    return Signal("impossible_pay", None, None, zh, en)


def _is_signal(code: str) -> bool:
    return not code.startswith(("_", "form_", "title_"))


def _one_each(found: Sequence[Signal]) -> tuple[Signal, ...]:
    """Keep the first signal of each code: those with words in the text come first."""
    first: dict[str, Signal] = {}
    for signal in found:
        first.setdefault(signal.code, signal)
    return tuple(first.values())


def _counts(rule: LegitimacyRule, text: str, start: int, end: int) -> bool:
    """Look at the clause around: a needed word must stand there, an amount behind, and no negation."""
    if not rule.guarded:
        return True
    before = _CLAUSE_END.split(text[max(0, start - _BEFORE) : start])[-1]
    after = _CLAUSE_END.split(text[end : end + _AFTER], maxsplit=1)[0]
    around = f"{before}{text[start:end]}{after}"
    if any(word in around for word in rule.negations):
        return False
    if rule.least and not any(
        int(number.replace(",", "")) >= rule.least for number in _AMOUNT.findall(after)
    ):
        return False
    # A needed word beside the hit, not inside it: 押金 needs 交 or 元.
    return not rule.needs or any(word in before or word in after for word in rule.needs)


def _form(codes: frozenset[str], forms: Sequence[tuple[str, WorkForm]]) -> WorkForm | None:
    return next((form for code, form in forms if code in codes), None)
