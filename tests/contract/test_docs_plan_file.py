"""The page on the file of a plan names every field and every word that the file may hold, and its example is read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any  # Any: JSON

import pytest

from zhiqiao.engines import plans
from zhiqiao.engines.kernel import json_schema
from zhiqiao.packs import common_file, folder

ROOT = Path(__file__).resolve().parents[2]
PAGES = ("docs/guide/en/plan-file.md", "docs/guide/zh-CN/plan-file.md")
RULES = ("docs/guide/en/rules.md", "docs/guide/zh-CN/rules.md")


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def words(value: Any) -> Iterator[str]:
    """Yield the names of fields and the words of enumerations of a schema."""
    if isinstance(value, dict):
        yield from value.get("properties", {})
        yield from value.get("enum", [])
        for part in value.values():
            yield from words(part)
    elif isinstance(value, list):
        for part in value:
            yield from words(part)


@pytest.mark.parametrize("page", PAGES)
def test_every_field_and_word_is_named(page: str) -> None:
    text = read(page)
    names = set(words(json_schema(plans.Plan)))
    assert len(names) > 100
    assert {name for name in names if f"`{name}`" not in text} == set()


@pytest.mark.parametrize("page", PAGES)
def test_the_example_is_a_plan(page: str) -> None:
    (example,) = re.findall(r"```json\n(.*?)```", read(page), flags=re.DOTALL)
    assert plans.read_plan(example).key == "software-2026"


@pytest.mark.parametrize("page", RULES)
def test_the_example_of_a_regional_rule_is_a_rule(page: str, tmp_path: Path) -> None:
    from zhiqiao.engines import rules

    (example,) = re.findall(r"```toml\n(.*?)```", read(page), flags=re.DOTALL)
    (tmp_path / "tp.toml").write_text(example, encoding="utf-8")
    book = rules.read_rules(folder("common", "rules"), tmp_path, predicates=plans.PREDICATES)
    assert [one.region for one in book.entries("TP-13")] == ["", "510000"]


@pytest.mark.parametrize("page", RULES)
def test_kinds_of_waiver_and_offices_are_named(page: str) -> None:
    import tomllib

    table = tomllib.loads(common_file("rules", "words.toml").read_text(encoding="utf-8"))
    for name in [*table["waiver"], *table["office"]]:
        assert name in read(page), name
