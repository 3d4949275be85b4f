"""What a report of posts needed says: claims in both languages, each from one source, with count, bias and a way back.

Answers, postings and visits never meet in one number (JS-05): a claim has one source.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from zhiqiao.engines.surveys._questions import Kind, Question, Text
from zhiqiao.engines.surveys._response import Bias, Response, Weights
from zhiqiao.engines.surveys._statistics import Amounts, QuestionResult, Share

__all__ = ["REPORT_SECTIONS", "Claim", "Post", "ReportContent", "Stratified", "answer_bias", "answer_claims"]

#: Sections of a report (rule JS-02), in order.
REPORT_SECTIONS: Mapping[str, Text] = {
    "purpose": Text("调研目的", "Purpose"),
    "method": Text("对象、抽样与方法", "Objects, sampling and method"),
    "industry": Text("产业现状与趋势", "State and trend of the industry"),
    "firms_and_staff": Text("企业与人员结构", "Enterprises and staff"),
    "posts": Text("岗位、任务、能力与证书", "Posts, tasks, abilities and certificates"),
    "supply": Text("毕业生与院校供给", "Graduates and school supply"),
    "gap": Text("缺口", "Gap"),
    "conclusions": Text(
        "对目标、课程、师资和条件的结论", "Conclusions for goals, courses, teachers and conditions"
    ),
    "appendices": Text("附录", "Appendices"),
}
#: Which part of the report a section of the questionnaire serves; single questions may stand elsewhere.
_SECTION_OF = {
    "firm": "firms_and_staff",
    "staff": "firms_and_staff",
    "posts": "posts",
    "abilities": "posts",
    "certificates": "posts",
    "graduates": "supply",
    "trend": "industry",
    "cooperation": "conclusions",
}
_ELSEWHERE = {"hard-to-fill": "gap", "missing-abilities": "gap", "why-not": "gap"}
_SHOWN, _SHOWN_RATINGS = 3, 5


@dataclass(frozen=True)
class Claim:
    """One sentence of the report and what it rests on.

    `source` is answers, postings or visits; `value` its figure (a share of one, a mean or a count), `count` how many
    answers, postings or visits stand behind it. `link` leads back: a question's key, or a kind of evidence and uuid.
    """

    key: str
    section: str
    text: Text
    source: str
    value: float | None
    count: int
    bias: Text
    link: str


@dataclass(frozen=True)
class Post:
    """A post with what answers and what postings say of it, side by side and never added; None is unknown or hidden."""

    name: Text
    firms: int | None
    hires: float | None
    expected: float | None
    expected_low: float | None
    expected_high: float | None
    postings: int


@dataclass(frozen=True)
class Stratified:
    """A class of a margin: frame and answers; answers of one or two enterprises are None."""

    margin: Text
    name: Text
    frame: int
    answered: int | None


@dataclass(frozen=True)
class ReportContent:
    """A report as it stands or was published; `texts` is what officers wrote, by section."""

    title: str
    owner: Text
    programme: Text
    purpose: str
    first_day: str
    last_day: str
    regions: tuple[str, ...]
    seed: str
    frame: int
    drawn: int
    asked: int
    answered: int
    reused: int
    effective: float | None
    least_days: int
    texts: Mapping[str, str]
    claims: tuple[Claim, ...]
    posts: tuple[Post, ...]
    strata: tuple[Stratified, ...]
    questions: tuple[Text, ...]
    visits: int
    is_demo: bool

    def of(self, section: str) -> tuple[Claim, ...]:
        """Return the claims of a section."""
        return tuple(one for one in self.claims if one.section == section)


def answer_bias(response: Response, found: Sequence[Bias], weights: Weights | None) -> Text:
    """Return what is to be known of answers: rate, effective size, how unlike the frame they are."""
    rate = f"{response.rate:.0%}" if response.rate is not None else "—"
    size = f"{weights.effective:.1f}" if weights else "—"
    names = {"industry": ("产业", "industry"), "size": ("规模", "size"), "place": ("县区", "place")}
    zh = "、".join(f"{names[one.margin][0]} {one.dissimilarity:.0%}" for one in found)
    en = ", ".join(f"{names[one.margin][1]} {one.dissimilarity:.0%}" for one in found)
    return Text(
        f"回收率 {rate}，有效样本量 {size}；与抽样框的不相似指数：{zh or '—'}；没有答复的企业可能不同",
        f"response rate {rate}, effective sample size {size}; dissimilarity from the frame: {en or '—'}; enterprises "
        "that did not answer may differ",
    )


def answer_claims(
    results: Sequence[QuestionResult], bias: Text, named: Mapping[str, Sequence[tuple[Text, int]]]
) -> tuple[Claim, ...]:
    """Return a claim per question that may be shown; `named` are skills of open answers, by question."""
    found: list[Claim] = []
    for one in results:
        if one.hidden:
            continue
        question = one.question
        section = _ELSEWHERE.get(question.key, _SECTION_OF.get(question.section, "posts"))
        if question.kind is Kind.TEXT:
            if skills := named.get(question.key):
                found.append(_skills(question, section, bias, skills, one.answered))
        elif one.shares:
            found.append(_shares(one, section, bias))
        elif one.amounts:
            found.append(_amounts(one, section, bias))
    return tuple(found)


def _claim(one: QuestionResult, section: str, bias: Text, text: Text, value: float) -> Claim:
    key = one.question.key
    return Claim(f"answers.{key}", section, text, "answers", round(value, 4), one.answered, bias, key)


def _shares(one: QuestionResult, section: str, bias: Text) -> Claim:
    best = sorted(one.shares, key=lambda share: -share.weighted)[:_SHOWN]
    zh = "；".join(
        f"{_option(one.question, share.key).zh} {_share_text(share)}" for share in best if share.count
    )
    en = "; ".join(
        f"{_option(one.question, share.key).en} {_share_text(share)}" for share in best if share.count
    )
    text = Text(
        f"“{one.question.text.zh}”（{one.answered} 家答）：{zh}。",
        f"“{one.question.text.en}” ({one.answered} answered): {en}.",
    )
    return _claim(one, section, bias, text, best[0].weighted)


def _share_text(share: Share) -> str:
    return f"{share.weighted:.0%}（{share.low:.0%}–{share.high:.0%}）"


def _amounts(one: QuestionResult, section: str, bias: Text) -> Claim:
    question = one.question
    is_rating = question.kind in {Kind.RATINGS, Kind.SCALE}
    rows = sorted(one.amounts, key=lambda row: -row.mean)
    rows = rows[: _SHOWN_RATINGS if is_rating else len(rows)]
    zh = "；".join(_amount_text(question, row, is_rating=is_rating, zh=True) for row in rows)
    en = "; ".join(_amount_text(question, row, is_rating=is_rating, zh=False) for row in rows)
    text = Text(
        f"“{question.text.zh}”（{one.answered} 家答）：{zh}。",
        f"“{question.text.en}” ({one.answered} answered): {en}.",
    )
    return _claim(one, section, bias, text, rows[0].mean)


def _amount_text(question: Question, row: Amounts, *, is_rating: bool, zh: bool) -> str:
    name = _option(question, row.key) if row.key else None
    label = "" if name is None else f"{name.zh if zh else name.en} "
    if is_rating:
        mean, interval = f"{row.mean:.1f}", f"{row.low:.1f}–{row.high:.1f}"
        return f"{label}平均 {mean} 分（{interval}）" if zh else f"{label}mean {mean} ({interval})"
    unit = "" if question.unit is None else question.unit.zh if zh else question.unit.en
    total, scaled = (
        f"{row.total:,.0f}",
        f"{row.expected:,.0f}（{row.expected_low:,.0f}–{row.expected_high:,.0f}）",
    )
    if zh:
        return f"{label}{row.count} 家合计 {total} {unit}，推算 {scaled}"
    return f"{label}{total} {unit} in {row.count} enterprises, scaled to the frame {scaled}"


def _skills(
    question: Question, section: str, bias: Text, skills: Sequence[tuple[Text, int]], answered: int
) -> Claim:
    zh = "、".join(f"{name.zh}（{count} 家）" for name, count in skills[:10])
    en = ", ".join(f"{name.en} ({count})" for name, count in skills[:10])
    text = Text(
        f"“{question.text.zh}”（{answered} 家答）：三家以上都提到 {zh}。",
        f"“{question.text.en}” ({answered} answered): named by three or more: {en}.",
    )
    return Claim(
        f"answers.{question.key}", section, text, "answers", float(skills[0][1]), answered, bias, question.key
    )


def _option(question: Question, key: str) -> Text:
    return next((option.text for option in question.options if option.key == key), Text(key, key))
