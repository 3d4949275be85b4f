"""The pages of balance and health: who reads them, what they say, files, languages."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from tests.factories import OrganisationFactory
from tests.integration.apps.management.conftest import World
from zhiqiao.apps.management.models import BalanceReport, ProgrammeHealth
from zhiqiao.infra.jobs.api import runs
from zhiqiao.platform.data.models import EnterprisePlan, ProgrammeYear
from zhiqiao.platform.governance.models import OrganisationKind, User

SignIn = Callable[[User], Client]
REGION = ("overview", "table", "industry", "post")
HEALTH = ("health_list", "health")


@pytest.fixture
def addresses(region: World) -> dict[str, str]:
    return {
        "overview": reverse("management:balance"),
        "table": reverse("management:balance_table"),
        "industry": reverse("management:balance_industry", args=["new-materials"]),
        "post": reverse("management:balance_post", args=["packager"]),
        "health_list": reverse("management:health_list"),
        "health": reverse("management:health", args=[region.programme.uuid]),
    }


def statuses(client: Client, addresses: dict[str, str], names: tuple[str, ...]) -> list[int]:
    return [client.get(addresses[name]).status_code for name in names]


@pytest.mark.parametrize("name", ["officer", "school_admin", "alice"])
def test_bureau_school_and_head_read_every_page(
    balance: BalanceReport,
    addresses: dict[str, str],
    sign_in: SignIn,
    request: pytest.FixtureRequest,
    name: str,
) -> None:
    client = sign_in(request.getfixturevalue(name))
    assert set(statuses(client, addresses, REGION + HEALTH)) == {200}


@pytest.mark.parametrize("name", ["bob", "charlie"])
def test_colleague_and_stranger_read_the_region_but_not_the_health_of_the_programme(
    balance: BalanceReport,
    addresses: dict[str, str],
    sign_in: SignIn,
    request: pytest.FixtureRequest,
    name: str,
) -> None:
    client = sign_in(request.getfixturevalue(name))
    assert set(statuses(client, addresses, REGION)) == {200}
    assert client.get(addresses["health"]).status_code == 404


@pytest.mark.parametrize("name", ["student", "mentor", "sysadmin"])
def test_others_find_nothing(
    balance: BalanceReport,
    addresses: dict[str, str],
    sign_in: SignIn,
    request: pytest.FixtureRequest,
    name: str,
) -> None:
    client = sign_in(request.getfixturevalue(name))
    assert set(statuses(client, addresses, REGION + HEALTH)) == {404}


def test_without_a_report_the_page_says_what_will_be_there(
    region: World, officer: User, alice: User, sign_in: SignIn
) -> None:
    pages = [sign_in(user).get(reverse("management:balance")).content.decode() for user in (officer, alice)]
    assert all("还没有供需匹配报告" in page for page in pages)
    assert ["开始计算" in page for page in pages] == [True, False]
    answer = sign_in(officer).get(reverse("management:balance_table"))
    assert (answer.status_code, answer["Location"]) == (302, reverse("management:balance"))


def test_table_one_has_the_columns_of_the_paper_and_opens_evidence_in_each_cell(
    balance: BalanceReport, addresses: dict[str, str], officer: User, sign_in: SignIn
) -> None:
    text = sign_in(officer).get(addresses["table"] + "?industry=new-materials").content.decode()
    columns = ["主导产业", "产业链关键环节及岗位", "核心技能需求", "现有对口专业", "供给缺口/错配分析"]
    places = [text.index(f">{name}</th>") for name in columns]
    assert places == sorted(places)
    assert "流延成型机应有 2，现有 1" in text
    assert "陶瓷芯片封装 50%" in text
    for line in balance.lines.exclude(level="total"):
        assert f"/evidence/balance_line/{line.uuid}/" in text


def test_a_stranger_sees_no_numbers_of_another_school(
    balance: BalanceReport, addresses: dict[str, str], charlie: User, sign_in: SignIn
) -> None:
    client = sign_in(charlie)
    text = client.get(addresses["table"] + "?industry=new-materials").content.decode()
    assert "流延成型机" not in text
    assert "材料工程技术" not in text
    assert "另有 1 个外校专业" in text
    assert "未列出" in text
    kind = balance.lines.get(kind="conditions_short")
    drawer = client.get(reverse("evidence", args=["balance_line", kind.uuid]))
    assert drawer.status_code == 404


def test_plans_are_shown_as_sums_of_three_enterprises_only(
    balance: BalanceReport, addresses: dict[str, str], region: World, officer: User, sign_in: SignIn
) -> None:
    client = sign_in(officer)

    def plan(number: int) -> str:
        firm = OrganisationFactory(key=f"firm-{number}", kind=OrganisationKind.ENTERPRISE)
        EnterprisePlan.objects.create(org_root_id=firm.pk, role=region.role, year=2027, headcount=1111)
        return client.get(addresses["post"]).content.decode()

    pages = [plan(number) for number in range(3)]
    assert ["3,333" in page for page in pages] == [False, False, True]
    assert not any("2,222" in page or "1,111" in page for page in pages)


def test_recompute_queues_one_run_for_the_bureau_only(
    balance: BalanceReport, officer: User, alice: User, sign_in: SignIn
) -> None:
    url = reverse("management:balance_recompute")
    assert sign_in(alice).post(url).status_code == 404
    answer = sign_in(officer).post(url)
    assert str(runs().get(kind="management.balance").uuid) in answer["Location"]


@pytest.mark.parametrize("kind", ["docx", "xlsx", "csv"])
def test_table_one_comes_as_a_file(
    balance: BalanceReport, addresses: dict[str, str], officer: User, sign_in: SignIn, kind: str
) -> None:
    answer = sign_in(officer).get(addresses["table"] + f"?industry=new-materials&export={kind}")
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if kind == "csv":
        text = content.decode("utf-8-sig")
    elif kind == "xlsx":
        book = load_workbook(io.BytesIO(content))
        text = "".join(
            str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row
        )
    else:
        with zipfile.ZipFile(io.BytesIO(content)) as file:
            text = "".join(file.read(name).decode() for name in file.namelist() if name.endswith(".xml"))
    assert "陶瓷芯片封装" in text
    assert "流延成型机应有 2" in text


def test_files_say_when_demo_data_is_in_them(
    balance: BalanceReport, addresses: dict[str, str], officer: User, sign_in: SignIn
) -> None:
    BalanceReport.objects.update(inputs={**balance.inputs, "is_demo": True})
    answer = sign_in(officer).get(addresses["table"] + "?industry=new-materials&export=docx")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as file:
        assert any("演示数据" in file.read(n).decode() for n in file.namelist() if n.endswith(".xml"))


def test_english_pages_are_english(
    balance: BalanceReport, addresses: dict[str, str], officer: User, sign_in: SignIn
) -> None:
    client = sign_in(officer)
    client.cookies["zq_language"] = "en"
    text = client.get(addresses["table"] + "?industry=new-materials").content.decode()
    assert "Ceramic chip packaging 50%" in text
    assert "Supply gap and mismatch" in text
    assert "Advice" in client.get(addresses["health"]).content.decode()


def test_what_a_school_stated_opens_to_the_year_it_was_stated_for(
    balance: BalanceReport, addresses: dict[str, str], alice: User, sign_in: SignIn
) -> None:
    client = sign_in(alice)
    page = client.get(addresses["health"]).content.decode()
    found = {
        row.year: reverse("evidence", args=["programme_year", row.uuid])
        for row in ProgrammeYear.objects.all()
    }
    assert page.count(f'href="{found[2025]}"') == 3  # graduates, in work, in matching work
    assert page.count(f'href="{found[2026]}"') == 1  # enrolled
    assert (
        "90.0% (2025)"
        in client.get(
            reverse("evidence", args=["programme_health", ProgrammeHealth.objects.get().uuid])
        ).content.decode()
    )
