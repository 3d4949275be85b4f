"""The demo region: the report from the database says what its pages say, figure by figure."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Places
from tests.integration.apps.management.conftest import NOW
from tests.integration.apps.management.gathering.conftest import TODAY
from tests.integration.platform.data.taxonomy.conftest import SilentStage
from tests.unit.engines.report.test_figures import figures_of, told_again
from zhiqiao import packs
from zhiqiao.apps.management.balance.computing import compute_balance
from zhiqiao.apps.management.balance.selectors import balance
from zhiqiao.apps.management.balance.tables import core_lines
from zhiqiao.apps.management.report.composing import limits, words
from zhiqiao.apps.management.report.gathering import gather_facts
from zhiqiao.engines import report
from zhiqiao.infra.jobs.api import run_waiting
from zhiqiao.packs.postings import write_postings
from zhiqiao.platform.data import catalogue, importing
from zhiqiao.platform.data.api import Upload, forecast_rows, import_demo_postings, posting_intake, shared_live
from zhiqiao.platform.data.forecasting import actions
from zhiqiao.platform.governance.api import Actor, User


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
    monkeypatch.setattr("zhiqiao.platform.data.forecasting.alerting.queue", lambda: None)
    pack = packs.folder("bazhong")
    catalogue.load_skills(packs.common_file("skills"))
    catalogue.load_industries(pack)
    path = tmp_path / "postings.jsonl"
    write_postings(pack, path)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    acting = actor_of(officer)
    import_demo_postings(acting, Upload(path, "postings.jsonl", path.stat().st_size, digest))
    run_waiting()
    return acting


def test_report_and_pages_say_the_same(demo: Actor) -> None:
    compute_balance(acting=demo, now=NOW)
    made = actions.make_forecast(demo, today=TODAY)
    actions.publish_forecast(demo, made.uuid, now=NOW)
    facts, view = gather_facts(demo, 2027, today=TODAY), balance(demo)
    assert view is not None
    assert facts.label is not None
    intake = posting_intake(shared_live(demo), last="2026-10", region="5119")
    assert facts.coverage.counted == intake.counted == facts.sources[0].count
    lines = {line.industry: line for line in forecast_rows(demo, made.uuid, "industry")}
    for item in facts.industries:
        line = lines[item.name.key]
        assert item.change.now == line.last
        year = item.outlook.next_year
        assert (year.value, year.low, year.high) == (line.next, line.low, line.high)
    roles = {line.role: line for line in forecast_rows(demo, made.uuid, "role")}
    for item in facts.industries:
        for post in item.posts:
            assert post.change.now == roles[post.name.key].last
            assert post.outlook.next_year.value == roles[post.name.key].next
    document = report.compose(facts, words("zh"), limits())
    assert len(figures_of(document)) > 2500
    assert told_again(document, facts, "zh") == []
    assert len(facts.gaps) > 40
    for row in facts.gaps:
        shown = view.post(row.post.key)
        assert shown is not None
        assert shown.uncovered is not None
        assert (row.postings, row.uncovered and row.uncovered.value) == (
            shown.postings, shown.uncovered.value,
        )  # fmt: skip
        assert [(share.name.key, share.count, share.total) for share in row.skills] == [
            (line.skill.key, line.count, line.total) for line in core_lines(shown)
        ]
    for industry in view.industries:
        told = next(item for item in facts.industries if item.name.key == industry.key).uncovered
        assert (told and told.value) == (industry.uncovered and industry.uncovered.value)
