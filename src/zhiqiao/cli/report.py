"""`zhiqiao report demand`: a region pack in, the demand report as DOCX, PDF and XLSX out."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path

from zhiqiao.cli._report_facts import facts_of_pack
from zhiqiao.cli._say import Fault, Verbs
from zhiqiao.engines import documents, report
from zhiqiao.engines.documents import Document, DocumentError
from zhiqiao.engines.kernel import EngineError
from zhiqiao.infra.config import config
from zhiqiao.packs import common_file, region_folder

__all__ = ["add_parser", "facts_of_pack", "main", "write_report"]

_FAILED = 2


def add_parser(verbs: Verbs) -> argparse.ArgumentParser:
    """Add the verb `report` to the command line."""
    parser = verbs.add_parser("report", help="编制报告 make a report: demand")
    kinds = parser.add_subparsers(title="报告 reports", metavar="REPORT", required=True)
    kind = kinds.add_parser("demand", help="重点产业人才需求动态预测报告 talent demand outlook of a region")
    kind.add_argument(
        "--region", required=True, metavar="PACK", dest="pack", help="区域包 region pack, such as bazhong"
    )
    kind.add_argument(
        "--year",
        required=True,
        type=int,
        metavar="Y",
        help="报告年度，使用上一年底以前的数据 year of the report; data up to the end of the year before",
    )
    kind.add_argument("--lang", choices=("zh", "en"), default="zh", help="语言 language (zh)")
    kind.add_argument(
        "--out", required=True, type=Path, metavar="DIR", help="结果文件夹 folder for the three files"
    )
    kind.add_argument(
        "--date",
        type=date.fromisoformat,
        metavar="YYYY-MM-DD",
        help="报告日期，默认今天 day of the report (default today)",
    )
    parser.set_defaults(main=main)
    return parser


def main(args: argparse.Namespace) -> int:
    """Run the verb; return 0, or 2 after saying what is wrong."""
    try:
        written = _make(args)
    except (EngineError, Fault, DocumentError, OSError) as error:
        print(f"zhiqiao report: {error}", file=sys.stderr)
        return _FAILED
    for path in written:
        print(path)
    return 0


def _make(args: argparse.Namespace) -> list[Path]:
    pack = _pack(args.pack)
    args.out.mkdir(parents=True, exist_ok=True)
    limits = report.read_report_parameters(common_file("report", "report.toml"))
    today = args.date or datetime.now(tz=UTC).date()
    facts = facts_of_pack(pack, args.year, today=today, limits=limits)
    words = report.read_words(common_file("report", "demand_report.toml"), args.lang)
    name = f"demand-{pack.name}-{args.year}-{args.lang}"
    return write_report(report.compose(facts, words, limits), args.out, name)


def _pack(region: str) -> Path:
    try:
        return region_folder(region, config().region_path)
    except FileNotFoundError as error:
        raise Fault(
            f"没有区域包 {region}。请用已安装的区域包，或用 ZHIQIAO_REGION_PATH 指出它所在的文件夹。",
            f"There is no region pack {region}. Name one that is installed, or set ZHIQIAO_REGION_PATH to its folder.",
        ) from error


def write_report(document: Document, out: Path, name: str) -> list[Path]:
    """Write the document as NAME.docx, .pdf and .xlsx, all or none; return the paths."""
    files: Mapping[str, bytes] = {
        "docx": documents.to_docx(document),
        "pdf": documents.to_pdf(document),
        "xlsx": documents.to_xlsx(document),
    }
    with tempfile.TemporaryDirectory(prefix=".report-", dir=out) as folder:
        for kind, content in files.items():
            (Path(folder) / kind).write_bytes(content)
        for kind in files:
            os.replace(Path(folder) / kind, out / f"{name}.{kind}")
    return [out / f"{name}.{kind}" for kind in files]
