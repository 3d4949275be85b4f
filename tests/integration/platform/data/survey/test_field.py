"""Asking enterprises: who may be asked when, what a link does before and after its answer, what is used again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.db import DatabaseError, transaction
from django.http import Http404

from tests.integration.platform.data.survey.conftest import GIVEN, NOW, Story
from zhiqiao.engines.rules import Outcome as Found
from zhiqiao.engines.surveys import Outcome
from zhiqiao.platform.data.errors import Conflict, Refused
from zhiqiao.platform.data.models import QuestionnaireVersion, SurveySheet, SurveyUnit
from zhiqiao.platform.data.survey import answering, asking, designing, framing, register
from zhiqiao.platform.data.survey.answering import AnsweredAlready, BadAnswers, LinkClosed, Why
from zhiqiao.platform.data.survey.counting import count
from zhiqiao.platform.data.survey.designing import SurveyText
from zhiqiao.platform.data.survey.judging import judge, survey_file, survey_value
from zhiqiao.platform.governance.access import Actor
from zhiqiao.platform.governance.models import AuditEvent, User

ActorOf = Callable[[User], Actor]
DAY = dt.timedelta(days=1)


def test_a_link_is_answered_once_and_says_so(story: Story) -> None:
    story.draw()
    story.send()
    link = story.links[0]
    assert SurveyUnit.objects.filter(token_hash=link.token).count() == 0
    first, second = (answering.find_sheet(link.token, now=NOW) for _ in range(2))
    saved = answering.save_part(first, GIVEN, keys=set(GIVEN), version=1, now=NOW)
    assert answering.find_sheet(link.token, now=NOW).answers["visit"] == "yes"
    with pytest.raises(Conflict):  # the other device holds the older page
        answering.save_part(second, GIVEN, keys=set(GIVEN), version=1, now=NOW)
    answering.submit(saved, may_reuse=True, version=saved.row.version, now=NOW)
    with pytest.raises(AnsweredAlready) as told:
        answering.submit(saved, may_reuse=False, version=saved.row.version + 1, now=NOW + DAY)
    assert told.value.at == NOW
    assert SurveySheet.objects.filter(unit=link.unit, submitted_at__isnull=False).count() == 1
    event = AuditEvent.objects.get(action="survey.submitted")
    assert (event.actor_name, event.detail["code"]) == (link.unit.code, link.unit.code)


def test_what_is_missing_or_hidden_does_not_get_in(story: Story) -> None:
    story.draw()
    story.send()
    sheet = answering.find_sheet(story.links[0].token, now=NOW)
    with pytest.raises(BadAnswers) as told:
        answering.submit(sheet, may_reuse=False, version=1, now=NOW)
    assert [one.question for one in told.value.checked.missing and told.value.checked.problems] == [
        "needs-people"
    ]
    given = {**GIVEN, "needs-people": "no"}
    sheet = answering.save_part(sheet, given, keys=set(given), version=1, now=NOW)
    assert "hires" in sheet.answers  # kept in case one goes back
    done = answering.submit(sheet, may_reuse=False, version=sheet.row.version, now=NOW)
    assert "hires" not in done.answers


def test_a_link_that_opens_nothing_says_why(story: Story) -> None:
    story.draw()
    story.send()
    withdrawn, expired, renewed, closed = story.links[:4]

    def why(token: str, now: dt.datetime = NOW) -> Why:
        with pytest.raises(LinkClosed) as told:
            answering.find_sheet(token, now=now)
        return told.value.why

    asking.end_link(withdrawn.unit.uuid, acting=story.acting)
    assert why(withdrawn.token) is Why.WITHDRAWN
    assert why(expired.token, NOW + 31 * DAY) is Why.EXPIRED
    (fresh,) = asking.renew_links([renewed.unit.uuid], acting=story.acting, now=NOW)
    assert why(renewed.token) is Why.UNKNOWN
    assert not answering.find_sheet(fresh.token, now=NOW).is_submitted
    open_sheet = answering.find_sheet(closed.token, now=NOW)
    asking.close_survey(story.survey.uuid, acting=story.acting, now=NOW)
    assert why(closed.token) is Why.CLOSED
    with pytest.raises(LinkClosed):  # a page that was open while the survey closed
        answering.save_part(open_sheet, GIVEN, keys=set(GIVEN), version=1, now=NOW)


def test_a_correction_replaces_the_answer_only_when_handed_in(story: Story) -> None:
    story.draw()
    story.send()
    link = story.links[0]
    story.answer(link)
    (again,) = asking.renew_links([link.unit.uuid], acting=story.acting, now=NOW)
    state = next(one for one in count(story.survey).units if one.code == link.unit.code)
    assert (state.outcome, state.sheet and state.sheet.number) == (Outcome.ANSWERED, 1)
    story.answer(again, hires={"operator": 9})
    state = next(one for one in count(story.survey).units if one.code == link.unit.code)
    assert state.sheet is not None
    assert (state.sheet.number, state.sheet.answers["hires"]) == (2, {"operator": 9})


def test_the_interval_holds_across_associations_and_consent_lifts_nothing_but_reuse(
    story: Story, stella: User, actor_of: ActorOf
) -> None:
    story.draw(size=12)
    story.send()
    for link in story.links[:3]:
        story.answer(link, may_reuse=link is not story.links[0])
    # the stranger knows one of the firms under a differently written name
    stranger = actor_of(stella)
    name = story.links[0].unit.enterprise.name
    own = register.save_enterprise(stranger, None, register.EnterpriseFacts(f" {name}（）"))
    later = NOW + 100 * DAY
    assert framing.may_ask_from([own], on=later.date(), least=180) == {own.pk: (NOW + 180 * DAY).date()}
    # the owner's next survey: all are within the interval, so none can be drawn
    text = SurveyText("再问一次", "间隔", story.survey.programme)
    second = Story(designing.create_survey(text, acting=story.acting), story.acting)
    with pytest.raises(Refused):
        second.draw(size=1, now=later)
    extra = register.save_enterprise(story.acting, None, register.EnterpriseFacts("新厂子"))
    second.draw(size=1, now=later)
    assert SurveyUnit.objects.get(survey=second.survey, is_drawn=True).enterprise == extra
    units = {row.enterprise_id: row for row in SurveyUnit.objects.filter(survey=second.survey)}
    refused, willing, silent = (units[link.unit.enterprise_id] for link in (*story.links[:2], story.links[5]))
    assert willing.may_ask_from == (NOW + 180 * DAY).date()
    for unit in (refused, silent):
        with pytest.raises(Refused):
            asking.reuse_answers(unit.uuid, acting=story.acting, now=later)
    row = asking.reuse_answers(willing.uuid, acting=story.acting, now=later)
    assert row.answers == GIVEN
    assert row.reused_from is not None
    second.send(later)
    response = count(second.survey).response
    assert (response.drawn, response.answered, response.usable) == (2, 0, 1)


def test_somebody_else_may_have_asked_since_the_draw(story: Story, stella: User, actor_of: ActorOf) -> None:
    story.draw(size=12)
    stranger = actor_of(stella)
    register.save_enterprise(stranger, None, register.EnterpriseFacts("第07陶瓷厂"))
    text = SurveyText("别的协会", "先问", story.survey.programme)
    other = Story(designing.create_survey(text, acting=stranger), stranger)
    other.draw(size=1)
    other.send()
    with pytest.raises(Refused, match=r"第07陶瓷厂.*2027"):
        story.send()
    assert not SurveyUnit.objects.filter(survey=story.survey, asked_on__isnull=False).exists()


def test_a_questionnaire_that_was_given_out_never_changes(story: Story) -> None:
    story.draw()
    story.send()
    row = story.survey.questionnaires.get()
    with pytest.raises(Refused):
        designing.remove_question(story.survey.uuid, "visit", seen=row.version, acting=story.acting)
    with pytest.raises(DatabaseError), transaction.atomic():
        QuestionnaireVersion.objects.filter(pk=row.pk).update(questions={})
    story.answer(story.links[0])
    fresh = designing.new_version(story.survey.uuid, acting=story.acting)
    designing.remove_question(story.survey.uuid, "visit", seen=fresh.version, acting=story.acting)
    assert answering.find_sheet(story.links[1].token, now=NOW).row.questionnaire_id == row.pk
    with pytest.raises(Conflict):
        designing.remove_question(story.survey.uuid, "hires", seen=fresh.version, acting=story.acting)


def test_nobody_is_asked_with_a_broken_questionnaire(story: Story) -> None:
    designing.remove_question(story.survey.uuid, "needs-people", seen=1, acting=story.acting)
    story.draw()
    with pytest.raises(Refused, match="3"):
        story.send()


def test_the_rules_judge_what_is_stored(story: Story) -> None:
    story.draw()
    story.send()
    for link in story.links[:4]:
        story.answer(link)
    value = survey_value(count(story.survey))
    assert (value.asked, value.answered, value.regions) == (8, 4, ("乙县", "甲县"))
    found = {one.rule: one.outcome for one in judge(value, on=NOW.date()).findings}
    assert found["JS-01"] is found["JS-03"] is Found.PASS
    assert found["JS-02"] is Found.MISSING
    assert "第" not in survey_file(value).replace("第三方", "")  # enterprises by code


def test_a_stranger_finds_nothing(story: Story, otto: User, stella: User, actor_of: ActorOf) -> None:
    story.draw()
    story.send()
    assert asking.get_unit(actor_of(otto), story.links[0].unit.uuid).pk == story.links[0].unit.pk
    for verb in (
        lambda: asking.get_unit(actor_of(stella), story.links[0].unit.uuid),
        lambda: asking.send_links(story.survey.uuid, acting=actor_of(stella), now=NOW),
        lambda: designing.new_version(story.survey.uuid, acting=actor_of(stella)),
        lambda: asking.close_survey(story.survey.uuid, acting=actor_of(stella), now=NOW),
    ):
        with pytest.raises(Http404):
            verb()
