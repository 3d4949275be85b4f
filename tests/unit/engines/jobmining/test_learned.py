"""The learned stage: what it finds with made-up weights, and that the shipped model can be read and works."""

from __future__ import annotations

import json
import pickle
import shutil
from dataclasses import fields, replace
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.engines.jobmining.conftest import together
from zhiqiao.engines.jobmining import Rules, RulesError, Taxonomy, mine_batch
from zhiqiao.engines.jobmining._candidates import (
    TABLE,
    CandidateReader,
    Features,
    WordUses,
    read_candidate_words,
)
from zhiqiao.engines.jobmining._learned import (
    LearnedModel,
    Thresholds,
    Weights,
    _without_overlaps,
    read_learned,
)
from zhiqiao.engines.jobmining._second_stage import Finds, joined, show
from zhiqiao.engines.jobmining._taxonomy import KINDS
from zhiqiao.packs import folder

SHIPPED = folder("common", "jobmining") / "learned"
WORDS: WordUses = read_candidate_words(SHIPPED / "candidate_words.csv")
THRESHOLDS = Thresholds(emit_at=0.5, replace_at=0.7, propose_at=0.2, keep_at=0.4)


@pytest.fixture(scope="module")
def shipped() -> LearnedModel:
    return read_learned(SHIPPED)


def whole_surface_feature(surface: str) -> int:
    """Return the feature that stands for exactly this string."""
    reader = CandidateReader(WORDS)
    field = reader.field(show(surface, [(0, len(surface), "other")], []), np.zeros(1, np.int64))
    spans = reader.spans(field)
    row = [(end - start) for start, end in zip(spans.start, spans.end, strict=True)].index(len(surface))
    return int(Features(field, spans).indexes(surface_only=True)[row][0])


def model(*, doubted: str = "", **liked: int) -> LearnedModel:
    """Make a model that gives each of some strings a logit of a tenth of a number, and all others -10."""
    table, kinds = np.zeros(TABLE, np.int8), np.zeros((TABLE, 2), np.int8)
    for surface, weight in liked.items():
        table[whole_surface_feature(surface)] = weight
        kinds[whole_surface_feature(surface), 1] = 1
    hits = np.zeros(TABLE, np.int8)
    if doubted:
        hits[whole_surface_feature(doubted)] = -100
    weights = Weights(table, -10.0, 0.1, hits, 5.0, 0.1, ("tool", "ability"), kinds, (0, 0))
    return LearnedModel(weights, words=WORDS, thresholds=THRESHOLDS)


class Candidate(NamedTuple):
    kind: str
    score: float
    emit: bool
    replaces: bool


def find(chosen: LearnedModel, text: str, *taken: str) -> dict[str, Candidate]:
    hits = sorted((text.index(hit), text.index(hit) + len(hit)) for hit in taken)
    finds = chosen.find(show(text, [(0, len(text), "requirement")], hits))
    columns = (finds.start, finds.end, finds.kind, finds.score, finds.emit, finds.replaces)
    return {
        text[start:end]: Candidate(KINDS[kind], score, emit, replaces)
        for start, end, kind, score, emit, replaces in zip(*(each.tolist() for each in columns), strict=True)
    }


def test_only_what_scores_enough_is_proposed() -> None:
    found = find(model(流式计算=110, 数据湖=90, 容器编排=70), "熟悉流式计算、数据湖、容器编排")

    assert list(found) == ["流式计算", "数据湖"]


def test_the_score_is_the_logistic_of_the_sum() -> None:
    found = find(model(流式计算=100), "熟悉流式计算")

    assert found["流式计算"].score == pytest.approx(0.5)


def test_a_proposal_below_the_threshold_is_no_mention() -> None:
    chosen = model(流式计算=110, 数据湖=90)
    found = find(chosen, "熟悉流式计算、数据湖")

    assert [candidate.emit for candidate in found.values()] == [True, False]


def test_replacing_a_hit_needs_more() -> None:
    sure, unsure = model(接口自动化测试=120), model(接口自动化测试=105)

    (replacing,) = find(sure, "负责接口自动化测试", "自动化测试").values()
    (doubtful,) = find(unsure, "负责接口自动化测试", "自动化测试").values()

    assert replacing.replaces
    assert doubtful.replaces
    assert replacing.emit
    assert not doubtful.emit


def test_of_two_that_overlap_the_likelier_stays() -> None:
    assert list(find(model(水性漆=110, 水性漆的调色=120), "精通水性漆的调色")) == ["水性漆的调色"]


def test_a_mention_stands_before_a_likelier_string_that_may_not_replace() -> None:
    # 0.65 is too little to take the place of a hit, 0.52 is enough beside it.
    found = find(model(接口=101, 接口的自动化测试=106), "负责接口的自动化测试", "自动化测试")

    assert list(found) == ["接口"]


def test_a_hit_is_kept_unless_it_is_doubted() -> None:
    chosen, text = model(doubted="测试"), "配合测试,熟悉java"

    shown = show(text, [(0, len(text), "duty")], [(2, 4), (7, 11)])
    assert chosen.find(shown).kept.tolist() == [False, True]


