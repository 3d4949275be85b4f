"""The studies of the shipped region: synthetic, labelled, loaded once."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from django.utils import timezone

from zhiqiao import packs
from zhiqiao.apps.evaluation import selectors
from zhiqiao.apps.evaluation.api import final_weights, load_demo_studies
from zhiqiao.apps.evaluation.models import Judgement, StudyRound, StudyState, WeightStudy
from zhiqiao.apps.evaluation.results import page_of
from zhiqiao.platform.governance.api import demo_actor, load_demo_people, load_organisations
from zhiqiao.platform.governance.models import Role

PACK = packs.folder("bazhong")


@pytest.fixture
def loaded(db: None) -> int:
    load_organisations(PACK, is_demo=True)
    load_demo_people(PACK, today=dt.date(2026, 11, 21))
    return load_demo_studies(PACK, now=timezone.now())


def test_a_closed_and_an_open_study_are_loaded_once_and_say_that_they_are_invented(loaded: int) -> None:
    assert loaded == 2
    held = Judgement.objects.count()
    assert load_demo_studies(PACK, now=timezone.now()) == 0
    assert Judgement.objects.count() == held
    states = {}
    for study in WeightStudy.objects.all():
        assert study.is_demo
        assert study.title.startswith("演示数据")
        assert "虚构" in study.purpose
        states[study.kind] = study.state
    assert states == {"ahp": StudyState.CLOSED, "delphi": StudyState.OPEN}


@pytest.mark.usefixtures("loaded")
def test_the_demo_weights_are_not_the_published_one_and_leave_the_contradiction_out() -> None:
    officer = demo_actor(Role.ASSOCIATION_OFFICER)
    assert officer is not None
    study = WeightStudy.objects.get(kind="ahp")
    found = final_weights(officer, study.uuid)
    by_name = {one.name.zh: one.weight for one in found.weights}
    assert found.is_demo
    assert sum(by_name.values()) == pytest.approx(1)
    assert abs(by_name["算法与设计技能"] - 0.2564) > 0.01
    row = selectors.closed_round(officer, study.uuid)
    tree = list(study.items.all())
    page = page_of(study, tree, selectors.result(row, tree), experts={"E06": "E06 演示专家己"})
    assert page.left_out == ["E06 演示专家己（第一层）"]
    assert page.is_usable


@pytest.mark.usefixtures("loaded")
def test_round_one_of_the_open_study_is_closed_and_round_two_takes_answers() -> None:
    rounds = StudyRound.objects.filter(study__kind="delphi").order_by("number")
    assert [row.state for row in rounds] == ["closed", "open"]
    assert rounds[0].result["weights"]


@pytest.mark.django_db
def test_a_pack_without_studies_loads_none(tmp_path: Path) -> None:
    assert load_demo_studies(tmp_path, now=timezone.now()) == 0
