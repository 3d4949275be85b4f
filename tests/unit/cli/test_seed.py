"""The region pack is loaded once; an interrupted load is taken up again; each start looks after the demo's loop."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from zhiqiao.cli import database
from zhiqiao.infra.config import config

#: the look at what is missing of the demo's loop, which every start takes
TURN = ("turn", True)


@pytest.fixture
def loads(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[list[tuple[str, bool]]]:
    """Record what is loaded instead of loading it; the pack called broken stops half-way."""
    done: list[tuple[str, bool]] = []

    def load(region: str, *, demo: bool, today: dt.date) -> None:
        done.append((region, demo))
        if region == "broken":
            raise KeyboardInterrupt

    monkeypatch.setenv("ZHIQIAO_DATA", str(tmp_path))
    monkeypatch.setenv("ZHIQIAO_REGION", "bazhong")
    monkeypatch.setenv("ZHIQIAO_DEMO", "1")
    monkeypatch.setattr("zhiqiao.web.region.load", load)
    monkeypatch.setattr("zhiqiao.web.demo_turn.start", lambda: done.append(("turn", config().demo)))
    config.cache_clear()
    yield done
    monkeypatch.undo()
    config.cache_clear()


def test_the_first_start_loads_and_the_second_does_not(loads: list[tuple[str, bool]]) -> None:
    database.seed_once()
    database.seed_once()
    assert loads == [("bazhong", True), TURN, TURN]


def test_another_region_or_mode_is_loaded_too(
    loads: list[tuple[str, bool]], monkeypatch: pytest.MonkeyPatch
) -> None:
    database.seed_once()
    monkeypatch.setenv("ZHIQIAO_DEMO", "0")
    config.cache_clear()
    database.seed_once()
    assert loads == [("bazhong", True), TURN, ("bazhong", False), ("turn", False)]


def test_an_interrupted_load_is_taken_up_again(
    loads: list[tuple[str, bool]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ZHIQIAO_REGION", "broken")
    config.cache_clear()
    for _ in range(2):
        with pytest.raises(KeyboardInterrupt):
            database.seed_once()
    assert loads == [("broken", True)] * 2


def test_a_damaged_record_of_loads_loads_again(loads: list[tuple[str, bool]], tmp_path: Path) -> None:
    database.seed_once()
    (tmp_path / "seeded.json").write_text("{")
    database.seed_once()
    assert loads == [("bazhong", True), TURN] * 2
