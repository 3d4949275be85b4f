"""National course standards (国家工学一体化课程标准) as data, and a school's plan compared with one.

Whether a plan is lawful is judged by the rules, not here.
"""

from __future__ import annotations

from zhiqiao.engines.standards._compare import compare
from zhiqiao.engines.standards._editions import changed, is_outdated, newest
from zhiqiao.engines.standards._reading import StandardError, read_standard, read_standards
from zhiqiao.engines.standards._values import (
    Comparison,
    Item,
    Outcome,
    Part,
    Reason,
    Standard,
    StandardCourse,
    StandardPost,
    StandardTask,
)

__all__ = [
    "Comparison",
    "Item",
    "Outcome",
    "Part",
    "Reason",
    "Standard",
    "StandardCourse",
    "StandardError",
    "StandardPost",
    "StandardTask",
    "changed",
    "compare",
    "is_outdated",
    "newest",
    "read_standard",
    "read_standards",
]
