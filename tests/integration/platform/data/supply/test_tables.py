"""Tables of every noun of the supply side: good rows in, bad rows back with reasons, large ones by a job."""

from __future__ import annotations

import io
from collections.abc import Callable
from contextlib import suppress

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from tests.integration.platform.data.supply.conftest import ActorOf, facts
from zhiqiao import packs
from zhiqiao.engines import tabular
from zhiqiao.infra import storage
from zhiqiao.infra.jobs.api import JobRun, JobState, run_waiting
from zhiqiao.platform.data.errors import Refused
from zhiqiao.platform.data.models import (
    EnterprisePlan,
    InvestmentProject,
    JobRole,
    Programme,
    ProgrammeYear,
    TrainingCondition,
)
from zhiqiao.platform.data.supply import importing, jobs, years
from zhiqiao.platform.data.supply.targets import TARGETS
from zhiqiao.platform.data.supply.years import save_year
from zhiqiao.platform.data.views import table_pages
from zhiqiao.platform.governance.api import AuditEvent, Membership, User

SignIn = Callable[[User], Client]
CONDITIONS = "专业,名称,单位,应有,现有,标准怎样要求,标准的出处\n"
PLANS = "岗位,年份,计划招用人数,说明\n"
PROJECTS = "项目名称,产业,产业链环节,所在地,开始用人的月份,可能性,进展,出处,公布日期,用人计划\n"


def _file(text: str, *, name: str = "table.csv", encoding: str = "utf-8") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, text.encode(encoding))


def _left(client: Client, url: str) -> str:
    answer = client.get(url + "?rejected=1")
    assert answer.status_code == 200
    return answer.content.decode("utf-8-sig")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_conditions_as_an_office_writes_them(
    alice: User, programme: Programme, sign_in: SignIn, encoding: str
) -> None:
    client, url = sign_in(alice), reverse("data:condition_import")
    text = (
        CONDITIONS
        + '材料工程技术,封装线,条,２,1,每 40 人 1 条,建设标准\nceramics,机房,㎡,"1,200",未知,,标准\n'
    )
    assert "新增 2 行" in client.post(url, {"file": _file(text, encoding=encoding)}).content.decode()
    assert not TrainingCondition.objects.exists()
    assert client.post(url, {"verb": "commit"}).status_code == 302
    line, room = TrainingCondition.objects.order_by("id")
    assert (line.required, line.present, room.required, room.present) == (2, 1, 1200, None)


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("软件技术,封装线,条,1,1,x,y", "您填报的专业里没有“软件技术”"),
        ("ceramics,,条,1,1,x,y", "请写设备、场地或授权的名称"),
        ("ceramics,封装线,,1,1,x,y", "请写单位"),
        ("ceramics,封装线,条,1,1,x,", "依据的标准出自哪里"),
        ("ceramics,封装线,条,-1,1,x,y", "不能小于零"),
        ("ceramics,封装线,条,1.234,1,x,y", "最多 2 位小数"),
        ("ceramics,流延机,台,1,1,x,y", "与第 2 行重复"),
        ("ceramics," + "长" * 151 + ",条,1,1,x,y", "超过 150 个字"),
        ("ceramics,封装\x01线,条,1,1,x,y", "控制字符"),
    ],
)
def test_a_bad_row_of_conditions_comes_back_and_is_taken_once_corrected(
    alice: User, programme: Programme, other_programme: Programme, sign_in: SignIn, row: str, reason: str
) -> None:
    client, url = sign_in(alice), reverse("data:condition_import")
    client.post(url, {"file": _file(CONDITIONS + f"ceramics,流延机,台,1,1,x,y\n{row}\n")})
    client.post(url, {"verb": "commit"})
    assert [item.name for item in TrainingCondition.objects.all()] == ["流延机"]
    left = _left(client, url)
    assert reason in left
    assert "流延机,台,1,1,x,y\n" not in left or "重复" in reason
    # the file that came back is corrected in place: its marks are left out when it is read again
    head, bad = left.splitlines()[0], "ceramics,封装线,条,2,1,x,y,3,,,"
    again = client.post(url, {"file": _file(f"{head}\n{bad}\n")}).content.decode()
    assert "新增 1 行" in again
    client.post(url, {"verb": "commit"})
    assert TrainingCondition.objects.count() == 2
    assert client.get(url + "?rejected=1").status_code == 404


