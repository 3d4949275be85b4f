"""Loads a made-up city through the same door as the shipped region; no page is opened here."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from zhiqiao.infra.config import config
from zhiqiao.platform.data.models import Course, Industry, JobPosting, JobRole, Module, Programme
from zhiqiao.platform.governance.models import Membership, Organisation, User
from zhiqiao.web import region

FURTHER_PACKS = Path(__file__).resolve().parents[2] / "packs"
TODAY = dt.date(2026, 11, 21)
TABLES = (Industry, JobRole, Programme, Course, Module, Organisation, Membership, User, JobPosting)


@pytest.fixture
def further_packs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Point the installation at a folder of further region packs."""
    settings = config().model_copy(update={"region_path": FURTHER_PACKS})
    monkeypatch.setattr(region, "config", lambda: settings)


def counts() -> dict[str, int]:
    return {table.__name__: table._default_manager.count() for table in TABLES}


@pytest.mark.usefixtures("transactional_db", "further_packs")
def test_another_city_loads_from_files_alone_and_twice_changes_nothing() -> None:
    region.load("testcity", demo=True, today=TODAY)
    first = counts()
    assert Programme.objects.get().name_zh == "茶叶生产与加工"
    assert first["JobPosting"] > 100
    assert first | {"JobPosting": 0} == {
        "Industry": 2,
        "JobRole": 3,
        "Programme": 1,
        "Course": 6,
        "Module": 12,
        "Organisation": 8,
        "Membership": 19,
        "User": 17,
        "JobPosting": 0,
    }
    region.load("testcity", demo=True, today=TODAY)
    assert counts() == first


@pytest.mark.usefixtures("transactional_db", "further_packs")
def test_without_demo_mode_only_the_catalogue_is_loaded() -> None:
    region.load("testcity", demo=False, today=TODAY)
    loaded = {name for name, count in counts().items() if count}
    assert loaded == {"Industry", "JobRole"}


@pytest.mark.usefixtures("further_packs")
def test_a_region_without_a_pack_is_refused_by_name() -> None:
    with pytest.raises(FileNotFoundError, match="no region pack nowhere"):
        region.pack_folder("nowhere")
