"""Describing a document waits for none of the libraries that draw and write it."""

from __future__ import annotations

import subprocess
import sys

HEAVY = ("docx", "matplotlib", "openpyxl", "typst")
ASKED = """
import sys
import zhiqiao.engines.documents
print("HELD", *sorted(set(sys.argv[1:]) & set(sys.modules)))
"""


def test_the_description_imports_no_writer() -> None:
    done = subprocess.run(
        [sys.executable, "-c", ASKED, *HEAVY], capture_output=True, text=True, check=True, timeout=120
    )
    assert done.stdout.splitlines()[-1] == "HELD"
