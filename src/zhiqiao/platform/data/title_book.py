"""The posts that titles are assigned to, with what people corrected; nothing is written here."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Q

from zhiqiao.engines import jobmining
from zhiqiao.platform.data.mined_with import current_rules
from zhiqiao.platform.data.models import JobRole, PostingImport, TitleCorrection

__all__ = ["learnt", "plain_book", "reaching", "taught_book"]


def plain_book(rules: jobmining.Rules | None = None) -> jobmining.RoleBook:
    """Return the posts of the region as the packs name them, without corrections."""
    words = (rules or current_rules()).title_words
    return jobmining.RoleBook(
        tuple(
            jobmining.JobRolePattern(role.key, role.name_zh, role.name_en, tuple(role.title_patterns))
            for role in JobRole.objects.order_by("key")
        ),
        words,
    )


def reaching(posting_import: PostingImport) -> Q:
    """Return which corrections hold for the postings of an import: its own organisation's and the region's."""
    own = Q(org_root_id=posting_import.org_root_id)
    return own | Q(is_regional=True) if posting_import.source.is_shared else own


def learnt(posting_import: PostingImport) -> list[TitleCorrection]:
    """Return the standing corrections of titles that an import learns from, the latest last."""
    rows = TitleCorrection.objects.standing().filter(reaching(posting_import), posting_uuid__isnull=True)
    return list(rows.select_related("role").order_by("id"))


def taught_book(book: jobmining.RoleBook, corrections: Sequence[TitleCorrection]) -> jobmining.RoleBook:
    """Return a book that knows the corrections; of two for one title the later wins."""
    return book.with_corrections(
        {row.folded_title: row.role.key if row.role else None for row in corrections}
    )
