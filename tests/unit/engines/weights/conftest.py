"""The shipped rules and a builder of comparison matrices."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from zhiqiao.engines import weights
from zhiqiao.packs import common_file


@pytest.fixture(scope="session")
def random_index() -> weights.RandomIndex:
    return weights.read_random_index(common_file("evaluation", "random_index.toml"))


@pytest.fixture(scope="session")
def rules() -> weights.DelphiRules:
    return weights.read_delphi_rules(common_file("evaluation", "delphi.toml"))


def upper(*rows: Sequence[float | None]) -> weights.PairwiseMatrix:
    """Build a matrix of a, b, c … from the judgements above its diagonal, row by row."""
    size = len(rows) + 1
    names = [chr(ord("a") + at) for at in range(size)]
    values: list[list[float | None]] = [[None] * size for _ in range(size)]
    for i, row in enumerate(rows):
        for j, value in enumerate(row, start=i + 1):
            values[i][j] = value
    return weights.pairwise_matrix(names, values)


def write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path