def test_the_same_table_twice_changes_nothing(alice: User, programme: Programme, sign_in: SignIn) -> None:
    client, url = sign_in(alice), reverse("data:condition_import")
    text = CONDITIONS + "ceramics,流延机,台,2,1.5,x,y\n"
    for _turn in range(2):
        client.post(url, {"file": _file(text)})
        client.post(url, {"verb": "commit"})
    assert TrainingCondition.objects.get().version == 1
    assert AuditEvent.objects.filter(action="supply.condition.added").count() == 1
    assert AuditEvent.objects.filter(action="supply.condition.changed").count() == 0


def test_plans_are_one_s_own_and_the_trail_holds_no_head_count(
    enterprises: list[User], officer: User, developer: JobRole, sign_in: SignIn
) -> None:
    url = reverse("data:plan_import")
    text = PLANS + f"{developer.name_zh},2027年,1.2万,扩产\n{developer.key},2028,,\n没有的岗位,2027,3,\n"
    client = sign_in(enterprises[0])
    shown = client.post(url, {"file": _file(text)}).content.decode()
    assert "没有计划就不要写这一行" in shown
    assert "没有“没有的岗位”" in shown
    client.post(url, {"verb": "commit"})
    row = EnterprisePlan.objects.get()
    assert (row.headcount, row.org_root_id) == (12_000, enterprises[0].memberships.get().org_root_id)
    other = sign_in(enterprises[1])
    other.post(url, {"file": _file(PLANS + f"{developer.key},2027,7,\n")})
    other.post(url, {"verb": "commit"})
    assert sorted(EnterprisePlan.objects.values_list("headcount", flat=True)) == [7, 12_000]
    assert other.get(url + "?rejected=1").status_code == 404
    assert sign_in(officer).get(url).status_code == 404
    trail = AuditEvent.objects.filter(action__startswith="supply.plan")
    assert not any("12000" in str(event.detail) or "扩产" in str(event.detail) for event in trail)


def test_projects_come_in_with_their_staff(
    officer: User, alice: User, developer: JobRole, sign_in: SignIn
) -> None:
    client, url = sign_in(officer), reverse("data:project_import")
    industry = developer.link.industry
    row = f"陶瓷基板工厂,{industry.name_zh},{developer.link.name_zh},恩阳区,2027年3月,60%,在建,招商公告,2026年5月18日"
    text = PROJECTS + f"{row},{developer.name_zh}：2027年：25人；{developer.key}:2028:1.5万\n"
    assert "新增 1 行" in client.post(url, {"file": _file(text)}).content.decode()
    client.post(url, {"verb": "commit"})
    made = InvestmentProject.objects.get()
    assert (made.start, made.probability, made.state, str(made.announced)) == (
        "2027-03",
        0.6,
        "building",
        "2026-05-18",
    )
    assert sorted(made.staff.values_list("year", "headcount")) == [(2027, 25), (2028, 15_000)]
    assert "1 行与平台上的相同" in client.post(url, {"file": _file(text)}).content.decode()
    # without the column the staff stays; with an empty cell it is gone
    narrow = (
        "项目名称,产业,开始用人的月份,可能性,进展,出处\n"
        + f"陶瓷基板工厂,{industry.key},2027.4,0.7,在建,招商公告\n"
    )
    client.post(url, {"file": _file(narrow)})
    client.post(url, {"verb": "commit"})
    made.refresh_from_db()
    assert (made.start, made.probability, made.staff.count(), made.region) == ("2027-04", 0.7, 2, "恩阳区")
    client.post(url, {"file": _file(PROJECTS + f"{row},\n")})
    client.post(url, {"verb": "commit"})
    assert made.staff.count() == 0
    assert sign_in(alice).get(url).status_code == 404


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"start": "三月"}, "不是月份"),
        ({"start": "2027-13"}, "不是月份"),
        ({"probability": "1"}, "可能是 1%，也可能是 100%"),
        ({"probability": "160%"}, "0 到 100% 之间"),
        ({"probability": ""}, "请写可能性"),
        ({"state": "快了"}, "请写“已公布”"),
        ({"source": ""}, "请写明出处"),
        ({"industry": "航天"}, "没有“航天”"),
        ({"announced": "2026-02-30"}, "不是日期"),
        ({"staff": "二十人"}, "读不出"),
        ({"staff": "没有的岗位:2027:3"}, "没有“没有的岗位”"),
        ({"staff": "developer:2027:3;developer:2027:4"}, "写了两次"),
    ],
)
def test_a_bad_project_says_why(
    officer: User, developer: JobRole, sign_in: SignIn, change: dict[str, str], reason: str
) -> None:
    cells = {
        "name": "工厂",
        "industry": developer.link.industry.key,
        "link": "",
        "region": "",
        "start": "2027-03",
        "probability": "60%",
        "state": "announced",
        "source": "公告",
        "announced": "",
        "staff": "",
    } | change
    client, url = sign_in(officer), reverse("data:project_import")
    shown = client.post(url, {"file": _file(PROJECTS + ",".join(cells.values()) + "\n")}).content.decode()
    assert reason in shown
    assert "没有可以写入的行" in shown
    client.post(url, {"verb": "commit"})
    assert not InvestmentProject.objects.exists()


