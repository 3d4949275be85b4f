"""Time and size of the demo document in its forms, and of one with a long annex: `zhiqiao bench documents`."""

from __future__ import annotations

import runpy
import time
from collections.abc import Callable
from pathlib import Path
from typing import cast

from zhiqiao.engines.documents import Document, to_docx, to_html, to_pdf, to_xlsx

_DEMO = Path(__file__).parents[1] / "tests" / "unit" / "engines" / "documents" / "demo.py"
_FORMS: dict[str, Callable[[Document], bytes | list[str]]] = {
    "docx": to_docx,
    "pdf": to_pdf,
    "xlsx": to_xlsx,
    "html": to_html,
}


def measure(*, rows: int = 5000) -> dict[str, object]:
    """Make the demo document and one whose annex has `rows` rows; the very first PDF, cold, apart."""
    demo = cast("Callable[..., Document]", runpy.run_path(str(_DEMO))["demo"])
    began = time.perf_counter()
    to_pdf(demo("zh"))
    found: dict[str, object] = {"first_pdf_seconds": round(time.perf_counter() - began, 2)}
    for name, document in (("demo", demo("zh")), (f"annex_{rows}", demo("zh", rows=rows))):
        found[name] = {form: _timed(make, document) for form, make in _FORMS.items()}
    return found


def _timed(make: Callable[[Document], bytes | list[str]], document: Document) -> dict[str, float]:
    wall, used = time.perf_counter(), time.process_time()
    made = make(document)
    size = len(made) if isinstance(made, bytes) else sum(len(one.encode()) for one in made)
    return {
        "seconds": round(time.perf_counter() - wall, 2),
        "cpu_seconds": round(time.process_time() - used, 2),
        "kib": round(size / 1024),
    }
