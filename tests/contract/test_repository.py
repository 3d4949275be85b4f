"""Files of the repository that machines read elsewhere: pins, lock, walls, continuous integration."""

from __future__ import annotations

import configparser
import json
import os
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PINS = sorted((ROOT / "requirements").glob("*.txt"))


@pytest.mark.parametrize("path", PINS, ids=lambda path: path.name)
def test_every_pin_is_exact_and_hashed(path: Path) -> None:
    entries = re.split(r"\n(?=\S)", path.read_text(encoding="utf-8").strip())
    pinned = [entry for entry in entries if not entry.startswith("#")]
    assert pinned
    for entry in pinned:
        assert re.match(r"[A-Za-z0-9._\[\],-]+==[\w.!+-]+", entry), entry[:80]
        assert "--hash=sha256:" in entry, entry[:80]


@pytest.mark.parametrize("path", PINS, ids=lambda path: path.name)
def test_pins_name_no_host(path: Path) -> None:
    assert not re.search(r"https?://|--(extra-)?index-url|--find-links", path.read_text(encoding="utf-8"))


def test_the_lock_of_the_front_end_names_no_host() -> None:
    lock = json.loads((ROOT / "frontend" / "package-lock.json").read_text(encoding="utf-8"))
    assert lock["packages"]
    assert [name for name, entry in lock["packages"].items() if "resolved" in entry] == []


def test_every_wall_says_why_it_stands() -> None:
    text = (ROOT / ".importlinter").read_text(encoding="utf-8")
    contracts = [name for name in _ini(text).sections() if name.startswith("importlinter:contract:")]
    assert len(contracts) >= 4
    assert [name for name in contracts if not re.search(rf"^# .*\n\[{name}\]", text, re.MULTILINE)] == []


def _ini(text: str) -> configparser.ConfigParser:
    parser = configparser.ConfigParser()
    parser.read_string(text)
    return parser


def test_continuous_integration_runs_what_a_person_runs() -> None:
    script = ROOT / ".ci" / "run"
    assert os.access(script, os.X_OK)
    assert "make test" in script.read_text(encoding="utf-8")
