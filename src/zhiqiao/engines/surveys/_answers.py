"""What an enterprise answered, read against the questionnaire it was given: kept, refused, or no longer asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from zhiqiao.engines.surveys._branching import shown
from zhiqiao.engines.surveys._errors import Problem
from zhiqiao.engines.surveys._questions import GRIDS, Answer, Answers, Kind, Question, Questionnaire

__all__ = ["Checked", "check_answers", "reusable"]

_LONGEST = 2_000
_GREATEST = 1e12


@dataclass(frozen=True)
class Checked:
    """Answers that count; `dropped` are keys whose question is not asked after the other answers."""

    answers: dict[str, Answer]
    problems: tuple[Problem, ...] = ()
    dropped: tuple[str, ...] = ()
    missing: tuple[str, ...] = field(default=())


def check_answers(
    questionnaire: Questionnaire, given: Mapping[str, object], *, complete: bool = False
) -> Checked:
    """Read answers as plain JSON; with `complete` a required question that was asked and not answered is a problem."""
    known = questionnaire.by_key()
    found: dict[str, Answer] = {}
    problems: list[Problem] = []
    for key, raw in given.items():
        if key not in known:
            problems.append(Problem(key, "unknown", "问卷里没有这道题。", "There is no such question."))
        elif not _empty(raw):
            answer, wrong = _read(known[key], raw)
            problems += wrong
            if answer is not None:
                found[key] = answer
    asked = {one.key: one for one in shown(questionnaire, found)}
    dropped = tuple(key for key in found if key not in asked)
    kept = {key: found[key] for key in asked if key in found}
    missing = tuple(key for key, one in asked.items() if one.required and key not in kept)
    if complete:
        wrong_keys = {one.question for one in problems}
        problems += [
            Problem(key, "missing", "这一题必须回答。", "This question must be answered.")
            for key in missing
            if key not in wrong_keys
        ]
    problems = [one for one in problems if one.question in asked or one.question not in known]
    return Checked(kept, tuple(problems), dropped, missing)


def reusable(questionnaire: Questionnaire, before: Questionnaire, answers: Answers) -> dict[str, Answer]:
    """Return earlier answers that fit today's questions: same key of the bank and kind, every option still there."""
    by_bank = {one.bank: one for one in before.questions if one.bank}
    found: dict[str, object] = {}
    for one in questionnaire.questions:
        old = by_bank.get(one.bank) if one.bank else None
        if old is None or old.kind is not one.kind or old.key not in answers or old.unit != one.unit:
            continue
        answer, wrong = _read(one, answers[old.key])
        if answer is not None and not wrong:
            found[one.key] = answer
    return check_answers(questionnaire, found).answers


def _empty(raw: object) -> bool:
    return raw is None or raw in ("", [], {}) or (isinstance(raw, str) and not raw.strip())


def _read(one: Question, raw: object) -> tuple[Answer | None, list[Problem]]:
    if one.kind is Kind.SINGLE:
        good = isinstance(raw, str) and raw in one.option_keys
        return (str(raw), []) if good else (None, [_choose(one)])
    if one.kind is Kind.MULTIPLE:
        return _several(one, raw)
    if one.kind is Kind.TEXT:
        return _text(one, raw)
    if one.kind in GRIDS:
        return _grid(one, raw)
    number = _number(one, raw)
    return (None, [_bounds(one)]) if number is None else (number, [])


def _several(one: Question, raw: object) -> tuple[Answer | None, list[Problem]]:
    if not isinstance(raw, list | tuple) or any(key not in one.option_keys for key in raw):
        return None, [_choose(one)]
    chosen = [key for key in one.option_keys if key in raw]
    alone = {option.key for option in one.options if option.exclusive}
    if len(chosen) > 1 and alone & set(chosen):
        text = next(option.text for option in one.options if option.key in alone & set(chosen))
        return None, [
            Problem(
                one.key,
                "exclusive",
                f"“{text.zh}”不能与其他选项同选，请改选。",
                f"“{text.en}” can not be chosen with others.",
            )
        ]
    least, most = int(one.least or 0), int(one.most or len(chosen))
    if not least <= len(chosen) <= most:
        return None, [
            Problem(one.key, "count", f"请选 {least} 到 {most} 项。", f"Choose {least} to {most} options.")
        ]
    return chosen, []


def _text(one: Question, raw: object) -> tuple[Answer | None, list[Problem]]:
    if not isinstance(raw, str) or len(raw) > _LONGEST:
        return None, [
            Problem(one.key, "length", f"最多 {_LONGEST} 个字。", f"At most {_LONGEST} characters.")
        ]
    return raw.strip(), []


def _grid(one: Question, raw: object) -> tuple[Answer | None, list[Problem]]:
    if not isinstance(raw, Mapping) or any(row not in one.option_keys for row in raw):
        return None, [_choose(one)]
    filled = {row: _number(one, value) for row, value in raw.items() if not _empty(value)}
    if any(value is None for value in filled.values()):
        return None, [_bounds(one)]
    kept = {row: filled[row] for row in one.option_keys if filled.get(row) is not None}
    return ({row: value for row, value in kept.items() if value is not None} or None), []


def _number(one: Question, raw: object) -> int | float | None:
    if isinstance(raw, bool) or not isinstance(raw, int | float) or not abs(raw) <= _GREATEST:
        return None
    whole = one.whole or one.kind in {Kind.SCALE, Kind.RATINGS}
    if whole and raw != int(raw):
        return None
    low = one.least if one.least is not None else 0
    if raw < float(low) or (one.most is not None and raw > float(one.most)):
        return None
    return int(raw) if raw == int(raw) else float(raw)


def _choose(one: Question) -> Problem:
    return Problem(one.key, "choice", "请从列表中选。", "Choose from the list.")


def _bounds(one: Question) -> Problem:
    low = one.least if one.least is not None else 0
    zh, en = f"请填不小于 {low} 的", f"Write a number of at least {low}"
    if one.most is not None:
        zh, en = f"请填 {low} 到 {one.most} 之间的", f"Write a number from {low} to {one.most}"
    whole = one.whole or one.kind in {Kind.SCALE, Kind.RATINGS}
    return Problem(
        one.key, "bounds", zh + ("整数。" if whole else "数。"), en + (", whole." if whole else ".")
    )
