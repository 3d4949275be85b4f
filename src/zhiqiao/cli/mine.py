"""`zhiqiao mine`: files of postings in, files of skills out; the work is done by engines/jobmining."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any  # Any: keyword arguments of several types

from zhiqiao.engines import jobmining, tabular
from zhiqiao.engines.kernel import EngineError
from zhiqiao.packs import common_file, folder
from zhiqiao.platform.data.mining import mine_on
from zhiqiao.platform.data.runner import RunnerError
from zhiqiao.platform.data.spark_runner import spark_runner

if TYPE_CHECKING:
    Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]

__all__ = ["add_parser", "main"]

_FAILED = 2


def add_parser(subparsers: Subparsers) -> argparse.ArgumentParser:
    """Add the verb `mine` to the command line."""
    parser = subparsers.add_parser("mine", help="从招聘文件识别技能 find skills in files of job postings")
    parser.add_argument(
        "inputs",
        nargs="+",
        type=Path,
        metavar="INPUT",
        help="招聘文件，也可以是 .gz files of postings, .gz too: CSV, TSV, XLSX, JSONL, Parquet",
    )
    parser.add_argument(
        "--out", required=True, type=Path, metavar="DIR", help="结果文件夹 folder for the result files"
    )
    parser.add_argument(
        "--workers", type=int, default=1, metavar="N", help="进程数，默认 1 processes to use (default 1)"
    )
    parser.add_argument(
        "--taxonomy",
        type=Path,
        metavar="DIR",
        help="用此文件夹的技能目录，例如页面导出的技能包 folder of skill files instead of the common pack",
    )
    parser.add_argument(
        "--region",
        default="bazhong",
        help="职位归入此区域包的岗位，默认 bazhong region pack whose posts titles fold to (bazhong)",
    )
    parser.add_argument(
        "--occupations",
        type=Path,
        metavar="MODEL",
        help="给职位编码职业的模型 model of `zhiqiao occupations fit`: codes the titles",
    )
    parser.add_argument(
        "--reference-date",
        type=date.fromisoformat,
        metavar="YYYY-MM-DD",
        help="“昨天”等从哪天算起，默认今天 the day that words like 昨天 are counted from (default today)",
    )
    parser.add_argument(
        "--runner",
        choices=("local", "spark"),
        default="local",
        help="由谁计算，默认本机 who does the work (default local)",
    )
    parser.add_argument(
        "--master", metavar="URL", help="Spark 主节点 Spark master, such as local[4], yarn, k8s://…"
    )
    parser.add_argument(
        "--partitions", type=int, metavar="N", help="Spark 混洗的分区数 pieces of Spark's shuffles"
    )
    parser.add_argument(
        "--stage",
        metavar="URI",
        help="Spark 各机器都能访问的中间文件夹，默认在 DIR 内 "
        "folder for Spark's intermediate files, reached by all its machines (default inside DIR)",
    )
    parser.add_argument(
        "--json", action="store_true", help="汇总输出为一个 JSON print the summary as one JSON object"
    )
    parser.set_defaults(main=main)
    return parser


def main(args: argparse.Namespace) -> int:
    """Run the verb; return 0, or 2 after saying what is wrong."""
    try:
        summary = _mine(args)
    except (
        jobmining.JobMiningError,
        tabular.TableError,
        EngineError,
        RunnerError,
        OSError,
    ) as error:
        print(f"zhiqiao mine: {error}", file=sys.stderr)
        return _FAILED
    if args.json:
        print(json.dumps(asdict(summary), ensure_ascii=False))
    else:
        print(_in_words(summary, args.out))
    return 0


def _mine(args: argparse.Namespace) -> jobmining.Summary:
    if args.workers < 1:
        raise jobmining.InputError("--workers 至少为 1 --workers must be 1 or more")
    if folders := [str(path) for path in args.inputs if path.is_dir()]:
        names = ", ".join(folders)
        raise jobmining.InputError(
            f"这是文件夹，请写出其中的文件 a folder, not a file (name its files): {names}"
        )
    if missing := [str(path) for path in args.inputs if not path.is_file()]:
        raise jobmining.InputError(f"没有文件 no such file: {', '.join(missing)}")
    rules = jobmining.read_rules(folder("common", "jobmining"))
    shared: dict[str, Any] = {
        "taxonomy": jobmining.read_taxonomy(args.taxonomy or folder("common", "skills")),
        "rules": rules,
        "vocabulary": tabular.read_vocabulary(common_file("intake", "posting_columns.csv")),
        "roles": jobmining.read_roles(folder(args.region, "job_roles.csv"), words=rules.title_words),
        "learned": jobmining.read_learned(folder("common", "jobmining", "learned")),
        "occupations": _coder(args.occupations) if args.occupations else None,
        "reference_date": args.reference_date or datetime.now(tz=UTC).date(),
    }
    inputs = [jobmining.Input(path) for path in args.inputs]
    if args.runner == "spark":
        return _on_spark(inputs, args, shared)
    return jobmining.run(inputs, args.out, options=jobmining.Options(workers=args.workers), **shared)


def _coder(model: Path) -> jobmining.TitleCoder:
    # Imported here: SciPy takes longer to start than a thousand postings to mine.
    from zhiqiao.engines import occupations

    return occupations.load(model)


def _on_spark(
    inputs: list[jobmining.Input], args: argparse.Namespace, shared: dict[str, Any]
) -> jobmining.Summary:
    stage = args.stage or str(args.out.resolve())
    with spark_runner(args.master, stage=stage, partitions=args.partitions) as runner:
        return mine_on(runner, inputs, args.out, **shared)


def _in_words(summary: jobmining.Summary, out: Path) -> str:
    return (
        f"读入 {summary.rows_in} 行：入库 {summary.kept}，重复 {summary.duplicates}，隔离 {summary.quarantined}；"
        f"技能提及 {summary.mentions} 处，用时 {summary.seconds:.1f} 秒 -> {out}\n"
        f"{summary.rows_in} rows in: {summary.kept} kept, {summary.duplicates} duplicates, "
        f"{summary.quarantined} quarantined; {summary.mentions} mentions in {summary.seconds:.1f} s -> {out}"
    )
