"""Values and errors that all engines share."""

from __future__ import annotations

from zhiqiao.engines.kernel._errors import EngineError
from zhiqiao.engines.kernel._statistics import two_proportion_p, wilson_interval

__all__ = ["EngineError", "two_proportion_p", "wilson_interval"]
