"""Where the segmenter cuts does not depend on which other matches are asked about."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhiqiao.engines.jobmining._cuts import Cutter
from zhiqiao.engines.jobmining._fold import fold_batch
from zhiqiao.engines.jobmining._search import Found


def test_matches_asked_together_get_what_each_gets_alone() -> None:
    folded = fold_batch(["负责大数据 平台开发测试、api接口 开发者", "配合测试部门"])
    size = len(folded.text)
    spans = [(a, b) for a in range(1, size - 1) for b in range(a + 1, size)]
    starts, ends = np.array(spans).T
    found = Found(np.zeros(len(spans), dtype=np.int64), starts, ends)
    cutter = Cutter(("大数据",))

    together = cutter.on_cuts(folded, found)

    alone = [cutter.on_cuts(folded, found.take(np.array([row])))[0] for row in range(len(spans))]
    assert together == alone
    assert 0 < sum(together) < len(together)


_WORDS = ("大数据", "平台", "开发", "测试", "api", "接口", "々〇", "か", "C++", "5%", "的", "负责")


@pytest.fixture(scope="module")
def cutters() -> tuple[Cutter, Cutter]:
    return Cutter(("大数据",)), Cutter(("大数据",))


@settings(max_examples=60)
@given(
    stretches=st.lists(
        st.lists(st.sampled_from(_WORDS), min_size=1, max_size=4).map("".join), min_size=1, max_size=4
    )
)
def test_stretches_cut_together_are_cut_as_each_alone(
    cutters: tuple[Cutter, Cutter], stretches: list[str]
) -> None:
    cutter, other = cutters
    together = cutter._cuts(stretches)
    assert together == [sum(1 << at for at in other.cuts(stretch)) for stretch in stretches]
