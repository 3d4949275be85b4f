"""Reads for correcting posts: titles without a post, what a correction would move, what was corrected."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, Min, QuerySet

from zhiqiao.engines import jobmining
from zhiqiao.infra.db.names import Name
from zhiqiao.platform.data import title_book
from zhiqiao.platform.data.correcting import CORRECT
from zhiqiao.platform.data.models import ImportState, JobPosting, JobRole, PostingImport, TitleCorrection
from zhiqiao.platform.governance.api import Actor, visible

__all__ = [
    "CorrectionLine",
    "Judged",
    "TitlePreview",
    "corrections",
    "find_role",
    "judge",
    "preview",
    "role_options",
    "unsure_titles",
]

#: Near titles looked through and shown; titles with the same rarest word are few.
_MOST_NEAR, _SHOWN_NEAR = 5_000, 20


@dataclass(frozen=True)
class Judged:
    """The post a title most likely means, however unlikely; None without any evidence."""

    name: Name
    confidence: float


@dataclass(frozen=True)
class TitlePreview:
    """What a correction of one title would touch; `near_titles` with the postings of each, the most first."""

    title: str
    folded_title: str
    postings: int
    now: Name | None
    judged: Judged | None
    near: int
    near_titles: tuple[tuple[str, int], ...]
    near_postings: int

    @property
    def near_hidden(self) -> int:
        """Return how many near titles are not listed."""
        return self.near - len(self.near_titles)


@dataclass(frozen=True)
class CorrectionLine:
    """A correction as the list shows it."""

    uuid: UUID
    title: str
    role: Name | None
    is_single: bool
    is_regional: bool
    person: str
    at: dt.datetime
    reason: str
    postings: int
    undone_by: str
    undone_at: dt.datetime | None

    @property
    def is_standing(self) -> bool:
        """Tell whether nobody took it back."""
        return self.undone_at is None


def correctable(actor: Actor) -> QuerySet[JobPosting]:
    """Return the live postings whose post the actor may correct, without joins: the imports are asked first."""
    imports = visible(actor, CORRECT, PostingImport.objects.filter(state=ImportState.LIVE))
    return JobPosting.objects.filter(posting_import__in=list(imports.values_list("id", flat=True)))


def unsure_titles(actor: Actor) -> QuerySet[Any, Any]:  # Any: grouped rows with counted columns
    """Return titles whose postings have no post and that nobody judged, the most frequent first."""
    rows = correctable(actor).filter(role__isnull=True, corrected__isnull=True, is_excluded=False)
    grouped = rows.exclude(folded_title="").order_by().values("folded_title")
    return grouped.annotate(title=Min("title"), n=Count("id")).order_by("-n", "folded_title")


def judge(book: jobmining.RoleBook, names: Mapping[str, Name], title: str) -> Judged | None:
    """Return the likeliest post of a title."""
    found = book.judge(title)
    return Judged(names[found.role_id], found.confidence) if found and found.role_id in names else None


def role_names() -> dict[str, Name]:
    """Return the posts by key."""
    return {
        key: Name(zh, en)
        for key, zh, en in JobRole.objects.order_by("key").values_list("key", "name_zh", "name_en")
    }


def role_options() -> list[tuple[str, str]]:
    """Return the posts to choose from with the link of the chain they stand in."""
    rows = JobRole.objects.select_related("link").order_by("link__key", "key")
    return [
        (str(Name(row.name_zh, row.name_en)), str(Name(row.link.name_zh, row.link.name_en))) for row in rows
    ]


def find_role(text: str) -> JobRole | None:
    """Return the post that goes by a name in either language, or by its key."""
    wanted = text.strip().casefold()
    for row in JobRole.objects.order_by("key"):
        if wanted in {row.key.casefold(), row.name_zh.casefold(), row.name_en.casefold()}:
            return row
    return None


def preview(actor: Actor, postings: Sequence[JobPosting]) -> list[TitlePreview]:
    """Return for the title of each posting how many postings have it, and how many a near one."""
    book, names = title_book.plain_book(), role_names()
    rows = correctable(actor)
    titles = [row.folded_title for row in postings]
    counts = dict(
        rows.filter(folded_title__in=titles).order_by().values_list("folded_title").annotate(n=Count("id"))
    )
    near = _near(rows, book, titles)
    return [
        TitlePreview(
            title=row.title,
            folded_title=row.folded_title,
            postings=counts.get(row.folded_title, 0),
            now=Name(row.role.name_zh, row.role.name_en) if row.role else None,
            judged=judge(book, names, row.folded_title),
            near=len(near[row.folded_title]),
            near_titles=tuple(list(near[row.folded_title].items())[:_SHOWN_NEAR]),
            near_postings=sum(near[row.folded_title].values()),
        )
        for row in postings
    ]


def _near(
    rows: QuerySet[JobPosting], book: jobmining.RoleBook, titles: Sequence[str]
) -> dict[str, dict[str, int]]:
    """Return for each title the other titles of the same words that nobody judged; it is not asked for many at once."""
    near: dict[str, dict[str, int]] = {title: {} for title in titles}
    for title in titles if len(titles) == 1 else ():
        words = book.words_of(title)
        if not words:
            continue
        holding = rows.filter(
            corrected__isnull=True, folded_title__contains=max(words, key=lambda word: (len(word), word))
        )
        grouped = holding.exclude(folded_title=title).order_by().values_list("folded_title")
        for other, count in grouped.annotate(n=Count("id")).order_by("-n", "folded_title")[:_MOST_NEAR]:
            if book.words_of(other) == words:
                near[title][other] = count
    return near


def corrections(actor: Actor) -> list[CorrectionLine]:
    """Return the corrections of one's organisation or region, the newest first."""
    rows = visible(actor, CORRECT, TitleCorrection.objects.all()).select_related(
        "role", "person", "undone_by"
    )
    return [
        CorrectionLine(
            uuid=row.uuid,
            title=row.title,
            role=Name(row.role.name_zh, row.role.name_en) if row.role else None,
            is_single=row.posting_uuid is not None,
            is_regional=row.is_regional,
            person=str(row.person or ""),
            at=row.created_at,
            reason=row.reason,
            postings=count,
            undone_by=str(row.undone_by or ""),
            undone_at=row.undone_at,
        )
        for row, count in ((row, row.n) for row in rows.annotate(n=Count("postings")).order_by("-id"))
    ]
