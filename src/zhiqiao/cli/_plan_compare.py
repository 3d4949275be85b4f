"""`zhiqiao plans compare`: a plan beside an edition of a national course standard; engines/standards does it."""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass
from pathlib import Path

from zhiqiao.cli._plan_file import read_plan_file, say_notes
from zhiqiao.engines import standards
from zhiqiao.engines.kernel import EngineError, from_json, read_json, write_json
from zhiqiao.packs import folder

_COMPLETE, _OPEN, _UNREADABLE = 0, 1, 2
_WORDS: dict[str, dict[str, str]] = {
    "zh": {
        "post": "岗位",
        "task": "任务",
        "course": "课程",
        "hours": "学时",
        "kept": "保留",
        "dropped": "未设",
        "added": "增设",
        "changed": "改动",
        "open": "缺本地需求的理由和依据",
        "unknown": "无法比较，缺少：",
        "unused": "理由没有对应的偏离：",
    },
    "en": {
        "post": "post",
        "task": "task",
        "course": "course",
        "hours": "hours",
        "kept": "kept",
        "dropped": "dropped",
        "added": "added",
        "changed": "changed",
        "open": "needs a reason of local demand, with evidence",
        "unknown": "could not be compared, missing: ",
        "unused": "reasons that belong to no deviation: ",
    },
}


@dataclass(frozen=True)
class _Answers:
    """A file of links between rows and of reasons."""

    links: dict[str, str] | None = None
    reasons: tuple[standards.Reason, ...] | None = None


def add_compare(compare: argparse.ArgumentParser) -> None:
    """Add the options of the command."""
    compare.add_argument("file", type=Path, metavar="FILE", help="方案文件 file of a plan")
    compare.add_argument(
        "--standard",
        type=Path,
        default=folder("common", "curriculum") / "standards" / "ai-application-2023.toml",
        metavar="TOML",
        help="课程标准，缺省为随附的人工智能技术应用专业 the standard (the one that is shipped)",
    )
    compare.add_argument("--answers", type=Path, metavar="JSON", help="对应关系和理由 links and reasons")
    compare.add_argument("--lang", choices=("zh", "en"), default="zh", help="语言 language (zh)")
    compare.add_argument("--json", action="store_true", help="打印 JSON print JSON")
    compare.set_defaults(main=_compare)


def _compare(arguments: argparse.Namespace) -> int:
    try:
        imported = read_plan_file(arguments.file)
        answers = _Answers()
        if arguments.answers:
            answers = from_json(_Answers, read_json(arguments.answers.read_text(encoding="utf-8-sig")))
        found = standards.compare(
            imported.plan,
            standards.read_standard(arguments.standard),
            links=answers.links,
            reasons=answers.reasons or (),
        )
    except (EngineError, OSError, UnicodeDecodeError) as error:
        print(f"无法比较 {arguments.file}。\n{arguments.file} can not be compared.\n{error}", file=sys.stderr)
        return _UNREADABLE
    say_notes(imported.notes, arguments.lang)
    if arguments.json:
        print(write_json(found), end="")
    else:
        _say(found, _WORDS[arguments.lang])
    return _COMPLETE if found.is_complete else _OPEN


def _say(found: standards.Comparison, words: dict[str, str]) -> None:
    print(f"{found.standard} {found.edition}")
    for item in found.items:
        figures = f" {item.told} → {item.found}" if item.told is not None else ""
        mark = "!" if item.is_open else "✓"
        print(f"{mark} {words[item.part]} {words[item.outcome]} {item.name}{figures}  [{item.id}]")
        if item.is_open:
            print(f"    {words['open']}")
        elif item.is_deviation and item.reason is not None:
            print(f"    {item.reason.text}（{'、'.join(item.reason.evidence)}）")
    for name, listed in (("unknown", found.unknown), ("unused", [one.item for one in found.unused])):
        if listed:
            print(words[name] + "、".join(listed))
