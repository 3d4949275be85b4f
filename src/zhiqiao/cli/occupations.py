"""`zhiqiao occupations`: fits a coder of job titles on the user's own files, and codes tables with it."""

from __future__ import annotations

import argparse
import json
import os
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from zhiqiao.cli._say import Fault, Verbs, say
from zhiqiao.engines import occupations

__all__ = ["add_parser"]


def add_parser(verbs: Verbs) -> None:
    """Add the verb `occupations` with `fit` and `code`."""
    parser = verbs.add_parser("occupations", help="职位名称编到职业分类 code job titles to occupations")
    kinds = parser.add_subparsers(title="命令 commands", metavar="COMMAND", required=True)
    fit = kinds.add_parser("fit", help="训练模型 fit a model")
    fit.add_argument(
        "--classification", required=True, type=Path, metavar="CSCO.csv", help="职业分类 code, name …"
    )
    fit.add_argument(
        "--titles", required=True, type=Path, metavar="TITLES.csv", help="已编码的职位名称 coded titles"
    )
    fit.add_argument("--out", required=True, type=Path, metavar="MODEL", help="模型文件 model file")
    fit.add_argument("--seed", type=int, default=0, help="随机种子 seed (0)")
    fit.add_argument(
        "--evaluate", action="store_true", help="五折交叉验证 measure by 5-fold cross-validation (slow)"
    )
    fit.add_argument("--json", action="store_true", help="打印 JSON print one JSON object")
    fit.set_defaults(main=_fit)
    code = kinds.add_parser("code", help="给表格编码 code a table")
    code.add_argument("input", type=Path, metavar="INPUT.csv")
    code.add_argument("--title-column", required=True, metavar="NAME", help="职位名称列 column of titles")
    code.add_argument(
        "--description-column", default="", metavar="NAME", help="描述列 column of descriptions"
    )
    code.add_argument("--model", required=True, type=Path, metavar="MODEL")
    code.add_argument("--out", required=True, type=Path, metavar="OUT.csv")
    code.add_argument("--json", action="store_true", help="打印 JSON print one JSON object")
    code.set_defaults(main=_code)


def _fit(arguments: argparse.Namespace) -> int:
    _need(arguments.classification, arguments.titles)
    try:
        classification = occupations.read_classification(arguments.classification)
        titles = occupations.read_titles(arguments.titles, classification)
        model = occupations.fit(classification.entries, titles.rows, seed=arguments.seed)
        _save(model, arguments.out)
        found: dict[str, object] = {
            "model": str(arguments.out),
            "version": model.version,
            "entries": len(classification.entries),
            "titles": len(model.titles),
            "rejected_entries": _reasons(classification.rejected),
            "rejected_titles": _reasons(titles.rejected),
        }
        if arguments.evaluate:
            found["evaluation"] = _evaluation(classification.entries, titles.rows, seed=arguments.seed)
    except occupations.OccupationError as error:
        raise Fault(error.zh, error.en) from error
    except OSError as error:
        raise Fault(f"无法写入：{error}", f"Can not write: {error}") from error
    _print(
        arguments,
        found,
        f"模型 {model.version}：{len(model.titles)} 个职位名称、{len(classification.entries)} 个职业 -> "
        f"{arguments.out}；未用 {len(titles.rejected)} 个职位名称、{len(classification.rejected)} 个职业。",
        f"Model {model.version}: {len(model.titles)} titles, {len(classification.entries)} occupations -> "
        f"{arguments.out}; left out {len(titles.rejected)} titles, {len(classification.rejected)} occupations.",
    )
    return 0


def _evaluation(
    entries: Sequence[occupations.Occupation], titles: Sequence[occupations.LabelledTitle], *, seed: int
) -> dict[str, object]:
    plain = occupations.cross_validate(entries, titles, seeds=(seed,))
    alike = occupations.cross_validate(entries, titles, seeds=(seed,), grouped=True)
    return {"protocol": "5-fold", "plain": asdict(plain), "grouped": asdict(alike)}


def _code(arguments: argparse.Namespace) -> int:
    _need(arguments.input, arguments.model)
    try:
        done = occupations.code_table(
            arguments.input,
            arguments.out,
            model=occupations.load(arguments.model),
            title_column=arguments.title_column,
            description_column=arguments.description_column,
        )
    except occupations.OccupationError as error:
        raise Fault(error.zh, error.en) from error
    except OSError as error:
        raise Fault(f"无法写入：{error}", f"Can not write: {error}") from error
    _print(
        arguments,
        {"out": str(arguments.out), **asdict(done)},
        f"{done.rows} 行：{done.coded} 行已编码，{done.untitled} 行没有职位名称，"
        f"{done.unreadable} 行无法读出（原样保留） -> {arguments.out}",
        f"{done.rows} rows: {done.coded} coded, {done.untitled} without a title, "
        f"{done.unreadable} unreadable (kept) -> {arguments.out}",
    )
    return 0


def _need(*paths: Path) -> None:
    missing = [str(path) for path in paths if not path.is_file()]
    if missing:
        raise Fault(f"没有这个文件：{'、'.join(missing)}", f"There is no such file: {', '.join(missing)}")


def _save(model: occupations.OccupationModel, target: Path) -> None:
    """Write beside the target and move: a model that is in use is never half written."""
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_name(f".{target.name}.partial")
    try:
        model.save(partial)
        os.replace(partial, target)
    finally:
        partial.unlink(missing_ok=True)


def _reasons(rejected: Sequence[occupations.Rejected]) -> dict[str, int]:
    return dict(Counter(row.reason for row in rejected))


def _print(arguments: argparse.Namespace, found: dict[str, object], zh: str, en: str) -> None:
    if arguments.json:
        print(json.dumps(found, ensure_ascii=False))
    else:
        say(zh, en)
