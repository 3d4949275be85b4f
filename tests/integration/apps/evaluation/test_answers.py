"""The page of an invited expert: the link is the whole permission."""

from __future__ import annotations

import datetime as dt
import logging
import threading

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.integration.apps.evaluation.conftest import CONSISTENT, CONTRADICTORY, FOUR, NOW, TREE, Story, Tell
from zhiqiao.apps.evaluation import actions, answering, inviting
from zhiqiao.apps.evaluation.answering import Reply, field_of
from zhiqiao.apps.evaluation.errors import SavedElsewhere
from zhiqiao.apps.evaluation.models import AnswerSheet, Judgement, StudyExpert
from zhiqiao.apps.evaluation.parameters import questionnaire


def address(story: Story, number: int = 0) -> str:
    return reverse("answers:answer", args=[story.links[number].token])


def form(story: Story, values: list[str], number: int = 0, **more: str) -> dict[str, str]:
    found = answering.questions(story.links[number].expert)
    assert found is not None
    fields = {field_of(key): value for key, value in zip(found.keys, values, strict=True)}
    return {"version": str(found.sheet.version), **fields, **more}


@pytest.fixture
def open_ahp(tell: Tell) -> Story:
    story = tell("ahp", FOUR, 3)
    story.open_round()
    return story


def test_before_the_first_round_the_link_says_so(tell: Tell, client: Client) -> None:
    answer = client.get(address(tell("ahp", FOUR, 2)))
    assert answer.status_code == 200
    assert "还没有开始征询" in answer.content.decode()


def test_answers_are_saved_in_part_and_submitted_later_from_another_device(open_ahp: Story) -> None:
    first, second, url = Client(), Client(), address(open_ahp)
    answer = first.post(url, form(open_ahp, ["3", "", "", "", "", ""], save="1"), follow=True)
    assert "已保存，还没有提交" in answer.content.decode()
    page = second.get(url).content.decode()
    assert "已保存 1 / 6 题" in page
    answer = second.post(url, form(open_ahp, ["3", "1", "4", "1/2", "2", "4"], submit="1"), follow=True)
    assert "已提交，谢谢" in answer.content.decode()
    assert Judgement.objects.count() == 6
    sheet = AnswerSheet.objects.get(expert=open_ahp.links[0].expert)
    assert sheet.submitted_at is not None


def test_submitting_with_gaps_names_each_and_keeps_the_rest(open_ahp: Story, client: Client) -> None:
    answer = client.post(address(open_ahp), form(open_ahp, ["3", "", "", "", "", "5"], submit="1"))
    assert answer.status_code == 422
    page = answer.content.decode()
    assert page.count("还没有比较这一对") == 4
    assert page.count("selected") == 2
    assert not Judgement.objects.exists()


def test_a_contradiction_is_named_after_saving_and_can_be_mended(open_ahp: Story, client: Client) -> None:
    contradictory = ["5", "1/3", "4", "3", "1/4", "3"]
    page = client.post(
        address(open_ahp), form(open_ahp, contradictory, submit="1"), follow=True
    ).content.decode()
    assert "判断之间有矛盾：CR = " in page
    assert "最不一致的是" in page
    assert "请再想想这一对" in page
    page = client.post(
        address(open_ahp), form(open_ahp, ["2", "1", "4", "1/2", "2", "4"], submit="1"), follow=True
    ).content.decode()
    assert "一致性良好：CR = 0.000" in page
    assert (
        list(
            Judgement.objects.filter(sheet__expert=open_ahp.links[0].expert)
            .order_by("id")
            .values_list("value", flat=True)
        )
        == CONSISTENT
    )


def test_what_was_submitted_can_be_changed_but_not_taken_apart(open_ahp: Story, client: Client) -> None:
    open_ahp.answer("E01", CONSISTENT)
    answer = client.post(address(open_ahp), form(open_ahp, ["3", "", "", "", "", ""], save="1"))
    assert answer.status_code == 422
    assert Judgement.objects.count() == 6


