"""Fitting, and measuring a fit on titles it did not see."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

import numpy as np

from zhiqiao.engines.occupations._errors import InputError
from zhiqiao.engines.occupations._features import Features
from zhiqiao.engines.occupations._known import Known
from zhiqiao.engines.occupations._lexical import Lexicon
from zhiqiao.engines.occupations._meaning import Meaning
from zhiqiao.engines.occupations._model import OccupationModel
from zhiqiao.engines.occupations._ranking import fit_ranker
from zhiqiao.engines.occupations._text import core_title, document_grams, fold_title
from zhiqiao.engines.occupations._values import Coded, Evaluation, LabelledTitle, Occupation
from zhiqiao.engines.occupations._vectors import one_thread

__all__ = ["cross_validate", "fit", "groups_of_alike", "measure"]

_FEWEST = 20
_BINS = 10
_ALIKE = 0.6
_PAIRS_SHOWN = 20

Progress = Callable[[int, int], None]


def fit(
    entries: Sequence[Occupation],
    titles: Sequence[LabelledTitle],
    *,
    corrections: Sequence[LabelledTitle] = (),
    seed: int = 0,
    progress: Progress | None = None,
) -> OccupationModel:
    """Fit a coder; the same input and seed give the same model, whatever the number of processors.

    Corrections are learnt like titles, and are the answer for their own title. Raises InputError when there are
    fewer than 20 titles of two occupations at least; `progress` gets steps done and steps in all and may raise.
    """
    tell = progress or (lambda _done, _total: None)
    at = {entry.code: number for number, entry in enumerate(entries)}
    latest = {
        fold_title(row.title): row
        for row in (*titles, *corrections)
        if row.code in at and fold_title(row.title)
    }
    usable = list(latest.values())
    if len(usable) < _FEWEST or len({row.code for row in usable}) < 2:
        raise InputError(
            f"可用的职位名称只有 {len(usable)} 个，至少需要 {_FEWEST} 个、分属两种职业。",
            f"Only {len(usable)} titles can be used; {_FEWEST} of two occupations at least are needed.",
        )
    folded, labels = list(latest), np.array([at[row.code] for row in usable])
    with one_thread():
        tell(0, 4)
        lexicon = Lexicon(entries, background=folded)
        tell(1, 4)
        meaning = Meaning(lexicon.documents)
        known = Known(folded, labels, codes=list(at), meaning=meaning)
        without = known.learn()
        features = Features(lexicon, meaning, known)
        tell(2, 4)
        candidates = features.training_candidates(folded, without)
        tell(3, 4)
        ranker = fit_ranker(candidates, labels, seed=seed)
        tell(4, 4)
    return OccupationModel(
        entries,
        usable,
        ranker=ranker,
        weights=known.weights,
        corrections=[row for row in corrections if row.code in at],
        features=features,
    )


def cross_validate(
    entries: Sequence[Occupation],
    titles: Sequence[LabelledTitle],
    *,
    folds: int = 5,
    seeds: Sequence[int] = (0,),
    grouped: bool = False,
    progress: Progress | None = None,
) -> Evaluation:
    """Measure by k-fold cross-validation; `grouped` keeps titles that are nearly alike in one fold."""
    codes = {entry.code for entry in entries}
    usable = [row for row in titles if row.code in codes and fold_title(row.title)]
    group = groups_of_alike([row.title for row in usable]) if grouped else np.arange(len(usable))
    right: list[str] = []
    given: list[Coded] = []
    for run, seed in enumerate(seeds):
        place = np.random.default_rng(seed).permutation(group.max() + 1)[group] % folds
        for fold in range(folds):
            learnt = [row for row, at in zip(usable, place, strict=True) if at != fold]
            asked = [row for row, at in zip(usable, place, strict=True) if at == fold]
            given += fit(entries, learnt, seed=seed).code([row.title for row in asked])
            right += [row.code for row in asked]
            if progress is not None:
                progress(run * folds + fold + 1, folds * len(seeds))
    return measure(entries, right, given)


def measure(entries: Sequence[Occupation], right: Sequence[str], given: Sequence[Coded]) -> Evaluation:
    """Compare answers with the right codes."""
    level = {entry.code: entry.level for entry in entries}
    first = np.array([answer.codes[:1] == (code,) for code, answer in zip(right, given, strict=True)])
    five = np.array([code in answer.codes[:5] for code, answer in zip(right, given, strict=True)])
    three = [
        bool(answer.codes) and answer.codes[0].split("-")[:3] == code.split("-")[:3]
        for code, answer in zip(right, given, strict=True)
    ]
    levels = np.array([level.get(code, 0) for code in right])
    wrong = Counter(
        (code, answer.codes[0])
        for code, answer in zip(right, given, strict=True)
        if answer.codes and answer.codes[0] != code
    )
    return Evaluation(
        titles=len(right),
        top1=float(first.mean()),
        three_parts=float(np.mean(three)),
        top5=float(five.mean()),
        calibration_error=_calibration_error(first, np.array([sum(answer.scores[:1]) for answer in given])),
        by_level={
            int(at): (
                int((levels == at).sum()),
                float(first[levels == at].mean()),
                float(five[levels == at].mean()),
            )
            for at in np.unique(levels)
        },
        confusions=tuple(
            (*pair, count) for pair, count in sorted(wrong.items(), key=_by_count)[:_PAIRS_SHOWN]
        ),
    )


def groups_of_alike(titles: Sequence[str]) -> np.ndarray:
    """Number groups of titles linked by a Jaccard similarity of 0.6 or more of their 2- and 3-grams."""
    sets = [set(document_grams(core_title(fold_title(title)))) for title in titles]
    holders: dict[str, list[int]] = {}
    head = list(range(len(titles)))
    for at, own in enumerate(sets):
        common = Counter(other for gram in sorted(own) for other in holders.get(gram, ()))
        for other, count in common.items():
            if count / (len(own) + len(sets[other]) - count) >= _ALIKE:
                head[_head(head, at)] = _head(head, other)
        for gram in own:
            holders.setdefault(gram, []).append(at)
    return np.unique([_head(head, at) for at in range(len(titles))], return_inverse=True)[1]


def _head(head: list[int], at: int) -> int:
    while head[at] != at:
        head[at] = head[head[at]]
        at = head[at]
    return at


def _by_count(item: tuple[tuple[str, str], int]) -> tuple[int, tuple[str, str]]:
    return -item[1], item[0]


def _calibration_error(hit: np.ndarray, score: np.ndarray) -> float:
    places = np.minimum((score * _BINS).astype(int), _BINS - 1)
    gaps = [
        abs(hit[places == at].mean() - score[places == at].mean()) * (places == at).mean()
        for at in np.unique(places)
    ]
    return float(sum(gaps))
