"""Scenarios: what enters from the register, what is left out and why, trying and saving, and who may do what."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest
from django.http import Http404
from django.test import Client
from django.urls import reverse
from django.utils import translation

from tests.factories import OrganisationFactory
from tests.integration.platform.data.forecasting.conftest import TODAY, Region
from zhiqiao.platform.data.api import forecast_rows, resolve, scenario_inputs
from zhiqiao.platform.data.errors import Refused
from zhiqiao.platform.data.forecasting import actions, scenarios, storing
from zhiqiao.platform.data.forecasting.identifiers import BandPlace, band_figure, read_band_figure
from zhiqiao.platform.data.forecasting.inputs import Inputs
from zhiqiao.platform.data.forecasting.scenarios import ScenarioText
from zhiqiao.platform.data.forecasting.words import input_definition, left_out_text
from zhiqiao.platform.data.models import (
    DemandForecast,
    DemandScenario,
    EnterprisePlan,
    Industry,
    InvestmentProject,
    ProjectStaff,
    RegionalDefinition,
    RegionalIndicator,
    RegionalValue,
)
from zhiqiao.platform.governance.api import Actor, User
from zhiqiao.platform.governance.models import AuditEvent, OrganisationKind

ActorOf = Callable[[User], Actor]
SignIn = Callable[[User], Client]
WHY = ScenarioText("慢一年", "征地没有完成")


def add_project(
    region: Region, acting: Actor, *, state: str = "announced", name: str = "二期"
) -> InvestmentProject:
    row = InvestmentProject.objects.create(
        org_root_id=acting.org_root_id, name=name, industry=region.packer.link.industry, start="2028-01",
        probability=0.8, state=state, source="公告第 1 号",
    )  # fmt: skip
    ProjectStaff.objects.create(
        org_root_id=row.org_root_id, project=row, role=region.packer, year=2028, headcount=500
    )
    return row


def add_value(
    use: str, industry: Industry | None, value: str, *, unit: str, state: str = "official"
) -> RegionalValue:
    row = RegionalIndicator.objects.create(
        key=f"{use}-{RegionalIndicator.objects.count()}", name_zh=f"指标{use}{state}", name_en=use, unit_zh=unit,
        used_as=use, industry=industry,
    )  # fmt: skip
    definition = RegionalDefinition.objects.create(indicator=row, number=1, text="年末在岗")
    return RegionalValue.objects.create(
        indicator=row, definition=definition, year=2025, value=Decimal(value), state=state, source="年鉴"
    )


def add_plans(region: Region, *, year: int, counts: tuple[int, ...]) -> None:
    for number, count in enumerate(counts):
        key = f"e{number}"
        owner = OrganisationFactory._meta.model.objects.filter(key=key).first() or OrganisationFactory(
            key=key, kind=OrganisationKind.ENTERPRISE
        )
        EnterprisePlan.objects.create(org_root_id=owner.pk, role=region.packer, year=year, headcount=count)


@pytest.fixture
def project(region: Region, acting: Actor) -> InvestmentProject:
    return add_project(region, acting)


@pytest.fixture
def published(project: InvestmentProject, acting: Actor) -> DemandForecast:
    made = actions.make_forecast(acting, today=TODAY)
    return actions.publish_forecast(acting, made.uuid, now=made.created_at)


def line_of(acting: Actor, row: DemandForecast, level: str = "role") -> object:
    lines = forecast_rows(acting, row.uuid, level)  # type: ignore[arg-type]
    return next(one for one in lines if "materials" in one.role + one.industry or one.skill == "packaging")


def test_a_project_changes_only_the_bands_of_the_series_it_is_about(region: Region, acting: Actor) -> None:
    before = actions.make_forecast(acting, today=TODAY)
    add_project(region, acting)
    after = actions.make_forecast(acting, today=TODAY)
    same = [name for name in storing.FILES if before.digests[name] == after.digests[name]]
    assert same == [storing.SERIES, storing.ROWS, storing.CHANGES]
    for level, at in (("role", "materials-post"), ("skill", "packaging"), ("industry", "materials")):
        for line in forecast_rows(acting, after.uuid, level):  # type: ignore[arg-type]
            old, new = (storing.bands(one.uuid, line.level, at=line.at) for one in (before, after))
            assert (old != new) == (at in {line.role, line.skill, line.industry})
    assert after.inputs["scenario"]["items"][0]["stated"]["name"] == "二期"


def test_the_stored_bands_come_out_again_and_open_to_their_inputs(
    published: DemandForecast, project: InvestmentProject, acting: Actor
) -> None:
    for level in ("role", "industry", "skill", "industry_skill", "role_skill"):
        line = line_of(acting, published, level)
        place = BandPlace(published.pk, level, 3, line.at)  # type: ignore[arg-type,attr-defined]
        assert read_band_figure(band_figure(place)) == place
        hop = resolve(acting, "scenario_band", band_figure(replace(place, year=2)))
        assert hop.recompute is not None
        assert hop.recompute() == hop.value != ""
        assert [link.kind for link in hop.basis] == ["forecast_row", "project"]
        assert hop.basis[1].uuid == project.uuid
    with pytest.raises(Http404):
        resolve(acting, "scenario_band", band_figure(BandPlace(published.pk + 9, "role", 2, 0)))


def test_what_can_not_enter_is_named_with_its_reason(region: Region, acting: Actor) -> None:
    add_project(region, acting, state="cancelled", name="取消的")
    bare = add_project(region, acting, name="没写用人的")
    bare.staff.all().delete()
    add_plans(region, year=2027, counts=(10, 20))
    add_plans(region, year=2028, counts=(10, 20, 30))
    home = region.packer.link.industry
    add_value("growth", home, "8", unit="%", state="quoted")
    add_value("growth", home, "8", unit="亿元")
    add_value("retiring", home, "3", unit="%")
    found = scenario_inputs(acting)
    assert found.items == ()
    assert [one.reason for one in found.left_out] == [
        "已取消",
        "公布的内容没有写用人；是未知，不是零。",
        "有一年少于三家企业，合计不公开",
        "单位不是 %，或数值超出可用的范围",
        "没有登记同一产业的从业人数",
        "转引，未核对，不参加计算",
    ]
    assert Inputs.read(found.stored()) == found
    with translation.override("en"):
        assert left_out_text(found.left_out[0]) == "取消的: Cancelled"


def test_plans_and_statistics_enter_with_source_year_and_definition(region: Region, acting: Actor) -> None:
    home = region.packer.link.industry
    add_plans(region, year=2027, counts=(10, 20, 30))
    add_plans(region, year=2028, counts=(12, 24, 36))
    add_value("growth", home, "8", unit="%")
    add_value("retiring", home, "3", unit="%", state="estimated")
    add_value("staff", home, "1.2", unit="万人")
    plan, growth, retiring = scenario_inputs(acting).items
    assert (plan.stated.value, plan.stated.role, plan.year) == (20, "materials-post", "2027–2028")
    assert plan.counts == (3, 60, 72)
    assert "3 家企业两年计划合计（60 → 72 人）" in input_definition(plan)
    assert (growth.stated.value, growth.stated.industry, growth.year) == (8, "materials", "2025")
    assert (retiring.stated.value, retiring.stated.people) == (3, 12_000)
    assert [basis.kind for basis in retiring.basis] == ["regional_value", "regional_value"]
    assert retiring.definition == "年末在岗；年末在岗"
    EnterprisePlan.objects.filter(year=2027).first().delete()  # type: ignore[union-attr]
    assert [one.id[:4] for one in scenario_inputs(acting).items] == ["grow", "reti"]


def test_of_two_years_the_newest_counts_and_official_before_estimated(region: Region, acting: Actor) -> None:
    value = add_value("growth", region.packer.link.industry, "8", unit="%")
    for year, state, number in ((2026, "official", "5"), (2026, "estimated", "9"), (2024, "official", "1")):
        RegionalValue.objects.create(
            indicator=value.indicator, definition=value.definition, year=year, value=Decimal(number),
            state=state, source="年鉴",
        )  # fmt: skip
    (item,) = scenario_inputs(acting).items
    assert item.stated.value == 5


def test_an_officer_tries_a_probability_and_saves_it_with_his_reason(
    published: DemandForecast, project: InvestmentProject, officer: User, sign_in: SignIn, acting: Actor
) -> None:
    client = sign_in(officer)
    digests = dict(published.digests)
    url = reverse("data:forecast_series", args=["roles", "materials-post"])
    plain = client.get(url).content.decode()
    assert "无法检验" in plain
    assert 'name="v-project-' in plain
    assert "改动输入之后" not in plain
    tried = f"{url}?v-project-{project.uuid}=10"
    page = client.get(tried).content.decode()
    assert "改动输入之后" in page
    assert "登记的是 80" in page
    data = {"here": tried, f"v-project-{project.uuid}": "10", "name": "慢一年", "reason": "征地没有完成"}
    saved = client.post(reverse("data:scenario_save", args=[published.uuid]), data, follow=True)
    assert "预测本身没有变" in saved.content.decode()
    row = DemandScenario.objects.get()
    assert row.changes == {f"project-{project.uuid}": [80.0, 10.0]}
    assert "materials" in saved.content.decode() or "新材料" in saved.content.decode()
    on_series = client.get(f"{url}?scenario={row.uuid}").content.decode()
    assert f"/evidence/demand_scenario/{row.uuid}/" in on_series
    published.refresh_from_db()
    assert published.digests == digests
    assert storing.changed_files(published.uuid, digests) == ()
    event = AuditEvent.objects.get(action="scenario.saved")
    assert event.detail["reason"] == "征地没有完成"
    hop = resolve(acting, "demand_scenario", row.uuid)
    assert "80 → 10" in str(hop.facts)


def test_a_scenario_is_not_saved_without_reason_change_or_published_forecast(
    published: DemandForecast, project: InvestmentProject, acting: Actor
) -> None:
    inputs = scenarios.registered_with(published)
    name = inputs.items[0].id

    def save(text: ScenarioText = WHY, values: dict[str, float] | None = None) -> DemandScenario:
        changed = {name: 10.0} if values is None else values
        return scenarios.save_scenario(acting, published.uuid, text, inputs=inputs, values=changed)

    for text, values, why in (
        (ScenarioText("慢", " "), None, "为什么"),
        (WHY, {name: 80.0}, "没有改动"),
        (WHY, {name: 120.0}, "超出可用的范围"),
        (WHY, {"project-x": 10.0}, "不在登记里"),
    ):
        with pytest.raises(Refused, match=why):
            save(text, values)
    save()
    with pytest.raises(Refused, match="同名"):
        save()
    draft = actions.make_forecast(acting, today=TODAY)
    with pytest.raises(Refused, match="先发布"):
        scenarios.save_scenario(acting, draft.uuid, WHY, inputs=inputs, values={name: 10.0})


def test_owner_and_colleague_see_a_scenario_a_stranger_only_when_it_is_shared(
    published: DemandForecast, officer: User, data_officer: User, alice: User, sign_in: SignIn, acting: Actor
) -> None:
    inputs = scenarios.registered_with(published)
    values = {inputs.items[0].id: 10.0}
    own = scenarios.save_scenario(acting, published.uuid, WHY, inputs=inputs, values=values)
    shared = scenarios.save_scenario(
        acting, published.uuid, ScenarioText("共享的", "商量用", is_shared=True), inputs=inputs, values=values
    )
    pages = [reverse("data:scenario", args=[one.uuid]) for one in (own, shared)]
    for person, codes in ((officer, [200, 200]), (data_officer, [200, 200]), (alice, [404, 200])):
        assert [sign_in(person).get(page).status_code for page in pages] == codes
    listed = sign_in(alice).get(reverse("data:scenarios")).content.decode()
    assert "共享的" in listed
    assert "慢一年" not in listed
    # a reader may try, not save or withdraw
    stranger = sign_in(alice)
    assert stranger.post(reverse("data:scenario_save", args=[published.uuid]), {}).status_code == 404
    assert stranger.post(reverse("data:scenario_withdraw", args=[shared.uuid])).status_code == 404
    done = sign_in(data_officer).post(reverse("data:scenario_withdraw", args=[own.uuid]), follow=True)
    assert "情景已撤下" in done.content.decode()
    again = sign_in(officer).post(reverse("data:scenario_withdraw", args=[own.uuid]), follow=True)
    assert "已经撤下" in again.content.decode()


def test_who_may_not_see_plans_sees_that_one_acts_and_nothing_more(
    region: Region, acting: Actor, alice: User, sign_in: SignIn
) -> None:
    add_plans(region, year=2027, counts=(10, 20, 30))
    add_plans(region, year=2028, counts=(12, 24, 36))
    made = actions.make_forecast(acting, today=TODAY)
    actions.publish_forecast(acting, made.uuid, now=made.created_at)
    url = reverse("data:forecast_series", args=["roles", "materials-post"])
    page = sign_in(alice).get(url).content.decode()
    assert "您无权查看这项登记" in page
    assert "3 家企业" not in page
    assert "改动输入之后" not in sign_in(alice).get(f"{url}?v-plan-materials-post=1").content.decode()


def test_a_number_that_can_not_be_is_told_and_todays_register_can_be_asked_for(
    published: DemandForecast,
    project: InvestmentProject,
    region: Region,
    acting: Actor,
    officer: User,
    sign_in: SignIn,
) -> None:
    client = sign_in(officer)
    url = reverse("data:forecast_series", args=["industries", "materials"])
    for wrong in ("120", "abc", "nan"):
        assert "有一个数不能用" in client.get(f"{url}?v-project-{project.uuid}={wrong}").content.decode()
    add_project(region, acting, name="三期")
    assert "三期" not in client.get(url).content.decode()
    today = client.get(f"{url}?register=today").content.decode()
    assert "三期" in today
    assert "不是这份预测生成时的登记" in today
    assert client.get(f"{url}?scenario=nothing").status_code == 404


def test_a_forecast_of_before_inputs_were_kept_still_opens(
    made: DemandForecast, officer: User, sign_in: SignIn
) -> None:
    made.inputs["scenario"] = ["某规划"]
    made.save()
    url = reverse("data:forecast_series", args=["roles", "materials-post"])
    page = sign_in(officer).get(url).content.decode()
    assert "没有登记的产业规划" in page


def test_the_pages_are_there_in_english(
    published: DemandForecast, officer: User, sign_in: SignIn, acting: Actor
) -> None:
    inputs = scenarios.registered_with(published)
    row = scenarios.save_scenario(
        acting, published.uuid, WHY, inputs=inputs, values={inputs.items[0].id: 5.0}
    )
    client = sign_in(officer)
    client.cookies["zq_language"] = "en"
    for url in (reverse("data:scenario", args=[row.uuid]), reverse("data:scenarios")):
        page = client.get(url).content.decode()
        assert "can not be back-tested" in page
    page = client.get(reverse("data:forecast_series", args=["roles", "materials-post"])).content.decode()
    assert "Inputs that act on this series" in page
    rest = re.sub(r"二期|公告第 1 号|公布的用人.*?判断|慢一年", "", page)
    assert "登记" not in rest
