"""The one command `zhiqiao`: every engine's other face, and the product's operation."""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from collections.abc import Sequence

from pydantic import ValidationError

from zhiqiao import __version__
from zhiqiao.cli._say import Fault
from zhiqiao.infra.config import config

#: Verbs and the modules that add them; each has `add_parser(subparsers)` and sets `main`, a function of the arguments.
_VERBS = {
    "up": "up",
    "serve": "serve",
    "worker": "worker",
    "migrate": "database",
    "seed": "database",
    "createadmin": "people",
    "audit": "people",
    "mine": "mine",
    "occupations": "occupations",
    "competency": "competency",
    "weights": "weights",
    "forecast": "forecast",
    "report": "report",
    "rules": "rules",
    "plans": "plans",
    "doctor": "doctor",
    "backup": "backup",
    "restore": "backup",
    "bench": "bench",
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run the verb named on the command line; return the exit code."""
    argv = sys.argv[1:] if argv is None else argv
    arguments = _parser(argv[:1]).parse_args(argv)
    for name in ("data", "port", "host", "region"):
        value = getattr(arguments, name, None)
        if value is not None:
            os.environ[f"ZHIQIAO_{name.upper()}"] = str(value)
    if getattr(arguments, "demo", None) is not None:
        os.environ["ZHIQIAO_DEMO"] = "1" if arguments.demo else "0"
    if hasattr(arguments, "data"):
        os.umask(0o077)  # the data folder holds personal data and keys: for nobody else on this machine
    config.cache_clear()  # a verb's module may have read the settings before the options were known
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhiqiao.web.settings")
    try:
        config()
        return int(arguments.main(arguments) or 0)
    except ValidationError as error:
        wrong = "; ".join(
            f"ZHIQIAO_{place['loc'][0]}".upper() + f": {place['msg']}" for place in error.errors()
        )
        print(f"设置有误：{wrong}\nA setting is wrong: {wrong}", file=sys.stderr)
        return 2
    except Fault as fault:
        print(fault, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def _parser(verb: Sequence[str]) -> argparse.ArgumentParser:
    """Make a parser of the verb given, or of all where none is known: a verb's module may take seconds to import."""
    parser = argparse.ArgumentParser(prog="zhiqiao", description="职桥 Zhiqiao")
    parser.add_argument("--version", action="version", version=__version__)
    verbs = parser.add_subparsers(title="命令 commands", metavar="COMMAND", required=True)
    if verb and verb[0] in {*_VERBS, "version", "--version"}:
        modules = [_VERBS[name] for name in verb if name in _VERBS]
    else:
        modules = list(_VERBS.values())
    for name in dict.fromkeys(modules):
        importlib.import_module(f"zhiqiao.cli.{name}").add_parser(verbs)
    version = verbs.add_parser("version", help="打印版本 print the version")
    version.set_defaults(main=_print_version)
    return parser


def _print_version(_arguments: argparse.Namespace) -> int:
    print(__version__)
    return 0
