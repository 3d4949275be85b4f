"""Branching as data: which questions are asked after which answers, and whether a questionnaire can be asked at all.

Conditions of a question all have to hold, and a question referred to has itself to be asked. Whether a question can be
reached is therefore one conjunction over finite sets and intervals, decided exactly: per single choice the common
options, per multiple choice a set of allowed size that meets each demand, per number the common interval.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import combinations

from zhiqiao.engines.surveys._errors import Problem
from zhiqiao.engines.surveys._questions import GRIDS, Answers, Condition, Kind, Question, Questionnaire

__all__ = ["holds", "problems_of", "shown"]

_CHOICES = frozenset({Kind.SINGLE, Kind.MULTIPLE})
_NUMBERS = frozenset({Kind.NUMBER, Kind.SCALE})
_MOST_POINTS = 11


def shown(questionnaire: Questionnaire, answers: Answers) -> tuple[Question, ...]:
    """Return the questions that are asked after these answers, in order; other answers do not count."""
    asked: dict[str, Question] = {}
    for one in questionnaire.questions:
        if all(
            condition.question in asked and holds(asked[condition.question], condition, answers)
            for condition in one.when
        ):
            asked[one.key] = one
    return tuple(asked.values())


def holds(question: Question, condition: Condition, answers: Answers) -> bool:
    """Tell whether an answer meets a condition; an answer that was not given meets none."""
    given = answers.get(question.key)
    if question.kind is Kind.SINGLE:
        return given in condition.any_of
    if question.kind is Kind.MULTIPLE:
        return isinstance(given, list) and bool(set(given) & set(condition.any_of))
    if isinstance(given, bool) or not isinstance(given, int | float):
        return False
    return (condition.least is None or given >= float(condition.least)) and (
        condition.most is None or given <= float(condition.most)
    )


def problems_of(questionnaire: Questionnaire) -> tuple[Problem, ...]:
    """Return what makes a questionnaire impossible to ask; empty when it can be used."""
    found: list[Problem] = []
    if not questionnaire.questions:
        found.append(Problem("", "empty", "没有题目；请至少加一题。", "There is no question; add one."))
    seen: set[str] = set()
    for one in questionnaire.questions:
        if one.key in seen:
            found.append(
                Problem(one.key, "twice", "题号重复，请改成不同的。", "The key stands twice; change one.")
            )
        seen.add(one.key)
        found += _own(one)
    known = questionnaire.by_key()
    places = {one.key: place for place, one in enumerate(questionnaire.questions)}
    loops = _in_loops(known)
    for one in questionnaire.questions:
        wrong = [problem for condition in one.when for problem in _of_condition(one, condition, known)]
        if one.key in loops:
            wrong.append(
                Problem(
                    one.key,
                    "loop",
                    "出现条件绕成了一圈，永远不会问到；请断开其中一个条件。",
                    "Its conditions go round in a circle; take one of them away.",
                )
            )
        elif not wrong:
            late = [part for part in one.when if places[part.question] >= places[one.key]]
            wrong += [_late(one, part, known) for part in late]
        if not wrong and one.when and not (reason := _reach(one, known))[0]:
            wrong.append(Problem(one.key, "unreachable", reason[1], reason[2]))
        found += wrong
    return tuple(found)


def _own(one: Question) -> Iterator[Problem]:
    keys = one.option_keys
    if one.kind in _CHOICES | GRIDS and len(keys) < (1 if one.kind in GRIDS else 2):
        yield Problem(one.key, "options", "选项太少，请补上。", "Too few options; add some.")
    if one.kind not in _CHOICES | GRIDS and keys:
        yield Problem(
            one.key, "options", "这种题没有选项，请删去。", "This kind has no options; remove them."
        )
    if len(set(keys)) < len(keys):
        yield Problem(one.key, "options", "选项重复，请合并。", "An option stands twice; merge them.")
    if one.least is not None and one.most is not None and one.most < one.least:
        yield Problem(
            one.key, "limits", "上限小于下限，请改正。", "The upper limit is below the lower; correct it."
        )
    if one.kind in {Kind.SCALE, Kind.RATINGS}:
        least, most = one.least, one.most
        if least is None or most is None or not 2 <= most - least + 1 <= _MOST_POINTS:
            yield Problem(
                one.key,
                "limits",
                f"请写明最低分和最高分，2 到 {_MOST_POINTS} 档。",
                f"State lowest and highest point, 2 to {_MOST_POINTS} steps.",
            )


def _of_condition(one: Question, condition: Condition, known: Mapping[str, Question]) -> Iterator[Problem]:
    other = known.get(condition.question)
    if other is None:
        yield Problem(
            one.key,
            "orphan",
            f"条件指向的题“{condition.question}”不存在；请改选或删去条件。",
            f"Its condition names “{condition.question}”, which is not asked; choose another or remove it.",
        )
        return
    if other.kind in _CHOICES:
        gone = [key for key in condition.any_of if key not in other.option_keys]
        if gone or not condition.any_of:
            named = "、".join(gone) or "—"
            yield Problem(
                one.key,
                "orphan",
                f"条件指向的选项“{named}”不存在；请重新选。",
                f"Its condition names option “{named}”, which does not exist; choose again.",
            )
    elif other.kind in _NUMBERS:
        if condition.any_of or (condition.least is None and condition.most is None):
            yield Problem(
                one.key, "condition", "对数字题请写上下限。", "A condition on a number needs a limit."
            )
    else:
        yield Problem(
            one.key,
            "condition",
            "文字题和表格题不能作条件；请换一题。",
            "Text and grids can not be a condition; choose another question.",
        )


def _late(one: Question, condition: Condition, known: Mapping[str, Question]) -> Problem:
    other = known[condition.question]
    return Problem(
        one.key,
        "order",
        f"条件取决于后面的题“{other.text.zh}”；请把那一题移到前面。",
        f"Its condition depends on a later question, “{other.text.en}”; move that one up.",
    )


def _in_loops(known: Mapping[str, Question]) -> set[str]:
    """Return the questions that wait for themselves."""
    found = set()
    for start in known:
        walk, seen = [start], set()
        while walk:
            for condition in known[walk.pop()].when:
                if condition.question == start:
                    found.add(start)
                elif condition.question in known and condition.question not in seen:
                    seen.add(condition.question)
                    walk.append(condition.question)
    return found


def _reach(one: Question, known: Mapping[str, Question]) -> tuple[bool, str, str]:
    """Return whether a question can be asked at all, and where not, which demands can not meet."""
    demands: dict[str, list[Condition]] = {}
    walk, seen = [one.key], {one.key}
    while walk:
        for condition in known[walk.pop()].when:
            if condition.question not in known:
                return True, "", ""  # named at the question that refers to nothing
            demands.setdefault(condition.question, []).append(condition)
            if condition.question not in seen:
                seen.add(condition.question)
                walk.append(condition.question)
    for key, conditions in demands.items():
        other = known[key]
        if not _can_meet(other, conditions):
            return (
                False,
                f"没有哪种对“{other.text.zh}”的回答能同时满足各个条件，永远不会问到；请放宽条件。",
                f"No answer to “{other.text.en}” meets all conditions, so it is never asked; loosen them.",
            )
    return True, "", ""


def _can_meet(question: Question, conditions: list[Condition]) -> bool:
    if question.kind is Kind.SINGLE:
        common = set(question.option_keys).intersection(*(set(one.any_of) for one in conditions))
        return bool(common)
    if question.kind is Kind.MULTIPLE:
        return _can_choose(question, [set(one.any_of) for one in conditions])
    lows = [float(one) for one in (question.least, *(part.least for part in conditions)) if one is not None]
    highs = [float(one) for one in (question.most, *(part.most for part in conditions)) if one is not None]
    low, high = max(lows, default=float("-inf")), min(highs, default=float("inf"))
    if question.whole or question.kind is Kind.SCALE:
        return -(-low // 1) <= high // 1
    return low <= high


def _can_choose(question: Question, demands: list[set[str]]) -> bool:
    """Tell whether some allowed choice of options meets every demand."""
    alone = {one.key for one in question.options if one.exclusive}
    if any(all(key in demand for demand in demands) for key in alone):
        return True
    free = [key for key in question.option_keys if key not in alone]
    most = min(len(free), len(demands), int(question.most) if question.most is not None else len(free))
    return any(
        all(demand & set(chosen) for demand in demands)
        for size in range(1, most + 1)
        for chosen in combinations(free, size)
    )
