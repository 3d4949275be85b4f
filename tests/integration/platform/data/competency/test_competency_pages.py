"""Pages of discovery and frameworks as officer, expert, reader and stranger, in both languages."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from tests.integration.platform.data.competency.test_frameworks import draft, publish
from zhiqiao.infra.jobs.api import run_waiting
from zhiqiao.platform.data.competency import building
from zhiqiao.platform.data.models import (
    CompetencyFramework,
    CompetencyStudy,
    Dimension,
    FrameworkVersion,
    Indicator,
    StudyEdit,
    StudyState,
)
from zhiqiao.platform.governance.api import Actor, User

__all__ = ["draft"]
SignIn = Callable[[User], Client]


def act(client: Client, study: CompetencyStudy, **data: object) -> str:
    study.refresh_from_db()
    data = {"seen": study.edition, **data}
    answer = client.post(reverse("data:study_act", args=[study.uuid]), data, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def edit(client: Client, row: FrameworkVersion, **data: object) -> str:
    row.refresh_from_db()
    data = {"seen": row.edition, **data}
    answer = client.post(reverse("data:framework_edit", args=[row.uuid]), data, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def test_from_starting_a_run_to_its_groups(study: CompetencyStudy, keeper: User, sign_in: SignIn) -> None:
    client = sign_in(keeper)
    assert client.get(reverse("data:study_new")).status_code == 200
    answer = client.post(reverse("data:study_new"), {"title": "第二次", "method": "nmf", "k": 3, "seed": 1})
    made = CompetencyStudy.objects.latest("id")
    assert answer["Location"] == reverse("data:study", args=[made.uuid])
    waiting = client.get(answer["Location"]).content.decode()
    assert "study-progress" in waiting
    assert "取消" in waiting
    assert client.get(reverse("data:study_progress", args=[made.uuid])).status_code == 200
    run_waiting()
    assert client.get(reverse("data:study_progress", args=[made.uuid]))["HX-Redirect"] == answer["Location"]
    page = client.get(answer["Location"]).content.decode()
    for text in ("修剪花木", "一致性", "稳定性", "看全文", "系统建议的名称"):
        assert text in page
    assert "第二次" in client.get(reverse("data:studies")).content.decode()


def test_a_refusal_stands_in_the_form(trades: object, keeper: User, sign_in: SignIn) -> None:
    answer = sign_in(keeper).post(
        reverse("data:study_new"), {"title": "没有数据", "method": "graph", "k": 3, "seed": 0}
    )
    assert answer.status_code == 422
    assert "至少需要 50 条" in answer.content.decode()


def test_every_edit_of_the_page(study: CompetencyStudy, expert: User, sign_in: SignIn) -> None:
    client = sign_in(expert)
    first, second = study.grouping["groups"][:2]
    assert "园林养护" in act(client, study, verb="rename", group="c01", name="园林养护", at="c01")
    page = act(client, study, verb="move", group="c01", picked=first["skills"][:2], to="c02")
    assert "已调整" in page
    act(client, study, verb="split", group="c02", picked=second["skills"][:2], name="分出来的")
    act(client, study, verb="remove", group="c02", picked=second["skills"][2:3])
    act(client, study, verb="add", picked=second["skills"][2:3], to="c01")
    page = act(client, study, verb="merge", group="c01", to="c03")
    assert StudyEdit.objects.count() == 7
    assert "修改记录" in page
    page = act(client, study, verb="undo")
    assert "已撤销" in page


def test_what_is_refused_says_why_in_its_place_and_keeps_what_was_filled_in(
    study: CompetencyStudy, expert: User, sign_in: SignIn
) -> None:
    client, url = sign_in(expert), reverse("data:study_act", args=[study.uuid])
    skills = study.grouping["groups"][0]["skills"]
    ticks = {"group": "c01", "at": "c01", "picked": skills[:2], "to": "c03", "seen": study.edition}
    answer = client.post(url, {**ticks, "verb": "split", "name": " "})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert page.count(" checked") == 2
    assert '<option value="c03" selected>' in page
    assert '<details class="zq-card" id="c01" open>' in page
    assert "请先勾选技能" in client.post(url, {**ticks, "verb": "move", "picked": []}).content.decode()
    assert "没有这个操作" in client.post(url, {"verb": "explode", "at": "nowhere"}).content.decode()
    late = client.post(url, {**ticks, "verb": "remove", "seen": study.edition - 1})
    assert (late.status_code, late.content.decode().count(" checked")) == (409, 2)
    assert "刚才有人改过" in late.content.decode()
    assert not StudyEdit.objects.exists()


def test_an_older_page_of_several_skills_moves_none(
    study: CompetencyStudy, expert: User, sign_in: SignIn
) -> None:
    skills = study.grouping["groups"][0]["skills"]
    picked = [skills[0], study.grouping["groups"][1]["skills"][0]]  # the second stands in the target already
    data = {"verb": "move", "group": "c01", "picked": picked, "to": "c02", "seen": study.edition}
    assert sign_in(expert).post(reverse("data:study_act", args=[study.uuid]), data).status_code == 422
    assert not StudyEdit.objects.exists()


def test_cancel_and_run_again(study: CompetencyStudy, keeper: User, sign_in: SignIn) -> None:
    client = sign_in(keeper)
    act(client, study, verb="rerun")
    again = CompetencyStudy.objects.latest("id")
    assert again.previous == study
    act(client, again, verb="cancel")
    again.refresh_from_db()
    assert again.state == StudyState.CANCELLED
    assert "已取消" in client.get(reverse("data:study", args=[again.uuid])).content.decode()


def test_strangers_find_no_study(
    study: CompetencyStudy, alice: User, officer: User, student: User, sign_in: SignIn
) -> None:
    for person in (alice, officer, student):
        client = sign_in(person)
        assert client.get(reverse("data:study", args=[study.uuid])).status_code == 404
        address = reverse("data:study_act", args=[study.uuid])
        assert client.post(address, {"verb": "undo", "seen": 1}).status_code == 404
    assert study.title not in sign_in(officer).get(reverse("data:studies")).content.decode()


def test_a_framework_from_a_study_is_edited_and_published(
    study: CompetencyStudy, keeper: User, alice: User, sign_in: SignIn
) -> None:
    client = sign_in(keeper)
    address = reverse("data:study_framework", args=[study.uuid])
    assert client.get(address).status_code == 200
    assert client.post(address, {"name_zh": "x", "most_skills": 2}).status_code == 422
    client.post(address, {"name_zh": "行当标准", "groups": ["c01", "c02"], "most_skills": 2})
    row = FrameworkVersion.objects.get()
    client.get(reverse("data:framework_edit", args=[row.uuid]))
    page = edit(client, row, verb="add_dimension", name_zh="基础")
    assert "基础" in page
    base = Dimension.objects.get(name_zh="基础")
    edit(client, row, verb="add_indicator", part=base.uuid, name_zh="通用")
    common = Indicator.objects.get(name_zh="通用")
    edit(client, row, verb="add_skill", part=common.uuid, target="teamwork")
    edit(client, row, verb="up", part=base.uuid)
    edit(client, row, verb="down", part=base.uuid)
    edit(client, row, verb="rename", part=common.uuid, name_zh="通用能力", name_en="Common")
    taken = Indicator.objects.exclude(pk=common.pk).earliest("id")
    moved = taken.skills.earliest("id").skill.key
    edit(client, row, verb="move_skill", skill=moved, to=common.uuid)
    edit(client, row, verb="remove_skill", skill=moved)
    assert "请先选择" in edit(client, row, verb="move_skill", skill="teamwork", to="")
    edit(client, row, verb="move_indicator", part=taken.uuid, to=base.uuid)
    edit(client, row, verb="remove", part=Dimension.objects.filter(indicators=None).get().uuid)
    assert "团队合作" in client.get(reverse("data:framework_skills") + "?target_q=团队").content.decode()
    row.refresh_from_db()
    page = client.get(reverse("data:framework_version", args=[row.uuid])).content.decode()
    assert "发布第 1 版" in page
    assert "未知" in page
    answer = client.post(
        reverse("data:framework_publish", args=[row.uuid]), {"seen": row.edition}, follow=True
    )
    assert "已发布，不能再改" in answer.content.decode()
    reader = sign_in(alice)
    assert "行当标准" in reader.get(reverse("data:frameworks")).content.decode()
    answer = reader.get(reverse("data:framework", args=[row.framework.uuid]), follow=True)
    assert "通用能力" in answer.content.decode()
    assert "编辑草稿" not in answer.content.decode()


def test_versions_are_compared_on_a_page(
    draft: FrameworkVersion, acting: Actor, keeper: User, sign_in: SignIn
) -> None:
    client = sign_in(keeper)
    first = client.get(reverse("data:framework_diff", args=[draft.uuid]), follow=True)
    assert "没有可以比较的旧版" in first.content.decode()
    publish(acting, draft)
    client.post(reverse("data:framework_draft", args=[draft.framework.uuid]))
    new = FrameworkVersion.objects.latest("id")
    page = client.get(reverse("data:framework_diff", args=[new.uuid])).content.decode()
    assert "两版内容相同" in page
    edit(client, new, verb="remove_skill", skill="garden-1")
    page = client.get(reverse("data:framework_diff", args=[new.uuid])).content.decode()
    assert "删去的技能" in page
    assert "修剪花木" in page


def test_begun_by_hand_thrown_away(trades: object, keeper: User, sign_in: SignIn) -> None:
    client = sign_in(keeper)
    assert client.get(reverse("data:framework_new")).status_code == 200
    assert client.post(reverse("data:framework_new"), {"name_zh": " "}).status_code == 422
    client.post(reverse("data:framework_new"), {"name_zh": "手工", "name_en": "By hand"})
    row = FrameworkVersion.objects.get()
    client.post(reverse("data:framework_discard", args=[row.uuid]), {"seen": row.edition})
    assert not CompetencyFramework.objects.exists()


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_version_is_handed_out_with_unknown_weights_empty_and_the_reason_beside(
    draft: FrameworkVersion, acting: Actor, alice: User, sign_in: SignIn, kind: str
) -> None:
    address = reverse("data:framework_export", args=[draft.uuid]) + f"?export={kind}"
    client = sign_in(alice)
    assert client.get(address).status_code == 404
    publish(acting, draft)
    answer = client.get(address)
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
    if kind == "csv":
        text = content.decode("utf-8-sig")
    else:
        sheet = load_workbook(io.BytesIO(content)).active
        text = "\n".join(str(cell.value) for row in sheet.iter_rows() for cell in row)
    assert "修剪花木" in text
    assert "还没有做权重研究" in text
    assert "garden-1" in text


def test_pages_speak_english(study: CompetencyStudy, acting: Actor, keeper: User, sign_in: SignIn) -> None:
    row = building.from_study(acting, study, "行当标准", groups=["c01"], most_skills=2)
    client = sign_in(keeper)
    client.post(reverse("language"), {"language": "en"})
    for address, word in (
        (reverse("data:study", args=[study.uuid]), "Stability"),
        (reverse("data:framework_edit", args=[row.uuid]), "Add a dimension"),
        (reverse("data:framework_version", args=[row.uuid]), "Weight"),
    ):
        assert word in client.get(address).content.decode()
