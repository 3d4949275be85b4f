"""What holds for every connector: found by its folder, described, and never a scraper."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from zhiqiao.platform.data import connectors
from zhiqiao.platform.data.connectors import Collector, UnknownConnectorError

FOLDER = Path(connectors.__file__).parent
NAMES = sorted(path.parent.name for path in FOLDER.glob("*/connector.py"))


def test_the_registry_is_the_folders_in_their_order() -> None:
    assert sorted(connectors.kinds()) == NAMES
    assert list(connectors.kinds()) == [
        "upload",
        "enterprise_form",
        "json_api",
        "watched_folder",
        "email_table",
    ]


@pytest.mark.parametrize("name", NAMES)
def test_each_says_what_it_is_under_its_own_name(name: str) -> None:
    kind = connectors.find(name)
    assert kind.name == name
    assert str(kind.label)
    assert len(str(kind.about)) > 20
    assert kind.fault({}) == "" if not kind.options else kind.fault({})


@pytest.mark.parametrize("name", NAMES)
def test_what_looks_by_schedule_is_automatic(name: str) -> None:
    kind = connectors.find(name)
    assert isinstance(kind, Collector) == (connectors.collector(name) is not None)
    if isinstance(kind, Collector):
        assert kind.is_automatic


def test_an_unknown_name_is_said() -> None:
    with pytest.raises(UnknownConnectorError):
        connectors.find("scraper")


def test_no_connector_fetches_pages() -> None:
    fetching = {"httpx", "requests", "urllib", "aiohttp", "http", "socket", "playwright"}
    for path in FOLDER.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            found = {
                name.split(".")[0] for name in names if name != "urllib.parse"
            }  # which only writes addresses
            assert not found & fetching, path
