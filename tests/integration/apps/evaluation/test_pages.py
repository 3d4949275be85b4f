"""The pages of studies: what owner, colleague, bureau, expert and stranger see and may do."""

from __future__ import annotations

import io
import re
from collections.abc import Callable

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse

from tests.integration.apps.evaluation.conftest import CONSISTENT, NOW, Story
from zhiqiao.apps.evaluation import actions
from zhiqiao.apps.evaluation.models import StudyExpert, StudyRound, StudyState, WeightStudy
from zhiqiao.platform.data.evidence import resolve
from zhiqiao.platform.governance.access import Actor
from zhiqiao.platform.governance.models import User

SignIn = Callable[[User], Client]


def read_pages(story: Story) -> list[str]:
    uuid = story.study.uuid
    return [
        reverse("evaluation:study", args=[uuid]),
        reverse("evaluation:results", args=[uuid]),
        reverse("evaluation:results_of", args=[uuid, 1]),
        reverse("evidence", args=["weight_study", uuid]),
        *(reverse("evidence", args=["study_item", item.uuid]) for item in story.study.items.all()),
    ]


def write_pages(story: Story) -> list[str]:
    uuid, expert = story.study.uuid, story.links[0].expert.uuid
    return [
        reverse("evaluation:experts", args=[uuid]),
        reverse("evaluation:round_open", args=[uuid]),
        reverse("evaluation:round_close", args=[uuid]),
        reverse("evaluation:study_close", args=[uuid]),
        reverse("evaluation:study_edit", args=[uuid]),
        reverse("evaluation:examples", args=[uuid]),
        reverse("evaluation:expert_link", args=[expert]),
        reverse("evaluation:expert_end", args=[expert]),
    ]


@pytest.mark.parametrize("name", ["olive", "otto"])
def test_owner_and_colleague_read_every_page(
    ahp: Story, delphi: Story, sign_in: SignIn, request: pytest.FixtureRequest, name: str
) -> None:
    client = sign_in(request.getfixturevalue(name))
    for story in (ahp, delphi):
        assert {url: client.get(url).status_code for url in read_pages(story)} == dict.fromkeys(
            read_pages(story), 200
        )
    page = client.get(reverse("evaluation:experts", args=[ahp.study.uuid])).content.decode()
    assert "专家1" in page
    assert "e1@example.org" in page


@pytest.mark.parametrize("name", ["stella", "officer", "eve", "alice", "student", "sysadmin"])
def test_while_a_study_runs_nobody_else_finds_it(
    ahp: Story, sign_in: SignIn, request: pytest.FixtureRequest, name: str
) -> None:
    client = sign_in(request.getfixturevalue(name))
    assert {client.get(url).status_code for url in read_pages(ahp)} == {404}
    assert {client.post(url).status_code for url in write_pages(ahp)} == {404}
    assert ahp.fresh().state == StudyState.OPEN


@pytest.mark.parametrize("name", ["officer", "eve"])
def test_bureau_and_experts_read_closed_studies_without_names_and_write_nothing(
    ahp: Story, sign_in: SignIn, request: pytest.FixtureRequest, name: str
) -> None:
    actions.close_study(ahp.study.uuid, acting=ahp.acting, now=NOW)
    client = sign_in(request.getfixturevalue(name))
    for url in read_pages(ahp):
        page = client.get(url).content.decode()
        assert "专家1" not in page
        assert "example.org" not in page
    assert {client.post(url).status_code for url in write_pages(ahp)} == {404}
    assert client.get(reverse("evaluation:experts", args=[ahp.study.uuid])).status_code == 404
    assert "一项研究" in client.get(reverse("evaluation:studies")).content.decode()


def test_another_associations_officer_finds_a_closed_study_no_more_than_an_open_one(
    ahp: Story, stella: User, sign_in: SignIn
) -> None:
    actions.close_study(ahp.study.uuid, acting=ahp.acting, now=NOW)
    client = sign_in(stella)
    assert {client.get(url).status_code for url in read_pages(ahp)} == {404}
    assert {client.post(url).status_code for url in write_pages(ahp)} == {404}


