"""The planted surge of the demo region, watched month by month on its imported synthetic postings."""

from __future__ import annotations

import datetime as dt
import hashlib
import tomllib
from collections.abc import Callable
from pathlib import Path
from unittest.mock import Mock

import pytest

from tests.conftest import Places
from tests.integration.platform.data.forecasting.conftest import month_at
from tests.integration.platform.data.taxonomy.conftest import SilentStage
from zhiqiao import packs
from zhiqiao.engines import demand as engine
from zhiqiao.infra.jobs.api import JobContext, run_waiting
from zhiqiao.packs.postings import write_postings
from zhiqiao.platform.data import catalogue, importing
from zhiqiao.platform.data.api import Upload, import_demo_postings, resolve
from zhiqiao.platform.data.forecasting import watching
from zhiqiao.platform.data.models import DemandAlert, PostingImport
from zhiqiao.platform.governance.api import Actor, User
from zhiqiao.web import demo_turn

PLANTED = 28
"""Month of packs/bazhong/postings.toml in which ever more posts begin to ask for ceramic chip packaging."""

PLAN = tomllib.loads((packs.folder("bazhong") / "postings.toml").read_text(encoding="utf-8"))
PLANTED_SKILLS = {trend["skill"] for trend in PLAN["trend"]}


@pytest.fixture
def demo(
    places: Places,
    officer: User,
    actor_of: Callable[[User], Actor],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Actor:
    """The demo region's postings, imported by the product's own verbs (the dictionary alone reads the texts)."""
    monkeypatch.setattr(importing, "learned_stage", SilentStage)
    pack = packs.folder("bazhong")
    catalogue.load_skills(packs.common_file("skills"))
    catalogue.load_industries(pack)
    path = tmp_path / "postings.jsonl"
    write_postings(pack, path)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    acting = actor_of(officer)
    monkeypatch.setattr("zhiqiao.platform.data.forecasting.alerting.queue", lambda: None)
    import_demo_postings(acting, Upload(path, "postings.jsonl", path.stat().st_size, digest))
    run_waiting()
    return acting


def first_day(number: int) -> dt.date:
    """Return the first day after a month is over."""
    return dt.date.fromisoformat(f"{month_at(number + 1)}-01")


def test_the_planted_surge_is_raised_within_two_months_and_its_counts_come_out_again(demo: Actor) -> None:
    assert PostingImport.objects.get().state == "live"
    for number in range(PLANTED - 6, PLANTED + 3):
        watching.raise_alerts(today=first_day(number))
    found = DemandAlert.objects.filter(skill__key="ceramic-chip-packaging", direction="rise").order_by(
        "month"
    )
    months = [
        (engine.month_number(row.month) or 0) - (engine.month_number(month_at(0)) or 0) for row in found
    ]
    assert months[0] - PLANTED in {0, 1, 2}
    assert set(DemandAlert.objects.values_list("skill__key", flat=True)) <= PLANTED_SKILLS
    for row in DemandAlert.objects.all():
        hop = resolve(demo, "demand_alert", row.uuid)
        assert hop.recompute is not None
        assert hop.recompute() == hop.value

    # three years that come in at once: the newest months alone tell nobody, looking back quarter by quarter does
    DemandAlert.objects.all().delete()
    today = first_day(PLAN["months"] - 1)
    assert not [
        row for row in watching.raise_alerts(today=today) if row.skill.key == "ceramic-chip-packaging"
    ]
    alerts = next(step for step in demo_turn.STEPS if step.key == "alerts")
    alerts.make(Mock(spec=JobContext), demo)
    assert "ceramic-chip-packaging" in DemandAlert.objects.values_list("skill__key", flat=True)
