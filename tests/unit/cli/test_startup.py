"""The command line imports what a verb needs, and knows every verb."""

from __future__ import annotations

import subprocess
import sys

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
