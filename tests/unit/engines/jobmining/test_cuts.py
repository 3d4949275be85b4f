"""Where the segmenter cuts does not depend on which other matches are asked about."""

from __future__ import annotations

import numpy as np

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
