"""The labels that the learned stage is fitted on say what they are and fit their texts."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any, get_args

import pytest
from tools.learned_examples import SYNTHETIC, read_synthetic

from zhiqiao.engines.jobmining._taxonomy import SkillKind

LABELS = Path(__file__).parents[3] / "tools" / "labels"

TRAINING = sorted(LABELS.glob("training_*.jsonl"))
WRITTEN = sorted(LABELS.glob("synthetic_*.jsonl"))


def rows(path: Path) -> list[dict[str, Any]]:  # Any: JSON
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_every_file_of_labels_is_of_one_of_the_two_kinds() -> None:
    assert TRAINING
    assert WRITTEN
    assert {*TRAINING, *WRITTEN} == {*LABELS.iterdir()}


@pytest.mark.parametrize("path", TRAINING, ids=lambda path: path.stem)
def test_labels_of_real_postings_hold_no_text(path: Path) -> None:
    assert all(row.keys() == {"id", "skills"} for row in rows(path))


@pytest.mark.parametrize("path", WRITTEN, ids=lambda path: path.stem)
def test_written_postings_are_called_synthetic_and_their_surfaces_stand_in_them(path: Path) -> None:
    for row in rows(path):
        text = row["text"]
        assert row["synthetic"] is True
        assert row["id"] == hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()[:12]
        surfaces = [skill["s"] for skill in row["skills"]]
        assert surfaces
        assert len(surfaces) == len(set(surfaces))
        assert [surface for surface in surfaces if not surface.strip() or surface not in text] == []
        assert {skill["kind"] for skill in row["skills"]} <= {*get_args(SkillKind)}


def test_no_posting_is_written_twice() -> None:
    identities = [row["id"] for path in WRITTEN for row in rows(path)]
    assert len(identities) == len(set(identities))


def test_written_postings_are_read_as_a_source_of_their_own() -> None:
    postings = read_synthetic(LABELS)
    assert len(postings) == sum(len(rows(path)) for path in WRITTEN)
    assert {posting.source for posting in postings} == {SYNTHETIC}
