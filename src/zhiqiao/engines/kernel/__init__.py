"""Values and errors that all engines share."""

from __future__ import annotations

from zhiqiao.engines.kernel._errors import EngineError
from zhiqiao.engines.kernel._keeping import NotKept, from_text, to_text
from zhiqiao.engines.kernel._schema import json_schema
from zhiqiao.engines.kernel._shapes import (
    Amount,
    Count,
    Filled,
    Key,
    Least,
    Number,
    ShapeError,
    ShapeProblem,
    from_json,
    read_json,
    to_json,
    write_json,
)
from zhiqiao.engines.kernel._statistics import two_proportion_p, wilson_interval

__all__ = [
    "Amount",
    "Count",
    "EngineError",
    "Filled",
    "Key",
    "Least",
    "NotKept",
    "Number",
    "ShapeError",
    "ShapeProblem",
    "from_json",
    "from_text",
    "json_schema",
    "read_json",
    "to_json",
    "to_text",
    "two_proportion_p",
    "wilson_interval",
    "write_json",
]