def test_a_study_from_the_form_to_its_weights(olive: User, sign_in: SignIn) -> None:
    client = sign_in(olive)
    fields = {"title": "新研究", "purpose": "", "kind": "ahp", "highest": "5", "items": "甲 | A\n乙 | B"}
    answer = client.post(reverse("evaluation:study_new"), fields)
    study = WeightStudy.objects.get()
    assert answer["Location"] == reverse("evaluation:experts", args=[study.uuid])
    page = client.post(answer["Location"], {"guests": "张三，某校\n李四"}).content.decode()
    links = re.findall(r"http://testserver(/answers/[\w-]+/)", page)
    assert len(links) == 2
    assert not any(
        link.split("/")[2] in str(row.__dict__) for row in StudyExpert.objects.all() for link in links
    )
    again = client.get(answer["Location"]).content.decode()
    assert not any(link in again for link in links)
    client.post(reverse("evaluation:round_open", args=[study.uuid]))
    asked = client.get(reverse("evaluation:study", args=[study.uuid])).content.decode()
    assert 'data-confirm="结束第 1 轮？0 / 2 位已提交，0 位填了还没有提交' in asked
    for link in links:
        stranger = Client()
        form = stranger.get(link).content.decode()
        field = re.search(r'name="(v-\d+-\d+)"', form)
        assert field
        stranger.post(link, {field[1]: "3", "version": "1", "submit": "1"})
    overview = client.get(reverse("evaluation:study", args=[study.uuid])).content.decode()
    assert "已提交 2 / 2，应答率 100.0%" in overview
    client.post(reverse("evaluation:round_close", args=[study.uuid]))
    results = client.get(reverse("evaluation:results", args=[study.uuid])).content.decode()
    assert "0.7500" in results
    assert "0.2500" in results


def test_a_form_with_faults_says_where_and_keeps_what_was_written(olive: User, sign_in: SignIn) -> None:
    client = sign_in(olive)
    answer = client.post(
        reverse("evaluation:study_new"), {"title": "题", "kind": "ahp", "items": "甲\n甲\n乙"}
    )
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "第 2 行“甲”与第 1 行重名" in page
    assert "甲\n甲\n乙" in page


def test_a_draft_is_written_anew(olive: User, actor_of: Callable[[User], Actor], sign_in: SignIn) -> None:
    study = actions.create_study(
        actions.StudyText("稿", "", "delphi", "甲\n- 一 | One\n- 二"), acting=actor_of(olive)
    )
    url = reverse("evaluation:study_edit", args=[study.uuid])
    client = sign_in(olive)
    assert "甲\n- 一 | One\n- 二" in client.get(url).content.decode()
    client.post(url, {"title": "新稿", "kind": "ahp", "items": "丙\n丁"})
    assert [item.name_zh for item in study.items.all()] == ["丙", "丁"]
    assert WeightStudy.objects.get().title == "新稿"


def test_the_page_shows_the_kept_weights_the_ratio_and_who_was_left_out(
    ahp: Story, olive: User, sign_in: SignIn
) -> None:
    page = sign_in(olive).get(reverse("evaluation:results", args=[ahp.study.uuid])).content.decode()
    row = StudyRound.objects.get()
    for weight in row.result["weights"].values():
        assert f"{weight:.4f}" in page
    assert "一致性不合格、没有计入的专家：E03 专家3（第一层）" in page
    assert "CR 降到" in page
    assert "提交 3 / 邀请 4" in page


def test_the_delphi_page_shows_agreement_authority_and_advice(
    delphi: Story, olive: User, sign_in: SignIn
) -> None:
    client = sign_in(olive)
    page = client.get(reverse("evaluation:results", args=[delphi.study.uuid])).content.decode()
    for words in (
        "协调系数 W",
        "权威程度 Cr",
        "0.80",
        "保留",
        "删去",
        "作答专家少于通常的 15–30 位",
        "80.0%",
    ):
        assert words in page
    assert "第一轮没有可比的上一轮" in page
    delphi.open_round()
    for code in ("E01", "E02", "E03", "E04", "E05"):
        delphi.answer(code, [5.0, 5.0, 4.0, 3.0, 2.0], basis=0.8)
    delphi.close_round()
    page = client.get(reverse("evaluation:results", args=[delphi.study.uuid])).content.decode()
    assert "已收敛" in page or "未收敛" in page
    assert "第一轮没有可比的上一轮" not in page


