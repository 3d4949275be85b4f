"""Delphi rounds: figures per item, response, authority, agreement and convergence; gaps are named, never filled."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Literal

import numpy as np

from zhiqiao.engines.weights._concordance import Concordance, concordance
from zhiqiao.engines.weights._delphi_values import (
    Advice,
    Answer,
    Authority,
    Convergence,
    DelphiResult,
    DelphiRules,
    ItemChange,
    ItemResult,
    RoundResult,
)
from zhiqiao.engines.weights._errors import InputError, Problem, Undetermined
from zhiqiao.engines.weights._normal import normalised

Over = Literal["experts", "items"]


def delphi(
    answers: Sequence[Answer],
    *,
    rules: DelphiRules,
    scale: tuple[float, float] | None = None,
    invited: Mapping[int, int] | None = None,
    over: Over = "experts",
) -> DelphiResult:
    """Work out all rounds and the convergence from each to the next.

    `scale` is the lowest and highest rating (the rules' when None). `invited` is the number asked per round; where it
    is not given it is the number of experts named in that round or an earlier one, answered or not. `over` says
    whether experts or items with gaps are left out of Kendall's W. Raises InputError with every answer that is wrong.
    """
    low, high = scale or rules.scale
    _check(answers, low=low, high=high)
    numbers = sorted({answer.round for answer in answers})
    rounds, known = [], set[str]()
    for number in numbers:
        part = [answer for answer in answers if answer.round == number]
        known |= {answer.expert for answer in part}
        asked = (invited or {}).get(number, len(known))
        rounds.append(_round(number, part, rules=rules, high=high, invited=asked, over=over))
    steps = [convergence(before, after, rules=rules) for before, after in pairwise(rounds)]
    return DelphiResult(rules, (low, high), tuple(rounds), tuple(steps))


def _check(answers: Sequence[Answer], *, low: float, high: float) -> None:
    problems = [] if answers else [Problem(0, "", "没有作答记录。", "there are no answers.")]
    if not low < high:
        problems.append(
            Problem(0, "", f"评分范围 {low:g}–{high:g} 不成立。", f"the scale {low:g} to {high:g} is none.")
        )
    seen: dict[tuple[int, str, str], int] = {}
    for answer in answers:
        key = answer.round, answer.expert, answer.item
        if key in seen:
            problems.append(
                Problem(
                    answer.row,
                    "item",
                    f"专家“{answer.expert}”第 {answer.round} 轮已评过“{answer.item}”（第 {seen[key]} 行）。请删一条。",
                    f"expert “{answer.expert}” rated “{answer.item}” in round {answer.round} already "
                    f"(row {seen[key]}). Delete one.",
                )
            )
        seen.setdefault(key, answer.row)
        problems += _wrong_values(answer, low=low, high=high)
    if problems:
        raise InputError(*problems)


def _wrong_values(answer: Answer, *, low: float, high: float) -> list[Problem]:
    bounds = (
        ("rating", answer.rating, low, high),
        ("ca", answer.basis, 0, 1),
        ("cs", answer.familiarity, 0, 1),
    )
    return [
        Problem(
            answer.row,
            name,
            f"{value:g} 不在 {least:g} 到 {greatest:g} 之间。请核对，或指明所用的评分范围。",
            f"{value:g} is not within {least:g} to {greatest:g}. Check it or state the scale used.",
        )
        for name, value, least, greatest in bounds
        if value is not None and not least <= value <= greatest
    ]


def _round(
    number: int, answers: Sequence[Answer], *, rules: DelphiRules, high: float, invited: int, over: Over
) -> RoundResult:
    given = {(answer.expert, answer.item): answer.rating for answer in answers if answer.rating is not None}
    items = list(dict.fromkeys(answer.item for answer in answers))
    experts = list(dict.fromkeys(answer.expert for answer in answers if answer.rating is not None))
    if invited < len(experts):
        raise InputError(
            Problem(
                0,
                "",
                f"第 {number} 轮邀请 {invited} 人，却有 {len(experts)} 人作答。请核对邀请人数。",
                f"round {number}: {invited} invited but {len(experts)} answered. Check the number invited.",
            )
        )
    w, left_out = _agreement(given, experts, items, over=over)
    result = RoundResult(
        round=number,
        invited=invited,
        answered=len(experts),
        missing=tuple((expert, item) for expert in experts for item in items if (expert, item) not in given),
        items=tuple(_item(item, answers, rules=rules, high=high) for item in items),
        concordance=w,
        concordance_over=over,
        left_out=left_out,
        authority=_authority(
            [answer for answer in answers if answer.expert in experts], experts, rules=rules
        ),
    )
    return replace(result, warnings=_warnings(result, rules.limits))


def _warnings(result: RoundResult, limits: Mapping[str, float]) -> tuple[str, ...]:
    """Say which of EV-02's wishes a round does not meet."""
    p = result.concordance.p if result.concordance else None
    variations = [item.variation for item in result.items if item.variation is not None]
    found = {
        "few_experts": result.answered < limits["usual_experts_low"],
        "many_experts": result.answered > limits["usual_experts_high"],
        "authority_low": result.authority.enough is False,
        "authority_untold": bool(result.authority.untold),
        "variation_high": any(value >= limits["greatest_variation"] for value in variations),
        "no_agreement": p is None or p >= limits["greatest_p"],
    }
    return tuple(code for code, holds in found.items() if holds)


def _item(item: str, answers: Sequence[Answer], *, rules: DelphiRules, high: float) -> ItemResult:
    own = [answer for answer in answers if answer.item == item and answer.rating is not None]
    ratings = np.array([answer.rating for answer in own], dtype=np.float64)
    if not len(ratings):
        return ItemResult(item, 0, None, None, None, None, None, None, None, None, Advice.UNJUDGED)
    mean = float(ratings.mean())
    sd = float(ratings.std(ddof=1)) if len(ratings) > 1 else None
    variation = sd / mean if sd is not None and mean > 0 else None
    lower, median, upper = (float(value) for value in np.percentile(ratings, (25, 50, 75)))
    told = [cr for answer in own if (cr := _cr(answer)) is not None]
    return ItemResult(
        item=item,
        answers=len(ratings),
        mean=mean,
        sd=sd,
        variation=variation,
        median=median,
        lower_quartile=lower,
        upper_quartile=upper,
        full_share=float((ratings == high).mean()),
        authority=math.fsum(told) / len(told) if told else None,
        advice=_advice(mean, variation, rules=rules, high=high),
    )


def _advice(mean: float, variation: float | None, *, rules: DelphiRules, high: float) -> Advice:
    if variation is None:
        return Advice.UNJUDGED
    held = (mean >= rules.items["least_mean_share"] * high) + (variation < rules.limits["greatest_variation"])
    return (Advice.DROP, Advice.REVISE, Advice.KEEP)[held]


def _cr(answer: Answer) -> float | None:
    if answer.basis is None or answer.familiarity is None:
        return None
    return (answer.basis + answer.familiarity) / 2


def _authority(answers: Sequence[Answer], experts: Sequence[str], *, rules: DelphiRules) -> Authority:
    """Average Cr over each expert's rows that tell both coefficients, then over experts."""
    told: dict[str, list[float]] = {expert: [] for expert in experts}
    for answer in answers:
        if (cr := _cr(answer)) is not None:
            told[answer.expert].append(cr)
    by_expert = {expert: math.fsum(values) / len(values) for expert, values in told.items() if values}
    mean = math.fsum(by_expert.values()) / len(by_expert) if by_expert else None
    untold = tuple(expert for expert in experts if expert not in by_expert)
    enough = None if mean is None else mean >= rules.limits["least_authority"]
    return Authority(mean, by_expert, untold, enough)


def _agreement(
    given: Mapping[tuple[str, str], float], experts: Sequence[str], items: Sequence[str], *, over: Over
) -> tuple[Concordance | None, tuple[str, ...]]:
    if over == "experts":
        left_out = [one for one in experts if any((one, item) not in given for item in items)]
    else:
        left_out = [one for one in items if any((expert, one) not in given for expert in experts)]
    table = [
        [given[expert, item] for item in items if over == "experts" or item not in left_out]
        for expert in experts
        if over == "items" or expert not in left_out
    ]
    return (concordance(table) if len(table) > 1 else None), tuple(left_out)


def importance_weights(result: RoundResult) -> dict[str, float]:
    """Return the items' mean ratings divided by their sum, the plain way from ratings of importance to weights.

    Raises Undetermined when an item was rated by nobody or all means are 0.
    """
    means = {item.item: item.mean for item in result.items}
    unrated = [name for name, mean in means.items() if mean is None]
    if unrated or not any(means.values()) or min(mean or 0.0 for mean in means.values()) < 0:
        shown = "、".join(unrated or means)
        raise Undetermined(
            f"以下条目没有可用的平均分，无法换算权重：{shown}。",
            f"No weights follow from the ratings; items without a usable mean: {', '.join(unrated or means)}.",
        )
    return dict(zip(means, normalised(mean or 0.0 for mean in means.values()), strict=True))


def convergence(before: RoundResult, after: RoundResult, *, rules: DelphiRules) -> Convergence:
    """Compare two rounds by median, IQR and W; items in only one of them are named and not judged."""
    limits = rules.convergence
    earlier = {item.item: item for item in before.items}
    later = {item.item: item for item in after.items}
    changes = tuple(_change(earlier[name], later[name], limits) for name in later if name in earlier)
    judged = [change.stable for change in changes if change.stable is not None]
    stable_share = sum(judged) / len(judged) if judged else None
    w_before = before.concordance.w if before.concordance else None
    w_after = after.concordance.w if after.concordance else None
    w_change = None if w_before is None or w_after is None else w_after - w_before
    p = after.concordance.p if after.concordance else None
    reasons = []
    if stable_share is None or stable_share < limits["least_stable_share"]:
        reasons.append("items_move")
    if p is None or p >= rules.limits["greatest_p"]:
        reasons.append("no_agreement")
    if w_change is not None and w_change < -limits["greatest_w_loss"]:
        reasons.append("agreement_falls")
    return Convergence(
        before=before.round,
        after=after.round,
        items=changes,
        only_before=tuple(name for name in earlier if name not in later),
        only_after=tuple(name for name in later if name not in earlier),
        stable_share=stable_share,
        w_change=w_change,
        converged=not reasons,
        reasons=tuple(reasons),
    )


def _change(before: ItemResult, after: ItemResult, limits: Mapping[str, float]) -> ItemChange:
    if before.median is None or after.median is None or before.iqr is None or after.iqr is None:
        return ItemChange(after.item, None, None, after.iqr, None)
    moved, spread = after.median - before.median, after.iqr - before.iqr
    stable = (
        abs(moved) <= limits["greatest_median_change"]
        and after.iqr <= limits["greatest_iqr"]
        and spread <= limits["greatest_iqr_growth"]
    )
    return ItemChange(after.item, moved, spread, after.iqr, stable)
