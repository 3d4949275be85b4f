"""`zhiqiao bench NAME`: runs one benchmark of the source tree and prints one JSON object of figures."""

from __future__ import annotations

import argparse
import json
import runpy
from collections.abc import Callable
from pathlib import Path
from typing import cast

from zhiqiao.cli._say import Fault, Verbs

_FOLDER = Path(__file__).parents[3] / "bench"


def add_parser(verbs: Verbs) -> None:
    """Add the verb."""
    parser = verbs.add_parser("bench", help="运行一项基准 run one benchmark")
    parser.add_argument("name", choices=_names() or None, help="名称 name")
    parser.set_defaults(main=run)


def _names() -> list[str]:
    return sorted(path.stem for path in _FOLDER.glob("*.py") if not path.stem.startswith("_"))


def run(arguments: argparse.Namespace) -> int:
    """Run it and print its figures."""
    path = _FOLDER / f"{arguments.name}.py"
    if not path.exists():
        raise Fault(f"没有名为 {arguments.name} 的基准。", f"There is no benchmark called {arguments.name}.")
    measure = cast("Callable[[], dict[str, object]]", runpy.run_path(str(path))["measure"])
    print(json.dumps({"bench": arguments.name, **measure()}, ensure_ascii=False))
    return 0
