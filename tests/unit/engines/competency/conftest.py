"""Synthetic postings of three trades with planted groups of skills, in the form `zhiqiao mine` writes."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from zhiqiao.engines import competency, jobmining
from zhiqiao.packs import common_file

PLANTED = {
    "garden": ("修剪", "施肥", "浇水", "嫁接", "播种", "移栽"),
    "kitchen": ("切配", "烹饪", "烘焙", "摆盘", "调味", "发面"),
    "shop": ("收银", "理货", "陈列", "盘点", "导购", "补货"),
}
COMMON = ("沟通能力", "责任心")
RARE = "插花"
PARAMETERS = competency.read_parameters(common_file("competency"))


def skill_id(name: str) -> str:
    return "s" + "-".join(f"{ord(sign):x}" for sign in name)


def parts(texts: Sequence[str]) -> Iterator[list[tuple[int, int, str]]]:
    """Take all but a last line that speaks of benefits as requirements."""
    for text in texts:
        cut = text.find("福利")
        cut = len(text) if cut < 0 else cut
        yield [(0, cut, "requirement"), (cut, len(text), "benefit")]


def write_mined(folder: Path, *, postings: int = 240, seed: int = 0) -> Path:
    """Write a folder of mined postings: five skills of one trade each, now and then one of another."""
    chance = random.Random(seed)
    rows, mentions = [], []
    for number in range(postings):
        trade = sorted(PLANTED)[number % 3]
        chosen = chance.sample(PLANTED[trade], 4) + chance.sample(COMMON, 1)
        if chance.random() < 0.15:
            chosen.append(chance.choice(PLANTED[chance.choice(sorted(PLANTED))]))
        chosen += [RARE] if number in (0, 3) else []
        chance.shuffle(chosen)
        text = "岗位要求：" + "；".join(f"熟悉{name}工作" for name in chosen) + "。福利：包吃住"
        posting_id = f"p{number:04d}"
        rows.append({"posting_id": posting_id, "text": text})
        for name in dict.fromkeys(chosen):
            start = text.index(name)
            mentions.append(
                {
                    "posting_id": posting_id,
                    "skill_id": skill_id(name),
                    "skill_zh": name,
                    "kind": "soft" if name in COMMON else "ability",
                    "start": start,
                    "end": start + len(name),
                    "line_role": "requirement",
                }
            )
    folder.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.Table.from_pylist(rows), folder / "postings.parquet")
    pq.write_table(pa.Table.from_pylist(mentions, schema=_schema()), folder / "mentions.parquet")
    (folder / "summary.json").write_text(json.dumps({"taxonomy_version": "t1"}), encoding="utf-8")
    return folder


def _schema() -> pa.Schema:
    names = ("posting_id", "skill_id", "skill_zh", "kind", "start", "end", "line_role")
    return pa.schema([jobmining.MENTION_SCHEMA.field(name) for name in names])


def quick() -> competency.Parameters:
    """Take fewer runs than the pack does: the planted groups are plain."""
    return replace(
        PARAMETERS,
        w2v=replace(PARAMETERS.w2v, size=16, epochs=40),
        graph=replace(PARAMETERS.graph, neighbours=4, runs=6),
        lda=replace(PARAMETERS.lda, passes=25),
    )


@pytest.fixture(scope="package")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> competency.Corpus:
    folder = write_mined(tmp_path_factory.mktemp("mined"))
    return competency.read_corpus(folder, parameters=PARAMETERS, parts=parts)