def test_after_closing_nothing_changes(open_ahp: Story, client: Client) -> None:
    open_ahp.answer("E01", CONSISTENT)
    sent = form(open_ahp, ["9"] * 6, submit="1")
    open_ahp.close_round()
    answer = client.post(address(open_ahp), sent)
    assert answer.status_code == 409
    assert "这一轮已经结束，答案不能再改" in answer.content.decode()
    assert list(Judgement.objects.order_by("id").values_list("value", flat=True)) == CONSISTENT
    assert 'type="submit" name="submit"' not in client.get(address(open_ahp)).content.decode()


def test_of_two_devices_the_second_is_told_and_loses_nothing(open_ahp: Story) -> None:
    url, stale = address(open_ahp), form(open_ahp, ["2", "", "", "", "", ""], save="1")
    assert Client().post(url, form(open_ahp, ["3", "", "", "", "", ""], save="1")).status_code == 302
    answer = Client().post(url, stale)
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "另一台设备" in page
    assert '<option value="2" selected>' in page
    assert 'name="version" value="2"' in page
    assert Judgement.objects.get().value == 3.0


def test_an_expert_reaches_the_own_sheet_only(open_ahp: Story, tell: Tell, client: Client) -> None:
    other = tell("ahp", FOUR, 2)
    other.open_round()
    foreign = form(other, ["9"] * 6, submit="1")
    answer = client.post(address(open_ahp), foreign)
    assert answer.status_code == 422
    assert not Judgement.objects.exists()
    page = client.get(address(open_ahp)).content.decode()
    assert "E01" in page
    assert "专家2" not in page
    assert "单位2" not in page


@pytest.mark.parametrize("value", ["0", "10", "-3", "nan", "inf", "1/0", "1/10", "abc", "2.5", "1e400"])
def test_values_off_the_scale_are_refused(open_ahp: Story, client: Client, value: str) -> None:
    answer = client.post(address(open_ahp), form(open_ahp, [value, "", "", "", "", ""], save="1"))
    assert answer.status_code == 422
    assert not Judgement.objects.exists()


@pytest.mark.parametrize("version", ["", "x", "-1", "²", "99999999999999999999"])
def test_a_version_that_is_none_saves_nothing(open_ahp: Story, client: Client, version: str) -> None:
    answer = client.post(address(open_ahp), form(open_ahp, ["3"] * 6) | {"version": version, "save": "1"})
    assert answer.status_code in {409, 422}
    assert not Judgement.objects.exists()


def test_unknown_ended_and_expired_links_open_nothing(open_ahp: Story, client: Client) -> None:
    assert client.get(reverse("answers:answer", args=["x" * 43])).status_code == 410
    inviting.end_link(open_ahp.links[0].expert.uuid, acting=open_ahp.acting)
    StudyExpert.objects.filter(code="E02").update(expires_at=timezone.now() - dt.timedelta(seconds=1))
    for number in (0, 1):
        assert client.get(address(open_ahp, number)).status_code == 410
        assert client.post(address(open_ahp, number), {"version": "1"}).status_code == 410


def test_a_new_link_ends_the_old_one_and_keeps_the_answers(open_ahp: Story, client: Client) -> None:
    open_ahp.answer("E01", CONSISTENT)
    link = inviting.renew_link(open_ahp.links[0].expert.uuid, acting=open_ahp.acting, now=timezone.now())
    assert client.get(address(open_ahp)).status_code == 410
    page = client.get(reverse("answers:answer", args=[link.token])).content.decode()
    assert "已保存 6 / 6 题" in page
    assert link.expert.reminders == 1


def test_closing_the_study_ends_all_links(ahp: Story, client: Client) -> None:
    actions.close_study(ahp.study.uuid, acting=ahp.acting, now=NOW)
    assert client.get(address(ahp)).status_code == 410


