"""Candidates gathered over postings: one row per surface, the likeliest first."""

from __future__ import annotations

import pyarrow as pa
import pytest

from zhiqiao.engines.jobmining._discover import CANDIDATE_SCHEMA, PROPOSAL_SCHEMA, rank_candidates


def candidates(*rows: tuple[str, str, float] | tuple[str, str, float, str]) -> pa.Table:
    return pa.Table.from_pylist(
        [
            {
                "posting_id": row[0],
                "surface": row[1],
                "start": 0,
                "end": len(row[1]),
                "kind": row[3] if len(row) > 3 else "tool",
                "score": row[2],
                "line_role": "requirement",
            }
            for row in rows
        ],
        schema=CANDIDATE_SCHEMA,
    )


def ranked(*rows: tuple[str, str, float] | tuple[str, str, float, str]) -> list[dict[str, object]]:
    return rank_candidates(candidates(*rows)).to_pylist()


def test_no_candidates_give_an_empty_table_of_the_right_shape() -> None:
    assert rank_candidates(CANDIDATE_SCHEMA.empty_table()).schema == PROPOSAL_SCHEMA


def test_the_result_has_the_declared_schema() -> None:
    assert rank_candidates(candidates(("a", "Flink", 0.9))).schema == PROPOSAL_SCHEMA


def test_case_and_width_are_one_surface_and_the_commonest_writing_names_it() -> None:
    rows = ranked(("a", "Flink", 0.9), ("b", "flink", 0.8), ("c", "Flink", 0.7), ("d", "Ｆｌｉｎｋ", 0.7))

    assert [(row["surface_folded"], row["surface"]) for row in rows] == [("flink", "Flink")]


def test_postings_count_once_and_mentions_each_time() -> None:
    (row,) = ranked(("a", "Flink", 0.9), ("a", "Flink", 0.5), ("b", "Flink", 0.4))

    assert (row["postings"], row["mentions"]) == (2, 3)


def test_a_repeated_mention_in_one_posting_is_no_further_evidence() -> None:
    (once,) = ranked(("a", "Flink", 0.9))
    (often,) = ranked(("a", "Flink", 0.9), ("a", "Flink", 0.9), ("a", "Flink", 0.2))

    assert once["score"] == often["score"]


def test_the_same_score_in_more_postings_ranks_higher() -> None:
    rows = ranked(("a", "Flink", 0.8), ("a", "Hudi", 0.8), ("b", "Hudi", 0.8))

    assert [row["surface"] for row in rows] == ["Hudi", "Flink"]


def test_many_doubtful_places_do_not_add_up_to_a_sure_one() -> None:
    doubtful = [(str(number), "日常工作", 0.15) for number in range(200)]
    rows = ranked(*doubtful, ("a", "Flink", 0.9))

    assert [row["surface"] for row in rows] == ["Flink", "日常工作"]
    assert rows[1]["score"] < 0.16


def test_the_kind_is_the_one_told_most_often() -> None:
    (row,) = ranked(
        ("a", "流式计算", 0.6, "ability"),
        ("b", "流式计算", 0.6, "knowledge"),
        ("c", "流式计算", 0.4, "knowledge"),
    )

    assert row["kind"] == "knowledge"


def test_the_order_of_the_input_does_not_matter() -> None:
    rows = [("a", "Flink", 0.8), ("b", "hudi", 0.8), ("c", "Hudi", 0.8), ("d", "flink", 0.8)]

    assert ranked(*rows) == ranked(*reversed(rows))


@pytest.mark.parametrize("score", [0.05, 0.5, 0.95])
def test_scores_stay_between_nought_and_one(score: float) -> None:
    (row,) = ranked(*((str(number), "Flink", score) for number in range(50)))

    assert isinstance(row["score"], float)
    assert 0 < row["score"] < 1
