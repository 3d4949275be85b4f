"""A questionnaire as pages show it: each question with its fields, what was filled in, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.translation import get_language

from zhiqiao.engines.surveys import Kind, Question, Questionnaire, check_answers
from zhiqiao.platform.data.survey.answering import parts_of
from zhiqiao.platform.data.survey.bank import section_name
from zhiqiao.platform.data.survey.charts import text_of

__all__ = ["ShownPart", "ShownQuestion", "answer_text", "shown_parts", "shown_questions"]


@dataclass(frozen=True)
class Choice:
    """An option, a step of a scale, or a row of a grid (`value` what was written there)."""

    key: str
    label: str
    is_chosen: bool = False
    value: str = ""
    field: str = ""


@dataclass(frozen=True)
class ShownQuestion:
    """One question as the page shows it."""

    key: str
    field: str
    kind: str
    label: str
    hint: str
    unit: str
    required: bool
    choices: Sequence[Choice] = ()
    steps: Sequence[Choice] = ()
    value: str = ""
    problem: str = ""
    least: object = None
    most: object = None


@dataclass(frozen=True)
class ShownPart:
    """A page of the questionnaire."""

    number: int
    title: str
    questions: Sequence[ShownQuestion] = field(default_factory=tuple)


def shown_parts(questionnaire: Questionnaire, given: Mapping[str, object]) -> list[ShownPart]:
    """Return the pages that are asked after these answers."""
    answers = check_answers(questionnaire, given).answers
    return [
        ShownPart(number, section_name(part[0].section), shown_questions(part, given, {}))
        for number, part in enumerate(parts_of(questionnaire, answers), start=1)
    ]


def shown_questions(
    questions: Sequence[Question], given: Mapping[str, object], problems: Mapping[str, str]
) -> list[ShownQuestion]:
    """Return questions with what was filled in, right or wrong."""
    return [_shown(one, given.get(one.key), problems.get(one.key, "")) for one in questions]


def _shown(one: Question, given: object, problem: str) -> ShownQuestion:
    name = f"q-{one.key}"
    steps = []
    if one.kind in {Kind.SCALE, Kind.RATINGS} and one.least is not None and one.most is not None:
        points = range(int(one.least), int(one.most) + 1)
        steps = [Choice(str(point), str(point), str(point) == _plain(given)) for point in points]
    rows = given if isinstance(given, Mapping) else {}
    chosen = given if isinstance(given, list | tuple) else [given]
    return ShownQuestion(
        key=one.key,
        field=name,
        kind=one.kind.value,
        label=text_of(one.text),
        hint=text_of(one.hint),
        unit=text_of(one.unit),
        required=one.required,
        choices=[
            Choice(
                option.key,
                text_of(option.text),
                option.key in chosen,
                _plain(rows.get(option.key)),
                f"{name}-{option.key}",
            )
            for option in one.options
        ],
        steps=steps,
        value=_plain(given) if not isinstance(given, Mapping | list | tuple) else "",
        problem=problem,
        least=one.least if one.least is not None else 0,
        most=one.most,
    )


def _plain(value: object) -> str:
    return "" if value is None else str(value)


def answer_text(one: Question, answer: object) -> str:
    """Return an answer in words."""
    names = {option.key: text_of(option.text) for option in one.options}
    unit = f" {text_of(one.unit)}" if one.unit else ""
    if isinstance(answer, Mapping):
        return "; ".join(f"{names.get(row, row)} {value}{unit}" for row, value in answer.items())
    comma = ", " if (get_language() or "").startswith("en") else "、"
    if isinstance(answer, list | tuple):
        return comma.join(names.get(str(key), str(key)) for key in answer)
    if one.kind is Kind.SINGLE:
        return names.get(str(answer), str(answer))
    return f"{_plain(answer)}{unit}"
