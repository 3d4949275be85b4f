"""The errors of documents.

EngineError
└── DocumentError
    ├── FontMissing     the font of printed documents was not built
    ├── BadBlock        a block contradicts itself: which one, what, how to mend it
    └── UnknownTarget   a reference or citation names nothing in the document
"""

from __future__ import annotations

from pathlib import Path

from zhiqiao.engines.kernel import EngineError


class DocumentError(EngineError):
    """Raised when a document can not be made as described."""


class FontMissing(DocumentError):  # noqa: N818 - read as a sentence
    """Raised when a font file is not there."""

    def __init__(self, path: Path) -> None:
        self.path = path
        super().__init__(
            f"没有文档字体 {path.name}，请先运行 make install（前端构建会放好）。"
            f" The document font {path.name} is absent; run make install, whose front-end build puts it in place."
        )


class BadBlock(DocumentError):  # noqa: N818 - read as a sentence
    """Raised when a block contradicts itself; `block` names it by its title or text."""

    def __init__(self, block: str, reason: str) -> None:
        self.block = block
        self.reason = reason
        super().__init__(f"{block}: {reason}")


class UnknownTarget(DocumentError):  # noqa: N818 - read as a sentence
    """Raised when a reference or a citation names a key that no block or source carries."""

    def __init__(self, key: str, known: list[str]) -> None:
        self.key = key
        super().__init__(
            f"nothing in the document has the key {key!r}; there are: {', '.join(known) or 'none'}"
        )
