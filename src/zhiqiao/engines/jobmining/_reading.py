"""The parts of a posting's text and what each says, in positions of the text as stored."""

from __future__ import annotations

from zhiqiao.engines.jobmining._fold import fold
from zhiqiao.engines.jobmining._lines import LineReader, LineRole

__all__ = ["read_roles_of_text"]


def read_roles_of_text(text: str, reader: LineReader) -> list[tuple[int, int, LineRole]]:
    """Return the text's parts in order as (start, end, role); neighbours of one role are one part.

    The parts cover the whole text without a gap.
    """
    folded = fold(text)
    parts: list[tuple[int, int, LineRole]] = []
    segments = reader.read(folded.text).segments
    for segment, following in zip(segments, [*segments[1:], None], strict=True):
        end = folded.origin(following.start) if following else len(text)
        start = parts[-1][1] if parts else 0
        if parts and parts[-1][2] == segment.role:
            parts[-1] = (parts[-1][0], end, segment.role)
        elif end > start:
            parts.append((start, end, segment.role))
    return parts
