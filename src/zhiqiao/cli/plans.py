"""`zhiqiao plans`: training plans from one kind of file into another, or beside a standard; engines do it."""

from __future__ import annotations

import argparse
import sys
from datetime import date
from pathlib import Path

from zhiqiao.cli._plan_compare import add_compare
from zhiqiao.cli._plan_file import plan_words, read_plan_file, say_notes
from zhiqiao.cli._say import Verbs
from zhiqiao.engines import planfiles
from zhiqiao.engines.kernel import EngineError
from zhiqiao.engines.plans import Plan, plan_json

__all__ = ["add_parser"]

_OK, _PARTIAL, _UNREADABLE = 0, 1, 2


def add_parser(verbs: Verbs) -> None:
    """Add the verb `plans` with `convert` and `compare`."""
    parser = verbs.add_parser("plans", help="人才培养方案文件 files of training plans")
    kinds = parser.add_subparsers(title="命令 commands", metavar="COMMAND", required=True)
    convert = kinds.add_parser("convert", help="转换方案文件 from json, xlsx or docx to json, xlsx or docx")
    convert.add_argument("file", type=Path, metavar="IN", help="方案文件 file of a plan")
    convert.add_argument(
        "to", type=Path, metavar="OUT", help="结果，格式按扩展名 result, of the kind it is called"
    )
    convert.add_argument("--force", action="store_true", help="覆盖已有文件 write over a file that is there")
    convert.add_argument(
        "--on", type=date.fromisoformat, metavar="DATE", help="封面日期，缺省今天 day on the cover (today)"
    )
    convert.add_argument("--organisation", default="", metavar="NAME", help="学校 school on the cover")
    convert.add_argument("--lang", choices=("zh", "en"), default="zh", help="语言 language of notes (zh)")
    convert.set_defaults(main=_convert)
    add_compare(
        kinds.add_parser("compare", help="与国家课程标准比较 compare with a national course standard")
    )


def _convert(arguments: argparse.Namespace) -> int:
    target: Path = arguments.to
    try:
        kind = planfiles.PlanFormat(target.suffix.lower().lstrip("."))
    except ValueError:
        return _refuse(target, "扩展名应为 json、xlsx 或 docx", "must end in json, xlsx or docx")
    if target.exists() and not arguments.force:
        return _refuse(target, "文件已存在；要覆盖请加 --force", "is there already; --force writes over it")
    try:
        found = read_plan_file(arguments.file)
        data = _written(found.plan, kind, arguments)
        target.write_bytes(data)
    except (EngineError, OSError) as error:
        print(
            f"无法转换 {arguments.file}。\n{arguments.file} can not be converted.\n{error}", file=sys.stderr
        )
        return _UNREADABLE
    say_notes(found.notes, arguments.lang)
    return _PARTIAL if any(note.kind is planfiles.NoteKind.REFUSED for note in found.notes) else _OK


def _written(plan: Plan, kind: planfiles.PlanFormat, arguments: argparse.Namespace) -> bytes:
    if kind is planfiles.PlanFormat.JSON:
        return plan_json(plan).encode()
    write = planfiles.plan_xlsx if kind is planfiles.PlanFormat.XLSX else planfiles.plan_docx
    on = arguments.on or date.today()  # noqa: DTZ011 - a day of the calendar where the command is given
    return write(plan, plan_words(), on=on, organisation=arguments.organisation)


def _refuse(path: Path, zh: str, en: str) -> int:
    print(f"{path}：{zh}\n{path}: {en}", file=sys.stderr)
    return _UNREADABLE
