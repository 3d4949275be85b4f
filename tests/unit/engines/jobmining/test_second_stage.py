"""The seam for a learned stage: what it is given, what becomes a mention, and what is proposed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa

from tests.unit.engines.jobmining.conftest import Mine, table
from zhiqiao.engines.jobmining import (
    CANDIDATE_SCHEMA,
    Finds,
    LearnedStage,
    Mined,
    Rules,
    Shown,
    Taxonomy,
    mine_batch,
    mine_postings,
)
from zhiqiao.engines.jobmining._taxonomy import KINDS


@dataclass(frozen=True)
class Words:
    """Finds some words wherever they stand in the text it is given, and drops hits on others."""

    scores: tuple[tuple[str, float], ...]
    doubted: tuple[str, ...] = ()
    version: str = "words"
    emit_at: float = 0.8
    propose_at: float = 0.3

    def find(self, shown: Shown) -> Finds:
        found = [
            (
                at.start(),
                at.end(),
                score,
                any(at.start() <= hit and end <= at.end() for hit, end in shown.hits),
            )
            for start, stop, _role in shown.items.tolist()
            for word, score in self.scores
            if score >= self.propose_at
            for at in re.compile(re.escape(word)).finditer(shown.text, start, stop)
        ]
        starts, ends, scores, held = np.array(sorted(found), dtype=np.float64).reshape(-1, 4).T
        return Finds(
            starts.astype(np.int64),
            ends.astype(np.int64),
            np.full(len(found), KINDS.index("tool")),
            scores.astype(np.float32),
            scores >= self.emit_at,
            held > 0,
            np.array([shown.text[start:end] not in self.doubted for start, end in shown.hits], dtype=bool),
        )


def mined(texts: Sequence[str], stage: LearnedStage, rules: Rules, taxonomy: Taxonomy) -> Mined:
    batch = pa.record_batch({"posting_id": pa.array([str(n) for n in range(len(texts))]), "text": texts})
    return mine_postings(batch, taxonomy=taxonomy, rules=rules, learned=stage)


def test_sure_finds_are_mentions_and_others_only_proposed(rules: Rules, taxonomy: Taxonomy) -> None:
    stage = Words((("ｒｕｓｔ".lower(), 0.1), ("rust", 0.9), ("zig", 0.5), ("nim", 0.2)))
    text = "㎡。任职要求：熟悉Java、Ｒｕｓｔ、Zig、Nim"
    found = mined(["没有", text], stage, rules, taxonomy)
    rows = found.mentions.to_pylist()
    assert [(row["surface"], row["source"]) for row in rows] == [
        ("Java", "dictionary"),
        ("Ｒｕｓｔ", "learned"),
    ]
    learned = rows[1]
    assert (learned["skill_id"], learned["skill_zh"], learned["kind"]) == (None, "Ｒｕｓｔ", "tool")
    assert (learned["aspect"], learned["level"], learned["line_role"]) == ("required", "熟悉", "requirement")
    proposed = found.candidates.to_pylist()
    assert [(row["posting_id"], row["surface"]) for row in proposed] == [("1", "Ｒｕｓｔ"), ("1", "Zig")]
    for row in (*rows, *proposed):
        assert text[row["start"] : row["end"]] == row["surface"]


def test_a_longer_find_stands_in_place_of_the_hit_and_counts_as_it(rules: Rules, taxonomy: Taxonomy) -> None:
    found = mined(["任职要求：熟悉企业级Java、MySQL"], Words((("企业级java", 0.9),)), rules, taxonomy)
    rows = [(row["surface"], row["skill_id"], row["source"]) for row in found.mentions.to_pylist()]
    assert rows == [("企业级Java", "java", "learned"), ("MySQL", "mysql", "dictionary")]


def test_a_longer_find_that_is_only_proposed_leaves_the_hit(rules: Rules, taxonomy: Taxonomy) -> None:
    found = mined(["任职要求：熟悉企业级Java"], Words((("企业级java", 0.5),)), rules, taxonomy)
    assert found.mentions.column("surface").to_pylist() == ["Java"]
    assert found.candidates.column("surface").to_pylist() == ["企业级Java"]


def test_a_hit_the_stage_doubts_is_no_mention(rules: Rules, taxonomy: Taxonomy) -> None:
    found = mined(["任职要求：熟悉Java、MySQL"], Words((), doubted=("java",)), rules, taxonomy)
    assert found.mentions.column("surface").to_pylist() == ["MySQL"]


def test_parts_that_do_not_count_are_not_shown_to_the_stage(rules: Rules, taxonomy: Taxonomy) -> None:
    found = mined(["公司简介：我们用Rust；任职要求：熟悉Zig"], Words((("rust", 0.9),)), rules, taxonomy)
    assert found.candidates.num_rows == 0


def test_without_a_stage_nothing_is_proposed(rules: Rules, taxonomy: Taxonomy) -> None:
    batch = pa.record_batch({"posting_id": ["a"], "text": ["熟悉Java"]})
    plain = mine_postings(batch, taxonomy=taxonomy, rules=rules)
    assert plain.candidates.schema.equals(CANDIDATE_SCHEMA)
    assert plain.candidates.num_rows == 0
    assert mine_batch(batch, taxonomy=taxonomy, rules=rules).equals(plain.mentions)


def test_a_run_writes_the_candidates_the_same_with_two_workers(mine: Mine, tmp_path: Path) -> None:
    rows = [{"id": str(number), "text": f"任职要求：熟悉Java、Rust{number}号与Zig"} for number in range(30)]
    stage = Words((("rust", 0.9), ("zig", 0.4)))
    mine(rows, out="one", learned=stage, batch_rows=7)
    mine(rows, out="two", learned=stage, batch_rows=7, workers=2)
    one = (tmp_path / "one" / "candidates.parquet").read_bytes()
    assert one == (tmp_path / "two" / "candidates.parquet").read_bytes()
    assert len(table(tmp_path / "one", "candidates")) == 60
