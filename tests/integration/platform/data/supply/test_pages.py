"""The pages: lists with unknown figures, forms that keep what was typed, conflicts, files in two steps, who may."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from tests.integration.platform.data.supply.conftest import ActorOf, facts
from zhiqiao.engines.tabular import write_xlsx
from zhiqiao.platform.data.models import (
    EnterprisePlan,
    InvestmentProject,
    JobRole,
    Programme,
    ProgrammeYear,
    RegionalIndicator,
    RegionalValue,
    TrainingCondition,
)
from zhiqiao.platform.data.supply.years import save_year
from zhiqiao.platform.governance.api import AuditEvent, User

SignIn = Callable[[User], Client]
YEAR = {
    "year": "2025",
    "enrolled": "40",
    "graduates": "38",
    "placed": "36",
    "source": "学籍系统",
    "version": "0",
}
PROJECT = {
    "name": "陶瓷基板工厂",
    "industry": "",
    "start": "2027-03",
    "percent": "60",
    "state": "announced",
    "source": "招商公告",
    "staff-TOTAL_FORMS": "1",
    "staff-INITIAL_FORMS": "0",
    "staff-0-role": "",
    "staff-0-year": "",
    "staff-0-headcount": "",
}


def _file(text: str, name: str = "years.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, text.encode("utf-8"))


def test_a_year_is_stated_on_the_page_and_its_gaps_show_as_unknown(
    alice: User, programme: Programme, sign_in: SignIn
) -> None:
    client = sign_in(alice)
    done = client.post(reverse("data:supply_year_new"), {**YEAR, "programme": programme.pk})
    assert done.status_code == 302
    row = ProgrammeYear.objects.get()
    assert (row.enrolled, row.students) == (40, None)
    page = client.get(reverse("data:supply_years")).content.decode()
    assert "材料工程技术" in page
    assert "zq-unknown" in page
    assert reverse("evidence", args=["programme_year", row.uuid]) in page
    assert "学校没有填报" in client.get(reverse("data:supply_year", args=[row.uuid])).content.decode()


def test_what_contradicts_itself_is_named_at_its_field_and_stays_typed(
    alice: User, programme: Programme, sign_in: SignIn
) -> None:
    answer = sign_in(alice).post(
        reverse("data:supply_year_new"), {**YEAR, "programme": programme.pk, "placed": "99"}
    )
    assert answer.status_code == 422
    assert "“就业人数”多于“毕业人数”" in answer.content.decode()
    assert 'value="99"' in answer.content.decode()
    assert not ProgrammeYear.objects.exists()


def test_a_conflict_is_told_and_a_second_save_goes_over_it(
    alice: User, registry: User, programme: Programme, actor_of: ActorOf, sign_in: SignIn
) -> None:
    row = save_year(actor_of(alice), programme, facts(), year=2025)
    save_year(actor_of(registry), row, facts(enrolled=44), year=2025, seen=1)
    url = reverse("data:supply_year_edit", args=[row.uuid])
    told = sign_in(alice).post(url, {**YEAR, "version": "1"})
    assert told.status_code == 409
    assert "别人改过这一行" in told.content.decode()
    assert 'name="version" value="2"' in told.content.decode()
    assert ProgrammeYear.objects.get().enrolled == 44
    assert sign_in(alice).post(url, {**YEAR, "version": "2"}).status_code == 302
    assert ProgrammeYear.objects.get().enrolled == 40


def test_the_history_shows_old_and_new_to_those_who_keep_the_row(
    alice: User, bob: User, charlie: User, programme: Programme, actor_of: ActorOf, sign_in: SignIn
) -> None:
    row = save_year(actor_of(alice), programme, facts(), year=2025)
    save_year(actor_of(alice), row, facts(placed=None), year=2025, seen=1)
    url = reverse("data:supply_year_edit", args=[row.uuid])
    assert "就业人数：36 → 未知" in sign_in(alice).get(url).content.decode()
    assert [sign_in(person).get(url).status_code for person in (bob, charlie)] == [404, 404]
    assert sign_in(bob).get(reverse("data:supply_year", args=[row.uuid])).status_code == 200
    assert sign_in(charlie).get(reverse("data:supply_year", args=[row.uuid])).status_code == 404


def test_a_row_is_removed_only_in_the_version_that_was_shown(
    alice: User, programme: Programme, actor_of: ActorOf, sign_in: SignIn
) -> None:
    row = save_year(actor_of(alice), programme, facts(), year=2025)
    url = reverse("data:supply_year_edit", args=[row.uuid])
    for bad in ("7", "x", "²"):
        sign_in(alice).post(url, {"verb": "remove", "version": bad})
    assert ProgrammeYear.objects.exists()
    sign_in(alice).post(url, {"verb": "remove", "version": "1"})
    assert not ProgrammeYear.objects.exists()


def test_a_table_is_checked_first_and_written_whole(
    alice: User, programme: Programme, actor_of: ActorOf, sign_in: SignIn
) -> None:
    save_year(actor_of(alice), programme, facts(), year=2024)
    client, url = sign_in(alice), reverse("data:supply_import")
    text = (
        "专业,年份,招生人数,毕业人数,就业人数,来源\n材料工程技术,2024,41,38,36,学籍系统\n"
        "ceramics,2025年,45,,未知,学籍系统\n"
    )
    shown = client.post(url, {"file": _file(text)}).content.decode()
    assert "新增 1 行，修改 1 行" in shown
    assert ProgrammeYear.objects.count() == 1
    assert client.post(url, {"verb": "commit"}).status_code == 302
    old, new = ProgrammeYear.objects.order_by("year")
    # a column that the file lacks leaves the figure; an empty cell is unknown
    assert (old.enrolled, old.students) == (41, 120)
    assert (new.enrolled, new.graduates, new.placed) == (45, None, None)
    assert AuditEvent.objects.get(action="supply.year.imported").detail == {
        "file": "years.csv",
        "rows": 2,
        "rejected": 0,
    }


def test_an_xlsx_is_read_too(alice: User, programme: Programme, sign_in: SignIn) -> None:
    buffer = io.BytesIO()
    write_xlsx(
        buffer, ["专业", "年份", "招生数", "来源"], [["材料工程技术", 2025, 45, "学籍系统"]], title="表"
    )
    client, url = sign_in(alice), reverse("data:supply_import")
    client.post(url, {"file": SimpleUploadedFile("years.xlsx", buffer.getvalue())})
    client.post(url, {"verb": "commit"})
    assert ProgrammeYear.objects.get().enrolled == 45


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("软件技术,2025,1,,,x", "您填报的专业里没有“软件技术”"),
        ("材料工程技术,25,1,,,x", "不是年份"),
        ("材料工程技术,2025,四十,,,x", "不是整数"),
        ("材料工程技术,2025,1,10,11,x", "“就业人数”多于“毕业人数”"),
        ("材料工程技术,2025,1,,,", "请写明数字从哪里来"),
        ("材料工程技术,2024,1,,,x", "与第 2 行重复"),
        ("材料工程技术,2025,-3,,,x", "不是整数"),
    ],
)
def test_a_bad_row_stays_out_and_says_why_and_good_ones_go_in(
    alice: User, programme: Programme, other_programme: Programme, sign_in: SignIn, row: str, reason: str
) -> None:
    client, url = sign_in(alice), reverse("data:supply_import")
    text = f"专业,年份,招生人数,毕业人数,就业人数,来源\n材料工程技术,2024,41,38,36,学籍系统\n{row}\n"
    shown = client.post(url, {"file": _file(text)}).content.decode()
    assert reason in shown
    assert "其余的行可以先写入" in shown
    assert not ProgrammeYear.objects.exists()
    client.post(url, {"verb": "commit"})
    assert [row.year for row in ProgrammeYear.objects.all()] == [2024]
    left = client.get(url + "?rejected=1")
    assert reason in left.content.decode("utf-8-sig")


def test_a_missing_column_and_no_table_at_all_are_named(
    alice: User, programme: Programme, sign_in: SignIn
) -> None:
    client, url = sign_in(alice), reverse("data:supply_import")
    shown = client.post(url, {"file": _file("专业,招生人数\n材料工程技术,1\n")}).content.decode()
    assert "缺少“年份”这一列" in shown
    assert client.post(url, {"file": _file("%PDF-1.4 nothing", "years.pdf")}).status_code == 422
    assert client.post(url, {}).status_code == 422


def test_what_changed_since_the_check_is_shown_again_before_anything_is_written(
    alice: User, registry: User, programme: Programme, actor_of: ActorOf, sign_in: SignIn
) -> None:
    client, url = sign_in(alice), reverse("data:supply_import")
    client.post(url, {"file": _file("专业,年份,招生人数,来源\nceramics,2025,45,学籍系统\n")})
    save_year(actor_of(registry), programme, facts(enrolled=44), year=2025)
    assert client.post(url, {"verb": "commit"}).status_code == 409
    assert ProgrammeYear.objects.get().enrolled == 44
    assert client.post(url, {"verb": "commit"}).status_code == 302
    assert ProgrammeYear.objects.get().enrolled == 45


def test_a_condition_that_nobody_counted_is_unknown_and_not_missing(
    alice: User, officer: User, programme: Programme, sign_in: SignIn
) -> None:
    form = {"programme": programme.pk, "name": "封装线", "unit": "条", "required": "2", "version": "0"}
    new = reverse("data:condition_new")
    assert "依据的标准出自哪里" in sign_in(alice).post(new, form).content.decode()
    sign_in(alice).post(new, {**form, "norm_source": "建设标准"})
    row = TrainingCondition.objects.get()
    shown = sign_in(officer).get(reverse("data:supply_conditions")).content.decode()
    assert "没有清点过" in shown
    assert "不足" not in shown.split("<tbody")[1].split("</tbody>")[0]
    edit = reverse("data:condition_edit", args=[row.uuid])
    sign_in(alice).post(edit, {**form, "norm_source": "建设标准", "present": "0", "version": "1"})
    shown = sign_in(officer).get(reverse("data:supply_conditions")).content.decode()
    assert "不足" in shown.split("<tbody")[1].split("</tbody>")[0]
    assert sign_in(officer).get(edit).status_code == 404


def test_an_enterprise_plans_and_the_bureau_sees_too_few(
    enterprises: list[User], officer: User, developer: JobRole, sign_in: SignIn
) -> None:
    client = sign_in(enterprises[0])
    form = {"role": developer.pk, "year": "2027", "headcount": "4711", "note": "扩产", "version": "0"}
    assert client.post(reverse("data:plan_new"), form).status_code == 302
    assert "4,711" in client.get(reverse("data:plans")).content.decode()
    sums = sign_in(officer).get(reverse("data:plan_sums")).content.decode()
    assert "未公开：少于三家" in sums
    assert "4,711" not in sums
    exported = sign_in(officer).get(reverse("data:plan_sums") + "?export=csv").content.decode("utf-8-sig")
    assert "4711" not in exported
    edit = reverse("data:plan_edit", args=[EnterprisePlan.objects.get().uuid])
    assert sign_in(enterprises[1]).get(edit).status_code == 404
    assert sign_in(officer).get(reverse("data:plans")).status_code == 404


def test_an_indicator_with_a_changed_definition_shows_the_break(
    officer: User, alice: User, sign_in: SignIn
) -> None:
    client = sign_in(officer)
    new = {"name_zh": "常住人口", "name_en": "Residents", "unit_zh": "万人", "version": "0"}
    assert client.post(reverse("data:regional_new"), new).status_code == 422
    client.post(reverse("data:regional_new"), {**new, "definition": "年末常住人口"})
    assert RegionalIndicator.objects.get().key == "residents"
    value = {"year": "2023", "value": "262.5", "state": "official", "source": "统计公报", "version": "0"}
    add = reverse("data:regional_value_new", args=["residents"])
    client.post(add, value)
    client.post(reverse("data:regional_redefine", args=["residents"]), {"text": "人口普查口径"})
    client.post(add, {**value, "year": "2024", "value": "260"})
    page = sign_in(alice).get(reverse("data:regional_indicator", args=["residents"])).content.decode()
    assert "口径变过" in page
    assert page.count("口径不同，不能相比") == 1
    assert "人口普查口径" in page
    assert sign_in(alice).get(add).status_code == 404
    row = RegionalValue.objects.get(year=2023)
    assert row.definition.number == 1
    edit = reverse("data:regional_value_edit", args=[row.uuid])
    assert 'value="262.5"' in client.get(edit).content.decode()


def test_regional_values_come_in_from_a_table_under_the_definition_in_force(
    officer: User, sign_in: SignIn
) -> None:
    client = sign_in(officer)
    new = {
        "name_zh": "常住人口",
        "name_en": "Residents",
        "unit_zh": "万人",
        "version": "0",
        "definition": "年末",
    }
    client.post(reverse("data:regional_new"), new)
    url = reverse("data:regional_import")
    head = "指标,年份,数值,单位,性质,出处,页码\n"
    bad = (
        head
        + "常住人口,2024,1,人,官方公布,公报,\n地区生产总值,2024,1,,转引,x,\n常住人口,2023,,,官方公布,公报,\n"
    )
    shown = client.post(url, {"file": _file(bad)}).content.decode()
    assert all(text in shown for text in ("请先换算", "这个指标", "没有公布就不要写这一行"))
    good = head + "常住人口,2024,261.30,万人,官方公布,公报,第 3 页\nresidents,2023,262,,转引,论文,\n"
    assert "新增 2 行" in client.post(url, {"file": _file(good)}).content.decode()
    assert client.post(url, {"verb": "commit"}).status_code == 302
    assert sorted(RegionalValue.objects.values_list("year", "state")) == [
        (2023, "quoted"),
        (2024, "official"),
    ]


def test_the_bureau_keeps_projects_and_schools_read_them(
    officer: User, alice: User, developer: JobRole, sign_in: SignIn
) -> None:
    client = sign_in(officer)
    form = {**PROJECT, "industry": developer.link.industry_id, "version": "0"}
    line = {"staff-0-role": developer.pk, "staff-0-year": "2027"}
    half = client.post(reverse("data:project_new"), {**form, **line})
    assert half.status_code == 422
    assert "岗位、年份、人数要一起填" in half.content.decode()
    whole = {**form, **line, "staff-0-headcount": "25", "announced": "2026-05-18"}
    client.post(reverse("data:project_new"), whole)
    row = InvestmentProject.objects.get()
    assert (row.probability, row.staff.get().headcount) == (0.6, 25)
    page = sign_in(alice).get(reverse("data:project", args=[row.uuid])).content.decode()
    assert "不改变由数据得出的预测" in page
    edit = reverse("data:project_edit", args=[row.uuid])
    assert sign_in(alice).get(edit).status_code == 404
    assert edit not in page
    assert 'value="2026-05-18"' in client.get(edit).content.decode()


@pytest.mark.parametrize("name", ["supply_years", "supply_conditions", "regional", "projects"])
def test_an_empty_page_says_what_will_be_there_and_in_english_too(
    officer: User, sign_in: SignIn, name: str
) -> None:
    client = sign_in(officer)
    assert "zq-empty" in client.get(reverse(f"data:{name}")).content.decode()
    client.cookies["django_language"] = "en"
    page = client.get(reverse(f"data:{name}"), headers={"accept-language": "en"})
    assert page.status_code == 200


def test_the_templates_can_be_filled(
    alice: User, officer: User, programme: Programme, sign_in: SignIn
) -> None:
    for person, name in ((alice, "supply_template"), (officer, "regional_template")):
        answer = sign_in(person).get(reverse(f"data:{name}"))
        assert answer.content[:2] == b"PK"
