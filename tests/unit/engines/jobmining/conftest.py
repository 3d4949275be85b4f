"""A small taxonomy, the real rules, and ways to run the engine over rows written in the test."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from zhiqiao.engines import tabular
from zhiqiao.engines.jobmining import (
    Input,
    Options,
    Rules,
    Skill,
    Summary,
    Taxonomy,
    build_taxonomy,
    read_rules,
    run,
)
from zhiqiao.engines.jobmining._second_stage import Shown
from zhiqiao.packs import common_file, folder

SHARED_JOBS = Path(__file__).resolve().parents[5] / "shared" / "data" / "jobs"


def skill(identity: str, zh: str, kind: str = "tool", *aliases: str, exact: bool = False) -> Skill:
    return Skill(identity, zh, "", kind, "test", None, aliases, exact)  # type: ignore[arg-type]


@pytest.fixture(scope="session")
def rules() -> Rules:
    return read_rules(folder("common", "jobmining"))


@pytest.fixture(scope="session")
def vocabulary() -> tabular.Vocabulary:
    return tabular.read_vocabulary(common_file("intake", "posting_columns.csv"))


@pytest.fixture(scope="session")
def taxonomy() -> Taxonomy:
    return build_taxonomy(
        [
            skill("c", "C", "tool", "C语言", exact=True),
            skill("cpp", "C++"),
            skill("csharp", "C#"),
            skill("r", "R", "tool", "R语言", exact=True),
            skill("go", "Go", "tool", "Golang", exact=True),
            skill("java", "Java"),
            skill("javascript", "JavaScript", "tool", "JS"),
            skill("python", "Python"),
            skill("spring", "Spring"),
            skill("spring-boot", "Spring Boot"),
            skill("mysql", "MySQL"),
            skill("oracle", "Oracle"),
            skill("redis", "Redis"),
            skill("vue", "Vue"),
            skill("nodejs", "Node.js"),
            skill("database", "数据库", "knowledge"),
            skill("tcp-ip", "TCP/IP", "knowledge"),
            skill("testing", "测试", "ability"),
            skill("automated-testing", "自动化测试", "ability"),
            skill("requirements", "需求分析", "ability"),
            skill("software-engineering", "软件工程", "knowledge"),
            skill("communication", "沟通能力", "soft", "沟通"),
            skill("teamwork", "团队合作", "soft"),
            skill("big-data", "大数据", "knowledge"),
            skill("cloud", "云计算", "knowledge"),
            skill("accounting", "会计", "knowledge"),
            skill("cet6", "CET-6", "certificate", "英语六级"),
        ]
    )


Rows = Iterable[Mapping[str, object]]
Mine = Callable[..., Summary]


@pytest.fixture
def mine(tmp_path: Path, rules: Rules, taxonomy: Taxonomy, vocabulary: tabular.Vocabulary) -> Mine:
    """Write rows to a JSONL file and run the whole pipeline over it into tmp_path/out."""

    def go(rows: Rows, *, out: str = "out", name: str = "rows.jsonl", **options: object) -> Summary:
        path = tmp_path / name
        path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
        chosen = Options(**{key: options.pop(key) for key in ("workers", "batch_rows") if key in options})
        return run(
            [Input(path)],
            tmp_path / out,
            taxonomy=taxonomy,
            rules=rules,
            vocabulary=vocabulary,
            options=chosen,
            clock=lambda: 0.0,
            **options,
        )

    return go


def table(folder: Path, name: str) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = pq.read_table(folder / f"{name}.parquet").to_pylist()
    return rows


def rejected(folder: Path) -> list[dict[str, str]]:
    with (folder / "rejected.csv").open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def together(*texts: Shown) -> Shown:
    """Return texts that were shown one by one as shown together."""
    bounds = np.concatenate(([0], np.cumsum([len(each.codes) for each in texts])))
    steps = bounds[:-1].tolist()
    return Shown(
        "".join(each.text + "\0" for each in texts),
        np.concatenate([each.codes for each in texts]),
        bounds,
        np.concatenate([each.items + np.array((at, at, 0)) for each, at in zip(texts, steps, strict=True)]),
        np.concatenate([each.hits + at for each, at in zip(texts, steps, strict=True)]),
    )
