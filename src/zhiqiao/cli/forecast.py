"""`zhiqiao forecast`: a table of months in, the months to come out; the work is done by engines/demand."""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from pathlib import Path

from zhiqiao.cli._say import Verbs
from zhiqiao.engines import demand, tabular
from zhiqiao.packs import common_file

__all__ = ["add_parser", "main"]

_FAILED = 2
_SHOWN = 20


def add_parser(verbs: Verbs) -> argparse.ArgumentParser:
    """Add the verb `forecast` to the command line."""
    parser = verbs.add_parser("forecast", help="按月预测 forecast monthly series with intervals")
    parser.add_argument(
        "input",
        type=Path,
        metavar="INPUT",
        help="宽表或长表 wide or long table: CSV (.gz), XLSX, JSONL, Parquet",
    )
    parser.add_argument(
        "--keys",
        default="",
        metavar="A,B",
        help="键列 key columns (default: all that are neither month nor value)",
    )
    parser.add_argument("--horizon", type=int, default=3, metavar="H", help="预测月数 months ahead, 1-12 (3)")
    parser.add_argument(
        "--out", required=True, type=Path, metavar="OUT", help="结果 result (.parquet or .csv)"
    )
    parser.add_argument(
        "--level", type=float, default=None, metavar="P", help="区间水平 interval level in %% (80)"
    )
    parser.add_argument("--json", action="store_true", help="打印 JSON print the summary as one JSON object")
    parser.set_defaults(main=main)
    return parser


def main(args: argparse.Namespace) -> int:
    """Run the verb; return 0, or 2 after saying what is wrong."""
    try:
        if not args.input.is_file():
            raise demand.InputError(f"没有这个文件：{args.input}", f"no such file: {args.input}")
        reading, found = _forecast(args)
        demand.write(found, args.out, whole_keys=reading.whole_keys)
    except (demand.DemandError, tabular.TableError, OSError) as error:
        print(f"zhiqiao forecast: {error}", file=sys.stderr)
        return _FAILED
    summary = _summary(reading, found, args.out)
    if args.json:
        print(json.dumps(summary, ensure_ascii=False))
    else:
        print(_in_words(summary, reading))
    return 0


def _forecast(args: argparse.Namespace) -> tuple[demand.Reading, demand.Forecast]:
    parameters = demand.read_parameters(common_file("demand", "forecast.toml"))
    reading = demand.read_table(
        args.input,
        keys=[name.strip() for name in args.keys.split(",") if name.strip()],
        vocabulary=tabular.read_vocabulary(common_file("demand", "series_columns.csv")),
        parameters=parameters,
    )
    found = demand.forecast(
        reading.table,
        args.horizon,
        parameters=parameters,
        calendar=demand.read_calendar(common_file("demand", "calendar_cn.toml")),
        level=args.level,
    )
    return reading, found


def _summary(reading: demand.Reading, found: demand.Forecast, out: Path) -> dict[str, object]:
    return {
        "out": str(out),
        "layout": reading.layout,
        "rows": reading.rows,
        "series": len(reading.table.keys),
        "first_month": reading.table.months[0],
        "last_month": reading.table.months[-1],
        "months": list(found.months),
        "level": found.level,
        "methods": dict(sorted(Counter(found.method).items())),
        "facts": dict(found.facts),
        **demand.summary_of(reading),
        "rejected_rows": [
            {"row": row.row, "field": row.field, "reason": row.reason, "value": row.value}
            for row in reading.rejected[:_SHOWN]
        ],
        "flagged": [
            {"code": flag.code, "keys": list(flag.keys), "month": flag.month, "detail": flag.detail}
            for flag in reading.flags[:_SHOWN]
        ],
    }


def _in_words(summary: dict[str, object], reading: demand.Reading) -> str:
    lines = [
        f"{summary['series']} 个序列，{summary['first_month']} 至 {summary['last_month']} -> {summary['out']}",
        f"{summary['series']} series, {summary['first_month']} to {summary['last_month']} -> {summary['out']}",
    ]
    lines += [
        f"行 row {row.row}, {row.field}: {demand.text_of(row.reason, 'zh')} / {demand.text_of(row.reason, 'en')}"
        + (f" ({row.value})" if row.value else "")
        for row in reading.rejected[:_SHOWN]
    ]
    lines += [
        f"{' | '.join(flag.keys) or flag.month}: {demand.text_of(flag.code, 'zh')} / {demand.text_of(flag.code, 'en')}"
        + (f" ({flag.detail})" if flag.detail else "")
        for flag in reading.flags[:_SHOWN]
    ]
    left = max(0, len(reading.rejected) - _SHOWN) + max(0, len(reading.flags) - _SHOWN)
    if left:
        lines.append(f"另有 {left} 处，用 --json 查看计数 / {left} more, counted by --json")
    return "\n".join(lines)
