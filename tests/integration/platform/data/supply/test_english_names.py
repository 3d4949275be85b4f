"""English names of conditions and projects: of the pack or a person, shown to English readers, gone with a new name."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from django.utils import translation

from zhiqiao.platform.data.models import InvestmentProject, TrainingCondition
from zhiqiao.platform.data.supply import conditions, projects
from zhiqiao.platform.data.supply.loading import load_supply
from zhiqiao.platform.governance.api import Actor

pytestmark = pytest.mark.django_db


@pytest.fixture
def shipped(bazhong: Path) -> None:
    """The shipped region with its conditions and projects."""
    load_supply(bazhong, is_demo=True)


def test_every_condition_and_project_of_the_pack_has_both_names(shipped: None) -> None:
    assert TrainingCondition.objects.exists()
    assert not TrainingCondition.objects.filter(name_en="").exists()
    assert not InvestmentProject.objects.filter(name_en="").exists()


def test_a_name_is_shown_in_the_readers_language(shipped: None) -> None:
    row = InvestmentProject.objects.get(key="p-pv")
    with translation.override("en"):
        assert projects.project_view(row).title == "Photovoltaic module line (demo project)"
    with translation.override("zh-hans"):
        assert projects.project_view(row).title == row.name
    condition = TrainingCondition.objects.select_related("programme").get(name="数控机床")
    uuid = condition.programme.uuid
    with translation.override("en"):
        assert conditions.condition_names([uuid])[uuid, "数控机床"] == "CNC machine tool"
    with translation.override("zh-hans"):
        assert conditions.condition_names([uuid]) == {}


def test_without_an_english_name_the_chinese_stands(shipped: None) -> None:
    row = InvestmentProject.objects.get(key="p-pv")
    row.name_en = ""
    with translation.override("en"):
        assert projects.project_view(row).title == row.name


def test_a_new_name_takes_the_old_english_one_away(shipped: None) -> None:
    row = TrainingCondition.objects.get(name="数控机床")
    actor = replace(Actor.system(), role="school_admin", org_root_id=row.org_root_id, org_kind="school")
    facts = conditions.ConditionFacts(
        "数控车床", row.unit, row.required, row.present, row.norm, row.norm_source
    )
    same = conditions.save_condition(actor, row, replace(facts, name=row.name), seen=row.version)
    assert same.name_en == "CNC machine tool"
    bare = conditions.save_condition(actor, row, facts, seen=same.version)
    assert bare.name_en == ""
    given = replace(facts, name_en="CNC lathe")
    assert conditions.save_condition(actor, bare, given, seen=bare.version).name_en == "CNC lathe"