def test_a_year_refused_while_it_is_written_comes_back_and_the_others_stay(
    alice: User, programme: Programme, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = TARGETS["supply.year"]
    write = target.write  # type: ignore[attr-defined]

    def refusing(self: object, actor: object, draft: importing.Draft) -> None:
        write(self, actor, draft)
        if draft.row == 3:
            message = "刚被别人填好"
            raise Refused(message)

    monkeypatch.setattr(target, "write", refusing)
    client, url = sign_in(alice), reverse("data:supply_import")
    rows = "".join(f"ceramics,{year},4,x\n" for year in (2021, 2022, 2023))
    client.post(url, {"file": _file("专业,年份,招生人数,来源\n" + rows)})
    assert client.post(url, {"verb": "commit"}).url == url
    assert sorted(ProgrammeYear.objects.values_list("year", flat=True)) == [2021, 2023]
    assert "刚被别人填好" in _left(client, url)
    assert "没有写入的行" in client.get(url).content.decode()


@pytest.mark.django_db(transaction=True)
def test_a_large_table_is_written_by_a_job_under_the_membership_that_asked(
    alice: User, programme: Programme, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(table_pages, "_MOST_AT_ONCE", 2)
    client, url = sign_in(alice), reverse("data:supply_import")
    rows = "".join(f"ceramics,{year},4,x\n" for year in range(2001, 2005))
    client.post(url, {"file": _file("专业,年份,招生人数,来源\n" + rows + "ceramics,2009,四,x\n")})
    assert client.post(url, {"verb": "commit"}).url.startswith("/jobs/")
    assert not ProgrammeYear.objects.exists()
    run_waiting()
    run = JobRun.objects.get(kind=jobs.WRITE)
    assert (run.state, run.result) == (JobState.SUCCEEDED, {"written": 4, "rejected": 1, "url": url})
    assert ProgrammeYear.objects.count() == 4
    assert "不是整数" in _left(client, url)
    event = AuditEvent.objects.get(action="supply.year.imported")
    assert event.actor_name == (alice.display_name or alice.username)


@pytest.mark.django_db(transaction=True)
def test_a_job_whose_person_lost_the_role_writes_nothing(
    alice: User, programme: Programme, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(table_pages, "_MOST_AT_ONCE", 0)
    client, url = sign_in(alice), reverse("data:supply_import")
    client.post(url, {"file": _file("专业,年份,招生人数,来源\nceramics,2024,4,x\n")})
    client.post(url, {"verb": "commit"})
    Membership.objects.filter(user=alice).update(ends="2020-01-01", starts="2019-01-01")
    run_waiting()
    assert JobRun.objects.get(kind=jobs.WRITE).state == JobState.FAILED
    assert not ProgrammeYear.objects.exists()


def test_checked_tables_that_nobody_came_back_for_are_removed(
    alice: User, programme: Programme, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, url = sign_in(alice), reverse("data:supply_import")
    client.post(url, {"file": _file("专业,年份,招生人数,来源\nceramics,2024,4,x\nceramics,2025,四,x\n")})
    kept = len(list(storage.tables().iterdir()))
    assert kept >= 2
    assert jobs.sweep_tables() == 0
    monkeypatch.setattr(jobs, "_KEEP", -jobs._KEEP)
    assert jobs.sweep_tables() == kept
    assert client.get(url + "?rejected=1").status_code == 404
    assert "检查过的文件已不在" in client.post(url, {"verb": "commit"}, follow=True).content.decode()


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("verb", sorted(TARGETS))
def test_every_column_of_a_template_is_read_again(
    officer: User, actor_of: ActorOf, verb: str, language: str
) -> None:
    target = TARGETS[verb](actor_of(officer))
    with translation.override(language):
        labels = target.labels()
    vocabulary = tabular.read_vocabulary(packs.common_file("intake", target.vocabulary))
    found = tabular.recognise(list(labels.values()), [], vocabulary)
    assert {field: match.source for field, match in found.items()} == labels


@pytest.mark.parametrize(
    ("page", "who"),
    [
        ("supply", "alice"),
        ("condition", "alice"),
        ("plan", "hr"),
        ("project", "officer"),
        ("regional", "officer"),
    ],
)
def test_templates_open_and_strangers_get_none(
    enterprises: list[User],
    alice: User,
    officer: User,
    bob: User,
    client: Client,
    sign_in: SignIn,
    page: str,
    who: str,
) -> None:
    url = reverse(f"data:{page}_template")
    person = {"alice": alice, "hr": enterprises[0], "officer": officer}[who]
    answer = sign_in(person).get(url)
    assert load_workbook(io.BytesIO(answer.content)).active.max_column >= 4
    assert client.get(url).status_code == 302
    assert sign_in(bob).get(url).status_code in {403, 404}


@given(st.binary(max_size=300))
def test_any_bytes_are_a_table_or_a_named_error(
    tmp_path_factory: pytest.TempPathFactory, data: bytes
) -> None:
    path = tmp_path_factory.getbasetemp() / "any.csv"
    path.write_bytes(data)
    target = _Nothing()
    with suppress(tabular.TableError):
        checked = importing.check(target, path, name="any.csv")
        assert checked.drafts or checked.faults


class _Nothing:
    """A kind of table without rows of the platform."""

    verb = "supply.year"
    vocabulary = "plan_columns.csv"
    required = ("role",)

    def labels(self) -> dict[str, str]:
        return {"role": "岗位"}

    def read(self, number: int, cells: dict[str, str]) -> importing.Draft:
        return importing.Draft(number, (number,), cells["role"], 0, {})

    def write(self, actor: object, draft: importing.Draft) -> None:
        raise AssertionError("checking a table writes nothing")


def test_a_year_that_somebody_filled_in_meanwhile_is_shown_again(
    alice: User, registry: User, programme: Programme, actor_of: ActorOf, sign_in: SignIn
) -> None:
    client, url = sign_in(alice), reverse("data:supply_import")
    client.post(
        url, {"file": _file("专业,年份,招生人数,来源\nceramics,2025,45,学籍\nceramics,2024,四,学籍\n")}
    )
    save_year(actor_of(registry), programme, facts(enrolled=44), year=2025)
    assert client.post(url, {"verb": "commit"}).status_code == 409
    assert years.programme_years(actor_of(alice))[0].enrolled == 44