def test_the_kind_is_read_from_the_string() -> None:
    found = find(model(流式计算=110), "熟悉流式计算")

    assert found["流式计算"].kind == "ability"


def test_many_postings_give_what_each_gives_alone() -> None:
    chosen = model(doubted="测试", 流式计算=110, 数据湖=90)
    texts = [
        show(text, [(0, len(text), "duty")] if text else [], [(0, 2)] if text.startswith("测") else [])
        for text in ("熟悉流式计算", "", "测试数据湖、流式计算", "无")
    ] * 40

    shown = together(*texts)
    finds = chosen.find(shown)
    alone = [chosen.find(each) for each in texts]

    offsets = np.repeat(shown.bounds[:-1], [len(each.start) for each in alone])
    whole = joined(alone)
    expected = replace(whole, start=whole.start + offsets, end=whole.end + offsets)
    for each in fields(Finds):
        assert getattr(finds, each.name).tolist() == getattr(expected, each.name).tolist()
    assert not finds.kept.any()


def test_a_posting_without_counting_items_gives_nothing() -> None:
    finds = model(doubted="流式", 流式计算=110).find(show("流式计算", [], [(0, 2)]))
    assert (len(finds.start), finds.kept.tolist()) == (0, [True])


def test_a_text_too_long_for_a_posting_gives_nothing_and_the_next_is_read() -> None:
    text = "流式计算、" * 50_000
    texts = (show(text, [(0, len(text), "duty")], [(0, 4)]), show("流式计算", [(0, 4, "duty")], []))

    finds = model(doubted="流式计算", 流式计算=110).find(together(*texts))

    assert finds.start.tolist() == [len(text) + 1]
    assert finds.kept.tolist() == [True]


def test_a_pickled_model_finds_the_same(shipped: LearnedModel) -> None:
    text = "熟悉hudi、流式计算,负责无菌灌装操作"

    assert find(pickle.loads(pickle.dumps(shipped)), text) == find(shipped, text)


def test_the_shipped_model_knows_the_name_beside_known_names(shipped: LearnedModel) -> None:
    found = find(shipped, "熟悉java、zorkdb、mysql等", "java", "mysql")

    assert found["zorkdb"].emit
    assert found["zorkdb"].kind == "tool"


@pytest.mark.parametrize(
    "text", ["负责公司日常工作", "五险一金、带薪年假", "3年以上工作经验", "本科及以上学历"]
)
def test_no_chores_or_benefits_become_mentions(
    shipped: LearnedModel, rules: Rules, taxonomy: Taxonomy, text: str
) -> None:
    batch = pa.record_batch({"posting_id": ["a"], "text": [f"岗位要求：\n1、{text}。\n2、熟悉Java"]})
    found = mine_batch(batch, taxonomy=taxonomy, rules=rules, learned=shipped)
    assert found.column("surface").to_pylist() == ["Java"]


def test_the_shipped_files_say_what_they_are() -> None:
    facts = json.loads((SHIPPED / "model.json").read_text(encoding="utf-8"))

    assert facts["source"]
    assert facts["figures"]["dictionary"]
    assert (SHIPPED / "weights.npz").stat().st_size < 1_000_000


def test_the_version_follows_every_file(tmp_path: Path, shipped: LearnedModel) -> None:
    copied = tmp_path / "learned"
    shutil.copytree(SHIPPED, copied)
    assert read_learned(copied).version == shipped.version

    with (copied / "candidate_words.csv").open("a", encoding="utf-8") as stream:
        stream.write("试制,lead\n")

    assert read_learned(copied).version != shipped.version


@pytest.mark.parametrize("name", ["weights.npz", "model.json"])
def test_an_unreadable_model_is_explained(tmp_path: Path, name: str) -> None:
    copied = tmp_path / "learned"
    shutil.copytree(SHIPPED, copied)
    (copied / name).write_bytes(b"{}")

    with pytest.raises(RulesError, match="learned model"):
        read_learned(copied)


@given(
    st.lists(st.tuples(st.integers(0, 30), st.integers(1, 6), st.integers(0, 4), st.booleans()), max_size=25)
)
def test_of_candidates_that_overlap_the_best_stay_as_if_each_was_tried_in_turn(
    rows: list[tuple[int, int, int, bool]],
) -> None:
    rows = sorted(rows)
    starts = np.array([start for start, *_ in rows], dtype=np.int64)
    ends = np.array([start + length for start, length, *_ in rows], dtype=np.int64)
    scores, sure = np.array([row[2] / 4 for row in rows]), np.array([row[3] for row in rows], dtype=bool)
    free, kept = set(range(40)), []
    for row in sorted(range(len(rows)), key=lambda at: (not sure[at], -scores[at], starts[at], -ends[at])):
        if (span := set(range(starts[row], ends[row]))) <= free:
            free -= span
            kept.append(row)
    assert _without_overlaps(starts, ends, scores, sure).tolist() == sorted(kept)
