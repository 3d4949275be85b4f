"""The parts of a posting's text and what each says, in positions of the text as stored."""

from __future__ import annotations

from zhiqiao.engines.jobmining._fold import fold_batch
from zhiqiao.engines.jobmining._lines import ROLES, LineReader, LineRole

__all__ = ["read_roles_of_text"]


def read_roles_of_text(text: str, reader: LineReader) -> list[tuple[int, int, LineRole]]:
    """Return the text's parts in order as (start, end, role); neighbours of one role are one part.

    The parts cover the whole text without a gap.
    """
    folded = fold_batch([text])
    lines = reader.read(folded)
    starts = (folded.origins(lines.starts) - folded.origin_bounds[0]).tolist()
    parts: list[tuple[int, int, LineRole]] = []
    for number, following in zip(lines.roles.tolist(), [*starts[1:], len(text)], strict=True):
        role = ROLES[number]
        start = parts[-1][1] if parts else 0
        if parts and parts[-1][2] == role:
            parts[-1] = (parts[-1][0], following, role)
        elif following > start:
            parts.append((start, following, role))
    return parts
