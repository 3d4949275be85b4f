"""`zhiqiao weights`: judgements, answers or indicators in, weights out; the work is done by engines/weights."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from pathlib import Path

from zhiqiao.cli._say import Fault, Verbs, say
from zhiqiao.cli._weights_json import Found, of_delphi, of_group, of_objective, of_single
from zhiqiao.engines import weights
from zhiqiao.packs import common_file

__all__ = ["add_parser"]

_Work = Callable[[argparse.Namespace], Found]


def add_parser(verbs: Verbs) -> None:
    """Add the verb `weights` with `ahp`, `delphi`, `entropy` and `critic`."""
    parser = verbs.add_parser("weights", help="由判断、专家意见或数据求权重 weights of indicators")
    kinds = parser.add_subparsers(title="方法 methods", metavar="METHOD", required=True)
    ahp = _method(kinds, "ahp", "层次分析法 pairwise comparisons", _ahp)
    ahp.add_argument(
        "--incomplete",
        choices=("refuse", "harker"),
        default="refuse",
        help="缺少判断时：拒绝或 Harker 方法 pairs nobody compared (refuse)",
    )
    delphi = _method(kinds, "delphi", "德尔菲法 rounds of experts", _delphi)
    delphi.add_argument("--scale", metavar="LOW-HIGH", help="评分范围 lowest and highest rating (1-5)")
    delphi.add_argument("--invited", metavar="N,N", help="各轮邀请人数 experts asked in each round")
    delphi.add_argument(
        "--over",
        choices=("experts", "items"),
        default="experts",
        help="有缺失时 Kendall's W 舍去专家或条目 what gaps leave out of W (experts)",
    )
    delphi.add_argument(
        "--feedback", action="store_true", help="附最后一轮的匿名反馈 add the sheets for the next round"
    )
    entropy = _method(kinds, "entropy", "熵权法 entropy", _entropy)
    critic = _method(kinds, "critic", "CRITIC 法 CRITIC", _critic)
    for one in (entropy, critic):
        one.add_argument(
            "--cost", default="", metavar="A,B", help="越小越好的指标 indicators better when small"
        )
    entropy.add_argument(
        "--scaling",
        choices=("minmax", "share"),
        default="minmax",
        help="先做极差变换或直接取比重 scale to 0..1 first, or take shares (minmax)",
    )


def _method(kinds: Verbs, name: str, words: str, work: _Work) -> argparse.ArgumentParser:
    parser = kinds.add_parser(name, help=words)
    parser.add_argument("input", type=Path, metavar="INPUT", help="CSV 或 XLSX CSV or XLSX")
    parser.add_argument("--json", action="store_true", help="打印 JSON print one JSON object")
    parser.set_defaults(main=lambda arguments: _run(arguments, work))
    return parser


def _run(arguments: argparse.Namespace, work: _Work) -> int:
    if not arguments.input.is_file():
        raise Fault(f"没有这个文件：{arguments.input}", f"There is no such file: {arguments.input}")
    try:
        found = work(arguments)
    except weights.WeightsError as error:
        raise Fault(error.zh, error.en) from error
    except OSError as error:
        raise Fault(f"无法读取：{error}", f"Can not read: {error}") from error
    if arguments.json:
        print(json.dumps(found.values, ensure_ascii=False, allow_nan=False))
    else:
        say(found.zh, found.en)
    return 0


def _ahp(arguments: argparse.Namespace) -> Found:
    table = weights.read_random_index(common_file("evaluation", "random_index.toml"))
    matrices = weights.read_judgements(arguments.input)
    if len(matrices) == 1:
        return of_single(next(iter(matrices.values())), random_index=table, incomplete=arguments.incomplete)
    group = weights.group_priorities(matrices, random_index=table, incomplete=arguments.incomplete)
    return of_group(group, matrices, random_index=table, incomplete=arguments.incomplete)


def _delphi(arguments: argparse.Namespace) -> Found:
    rules = weights.read_delphi_rules(common_file("evaluation", "delphi.toml"))
    answers = weights.read_answers(arguments.input)
    rounds = sorted({answer.round for answer in answers})
    result = weights.delphi(
        answers,
        rules=rules,
        scale=_scale(arguments.scale) if arguments.scale else None,
        invited=_invited(arguments.invited, rounds) if arguments.invited else None,
        over=arguments.over,
    )
    return of_delphi(result, answers, with_feedback=arguments.feedback)


def _entropy(arguments: argparse.Namespace) -> Found:
    matrix = weights.read_decision_matrix(arguments.input, cost=_names(arguments.cost))
    return of_objective(weights.entropy_weights(matrix, scaling=arguments.scaling), matrix)


def _critic(arguments: argparse.Namespace) -> Found:
    matrix = weights.read_decision_matrix(arguments.input, cost=_names(arguments.cost))
    return of_objective(weights.critic_weights(matrix), matrix)


def _names(text: str) -> list[str]:
    return [name.strip() for name in text.replace("，", ",").split(",") if name.strip()]


def _scale(text: str) -> tuple[float, float]:
    parts = text.split("-")
    try:
        low, high = (float(part) for part in parts)
    except ValueError:
        raise Fault(
            f"--scale {text} 无法读出。请写成 1-5 这样的形式。",
            f"--scale {text} can not be read. Write it like 1-5.",
        ) from None
    return low, high


def _invited(text: str, rounds: list[int]) -> dict[int, int]:
    try:
        numbers = [int(part) for part in _names(text)]
    except ValueError:
        numbers = []
    if len(numbers) != len(rounds):
        raise Fault(
            f"--invited {text} 应有 {len(rounds)} 个整数，每轮一个。请写成 20,18 这样的形式。",
            f"--invited {text} needs {len(rounds)} whole numbers, one a round. Write it like 20,18.",
        )
    return dict(zip(rounds, numbers, strict=True))
