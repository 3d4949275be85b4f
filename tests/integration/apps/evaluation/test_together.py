"""Rounds, answers and links at the same moment: what was taken counts, what came late is told."""

from __future__ import annotations

import pytest
from django.utils import timezone

from tests.integration.apps.evaluation.conftest import NOW, RATINGS, TREE, Story, Tell
from tests.together import together
from zhiqiao.apps.evaluation import actions, answering, inviting
from zhiqiao.apps.evaluation.answering import Reply
from zhiqiao.apps.evaluation.errors import EvaluationError, NotNow
from zhiqiao.apps.evaluation.models import AnswerSheet, Judgement, RoundState, StudyExpert, StudyRound

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def story(tell: Tell) -> Story:
    """A Delphi study with an open round; all but the first expert have answered."""
    found = tell("delphi", TREE, 4)
    found.open_round()
    for code in ("E02", "E03", "E04"):
        found.answer(code, RATINGS[code])
    return found


def answer(story: Story, value: float) -> object:
    found = answering.questions(story.links[0].expert)
    assert found is not None
    replies = {key: Reply(value) for key in found.keys}
    return answering.save(found, replies, version=1, submit=True, now=NOW)


def only(outcomes: object, *kinds: type[Exception]) -> list[Exception]:
    assert isinstance(outcomes, list)
    raised = [one for one in outcomes if isinstance(one, Exception)]
    assert [one for one in raised if not isinstance(one, kinds)] == []
    return raised


@pytest.mark.parametrize("turn", range(3))
def test_a_round_that_closes_while_an_answer_arrives(story: Story, turn: int) -> None:
    outcomes = together(lambda: answer(story, 4.0), story.close_round)
    late = only(outcomes, NotNow)
    row = StudyRound.objects.get()
    assert row.state == RoundState.CLOSED
    # what is kept as the round's weights is what its judgements give, with the answer or without it
    assert row.result == actions.result_to_keep(story.fresh(), 1)
    assert AnswerSheet.objects.filter(submitted_at__isnull=False).count() == (3 if late else 4)
    assert Judgement.objects.count() == (15 if late else 20)


def test_two_who_open_close_and_end_at_once(story: Story) -> None:
    assert len(only(together(story.close_round, story.close_round), NotNow)) == 1
    assert len(only(together(story.open_round, story.open_round), NotNow)) == 1
    assert StudyRound.objects.count() == 2
    story.close_round()

    def end() -> object:
        return actions.close_study(story.study.uuid, acting=story.acting, now=NOW)

    assert len(only(together(end, end, story.open_round), NotNow)) >= 1
    assert StudyRound.objects.filter(state=RoundState.OPEN).count() <= 1


@pytest.mark.parametrize("turn", range(3))
def test_a_link_renewed_while_the_study_ends_opens_nothing(story: Story, turn: int) -> None:
    story.close_round()
    expert = story.links[0].expert
    outcomes = together(
        lambda: actions.close_study(story.study.uuid, acting=story.acting, now=NOW),
        lambda: inviting.renew_link(expert.uuid, acting=story.acting, now=timezone.now()),
    )
    only(outcomes, NotNow)
    assert set(StudyExpert.objects.values_list("token_hash", flat=True)) == {None}


def test_experts_invited_by_two_at_once_have_codes_of_their_own(story: Story) -> None:
    def invite(name: str) -> object:
        return inviting.invite(story.study.uuid, name, acting=story.acting, now=timezone.now())

    only(together(lambda: invite("甲"), lambda: invite("乙"), lambda: invite("甲")), EvaluationError)
    codes = list(StudyExpert.objects.values_list("code", flat=True))
    assert len(codes) == len(set(codes)) == 6
    assert AnswerSheet.objects.count() == 6
