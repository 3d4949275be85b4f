"""Brings postings to the posts that the standing corrections say; what people may decide is asked in `correcting`.

The state of a posting follows from its title and the corrections that stand, so settling twice changes nothing and
an interrupted run is simply done again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet

from zhiqiao.engines import jobmining
from zhiqiao.platform.data import counting, measuring, title_book
from zhiqiao.platform.data.models import (
    CorrectedPosting,
    ImportState,
    JobPosting,
    JobRole,
    PostingExclusion,
    PostingImport,
    TitleCorrection,
)

__all__ = ["CHUNK", "affected", "catch_up", "keep_figures", "learn", "lock", "reach", "settle"]

#: Postings per transaction.
CHUNK = 250
_OPEN = (ImportState.LIVE, ImportState.RUNNING, ImportState.QUEUED)

Verdict = tuple[int | None, float | None]
"""Post and confidence."""


@dataclass(frozen=True)
class _Standing:
    """The corrections that may concern some postings, the latest last."""

    by_title: Mapping[str, list[TitleCorrection]]
    by_posting: Mapping[UUID, TitleCorrection]

    @classmethod
    def of(cls, rows: Sequence[JobPosting]) -> _Standing:
        titles = {row.folded_title for row in rows} | {
            row.corrected.correction.folded_title for row in rows if _link(row)
        }
        wanted = Q(posting_uuid__in=[row.uuid for row in rows]) | Q(
            posting_uuid__isnull=True, folded_title__in=titles
        )
        by_title: dict[str, list[TitleCorrection]] = {}
        by_posting: dict[UUID, TitleCorrection] = {}
        for row in TitleCorrection.objects.standing().filter(wanted).order_by("id"):
            if row.posting_uuid:
                by_posting[row.posting_uuid] = row
            else:
                by_title.setdefault(row.folded_title, []).append(row)
        return cls(by_title, by_posting)

    def of_title(self, title: str, row: JobPosting) -> TitleCorrection | None:
        found = [item for item in self.by_title.get(title, ()) if _reaches(item, row.posting_import)]
        return found[-1] if found else None

    def of_posting(self, row: JobPosting) -> tuple[TitleCorrection | None, bool]:
        """Return the correction that decides a posting, and whether only by the words of its title."""
        exact = self.by_posting.get(row.uuid) or self.of_title(row.folded_title, row)
        link = _link(row)
        if exact is None and link is not None and link.is_near:
            return self.of_title(link.correction.folded_title, row), True
        return exact, False


def reach(correction: TitleCorrection) -> Q:
    """Return which postings a correction is about as far as organisations go."""
    own = Q(posting_import__org_root_id=correction.org_root_id)
    return own | Q(posting_import__source__is_shared=True) if correction.is_regional else own


def affected(correction: TitleCorrection) -> list[int]:
    """Return the live postings whose post a correction, made or taken back, may change."""
    posting = correction.posting_uuid
    named = Q(uuid=posting) if posting else Q(folded_title=correction.folded_title)
    rows = JobPosting.objects.live()
    found = set(rows.filter(named & reach(correction)).values_list("id", flat=True))
    return sorted(found | set(rows.filter(corrected__correction=correction).values_list("id", flat=True)))


def lock(org_root_id: int, *, regional: bool) -> None:
    """Hold the imports in reach until the transaction ends: corrections and imports going live wait for each other."""
    own = Q(org_root_id=org_root_id)
    rows = PostingImport.objects.filter(own | Q(source__is_shared=True) if regional else own, state__in=_OPEN)
    list(rows.order_by("id").select_for_update(of=("self",)).values_list("id", flat=True))


def settle(
    ids: Sequence[int],
    *,
    mined: Callable[[JobPosting], Verdict] | None = None,
    near: Mapping[int, TitleCorrection] | None = None,
) -> set[int]:
    """Bring postings and figures to what the corrections say, inside a transaction; return the imports touched.

    `mined` tells what the machine says of a posting not corrected before (by default the post it has); `near` are
    postings that a correction decides by the words of their titles only.
    """
    rows = list(
        JobPosting.objects.filter(id__in=ids).select_related(
            "posting_import__source", "corrected__correction"
        )
    )
    standing = _Standing.of(rows)
    moves: list[tuple[JobPosting, TitleCorrection | None, bool]] = []
    for row in rows:
        wanted, by_words = standing.of_posting(row)
        if wanted is None and near and row.pk in near:
            wanted, by_words = near[row.pk], True
        link = _link(row)
        if (link.correction_id if link else None) != (wanted.pk if wanted else None):
            moves.append((row, wanted, by_words))
    moved = [row.pk for row, _wanted, _by_words in moves]
    counting.take_out(moved)
    _move(moves, mined or (lambda row: (row.role_id, row.role_confidence)))
    counting.put_in(moved)
    return {row.posting_import_id for row, _wanted, _by_words in moves}


def learn(posting_import: PostingImport, *, rules: jobmining.Rules | None = None) -> None:
    """Mark which rows of a freshly loaded import owe their post to a correction; figures follow the rows."""
    corrections = title_book.learnt(posting_import)
    rows = JobPosting.objects.filter(posting_import=posting_import)
    if corrections:
        _learn(rows, corrections, title_book.plain_book(rules))
    single = TitleCorrection.objects.standing().filter(posting_uuid__in=rows.values("uuid"))
    alone = rows.filter(uuid__in=single.values("posting_uuid"), corrected__isnull=True)
    with transaction.atomic():
        settle(list(alone.values_list("id", flat=True)))
    excluded = PostingExclusion.objects.filter(posting_uuid__in=rows.values("uuid"))
    rows.filter(uuid__in=excluded.values("posting_uuid")).update(is_excluded=True)
    if keep_figures(posting_import):
        measuring.measure_again(posting_import)


def keep_figures(posting_import: PostingImport) -> bool:
    """Write the figures of an import anew where people decided about some of its rows: the lake does not know.

    Tell whether they did.
    """
    rows = JobPosting.objects.filter(posting_import=posting_import)
    if not rows.filter(Q(corrected__isnull=False) | Q(is_excluded=True)).exists():
        return False
    counting.recount(posting_import)
    return True


def catch_up(posting_import: PostingImport) -> None:
    """Settle what was corrected while the import was on its way, in the transaction in which it goes live."""
    titles = {row.folded_title for row in title_book.learnt(posting_import)}
    rows = JobPosting.objects.filter(posting_import=posting_import, corrected__isnull=True)
    found = list(rows.filter(folded_title__in=titles).values_list("id", flat=True)) if titles else []
    for start in range(0, len(found), CHUNK):
        settle(found[start : start + CHUNK])


def _learn(
    rows: QuerySet[JobPosting], corrections: Sequence[TitleCorrection], book: jobmining.RoleBook
) -> None:
    exact = {row.folded_title for row in corrections}
    words = _by_words(corrections, book)
    near: dict[int, TitleCorrection] = {}
    ids = []
    for pk, title in rows.filter(corrected__isnull=True).values_list("id", "folded_title").iterator():
        if title in exact:
            ids.append(pk)
        elif found := words.get(book.words_of(title)):
            near[pk] = found
            ids.append(pk)
    roles = dict(JobRole.objects.values_list("key", "id"))

    def mined(row: JobPosting) -> Verdict:
        found = book.assign_with_confidence(row.folded_title)
        return (roles.get(found.role_id), found.confidence) if found else (None, None)

    for start in range(0, len(ids), CHUNK):
        with transaction.atomic():
            settle(ids[start : start + CHUNK], mined=mined, near=near)


def _by_words(
    corrections: Sequence[TitleCorrection], book: jobmining.RoleBook
) -> dict[frozenset[str], TitleCorrection]:
    """Return the correction by the words of its title, where those of the same words agree, as the book does."""
    last = {row.folded_title: row for row in corrections}
    found: dict[frozenset[str], TitleCorrection] = {}
    divided: set[frozenset[str]] = {frozenset()}
    for row in last.values():
        key = book.words_of(row.folded_title)
        if key in found and found[key].role_id != row.role_id:
            divided.add(key)
        found[key] = row
    return {key: row for key, row in found.items() if key not in divided}


def _move(
    moves: Sequence[tuple[JobPosting, TitleCorrection | None, bool]],
    mined: Callable[[JobPosting], Verdict],
) -> None:
    new, changed, gone = [], [], []
    for row, wanted, by_words in moves:
        link = _link(row)
        if wanted is None:
            assert link is not None
            row.role_id, row.role_confidence = link.mined_role_id, link.mined_confidence
            gone.append(link.pk)
            continue
        if link is None:
            role, confidence = mined(row)
            new.append(
                CorrectedPosting(
                    posting=row,
                    correction=wanted,
                    is_near=by_words,
                    mined_role_id=role,
                    mined_confidence=confidence,
                )
            )
        else:
            link.correction, link.is_near = wanted, by_words
            changed.append(link)
        if not by_words or row.role_id != wanted.role_id:
            row.role_confidence = 1.0 if wanted.role_id else None
        row.role_id = wanted.role_id
    JobPosting.objects.bulk_update(
        [row for row, _wanted, _by_words in moves], ["role", "role_confidence"], batch_size=CHUNK
    )
    CorrectedPosting.objects.bulk_create(new, batch_size=CHUNK)
    CorrectedPosting.objects.bulk_update(changed, ["correction", "is_near"], batch_size=CHUNK)
    CorrectedPosting.objects.filter(id__in=gone).delete()


def _link(row: JobPosting) -> CorrectedPosting | None:
    return getattr(row, "corrected", None)


def _reaches(correction: TitleCorrection, posting_import: PostingImport) -> bool:
    own = correction.org_root_id == posting_import.org_root_id
    return own or (correction.is_regional and posting_import.source.is_shared)
