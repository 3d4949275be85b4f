"""Branches that can and can not be asked; answers kept, refused and dropped; earlier answers used again."""

from __future__ import annotations

from dataclasses import replace

import pytest

from zhiqiao.engines.kernel import from_json, to_json
from zhiqiao.engines.surveys import (
    Condition,
    Kind,
    Option,
    Question,
    Questionnaire,
    Text,
    check_answers,
    problems_of,
    reusable,
    shown,
)


def text(word: str) -> Text:
    return Text(word, word)


def single(key: str, *options: str, when: tuple[Condition, ...] = (), required: bool = False) -> Question:
    return Question(
        key,
        Kind.SINGLE,
        text(key),
        tuple(Option(one, text(one)) for one in options),
        when=when,
        required=required,
        bank=key,
    )


HIRE = single("hire", "yes", "no", required=True)
MANY = Question("many", Kind.NUMBER, text("many"), most=500, when=(Condition("hire", ("yes",)),), bank="many")
POSTS = Question(
    "posts",
    Kind.MULTIPLE,
    text("posts"),
    (*(Option(one, text(one)) for one in "abc"), Option("none", text("none"), exclusive=True)),
    most=2,
)
LARGE = Question("large", Kind.TEXT, text("large"), when=(Condition("many", least=100),))
SHEET = Questionnaire((HIRE, MANY, POSTS, LARGE))


def kinds(*questions: Question) -> set[tuple[str, str]]:
    return {(one.question, one.kind) for one in problems_of(Questionnaire(questions))}


def test_a_sound_questionnaire_has_no_problem_and_survives_json() -> None:
    assert problems_of(SHEET) == ()
    assert from_json(Questionnaire, to_json(SHEET)) == SHEET


@pytest.mark.parametrize(
    ("questions", "found"),
    [
        ((), {("", "empty")}),
        ((HIRE, HIRE), {("hire", "twice")}),
        ((MANY,), {("many", "orphan")}),
        ((HIRE, replace(MANY, when=(Condition("hire", ("perhaps",)),))), {("many", "orphan")}),
        ((MANY, HIRE), {("many", "order")}),
        (
            (
                single("a", "x", "y", when=(Condition("b", ("x",)),)),
                single("b", "x", "y", when=(Condition("a", ("x",)),)),
            ),
            {("a", "loop"), ("b", "loop")},
        ),
        # a number that would have to be above and below
        ((HIRE, MANY, replace(LARGE, when=(Condition("many", least=600),))), {("large", "unreachable")}),
        # asked only after "yes" and, through the question it refers to, only after "no"
        (
            (HIRE, MANY, replace(LARGE, when=(Condition("many", least=1), Condition("hire", ("no",))))),
            {("large", "unreachable")},
        ),
        # three demands, two choices allowed, no option in common
        (
            (POSTS, replace(LARGE, when=tuple(Condition("posts", (one,)) for one in "abc"))),
            {("large", "unreachable")},
        ),
        # "none" stands alone, so it can not be chosen with a
        (
            (POSTS, replace(LARGE, when=(Condition("posts", ("none",)), Condition("posts", ("a",))))),
            {("large", "unreachable")},
        ),
        (
            (HIRE, LARGE, single("c", "x", "y", when=(Condition("large", ("x",)),))),
            {("large", "orphan"), ("c", "condition")},
        ),
        ((Question("s", Kind.SCALE, text("s"), least=1, most=1),), {("s", "limits")}),
        ((replace(HIRE, options=HIRE.options[:1]),), {("hire", "options")}),
    ],
)  # fmt: skip
def test_what_can_not_be_asked_is_named(questions: tuple[Question, ...], found: set[tuple[str, str]]) -> None:
    assert kinds(*questions) == found


def test_two_demands_can_be_met_by_two_choices() -> None:
    asked = replace(LARGE, when=(Condition("posts", ("a",)), Condition("posts", ("b", "c"))))
    assert kinds(POSTS, asked) == set()


def test_questions_follow_the_answers_and_hidden_answers_do_not_count() -> None:
    assert [one.key for one in shown(SHEET, {"hire": "no", "many": 200})] == ["hire", "posts"]
    checked = check_answers(SHEET, {"hire": "no", "many": 200, "large": "x", "posts": ["b", "a"]})
    assert checked.answers == {"hire": "no", "posts": ["a", "b"]}
    assert set(checked.dropped) == {"many", "large"}
    assert checked.problems == ()


def test_wrong_answers_are_named_at_their_question() -> None:
    given = {"hire": "yes", "many": 501, "posts": ["a", "none"], "else": "x"}
    problems = {(one.question, one.kind) for one in check_answers(SHEET, given).problems}
    assert problems == {("many", "bounds"), ("posts", "exclusive"), ("else", "unknown")}
    for bad in (True, float("nan"), -1, 2.5, "3", float("inf")):
        assert [one.kind for one in check_answers(SHEET, {"hire": "yes", "many": bad}).problems] == ["bounds"]
    assert [one.kind for one in check_answers(SHEET, {"posts": ["a", "b", "c"]}).problems] == ["count"]


def test_half_a_sheet_can_be_saved_but_not_handed_in() -> None:
    assert check_answers(SHEET, {"posts": ["a"]}).problems == ()
    assert [(one.question, one.kind) for one in check_answers(SHEET, {}, complete=True).problems] == [
        ("hire", "missing")
    ]


def test_a_grid_keeps_rows_that_were_filled() -> None:
    grid = Question("g", Kind.AMOUNTS, text("g"), (Option("a", text("a")), Option("b", text("b"))))
    sheet = Questionnaire((grid,))
    assert check_answers(sheet, {"g": {"a": 0, "b": None}}).answers == {"g": {"a": 0}}
    assert [one.kind for one in check_answers(sheet, {"g": {"c": 1}}).problems] == ["choice"]
    assert [one.kind for one in check_answers(sheet, {"g": {"a": -1}}).problems] == ["bounds"]


def test_earlier_answers_fit_only_the_same_question_of_the_bank() -> None:
    answers = {"hire": "yes", "many": 30, "posts": ["a"]}
    assert reusable(SHEET, SHEET, answers) == {"hire": "yes", "many": 30}
    fewer = Questionnaire(
        (replace(HIRE, options=(Option("no", text("no")), Option("later", text("later")))), MANY)
    )
    # "yes" is gone, and with it what was asked only after it
    assert reusable(fewer, SHEET, answers) == {}
    other_unit = replace(MANY, unit=text("month"), when=())
    assert reusable(Questionnaire((other_unit,)), SHEET, answers) == {}
