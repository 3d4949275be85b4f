"""Small statistics with a stated source; nothing that a library of ours already offers."""

from __future__ import annotations

import math


def wilson_interval(count: float, total: float, *, z: float = 1.96) -> tuple[float, float]:
    """Return the score interval of a share (E. B. Wilson, 1927); (0, 1) when nothing was counted.

    `z` is the normal quantile: 1.96 gives 95 %. Raises ValueError when `count` is not within 0..`total`.
    """
    if not 0 <= count <= total:
        msg = f"count {count} is not within 0..{total}"
        raise ValueError(msg)
    if total == 0:
        return 0.0, 1.0
    share = count / total
    spread = z * z / total
    centre = (share + spread / 2) / (1 + spread)
    half = z * math.sqrt(share * (1 - share) / total + spread / (4 * total)) / (1 + spread)
    return max(0.0, centre - half), min(1.0, centre + half)


def two_proportion_p(count_a: int, total_a: int, count_b: int, total_b: int) -> float:
    """Return the two-sided p-value that two shares are equal (pooled z-test); 1 when a side is empty."""
    if not total_a or not total_b:
        return 1.0
    pooled = (count_a + count_b) / (total_a + total_b)
    deviation = math.sqrt(pooled * (1 - pooled) * (1 / total_a + 1 / total_b))
    if deviation == 0:
        return 1.0
    z = abs(count_a / total_a - count_b / total_b) / deviation
    return math.erfc(z / math.sqrt(2))
