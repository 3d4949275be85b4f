"""Pages of surveys as officer, colleague, stranger and reader of the region; the questionnaire without an account."""

from __future__ import annotations

from collections.abc import Callable

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.integration.platform.data.survey.conftest import NOW, Story
from zhiqiao.platform.data.models import EnterpriseVisit, PostSurvey, SurveyedEnterprise, SurveySheet
from zhiqiao.platform.data.survey import asking
from zhiqiao.platform.governance.models import User

SignIn = Callable[[User], Client]


def address(name: str, *args: object) -> str:
    return reverse(f"data:{name}", args=args)


def text_of(response: object) -> str:
    return response.content.decode()  # type: ignore[attr-defined, no-any-return]  # the test client's response


def test_from_a_title_to_links(
    sign_in: SignIn, olive: User, otto: User, stella: User, firms: None, programme: object
) -> None:
    client = sign_in(olive)
    told = {"title": "陶瓷岗位调研", "purpose": "修订方案", "programme": programme.pk, "version": 0}  # type: ignore[attr-defined]
    assert client.post(address("survey_new"), told).status_code == 302
    survey = PostSurvey.objects.get()
    uuid = survey.uuid
    page = text_of(client.get(address("survey_questions", uuid)))
    assert "分支检查通过" in page
    assert "只在“今后三年" in page
    # a question of one's own, asked only after an answer
    question = {
        "key": "night-shift", "kind": "single", "section": "posts", "text_zh": "要不要上夜班？",
        "text_en": "Night shifts?", "options": "yes | 要 | Yes\nno | 不要 | No", "when": ["needs-people|yes"],
        "version": 1,
    }  # fmt: skip
    assert (
        client.post(address("survey_question_new", uuid), question | {"options": "yes | 要"}).status_code
        == 422
    )
    assert client.post(address("survey_question_new", uuid), question).status_code == 302
    assert client.post(address("survey_question_new", uuid), question | {"key": "other"}).status_code == 409
    change = {"verb": "remove", "key": "needs-people", "version": 2}
    assert "4 处问题" in text_of(client.post(address("survey_questions_change", uuid), change, follow=True))
    change = {"verb": "add", "key": "needs-people", "version": 3}
    assert "4 处问题" in text_of(client.post(address("survey_questions_change", uuid), change, follow=True))
    for seen in (4, 5, 6, 7):
        change = {"verb": "up", "key": "needs-people", "version": seen}
        client.post(address("survey_questions_change", uuid), change)
    assert "分支检查通过" in text_of(client.get(address("survey_questions", uuid)))
    tried = text_of(client.post(address("survey_preview", uuid), {"q-needs-people": "no"}))
    assert "要不要上夜班" not in tried
    assert "主要原因是什么" in tried
    picked = [str(row.uuid) for row in SurveyedEnterprise.objects.all()]
    draw = {"size": 99, "seed": "s", "picked": picked}
    assert client.post(address("survey_frame", uuid), draw).status_code == 422
    assert client.post(address("survey_frame", uuid), draw | {"size": 6}).status_code == 302
    links = text_of(client.post(address("survey_send", uuid)))
    assert links.count("/survey/") >= 6
    assert "mailto:hr" in links
    assert "/survey/" not in text_of(sign_in(otto).get(address("survey_units", uuid)))
    for name in ("survey", "survey_questions", "survey_units", "survey_results"):
        assert sign_in(stella).get(address(name, uuid)).status_code == 404


def test_an_enterprise_answers_on_a_phone_in_two_sittings(client: Client, story: Story) -> None:
    story.draw()
    story.send(timezone.now())
    url = reverse("survey_answers:sheet", args=[story.links[0].token])
    first = client.get(url)
    assert "no-store" in first["Cache-Control"]
    assert story.links[0].unit.enterprise.name in text_of(first)
    said = client.post(f"{url}?part=1", {"q-firm-type": "service", "version": 1, "later": "1"})
    assert said["Location"].endswith("part=1&saved=1")
    # another device, in English
    other = Client()
    other.post(reverse("language"), {"language": "en", "next": url})
    assert "What kind of enterprise" in text_of(other.get(url))
    sheet = SurveySheet.objects.get(unit=story.links[0].unit)
    assert sheet.answers == {"firm-type": "service"}
    wrong = other.post(f"{url}?part=2", {"q-staff-total": "many", "version": sheet.version})
    assert wrong.status_code == 422
    assert 'value="many"' in text_of(wrong)
    stale = other.post(f"{url}?part=2", {"q-staff-total": "１２０", "version": 1})
    assert stale.status_code == 409
    part, version = 2, sheet.version
    pages = 0
    while f"part={part}" and pages < 20:
        page = text_of(other.get(f"{url}?part={part}"))
        if 'name="submit"' in page:
            break
        given = {"q-needs-people": "yes"} if 'name="q-needs-people"' in page else {}
        answer = other.post(f"{url}?part={part}", {**given, "version": version})
        part, version, pages = int(answer["Location"].rpartition("=")[2]), version + 1, pages + 1
    handed_in = other.post(f"{url}?part={part}", {"submit": "1", "may_reuse": "1", "version": version})
    assert handed_in.status_code == 302
    assert "Handed in, thank you" in text_of(other.get(url))
    again = client.post(url, {"submit": "1", "version": version})
    assert again.status_code == 409
    assert "已经答过" in text_of(again)
    sheet.refresh_from_db()
    assert (sheet.may_reuse, sheet.answers["needs-people"]) == (True, "yes")
    gone = client.get(reverse("survey_answers:sheet", args=["not-a-link"]))
    assert gone.status_code == 410


