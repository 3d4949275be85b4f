"""Agreement of raters: kappa for categories, intraclass correlation for scores, with intervals (EV-04)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, NoReturn

import numpy as np
import scipy  # its parts are loaded when first asked for: stats alone takes seconds

from zhiqiao.engines.weights._errors import InputError, Problem, Undetermined
from zhiqiao.engines.weights._pairwise import Array

KappaWeights = Literal["none", "linear", "quadratic"]


@dataclass(frozen=True)
class Agreement:
    """A coefficient (1: full agreement, 0: as by chance) with its interval and what it was computed from."""

    method: str
    value: float
    low: float
    high: float
    confidence: float
    subjects: int
    raters: int


def cohen_kappa(
    first: Sequence[str | int],
    second: Sequence[str | int],
    *,
    weights: KappaWeights = "none",
    categories: Sequence[str | int] | None = None,
    confidence: float = 0.95,
) -> Agreement:
    """Return kappa of two raters (Cohen 1960, 1968) with the large-sample interval of Fleiss, Cohen and Everitt (1969).

    `categories` gives all in order, which weighted kappa needs; without it they are those found, sorted. Raises
    Undetermined when both raters use one and the same category throughout.
    """
    if len(first) != len(second):
        _wrong(
            f"两位评分者的对象数不同（{len(first)}、{len(second)}）。",
            f"{len(first)} and {len(second)} subjects were rated.",
        )
    if len(first) < 2:
        _wrong("至少要有两个评分对象。", "at least two subjects are needed.")
    order = list(categories) if categories is not None else sorted({*first, *second}, key=_sorted_as)
    unlisted = sorted({str(one) for one in (*first, *second) if one not in order})
    if unlisted:
        _wrong(
            f"有未列出的等级：{'、'.join(unlisted)}。",
            f"categories that are not listed: {', '.join(unlisted)}.",
        )
    place = {category: i for i, category in enumerate(order)}
    shares = np.zeros((len(order), len(order)))
    for a, b in zip(first, second, strict=True):
        shares[place[a], place[b]] += 1 / len(first)
    agreement = _agreement_weights(len(order), weights)
    rows, columns = shares.sum(axis=1), shares.sum(axis=0)
    observed, chance = float((agreement * shares).sum()), float((agreement * np.outer(rows, columns)).sum())
    if chance > 1 - 1e-12:
        _no_variation()
    value = (observed - chance) / (1 - chance)
    mean_rows, mean_columns = agreement @ columns, rows @ agreement
    inner = agreement - np.add.outer(mean_rows, mean_columns) * (1 - value)
    spread = float((shares * inner**2).sum()) - (value - chance * (1 - value)) ** 2
    variance = spread / (len(first) * (1 - chance) ** 2)
    half = _quantile(confidence) * math.sqrt(max(0.0, variance))
    return Agreement(
        "cohen_kappa", value, max(-1.0, value - half), min(1.0, value + half), confidence, len(first), 2
    )


def _sorted_as(value: str | int) -> tuple[int, float, str]:
    return (0, float(value), "") if isinstance(value, int) else (1, 0.0, value)


def _agreement_weights(size: int, weights: KappaWeights) -> Array:
    if weights == "none" or size == 1:
        return np.eye(size)
    apart = np.abs(np.subtract.outer(np.arange(size), np.arange(size))) / (size - 1)
    return 1 - (apart if weights == "linear" else apart**2)


def fleiss_kappa(counts: Sequence[Sequence[int]], *, confidence: float = 0.95) -> Agreement:
    """Return kappa of several raters (Fleiss 1971); `counts` is subjects × categories, each row summing to the raters.

    The interval uses the standard error of Fleiss, Nee and Landis (1979), which holds under no agreement beyond
    chance and many subjects.
    """
    table = np.array(counts, dtype=np.float64)
    if table.ndim != 2 or len(table) < 2 or (table < 0).any():
        _wrong(
            "至少要有两个评分对象，次数不得为负。",
            "at least two subjects are needed, and no negative counts.",
        )
    raters = table.sum(axis=1)
    if raters[0] < 2 or (raters != raters[0]).any():
        _wrong(
            "每个对象的评分人数必须相同且不少于两人。",
            "all subjects need equally many raters, at least two.",
        )
    subjects, n = len(table), float(raters[0])
    shares = table.sum(axis=0) / table.sum()
    chance = float((shares**2).sum())
    if chance > 1 - 1e-12:
        _no_variation()
    observed = float(((table**2).sum(axis=1) - n).mean() / (n * (n - 1)))
    value = (observed - chance) / (1 - chance)
    spread = shares * (1 - shares)
    inner = spread.sum() ** 2 - (spread * (1 - 2 * shares)).sum()
    error = math.sqrt(2 * max(0.0, float(inner))) / (float(spread.sum()) * math.sqrt(subjects * n * (n - 1)))
    half = _quantile(confidence) * error
    return Agreement(
        "fleiss_kappa", value, max(-1.0, value - half), min(1.0, value + half), confidence, subjects, int(n)
    )


def icc(scores: Sequence[Sequence[float]], *, average: bool = False, confidence: float = 0.95) -> Agreement:
    """Return ICC(2,1), or ICC(2,k) of the raters' mean with `average`: two-way random, absolute agreement.

    `scores` is subjects × raters without gaps. Formulas of Shrout and Fleiss (1979), intervals of McGraw and Wong
    (1996). Raises Undetermined when all scores are the same.
    """
    table = np.array(scores, dtype=np.float64)
    if table.ndim != 2 or min(table.shape) < 2 or not np.isfinite(table).all():
        _wrong(
            "至少要有两个对象、两位评分者，且没有缺失。",
            "two subjects and two raters are needed, without gaps.",
        )
    n, k = table.shape
    subjects, raters, error = _mean_squares(table)
    if subjects + raters + error <= 0:
        _no_variation()
    single = (subjects - error) / (subjects + (k - 1) * error + k * (raters - error) / n)
    low, high = _icc_interval(single, subjects, raters, error, n=n, k=k, confidence=confidence)
    if not average:
        return Agreement("icc_2_1", single, low, high, confidence, n, k)
    value = (subjects - error) / (subjects + (raters - error) / n)
    return Agreement("icc_2_k", value, _stepped_up(low, k), _stepped_up(high, k), confidence, n, k)


def _mean_squares(table: Array) -> tuple[float, float, float]:
    n, k = table.shape
    grand = table.mean()
    subjects = k * ((table.mean(axis=1) - grand) ** 2).sum()
    raters = n * ((table.mean(axis=0) - grand) ** 2).sum()
    rest = ((table - grand) ** 2).sum() - subjects - raters
    return float(subjects / (n - 1)), float(raters / (k - 1)), max(0.0, float(rest / ((n - 1) * (k - 1))))


def _icc_interval(
    value: float, subjects: float, raters: float, error: float, *, n: int, k: int, confidence: float
) -> tuple[float, float]:
    if value >= 1 - 1e-12:
        return 1.0, 1.0
    a = k * value / (n * (1 - value))
    b = 1 + k * value * (n - 1) / (n * (1 - value))
    df = (a * raters + b * error) ** 2 / (
        (a * raters) ** 2 / (k - 1) + (b * error) ** 2 / ((n - 1) * (k - 1))
    )
    tail = 1 - (1 - confidence) / 2
    upper, lower = float(scipy.stats.f.ppf(tail, n - 1, df)), float(scipy.stats.f.ppf(tail, df, n - 1))
    rest = k * raters + (k * n - k - n) * error
    low = n * (subjects - upper * error) / (upper * rest + n * subjects)
    high = n * (lower * subjects - error) / (rest + n * lower * subjects)
    return low, high


def _stepped_up(value: float, k: int) -> float:
    """Return the reliability of the mean of k raters (Spearman and Brown)."""
    return k * value / (1 + (k - 1) * value)


def _quantile(confidence: float) -> float:
    return float(scipy.stats.norm.ppf(1 - (1 - confidence) / 2))


def _wrong(zh: str, en: str) -> NoReturn:
    raise InputError(Problem(0, "", zh, en))


def _no_variation() -> NoReturn:
    raise Undetermined(
        "所有评分都相同，无法区分一致与巧合。请增加评分对象。",
        "All ratings are the same, so agreement can not be told from chance. Rate more subjects.",
    )
