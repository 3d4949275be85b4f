"""`.env.example` names every setting with its default."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from zhiqiao.infra.config import Config

ROOT = Path(__file__).parents[2]
EXAMPLE = (ROOT / ".env.example").read_text(encoding="utf-8")
NAMED = dict(re.findall(r"^#?(ZHIQIAO_[A-Z_]+)=(.*)$", EXAMPLE, flags=re.MULTILINE))


@pytest.mark.parametrize("field", Config.model_fields)
def test_each_setting_is_named(field: str) -> None:
    assert f"ZHIQIAO_{field.upper()}" in NAMED


@pytest.mark.parametrize("name", NAMED)
def test_each_name_is_a_setting(name: str) -> None:
    assert name.removeprefix("ZHIQIAO_").lower() in Config.model_fields


def test_the_values_shown_are_the_defaults(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in NAMED:
        monkeypatch.delenv(name, raising=False)
    plain = Config(_env_file=None)  # type: ignore[call-arg]
    copied = Config(_env_file=ROOT / ".env.example")  # type: ignore[call-arg]
    assert copied == plain
