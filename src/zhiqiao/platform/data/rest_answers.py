"""What a write through the routers of this package answers."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from ninja.responses import Status

from zhiqiao.infra.rest import ConflictOut, ProblemOut
from zhiqiao.platform.data.errors import Conflict, Refused

__all__ = ["wrote"]

Out = TypeVar("Out")


def wrote(write: Callable[[], Out], *, status: int = 200) -> Status[Out | ConflictOut | ProblemOut]:
    """Write, and answer with what stands there now, or why nothing was written."""
    try:
        return Status(status, write())
    except Conflict as error:
        return Status(409, ConflictOut(detail=str(error), version=error.version))
    except Refused as error:
        return Status(422, ProblemOut(detail=str(error)))
