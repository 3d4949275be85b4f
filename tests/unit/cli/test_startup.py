"""The command line imports what a verb needs, and knows every verb."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from zhiqiao.cli import _VERBS, main

HEAVY = ("django", "duckdb", "gensim", "matplotlib", "networkx", "openpyxl", "scipy", "sklearn")
ASKED = """
import sys
from zhiqiao.cli import main
try:
    main(["mine", "--help"])
except SystemExit:
    pass
print("HELD", *sorted(set(sys.argv[1:]) & set(sys.modules)))
"""

SET_UP = """
import sys
import django
django.setup()
print("HELD", *sorted(set(sys.argv[1:]) & set(sys.modules)))
"""
SLOW = (
    "gensim",
    "matplotlib",
    "networkx",
    "openpyxl",
    "scipy.linalg",
    "scipy.optimize",
    "scipy.stats",
    "sklearn",
)


def test_web_and_worker_start_without_what_only_computations_need(tmp_path: Path) -> None:
    plain = {name: value for name, value in os.environ.items() if not name.startswith("ZHIQIAO_")}
    settings = {"DJANGO_SETTINGS_MODULE": "zhiqiao.web.settings", "ZHIQIAO_DATA": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", SET_UP, *SLOW],
        env=plain | settings,
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    assert done.stdout.splitlines()[-1] == "HELD"


def test_mining_waits_for_no_library_it_does_not_use() -> None:
    done = subprocess.run(
        [sys.executable, "-c", ASKED, *HEAVY], capture_output=True, text=True, check=True, timeout=120
    )
    assert done.stdout.splitlines()[-1] == "HELD"


@pytest.mark.parametrize("verb", _VERBS)
def test_every_verb_is_found_alone(verb: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main([verb, "--help"])
    assert left.value.code == 0
    assert f"zhiqiao {verb}" in capsys.readouterr().out


def test_help_names_every_verb(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--help"])
    shown = capsys.readouterr().out
    assert [verb for verb in _VERBS if verb not in shown] == []
