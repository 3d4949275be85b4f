"""The documents hold: links lead somewhere, verbs and settings are described, records are short and numbered."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from zhiqiao.infra.config import Config

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
GUIDES = ("docs/guide/en/operations.md", "docs/guide/zh-CN/operations.md")


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_link_and_picture_is_there(page: Path) -> None:
    targets = [target.partition("#")[0] for target in LINK.findall(page.read_text(encoding="utf-8"))]
    own = [target for target in targets if target and "://" not in target]
    assert [target for target in own if not (page.parent / target).exists()] == []


def test_every_verb_of_the_command_line_is_described() -> None:
    told = subprocess.run(
        [sys.executable, "-m", "zhiqiao.cli", "--help"], capture_output=True, text=True, check=True, cwd=ROOT
    ).stdout
    verbs = re.findall(r"^ {4}([a-z]+)(?: |$)", told, flags=re.MULTILINE)
    described = read("README.md") + read("docs/guide/en/operations.md")
    assert len(verbs) > 8
    assert [verb for verb in verbs if f"zhiqiao {verb}" not in described] == []


@pytest.mark.parametrize("guide", GUIDES)
def test_every_setting_is_described(guide: str) -> None:
    text = read(guide)
    assert [name for name in Config.model_fields if f"ZHIQIAO_{name.upper()}" not in text] == []


def test_decisions_are_numbered_without_a_gap_and_short() -> None:
    records = sorted((ROOT / "docs" / "adr").glob("*.md"))
    assert [int(record.name[:4]) for record in records] == list(range(1, len(records) + 1))
    assert [
        record.name for record in records if len(record.read_text(encoding="utf-8").splitlines()) >= 80
    ] == []


def test_both_readmes_name_the_same_commands() -> None:
    named = [set(re.findall(r"make [a-z]+", read(name))) for name in ("README.md", "README.zh-CN.md")]
    assert {"make up", "make test"} <= named[0] == named[1]


def test_each_guide_page_stands_in_both_languages() -> None:
    names = [
        {page.name for page in (ROOT / "docs" / "guide" / tongue).glob("*.md")} for tongue in ("en", "zh-CN")
    ]
    assert names[0] == names[1] != set()
