"""The errors of this engine, as a tree; each says in both languages what is wrong and what mends it.

WeightsError
├── InputError             cells, names or options that can not be used, each with row and field
├── IncompleteJudgements   pairs nobody compared, where a whole matrix is needed
├── NotConnected           the pairs compared do not tie all elements together
├── NoRandomIndex          a matrix of a size for which no random index is listed
├── MissingValues          empty cells in a decision matrix
├── Undetermined           the data tell no element from another, so no weights follow
├── UnknownWeights         an index was asked for while weights are unknown
├── ImpossibleWeights      what is known of the weights contradicts itself
└── TooFewAnswers          feedback that would show a person's answer
"""

# ruff: noqa: N818 -- the names say what is wrong; the base class says that they are errors
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from zhiqiao.engines.kernel import EngineError

_SHOWN = 5


class WeightsError(EngineError):
    """Base of all errors this engine raises on purpose."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(f"{zh}\n{en}")
        self.zh, self.en = zh, en


@dataclass(frozen=True)
class Problem:
    """One thing wrong with an input: row as a spreadsheet numbers it (0: none), field, reason and remedy."""

    row: int
    field: str
    zh: str
    en: str

    def text(self) -> tuple[str, str]:
        """Word it with its place, in Chinese and English."""
        zh = (f"第 {self.row} 行" if self.row else "") + (f"“{self.field}”列" if self.field else "")
        en = ", ".join(
            part
            for part in (f"row {self.row}" if self.row else "", f"field “{self.field}”" if self.field else "")
            if part
        )
        return (f"{zh}：{self.zh}" if zh else self.zh), (f"{en}: {self.en}" if en else self.en)


class InputError(WeightsError):
    """Raised when cells, names or options can not be used; `problems` holds all of them."""

    def __init__(self, *problems: Problem) -> None:
        texts = [problem.text() for problem in problems[:_SHOWN]]
        more = len(problems) - _SHOWN
        zh = "".join(zh for zh, _ in texts) + (f"另有 {more} 处问题。" if more > 0 else "")
        en = " ".join(en for _, en in texts) + (f" And {more} more." if more > 0 else "")
        super().__init__(zh, en)
        self.problems = problems


class IncompleteJudgements(WeightsError):
    """Raised when pairs were not compared and the method needs all of them."""

    def __init__(self, pairs: Sequence[tuple[str, str]], *, expert: str = "") -> None:
        shown = [f"{a}–{b}" for a, b in pairs[:_SHOWN]]
        rest = "…" if len(pairs) > _SHOWN else ""
        who_zh = f"专家“{expert}”" if expert else ""
        who_en = f" of expert “{expert}”" if expert else ""
        super().__init__(
            f"{who_zh}有 {len(pairs)} 对未作比较：{'、'.join(shown)}{rest}。请补充判断，或选用 Harker 方法。",
            f"{len(pairs)} pairs{who_en} were not compared: {', '.join(shown)}{rest}. "
            "Give these judgements or choose Harker's method.",
        )
        self.pairs = tuple(pairs)


class NotConnected(WeightsError):
    """Raised when the judgements given do not tie all elements together."""

    def __init__(self, groups: Sequence[Sequence[str]]) -> None:
        zh = "；".join("、".join(group) for group in groups)
        en = "; ".join(", ".join(group) for group in groups)
        super().__init__(
            f"已有的判断没有把全部元素联系起来，各组之间无法比较：{zh}。请至少补充一对跨组的判断。",
            f"The judgements do not tie all elements together; groups that can not be compared: {en}. "
            "Compare at least one pair across them.",
        )
        self.groups = tuple(tuple(group) for group in groups)


class NoRandomIndex(WeightsError):
    """Raised when the table has no random index for a size."""

    def __init__(self, size: int, *, largest: int) -> None:
        super().__init__(
            f"没有 {size} 阶矩阵的随机一致性指标（表中最大 {largest} 阶）。请分成几层比较。",
            f"There is no random index for {size} elements (the table ends at {largest}). "
            "Compare in several levels.",
        )
        self.size = size


class MissingValues(InputError):
    """Raised when a decision matrix has empty cells; `cells` are (alternative, indicator)."""

    def __init__(self, cells: Sequence[tuple[str, str]], rows: Sequence[int]) -> None:
        super().__init__(
            *(
                Problem(
                    row,
                    indicator,
                    f"“{alternative}”没有数值。请补上该值，或去掉这一行或这一列。",
                    f"“{alternative}” has no value. Give it, or leave out the row or the column.",
                )
                for (alternative, indicator), row in zip(cells, rows, strict=True)
            )
        )
        self.cells = tuple(cells)


class Undetermined(WeightsError):
    """Raised when no weights follow from the data."""


class UnknownWeights(WeightsError):
    """Raised when an index is asked for while weights are unknown; `names` are theirs."""

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__(
            f"以下权重未知，不能计算指数：{'、'.join(names)}。请先确定这些权重。",
            f"No index can be computed: the weights of {', '.join(names)} are unknown. Set them first.",
        )
        self.names = tuple(names)


class ImpossibleWeights(WeightsError):
    """Raised when what is known of the weights contradicts itself."""


class TooFewAnswers(WeightsError):
    """Raised when feedback or results would show a person's answer."""

    def __init__(self, found: int, least: int) -> None:
        super().__init__(
            f"只有 {found} 位专家作答，少于 {least} 位时结果会暴露个人答案，因此不显示。请等待更多专家作答。",
            f"Only {found} experts answered; with fewer than {least} the figures would show a person's answer. "
            "Wait for more answers.",
        )
        self.found, self.least = found, least
