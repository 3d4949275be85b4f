"""Keeps the stored figures in step when single postings change their post or stop counting.

A change of postings is: take them out, change them, put them in, in one transaction of the caller.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Count, Model

from zhiqiao.platform.data.models import JobPosting, PostingImport, PostingSkill, RoleCount, SkillCount

__all__ = ["put_in", "recount", "take_out"]

_BATCH = 500
_Key = tuple[object, ...]
_OF_ROLES = ("posting_import_id", "role_id", "month")
_OF_SKILLS = (*_OF_ROLES, "skill_id")


def take_out(postings: Sequence[int]) -> None:
    """Subtract postings from the figures of the posts they have now; excluded ones are not in them."""
    _shift(postings, -1)


def put_in(postings: Sequence[int]) -> None:
    """Add postings to the figures of the posts they have now, unless they are excluded."""
    _shift(postings, 1)


@transaction.atomic
def recount(posting_import: PostingImport) -> None:
    """Write all figures of an import anew from its rows: what people decided is in them."""
    for model, fields, counts in (
        (RoleCount, _OF_ROLES, _role_counts(JobPosting.objects.filter(posting_import=posting_import))),
        (SkillCount, _OF_SKILLS, _skill_counts({"posting__posting_import": posting_import})),
    ):
        manager: Any = model._default_manager  # Any: either count table
        manager.filter(posting_import=posting_import).delete()
        manager.bulk_create(
            (model(**dict(zip(fields, key, strict=True)), postings=count) for key, count in counts.items()),
            batch_size=_BATCH,
        )


def _shift(postings: Sequence[int], sign: int) -> None:
    roles = _role_counts(JobPosting.objects.filter(id__in=postings))
    skills = _skill_counts({"posting__in": postings})
    _write(RoleCount, _OF_ROLES, {key: sign * count for key, count in roles.items()})
    _write(SkillCount, _OF_SKILLS, {key: sign * count for key, count in skills.items()})


def _role_counts(rows: Any) -> dict[_Key, int]:  # Any: a queryset of postings
    counted = rows.filter(is_excluded=False).order_by().values_list(*_OF_ROLES).annotate(n=Count("id"))
    return {tuple(key): count for *key, count in counted}


def _skill_counts(which: Mapping[str, object]) -> dict[_Key, int]:
    rows = PostingSkill.objects.filter(**which, posting__is_excluded=False).order_by()
    fields = (*(f"posting__{name}" for name in _OF_ROLES), "skill_id")
    return {tuple(key): count for *key, count in rows.values_list(*fields).annotate(n=Count("posting_id"))}


def _write(
    model: Any, fields: tuple[str, ...], changes: Mapping[_Key, int]
) -> None:  # Any: either count table
    if not changes:
        return
    narrowed = {
        f"{name}__in": {key[at] for key in changes} for at, name in enumerate(fields) if name != "role_id"
    }
    there = {tuple(getattr(row, name) for name in fields): row for row in model.objects.filter(**narrowed)}
    new: list[Model] = []
    changed: list[Model] = []
    empty: list[Model] = []
    for key, change in changes.items():
        row = there.get(key)
        if row is None:
            new.append(model(**dict(zip(fields, key, strict=True)), postings=change))
            continue
        row.postings += change
        (changed if row.postings else empty).append(row)
    model.objects.bulk_create(new, batch_size=_BATCH)
    model.objects.bulk_update(changed, ["postings"], batch_size=_BATCH)
    model.objects.filter(id__in=[row.pk for row in empty]).delete()
