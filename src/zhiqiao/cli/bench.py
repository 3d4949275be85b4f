"""`zhiqiao bench NAME`: runs one benchmark of the source tree and prints one JSON object of figures."""

from __future__ import annotations

import argparse
import inspect
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
    parser.add_argument("--file", type=Path, metavar="PATH", help="用此文件的数据 use the rows of this file")
    parser.add_argument("--rows", type=int, metavar="N", help="最多用多少行 use so many rows at most")
    parser.add_argument("--fold", type=int, metavar="N", help="留出第几份数据 hold this part of the data out")
    parser.add_argument(
        "--json",
        action="store_true",
        help="输出 JSON（没有表格的基准总是如此） print JSON, as those without a table always do",
    )
    parser.set_defaults(main=run)


def _names() -> list[str]:
    return sorted(path.stem for path in _FOLDER.glob("*.py") if not path.stem.startswith("_"))


def run(arguments: argparse.Namespace) -> int:
    """Run it and print its figures."""
    path = _FOLDER / f"{arguments.name}.py"
    if not path.exists():
        raise Fault(f"没有名为 {arguments.name} 的基准。", f"There is no benchmark called {arguments.name}.")
    measure = cast("Callable[..., dict[str, object]]", runpy.run_path(str(path))["measure"])
    takes = inspect.signature(measure).parameters
    options = {
        name: value for name in ("file", "rows", "fold") if (value := getattr(arguments, name)) is not None
    }
    unknown = [f"--{name}" for name in options if name not in takes]
    if unknown:
        names = "、".join(unknown)
        raise Fault(
            f"基准 {arguments.name} 不接受 {names}。", f"The benchmark {arguments.name} takes no {names}."
        )
    if (file := options.get("file")) is not None and not file.is_file():
        raise Fault(f"没有文件 {file}。", f"There is no file {file}.")
    found = measure(**options)
    if "table" in found and not arguments.json:
        print("\n".join(cast("list[str]", found["table"])))
    else:
        print(json.dumps({"bench": arguments.name, **found}, ensure_ascii=False))
    return 0
