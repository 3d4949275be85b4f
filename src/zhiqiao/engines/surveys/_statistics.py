"""Statistics per question with intervals of 95 %; of fewer than three answering enterprises nothing is given.

Shares: Wilson's interval on the effective sample size. Means: Student's t on the effective sample size with the finite
population correction of the frame. Both treat the answers as a random part of their post-stratum: what silence means
can not be computed, only shown (see the bias). Single values are never given: no least or greatest answer, and
quartiles from ten enterprises on.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import NormalDist

from zhiqiao.engines.kernel import wilson_interval
from zhiqiao.engines.surveys._branching import shown
from zhiqiao.engines.surveys._questions import GRIDS, Answers, Kind, Question, Questionnaire
from zhiqiao.engines.surveys._response import LEAST_SHOWN

__all__ = ["LEAST_QUARTILES", "Amounts", "QuestionResult", "Share", "by_group", "results", "t_quantile"]

LEAST_QUARTILES = 10


@dataclass(frozen=True)
class Share:
    """How many chose an option: count and share as answered, share weighted to the frame with its interval (0..1)."""

    key: str
    count: int
    share: float
    weighted: float
    low: float
    high: float


@dataclass(frozen=True)
class Amounts:
    """A number over enterprises, of a row of a grid (`key`) or of the question itself (empty key).

    `total` is the plain sum of what was answered; `expected` scales the weighted mean to the frame that the answers
    stand for. Quartiles are of the answers, None below ten enterprises; `low`, `high` bound the weighted mean.
    """

    key: str
    count: int
    total: float
    mean: float
    low: float
    high: float
    expected: float
    expected_low: float
    expected_high: float
    quartiles: tuple[float, float, float] | None


@dataclass(frozen=True)
class QuestionResult:
    """What was answered to one question.

    `asked` enterprises were shown it, `answered` of them answered. `hidden` says that fewer than three answered, so
    there is nothing else. `texts` holds the enterprises that wrote something, not what they wrote.
    """

    question: Question
    asked: int
    answered: int
    effective: float = 0.0
    shares: tuple[Share, ...] = ()
    amounts: tuple[Amounts, ...] = ()
    texts: tuple[str, ...] = ()
    hidden: bool = False

    @property
    def item_response(self) -> float | None:
        """Return answered of asked; None when nobody was asked."""
        return self.answered / self.asked if self.asked else None


def results(
    questionnaire: Questionnaire,
    answers: Mapping[str, Answers],
    *,
    weights: Mapping[str, float] | None = None,
    versions: Mapping[str, Questionnaire] | None = None,
) -> tuple[QuestionResult, ...]:
    """Return the result of each question; `answers` by enterprise, `weights` those of post-stratification.

    `versions` are the questionnaires enterprises were given, where not `questionnaire`: an answer counts where the
    question there is the same one.
    """
    given = {key: (versions or {}).get(key, questionnaire) for key in answers}
    seen = {key: {one.key: one for one in shown(given[key], answers[key])} for key in answers}
    return tuple(_result(one, answers, weights or {}, seen) for one in questionnaire.questions)


def by_group(
    questionnaire: Questionnaire,
    answers: Mapping[str, Answers],
    groups: Mapping[str, str],
    *,
    of: str,
) -> dict[str, QuestionResult]:
    """Return the unweighted result of question `of` in each group.

    Groups of fewer than three answers are hidden. Where exactly one is, the next smallest is hidden with it: the hidden
    one would follow from the whole less the others.
    """
    one = questionnaire.by_key()[of]
    seen = {key: {part.key: part for part in shown(questionnaire, answers[key])} for key in answers}
    found = {
        name: _result(one, {key: answers[key] for key in answers if groups.get(key) == name}, {}, seen)
        for name in sorted(set(groups.values()))
    }
    hidden = [name for name, result in found.items() if result.hidden and result.answered]
    if len(hidden) == 1:
        rest = [name for name, result in found.items() if not result.hidden]
        if rest:
            least = min(rest, key=lambda name: (found[name].answered, name))
            found[least] = _bare(found[least])
    return found


def _bare(result: QuestionResult) -> QuestionResult:
    return QuestionResult(result.question, result.asked, result.answered, hidden=True)


def _result(
    one: Question,
    answers: Mapping[str, Answers],
    weights: Mapping[str, float],
    seen: Mapping[str, Mapping[str, Question]],
) -> QuestionResult:
    asked = [key for key in answers if _same(seen[key].get(one.key), one)]
    told = {key: answers[key][one.key] for key in asked if one.key in answers[key]}
    if len(told) < LEAST_SHOWN:
        return QuestionResult(one, len(asked), len(told), hidden=True)
    weight = {key: weights.get(key, 1.0) for key in told} if weights else dict.fromkeys(told, 1.0)
    effective = _effective(list(weight.values()))
    base = QuestionResult(one, len(asked), len(told), effective)
    if one.kind is Kind.TEXT:
        return QuestionResult(one, base.asked, base.answered, effective, texts=tuple(sorted(told)))
    if one.kind in {Kind.SINGLE, Kind.MULTIPLE}:
        chosen = {key: set(value) if isinstance(value, list) else {str(value)} for key, value in told.items()}
        shares = tuple(_share(option, chosen, weight, effective) for option in one.option_keys)
        return QuestionResult(one, base.asked, base.answered, effective, shares=shares)
    numbers = [_amounts(row, told, weight) for row in (one.option_keys if one.kind in GRIDS else ("",))]
    amounts = tuple(found for found in numbers if found is not None)
    return QuestionResult(one, base.asked, base.answered, effective, amounts=amounts)


def _same(given: Question | None, one: Question) -> bool:
    """Tell whether a question of another version is this one: new wording is another question, new options are not."""
    return given is not None and (given.kind, given.text, given.unit) == (one.kind, one.text, one.unit)


def _share(
    option: str, chosen: Mapping[str, set[str]], weight: Mapping[str, float], effective: float
) -> Share:
    yes = [key for key, options in chosen.items() if option in options]
    whole = sum(weight.values())
    weighted = min(1.0, sum(weight[key] for key in yes) / whole)
    low, high = wilson_interval(weighted * effective, effective)
    return Share(option, len(yes), len(yes) / len(chosen), weighted, low, high)


def _amounts(row: str, told: Mapping[str, object], weight: Mapping[str, float]) -> Amounts | None:
    """Return a number over enterprises; None where fewer than three gave one. A row left empty is unknown, not zero."""
    values: dict[str, float] = {}
    for key, given in told.items():
        value = given.get(row) if isinstance(given, dict) else given
        if isinstance(value, int | float):
            values[key] = float(value)
    if len(values) < LEAST_SHOWN:
        return None
    whole = sum(weight[key] for key in values)
    effective = _effective([weight[key] for key in values])
    mean = sum(weight[key] * value for key, value in values.items()) / whole
    spread = sum(weight[key] * (value - mean) ** 2 for key, value in values.items()) / whole
    # weighted variance with Kish's correction; a fully answered frame has no sampling error left
    variance = spread * effective / (effective - 1) if effective > 1 else math.inf
    left = max(0.0, 1 - len(values) / whole) if whole > len(values) else 0.0
    if whole == len(values) and all(one == 1.0 for one in weight.values()):
        left = 1.0  # unweighted: nothing is known of the frame
    half = t_quantile(effective - 1) * math.sqrt(variance * left / effective) if effective > 1 else math.inf
    ordered = sorted(values.values())
    quartiles = None
    if len(ordered) >= LEAST_QUARTILES:
        quartiles = (_quantile(ordered, 0.25), _quantile(ordered, 0.5), _quantile(ordered, 0.75))
    low, high = max(0.0, mean - half), mean + half
    return Amounts(
        row,
        len(values),
        sum(ordered),
        mean,
        low,
        high,
        whole * mean,
        whole * low,
        whole * high,
        quartiles,
    )


def _effective(weights: Sequence[float]) -> float:
    return sum(weights) ** 2 / sum(one * one for one in weights)


def _quantile(ordered: Sequence[float], part: float) -> float:
    """Return a quantile by linear interpolation (Hyndman and Fan 1996, type 7)."""
    at = part * (len(ordered) - 1)
    low = math.floor(at)
    return ordered[low] + (at - low) * (ordered[min(low + 1, len(ordered) - 1)] - ordered[low])


_Series = Callable[[float], float]
_TERMS: tuple[_Series, ...] = (
    lambda z: (z**3 + z) / 4,
    lambda z: (5 * z**5 + 16 * z**3 + 3 * z) / 96,
    lambda z: (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
    lambda z: (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / 92160,
)


def t_quantile(freedom: float, *, level: float = 0.95) -> float:
    """Return Student's two-sided quantile (Abramowitz and Stegun 26.7.5); within 1 % from two degrees of freedom on."""
    z = NormalDist().inv_cdf(0.5 + level / 2)
    return z + sum(term(z) / max(freedom, 1.0) ** power for power, term in enumerate(_TERMS, start=1))