def test_no_log_line_holds_a_link_or_a_name(
    open_ahp: Story, client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        client.get(reverse("answers:answer", args=["unknown-secret"]))
        client.post(address(open_ahp), form(open_ahp, ["x"] * 6, submit="1"))
        client.post(address(open_ahp), form(open_ahp, ["3"] * 6) | {"version": "77", "save": "1"})
    lines = "\n".join(
        record.getMessage() for record in caplog.records if not record.name.startswith("django.db")
    )
    assert open_ahp.links[0].token not in lines
    assert "unknown-secret" not in lines
    assert "专家1" not in lines


def test_who_tries_links_or_saves_without_end_is_slowed(open_ahp: Story, client: Client) -> None:
    limits = questionnaire().limits
    unknown = reverse("answers:answer", args=["nothing"])
    statuses = [client.get(unknown).status_code for _ in range(limits["unknown_links_a_minute"] * 2 + 2)]
    assert statuses[0] == 410
    assert statuses[-1] == 429 or statuses.count(429) > 0
    assert client.get(address(open_ahp)).status_code == 200
    statuses = [
        client.post(address(open_ahp), {"version": "x"}).status_code
        for _ in range(limits["saves_a_minute"] * 2 + 2)
    ]
    assert 429 in statuses
    assert client.post(address(open_ahp, 1), form(open_ahp, ["3"] * 6, 1, save="1")).status_code == 302


def test_round_two_shows_the_middle_and_the_own_answer_and_no_name(delphi: Story, client: Client) -> None:
    delphi.open_round()
    page = client.get(address(delphi)).content.decode()
    # item 流延: 5 4 5 4 -> median 4.5, quartiles 4 and 5
    assert "上一轮：中位数 4.5，中间一半专家在 4–5；您评 5，在中间一半之内。" in page
    assert 'value="5" checked' not in page
    assert "专家2" not in page
    silent = client.get(address(delphi, 4)).content.decode()
    assert "上一轮：中位数 4.5，中间一半专家在 4–5；您没有作答。" in silent


def test_with_too_few_answers_no_middle_is_shown(tell: Tell, client: Client) -> None:
    story = tell("delphi", TREE, 2)
    story.open_round()
    story.answer("E01", [5.0] * 5)
    story.answer("E02", [4.0] * 5)
    story.close_round()
    story.open_round()
    page = client.get(address(story)).content.decode()
    assert "结果会暴露个人答案" in page
    assert "中位数" not in page


def test_ratings_with_basis_and_familiarity_and_gaps_are_taken(tell: Tell, client: Client) -> None:
    story = tell("delphi", TREE, 2)
    story.open_round()
    items = {item.name_zh: item.id for item in story.study.items.all()}
    sent = form(story, ["5", "", "4", "", "1"], submit="1")
    sent |= {f"b-{items['流延']}": "0.8", f"f-{items['流延']}": "0.6"}
    assert client.post(address(story), sent).status_code == 302
    found = {row.item.name_zh: row for row in Judgement.objects.select_related("item")}
    assert {name: row.value for name, row in found.items()} == {"流延": 5, "检测": 4, "外语": 1}
    assert (found["流延"].basis, found["流延"].familiarity) == (0.8, 0.6)
    assert (found["检测"].basis, found["检测"].familiarity) == (None, None)
    wrong = form(story, ["5", "", "4", "", "1"], submit="1") | {f"b-{items['流延']}": "0.7"}
    assert client.post(address(story), wrong).status_code == 422


def test_the_page_is_in_both_languages_and_needs_no_script(open_ahp: Story, client: Client) -> None:
    open_ahp.answer("E01", CONTRADICTORY)
    client.cookies["zq_language"] = "en"
    page = client.get(address(open_ahp)).content.decode()
    main = page[page.index("<main") : page.index("</main")]
    assert "Algorithms" in main
    assert "extremely more important" in main
    assert "提交" not in main
    assert "hx-" not in main


@pytest.mark.django_db(transaction=True)
def test_of_saves_at_the_same_moment_one_is_taken(tell: Tell) -> None:
    story = tell("delphi", TREE, 2)
    story.open_round()
    outcomes: list[str] = []
    start = threading.Barrier(4)

    def save(value: float) -> None:
        found = answering.questions(story.links[0].expert)
        assert found is not None
        replies = {key: Reply(value) for key in found.keys}
        start.wait()
        try:
            answering.save(found, replies, version=1, submit=True, now=NOW)
            outcomes.append(f"{value:g}")
        except SavedElsewhere:
            outcomes.append("late")
        finally:
            connection.close()

    threads = [threading.Thread(target=save, args=(float(value),)) for value in range(1, 5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes.count("late") == 3
    (taken,) = (one for one in outcomes if one != "late")
    assert set(Judgement.objects.values_list("value", flat=True)) == {float(taken)}
    assert Judgement.objects.count() == 5
