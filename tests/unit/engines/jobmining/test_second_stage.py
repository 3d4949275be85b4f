"""The seam for a learned stage: what it is given, what becomes a mention, and what is proposed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from tests.unit.engines.jobmining.conftest import Mine, table
from zhiqiao.engines.jobmining import (
    CANDIDATE_SCHEMA,
    LearnedStage,
    Mined,
    Rules,
    Taxonomy,
    mine_batch,
    mine_postings,
)


@dataclass(frozen=True)
class Find:
    start: int
    end: int
    kind: str
    score: float


@dataclass(frozen=True)
class Words:
    """Finds some words wherever they stand in the text it is given."""

    scores: tuple[tuple[str, float], ...]
    emit_at: float = 0.8
    propose_at: float = 0.3

    def find(
        self,
        text: str,
        segments: Sequence[tuple[int, int, str]],
        taken: Sequence[tuple[int, int]],
        cuts: Sequence[int],
    ) -> list[Find]:
        assert all(text[start:end] for start, end, _ in segments)
        assert cuts[-1] == len(text)
        return [
            Find(text.index(word), text.index(word) + len(word), "tool", score)
            for word, score in self.scores
            if any(text.find(word, start, end) >= 0 for start, end, _ in segments)
            and not any(start <= text.index(word) < end for start, end in taken)
        ]


def mined(texts: Sequence[str], stage: LearnedStage, rules: Rules, taxonomy: Taxonomy) -> Mined:
    batch = pa.record_batch({"posting_id": pa.array([str(n) for n in range(len(texts))]), "text": texts})
    return mine_postings(batch, taxonomy=taxonomy, rules=rules, learned=stage)


def test_sure_finds_are_mentions_and_others_only_proposed(rules: Rules, taxonomy: Taxonomy) -> None:
    stage = Words((("ｒｕｓｔ".lower(), 0.1), ("rust", 0.9), ("zig", 0.5), ("java", 0.99), ("nim", 0.2)))
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