def test_statistics_show_no_enterprise_to_the_region_and_nothing_below_three(
    sign_in: SignIn, olive: User, alice: User, story: Story
) -> None:
    story.draw(size=10)
    story.send()
    for number, link in enumerate(story.links[:5]):
        # two say something to a question that only two are asked
        changes = {"certificate-names": "高压电工"} if number < 2 else {"certificates": "ignored"}
        story.answer(link, **changes)
    uuid = story.survey.uuid
    assert sign_in(alice).get(address("survey_results", uuid)).status_code == 404
    asking.close_survey(uuid, acting=story.acting, now=NOW)
    reader = sign_in(alice)
    page = text_of(reader.get(address("survey_results", uuid)))
    assert "50%" in page or "50.0%" in page
    assert "陶瓷厂" not in page
    hidden = text_of(reader.get(address("survey_question_results", uuid, "certificate-names")))
    assert "不到 3 家企业回答" in hidden
    assert "高压电工" not in hidden
    hires = text_of(reader.get(address("survey_question_results", uuid, "hires")))
    assert "推算到抽样框" in hires
    assert "陶瓷厂" not in hires
    own = text_of(sign_in(olive).get(address("survey_question_results", uuid, "hires")))
    assert "陶瓷厂" in own
    for name in ("survey_units", "survey_visits", "survey_frame"):
        assert reader.get(address(name, uuid)).status_code == 404


def test_visits_follow_reasons(sign_in: SignIn, olive: User, otto: User, story: Story) -> None:
    story.draw()
    story.send()
    story.answer(story.links[0])
    story.answer(story.links[1], hires={"operator": 1}, visit="no")
    client, uuid = sign_in(olive), story.survey.uuid
    page = text_of(client.get(address("survey_visits", uuid)))
    assert page.index(story.links[0].unit.enterprise.name) < page.index(story.links[1].unit.enterprise.name)
    assert "三年内拟招人数 6" in page
    new = address("survey_visit_new", story.links[0].unit.uuid)
    told = {"visited_on": "2026-11-10", "visitors": "Olive", "findings": "缺检验员", "version": 0}
    assert client.post(new, told | {"visited_on": "2099-01-01"}).status_code == 422
    assert client.post(new, told).status_code == 302
    visit = EnterpriseVisit.objects.get()
    assert "三年内拟招人数 6" in visit.reason
    edit = address("survey_visit_edit", visit.uuid)
    assert sign_in(otto).post(edit, told | {"findings": "还缺设备员", "version": 1}).status_code == 302
    assert client.post(edit, told | {"version": 1}).status_code == 409


def test_a_list_of_enterprises_by_file(sign_in: SignIn, olive: User, firms: None) -> None:
    rows = (
        "企业名称,统一社会信用代码,规模,所在县区,邮箱\n第01陶瓷厂,,大型,丙县,\n"
        "新窑业,91350100M000100Y43,小型企业,丙县,a@example.org\n"
        "坏窑业,91350100M000100Y44,,,\n新 窑业,,巨型,,\n"
    )
    client = sign_in(olive)
    file = SimpleUploadedFile("firms.csv", rows.encode("utf-8"), content_type="text/csv")
    checked = text_of(client.post(address("survey_enterprise_import"), {"file": file}))
    assert "校验不通过" in checked
    assert "规模请写" in checked
    client.post(address("survey_enterprise_import"), {"verb": "commit"})
    known = SurveyedEnterprise.objects.get(name="第01陶瓷厂")
    assert (known.size, known.place, known.contact_email) == ("large", "丙县", "")
    assert SurveyedEnterprise.objects.get(name="新窑业").size == "small"
    assert not SurveyedEnterprise.objects.filter(name="坏窑业").exists()
