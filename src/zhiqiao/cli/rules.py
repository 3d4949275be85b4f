"""`zhiqiao rules`: checks the file of a training plan and shows the rules; engines/rules and engines/plans do it."""

from __future__ import annotations

import argparse
import json
import sys
import tomllib
from datetime import date
from pathlib import Path

from zhiqiao.cli._plan_file import read_plan_file, say_notes
from zhiqiao.cli._rules_text import finding_lines, rule_lines, summary_line
from zhiqiao.cli._say import Verbs
from zhiqiao.engines import plans, rules
from zhiqiao.engines.kernel import EngineError, ShapeError, from_json, json_schema, read_json
from zhiqiao.packs import common_file, folder, region_folder

__all__ = ["add_parser"]

_OK, _BLOCKED, _UNREADABLE = 0, 1, 2


def add_parser(verbs: Verbs) -> None:
    """Add the verb `rules` with `check`, `list`, `show` and `schema`."""
    parser = verbs.add_parser("rules", help="按规则检查人才培养方案 check training plans by the rules")
    kinds = parser.add_subparsers(title="命令 commands", metavar="COMMAND", required=True)
    check = kinds.add_parser("check", help="检查一个方案文件 check the file of a plan")
    check.add_argument("file", type=Path, metavar="FILE", help="方案 JSON、XLSX 或 DOCX a plan")
    check.add_argument(
        "--on", type=date.fromisoformat, metavar="DATE", help="行为日期，缺省今天 day of the act (today)"
    )
    check.add_argument("--waivers", type=Path, metavar="FILE", help="豁免 JSON waivers as JSON")
    check.add_argument(
        "--directory", type=Path, metavar="CSV", help="专业目录，缺省只有演示用的代码 specialty directory"
    )
    check.set_defaults(main=_check)
    listed = kinds.add_parser("list", help="列出规则 list the rules")
    listed.set_defaults(main=_list)
    show = kinds.add_parser("show", help="显示一条规则 show one rule")
    show.add_argument("id", metavar="ID", help="编号，如 TP-13 its id")
    show.set_defaults(main=_show)
    schema = kinds.add_parser("schema", help="打印方案文件的 JSON Schema print the schema of a plan's file")
    schema.set_defaults(main=_schema)
    for one in (check, listed, show):
        # not `region`: that would set the region of the whole product
        one.add_argument(
            "--region", dest="pack", metavar="PACK", help="区域包 region pack (national rules only)"
        )
        one.add_argument("--lang", choices=("zh", "en"), default="zh", help="语言 language (zh)")
        one.add_argument("--json", action="store_true", help="打印 JSON print JSON")
    for one in (check, listed):
        one.add_argument(
            "--set",
            action="append",
            metavar="SET",
            dest="sets",
            help="规则集 tp js gx ct，可重复 sets of rules (all)",
        )


class _Unreadable(Exception):  # noqa: N818 - it is told, not traced
    """Raised when a file or an option can not be used."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(f"{zh}\n{en}")


def _book(arguments: argparse.Namespace) -> rules.RuleBook:
    """Read the rules of the nation and, where one is named, of a region."""
    places = [folder("common", "rules")]
    if arguments.pack:
        try:
            own = region_folder(arguments.pack) / "rules"
        except FileNotFoundError:
            raise _Unreadable(
                f"没有区域包 {arguments.pack}", f"there is no region pack {arguments.pack}"
            ) from None
        places += [own] if own.is_dir() else []
    book = rules.read_rules(*places, predicates=plans.PREDICATES)
    wanted = getattr(arguments, "sets", None) or list(book.sets)
    unknown = [name for name in wanted if name not in book.sets]
    if unknown:
        listed = ", ".join(book.sets)
        raise _Unreadable(
            f"没有规则集 {'、'.join(unknown)}；可用：{listed}",
            f"there is no set {', '.join(unknown)}; there are: {listed}",
        )
    return book.of_set(*wanted)


def _check(arguments: argparse.Namespace) -> int:
    try:
        book = _book(arguments)
        imported = read_plan_file(arguments.file)
        report = plans.check_plan(
            imported.plan,
            book,
            on=arguments.on or date.today(),  # noqa: DTZ011 - a day of the calendar where the command is given
            region=_code(arguments.pack),
            waivers=_waivers(arguments.waivers),
            directory=plans.read_directory(
                arguments.directory or common_file("curriculum", "specialties.csv")
            ),
        )
    except (_Unreadable, EngineError, OSError) as error:
        return _refuse(arguments.file, error)
    say_notes(imported.notes, arguments.lang)
    if arguments.json:
        print(rules.report_json(report), end="")
    else:
        for finding in report.findings:
            print("\n".join(finding_lines(finding, book.words, arguments.lang)))
        print(summary_line(report, arguments.lang))
    return _BLOCKED if report.blocking else _OK


def _schema(_arguments: argparse.Namespace) -> int:
    print(json.dumps(json_schema(plans.Plan), ensure_ascii=False, indent=2))
    return _OK


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise _Unreadable(
            f"不是 UTF-8 文字（第 {error.start} 字节）", f"is not UTF-8 text (byte {error.start})"
        ) from error


def _code(pack: str | None) -> str | None:
    """Return the code of a region pack; none where the plan's own region counts."""
    if not pack:
        return None
    region = tomllib.loads((region_folder(pack) / "region.toml").read_text(encoding="utf-8"))
    return str(region.get("city_code", ""))


def _waivers(path: Path | None) -> tuple[rules.Waiver, ...]:
    if path is None:
        return ()
    found = read_json(_text(path))
    try:
        rows = found if isinstance(found, list) else [found]
        return tuple(from_json(rules.Waiver, row, f"[{number}]") for number, row in enumerate(rows))
    except ShapeError as error:
        raise _Unreadable(f"{path}：{error.zh}", f"{path}: {error.en}") from error


def _refuse(path: Path, error: Exception) -> int:
    print(f"无法检查 {path}。\n{path} can not be checked.\n{error}", file=sys.stderr)
    return _UNREADABLE


def _list(arguments: argparse.Namespace) -> int:
    try:
        book = _book(arguments)
    except (_Unreadable, EngineError) as error:
        print(error, file=sys.stderr)
        return _UNREADABLE
    if arguments.json:
        print(json.dumps([rules.rule_shape(rule) for rule in book.rules], ensure_ascii=False))
    else:
        for rule in book.rules:
            place = f" [{rule.region}]" if rule.region else ""
            print(f"{rule.id}{place}  {rule.severity:5}  {rule.state:9}  {rule.title.of(arguments.lang)}")
    return _OK


def _show(arguments: argparse.Namespace) -> int:
    try:
        book = _book(arguments)
    except (_Unreadable, EngineError) as error:
        print(error, file=sys.stderr)
        return _UNREADABLE
    entries = book.entries(arguments.id.upper())
    if not entries:
        print(f"没有规则 {arguments.id}。\nThere is no rule {arguments.id}.", file=sys.stderr)
        return _UNREADABLE
    if arguments.json:
        print(json.dumps([rules.rule_shape(rule) for rule in entries], ensure_ascii=False))
    else:
        print("\n\n".join("\n".join(rule_lines(rule, book.words, arguments.lang)) for rule in entries))
    return _OK
