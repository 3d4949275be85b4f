"""What every router of the JSON API shares: pages of a list, data levels in the description, problems, rate."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, TypeVar

from django.core.cache.backends.locmem import LocMemCache
from django.http import HttpRequest
from ninja import Query, Schema
from ninja.throttling import SimpleRateThrottle
from pydantic import AfterValidator, JsonValue

from zhiqiao.infra.db import BaseModel
from zhiqiao.infra.db.names import Name
from zhiqiao.infra.text import is_plain

__all__ = [
    "READS",
    "WRITES",
    "ConflictOut",
    "NameOut",
    "Number",
    "PageOut",
    "PersonRate",
    "Plain",
    "ProblemOut",
    "Size",
    "level_of",
    "named",
    "part",
]

Row = TypeVar("Row")
Number = Annotated[int, Query(ge=1, le=100_000, description="Which page, from 1.")]
Size = Annotated[int, Query(ge=1, le=200, description="Rows of a page.")]


def plain(text: str) -> str:
    """Return a text without space at its ends; raises ValueError for signs that nobody sees."""
    if not is_plain(text):
        message = "control characters and signs that turn the direction of writing are not taken"
        raise ValueError(message)
    return text.strip()


Plain = Annotated[str, AfterValidator(plain)]


class PageOut(Schema):
    """Which part of a list this is."""

    total: int
    page: int
    size: int


class NameOut(Schema):
    """A name in both languages; the English one may be empty."""

    zh: str
    en: str


def named(name: Name) -> NameOut:
    """Return a name in both languages."""
    return NameOut(zh=name.zh, en=name.en)


class ProblemOut(Schema):
    """Why a call was not done; a list where single fields are at fault."""

    detail: str | list[JsonValue]


class ConflictOut(Schema):
    """Somebody changed the row since it was read; `version` is the one now in force, 0 when it is gone."""

    detail: str
    version: int


#: What a reading call may answer beside its result, and a writing one.
READS: dict[Any, Any] = {401: ProblemOut, 404: ProblemOut, 429: ProblemOut}  # Any: Ninja's own type
WRITES: dict[Any, Any] = {**READS, 403: ProblemOut, 409: ConflictOut, 422: ProblemOut}  # Any: see above


def part(rows: Sequence[Row], *, page: int, size: int) -> Sequence[Row]:
    """Return one page of the rows."""
    return rows[(page - 1) * size : page * size]


def level_of(model: type[BaseModel]) -> dict[str, str]:
    """Return what the description of a call says of the data it gives: the level that the model declares."""
    return {"x-data-level": model.data_levels.default.value}


class PersonRate(SimpleRateThrottle):
    """How often one signed-in person may ask; counted in each server process, so that reading writes nothing."""

    cache = LocMemCache("api-rate", {"OPTIONS": {"MAX_ENTRIES": 10_000}})

    def get_cache_key(self, request: HttpRequest) -> str | None:
        """Return whose calls are counted; a connector's token has a limit of its own."""
        user_id = getattr(getattr(request, "actor", None), "user_id", None)
        return f"api:{user_id}" if user_id is not None else None
