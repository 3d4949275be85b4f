"""`zhiqiao competency`: groups the skills of mined postings; the work is done by engines/competency."""

from __future__ import annotations

import argparse
import json
import time
from dataclasses import asdict
from pathlib import Path

from zhiqiao.cli._say import Fault, Verbs, say
from zhiqiao.engines import competency, jobmining
from zhiqiao.packs import folder

__all__ = ["add_parser"]


def add_parser(verbs: Verbs) -> None:
    """Add the verb `competency` with `discover`."""
    parser = verbs.add_parser("competency", help="从岗位发现能力 find competencies in postings")
    kinds = parser.add_subparsers(title="命令 commands", metavar="COMMAND", required=True)
    discover = kinds.add_parser("discover", help="技能聚类与主题 clusters of skills and topics")
    discover.add_argument("mined", type=Path, metavar="MINE_DIR", help="zhiqiao mine 的输出 its folder")
    discover.add_argument("--method", choices=competency.METHODS, default="graph", help="方法 method (graph)")
    discover.add_argument(
        "--k", type=int, metavar="K", help="组数，缺省时建议 clusters; suggested when left out"
    )
    discover.add_argument("--seed", type=int, default=0, metavar="S", help="随机种子 seed (0)")
    discover.add_argument("--out", required=True, type=Path, metavar="DIR", help="结果文件夹 result folder")
    discover.add_argument("--json", action="store_true", help="打印 JSON print one JSON object")
    discover.set_defaults(main=_discover)


def _discover(arguments: argparse.Namespace) -> int:
    began = time.perf_counter()
    try:
        corpus, parameters = _read(arguments.mined)
        told: dict[str, object] = {}
        k = arguments.k
        if k is None:
            k, told = _suggested(arguments, corpus, parameters)
        found = competency.discover(
            corpus,
            method=arguments.method,
            k=k,
            seed=arguments.seed,
            parameters=parameters,
            broader=jobmining.terms_above(jobmining.read_taxonomy(folder("common", "skills"))),
        )
        competency.write_discovery(found, arguments.out)
    except competency.CompetencyError as error:
        raise Fault(error.zh, error.en) from error
    except OSError as error:
        raise Fault(f"无法写入：{error}", f"Can not write: {error}") from error
    seconds = round(time.perf_counter() - began, 1)
    if arguments.json:
        summary = {**competency.summary_of(found), **told, "out": str(arguments.out), "seconds": seconds}
        print(json.dumps(summary, ensure_ascii=False))
    else:
        _tell(found, arguments.out)
    return 0


def _read(mined: Path) -> tuple[competency.Corpus, competency.Parameters]:
    parameters = competency.read_parameters(folder("common", "competency"))
    reader = jobmining.LineReader(jobmining.read_rules(folder("common", "jobmining")))
    corpus = competency.read_corpus(
        mined, parameters=parameters, parts=lambda texts: jobmining.read_roles_of_texts(texts, reader)
    )
    return corpus, parameters


def _suggested(
    arguments: argparse.Namespace, corpus: competency.Corpus, parameters: competency.Parameters
) -> tuple[int, dict[str, object]]:
    suggestion = competency.suggest_k(
        competency.build_space(corpus, parameters),
        method=arguments.method,
        seed=arguments.seed,
        parameters=parameters,
    )
    if suggestion.k is None:
        raise Fault(
            "没有稳定的组数可建议；请用 --k 指定，或提供更多岗位。",
            "No number of clusters is stable; give one by --k, or more postings.",
        )
    return suggestion.k, {"curve": [asdict(point) for point in suggestion.curve]}


def _tell(found: competency.Discovery, out: Path) -> None:
    for cluster in found.clusters:
        score = "–" if cluster.coherence is None else f"{cluster.coherence:.2f}"
        names = "、".join(member.zh for member in cluster.members[:8])
        print(f"{cluster.id}  {len(cluster.members):4d}  {score:>5}  {cluster.name.zh}: {names}")
    score = "–" if found.coherence is None else f"{found.coherence:.3f}"
    say(
        f"{found.postings} 条岗位，{len(found.clusters)} 组，{len(found.unclustered)} 项技能未归组；"
        f"留出岗位上的一致性 NPMI {score} -> {out}",
        f"{found.postings} postings, {len(found.clusters)} clusters, {len(found.unclustered)} skills unclustered; "
        f"coherence NPMI on held-out postings {score} -> {out}",
    )
