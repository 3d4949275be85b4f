"""The shipped parameters are read whole; a faulty file is named with its entry."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from zhiqiao.engines.competency import ParameterError, read_parameters
from zhiqiao.packs import common_file

SHIPPED = common_file("competency")


def test_the_shipped_parameters_are_read() -> None:
    parameters = read_parameters(SHIPPED)
    assert parameters.result.top == 10
    assert {"负责", "熟悉", "岗位职责"} <= parameters.stop_words


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("min_postings = 50", "", r"\[corpus\]: min_postings"),
        ("min_postings = 50", 'min_postings = "50"', r"\[corpus\] min_postings = '50'"),
        ("min_postings = 50", "min_postings = true", r"\[corpus\] min_postings = True"),
        ("[graph]", "[other]", "'graph' is missing"),
        ("[corpus]", "[corpus", "discover.toml"),
    ],
)
def test_a_faulty_file_is_named(tmp_path: Path, old: str, new: str, message: str) -> None:
    text = (SHIPPED / "discover.toml").read_text(encoding="utf-8")
    assert old in text
    (tmp_path / "discover.toml").write_text(text.replace(old, new, 1), encoding="utf-8")
    shutil.copy(SHIPPED / "stop_words.csv", tmp_path)
    with pytest.raises(ParameterError, match=message):
        read_parameters(tmp_path)


def test_stop_words_need_their_header(tmp_path: Path) -> None:
    shutil.copy(SHIPPED / "discover.toml", tmp_path)
    (tmp_path / "stop_words.csv").write_text("word\n的\n", encoding="utf-8")
    with pytest.raises(ParameterError, match="the header must be text,kind"):
        read_parameters(tmp_path)
