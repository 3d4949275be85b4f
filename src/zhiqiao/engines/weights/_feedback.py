"""What an expert is told before the next round: the own answer beside the panel's middle, and no name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from zhiqiao.engines.weights._delphi_values import Answer, DelphiRules, ItemResult, RoundResult
from zhiqiao.engines.weights._errors import InputError, Problem, TooFewAnswers

Position = Literal["below", "within", "above", "unanswered"]


@dataclass(frozen=True)
class FeedbackLine:
    """One item: own rating (None: not answered), median and quartiles of all who answered, and where one stands."""

    item: str
    own: float | None
    median: float
    lower_quartile: float
    upper_quartile: float
    position: Position


@dataclass(frozen=True)
class Feedback:
    """The sheet of one expert. It holds nobody's name and no figure of a `withheld` item, which too few answered."""

    round: int
    lines: tuple[FeedbackLine, ...]
    withheld: tuple[str, ...]


def feedback(result: RoundResult, answers: Sequence[Answer], *, expert: str, rules: DelphiRules) -> Feedback:
    """Write the sheet of an expert who was asked in this round.

    Raises TooFewAnswers when fewer experts answered, or fewer answered any item, than may be without showing a
    person's answer; InputError when the expert was not asked.
    """
    own = {
        answer.item: answer.rating
        for answer in answers
        if (answer.round, answer.expert) == (result.round, expert)
    }
    if not own:
        raise InputError(
            Problem(
                0,
                "expert",
                f"第 {result.round} 轮没有这位专家。请核对编号。",
                f"no such expert in round {result.round}. Check the code.",
            )
        )
    most = max((item.answers for item in result.items), default=0)
    if min(result.answered, most) < rules.least_answers:
        raise TooFewAnswers(min(result.answered, most), rules.least_answers)
    shown = [item for item in result.items if item.answers >= rules.least_answers]
    withheld = tuple(item.item for item in result.items if item.answers < rules.least_answers)
    return Feedback(result.round, tuple(_line(item, own.get(item.item)) for item in shown), withheld)


def _line(item: ItemResult, own: float | None) -> FeedbackLine:
    assert item.median is not None
    assert item.lower_quartile is not None
    assert item.upper_quartile is not None
    position: Position = "within"
    if own is None:
        position = "unanswered"
    elif own < item.lower_quartile:
        position = "below"
    elif own > item.upper_quartile:
        position = "above"
    return FeedbackLine(item.item, own, item.median, item.lower_quartile, item.upper_quartile, position)


_ZH = {
    "below": "低于中间一半",
    "within": "在中间一半之内",
    "above": "高于中间一半",
    "unanswered": "上一轮未作答",
}
_EN = {
    "below": "below the middle half",
    "within": "within the middle half",
    "above": "above the middle half",
    "unanswered": "not answered last round",
}


def feedback_text(sheet: Feedback, *, locale: Literal["zh", "en"]) -> list[str]:
    """Word the sheet, a line per item, in one of the two languages."""
    lines = [_zh(line) if locale == "zh" else _en(line) for line in sheet.lines]
    if locale == "zh":
        return lines + [f"{item}：作答人数过少，为保护匿名不显示统计。" for item in sheet.withheld]
    return lines + [
        f"{item}: too few answers; figures are withheld to keep them anonymous." for item in sheet.withheld
    ]


def _zh(line: FeedbackLine) -> str:
    own = "" if line.own is None else f"您的评分 {line.own:g}，"
    return (
        f"{line.item}：{own}中位数 {line.median:g}，中间一半专家在 {line.lower_quartile:g}–{line.upper_quartile:g}；"
        f"{_ZH[line.position]}。"
    )


def _en(line: FeedbackLine) -> str:
    own = "" if line.own is None else f"your rating {line.own:g}, "
    return (
        f"{line.item}: {own}median {line.median:g}, middle half {line.lower_quartile:g}–{line.upper_quartile:g}; "
        f"{_EN[line.position]}."
    )
