"""What ends the reading or writing of a plan's file as a whole; what is wrong with single cells is a note."""

from __future__ import annotations

from zhiqiao.engines.kernel import EngineError


class PlanFileError(EngineError):
    """Raised when a file can not be read or written at all, in both languages."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(f"{zh}\n{en}")
        self.zh = zh
        self.en = en