def test_an_earlier_round_keeps_its_page(delphi: Story, olive: User, sign_in: SignIn) -> None:
    client, url = sign_in(olive), reverse("evaluation:results_of", args=[delphi.study.uuid, 1])
    weights = StudyRound.objects.get().result["weights"]
    delphi.open_round()
    delphi.answer("E01", [1.0, 1.0, 1.0, 1.0, 5.0])
    assert client.get(reverse("evaluation:results_of", args=[delphi.study.uuid, 2])).status_code == 404
    delphi.close_round()
    page = client.get(url).content.decode()
    assert all(f"{weight:.4f}" in page for weight in weights.values())


def test_examples_show_room_and_ranks(ahp: Story, olive: User, sign_in: SignIn) -> None:
    client, url = sign_in(olive), reverse("evaluation:examples", args=[ahp.study.uuid])
    table = "名称,基础,数据库,算法,实践\n甲,90,60,60,70\n乙,60,90,80,60\n"
    assert client.post(url, {"table": table.replace("90", "x")}).status_code == 422
    page = client.post(url, {"table": table}, follow=True).content.decode()
    assert "权重变动会不会改变排序" in page
    assert "甲超过乙" in page
    assert "+10%" in page


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_tables_are_taken_away_as_files(ahp: Story, olive: User, sign_in: SignIn, kind: str) -> None:
    url = reverse("evaluation:results", args=[ahp.study.uuid])
    answer = sign_in(olive).get(url, {"weights-export": kind})
    if kind == "csv":
        assert "基础" in answer.content.decode("utf-8-sig")
        return
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).worksheets[0]
    cells = [[cell.value for cell in row] for row in sheet.iter_rows()]
    found = {row[0]: row[3] for row in cells if row[0] in {"基础", "数据库", "算法", "实践"}}
    assert sum(found.values()) == pytest.approx(1)


def test_a_figure_opens_the_judgements_without_names_and_is_the_same_computed_anew(
    ahp: Story, delphi: Story
) -> None:
    for story in (ahp, delphi):
        hop = resolve(story.acting, "weight_study", story.study.uuid)
        assert hop.recompute is not None
        assert hop.value == hop.recompute()
        for item in story.study.items.all():
            hop = resolve(story.acting, "study_item", item.uuid)
            assert hop.recompute is not None
            assert hop.value == hop.recompute() != ""
            text = str(hop.facts)
            assert "E01" not in text
            assert "专家1" not in text
    basis = ahp.study.items.get(name_zh="基础")
    facts = dict(resolve(ahp.acting, "study_item", basis.uuid).facts)
    assert facts["比“数据库”"] == "2、3、5"


def test_too_few_answers_are_not_laid_open(ahp: Story) -> None:
    ahp.open_round()
    ahp.answer("E01", CONSISTENT)
    ahp.close_round()
    item = ahp.study.items.get(name_zh="基础")
    shown = [
        value for title, value in resolve(ahp.acting, "study_item", item.uuid).facts if title == "比“数据库”"
    ]
    assert shown == ["2、3、5", "作答人数过少，为保护匿名不显示"]


def test_the_officer_is_told_when_everybody_has_submitted(ahp: Story, olive: User, sign_in: SignIn) -> None:
    client, words = sign_in(olive), "全部专家已提交"
    ahp.open_round()
    for code in ("E01", "E02", "E03"):
        ahp.answer(code, CONSISTENT)
    assert words not in client.get(reverse("home")).content.decode()
    ahp.answer("E04", CONSISTENT)
    assert words in client.get(reverse("home")).content.decode()
