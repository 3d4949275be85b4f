"""Marks for a published edition by people who had no part in it, and what they say together (KPI K15)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from zhiqiao.apps.management.errors import BadEdit
from zhiqiao.apps.management.models import EditionRating, EditionState, ReportEdition
from zhiqiao.apps.management.report.making import MAX_REASON
from zhiqiao.apps.management.report.signing import authors
from zhiqiao.engines.report import Quality, Rubric, quality, read_rubric
from zhiqiao.packs import common_file
from zhiqiao.platform.data.api import ScoreLine, scores_of
from zhiqiao.platform.governance.api import Actor, audit, can, get_visible

__all__ = ["RatedEdition", "rate", "rated", "rubric", "why_not"]

KEPT_FORECAST = "forecast_kept"


@cache
def rubric() -> Rubric:
    """Return the rubric in force."""
    return read_rubric(common_file("report", "quality.toml"))


@dataclass(frozen=True)
class RatedEdition:
    """Quality of an edition: None below the number of raters; `scores` are errors of the forecast it took over.

    `mine` are the marks that the reader gave last.
    """

    raters: int
    quality: Quality | None
    mine: EditionRating | None
    scores: Sequence[ScoreLine]


def rated(acting: Actor, row: ReportEdition) -> RatedEdition:
    """Return what the raters say of an edition that was already found readable, and how its forecast did."""
    sheets = _newest(row)
    kept = row.versions.get(KEPT_FORECAST)
    scores = scores_of(acting, UUID(kept)) if kept else ()
    found = quality([sheet.marks for sheet in sheets.values()], rubric())
    return RatedEdition(len(sheets), found, sheets.get(acting.user_id or 0), scores)


def why_not(acting: Actor, row: ReportEdition) -> str:
    """Return why this person may not give marks; empty when they may."""
    if row.state != EditionState.PUBLISHED:
        return _("只有已发布、未撤回的报告可以评分。")
    if acting.user_id in {
        row.made_by_id,
        row.submitted_by_id,
        row.signed_by_id,
        row.published_by_id,
        *authors(row),
    }:
        return _("您参与了这份报告，要由没有参与的人评分。")
    return "" if can(acting, "reports.rate", row) else _("您的角色不能为报告评分。")


@transaction.atomic
def rate(
    edition_uuid: UUID, *, acting: Actor, marks: Mapping[str, int], comment: str, now: dt.datetime
) -> EditionRating:
    """Give marks; given again, the newer ones count and the older stay on record.

    Raises BadEdit for people who had a part in the edition, and unless every criterion has a mark of the scale.
    """
    rows = ReportEdition.objects.select_for_update(of=("self",))
    row = get_visible(acting, "reports.rate", rows, uuid=edition_uuid)
    if reason := why_not(acting, row):
        raise BadEdit(reason)
    wanted = rubric()
    given = {one.key: marks.get(one.key, -1) for one in wanted.criteria}
    if acting.user_id is None:
        raise BadEdit(_("评分由人作出，系统不能代替。"))
    if not all(0 <= mark <= wanted.top for mark in given.values()):
        raise BadEdit(_("请为每一项选一个分数（0 到 %(top)s）。") % {"top": wanted.top})
    before = _newest(row).get(acting.user_id)
    kept = EditionRating.objects.create(
        org_root_id=row.org_root_id,
        edition=row,
        by_id=acting.user_id,
        number=before.number + 1 if before else 1,
        marks=given,
        comment=comment.replace("\x00", "").strip()[:MAX_REASON],
        rubric_version=wanted.version,
        at=now,
    )
    audit(
        acting,
        "report.rated",
        obj=("report_edition", str(row.uuid)),
        detail={"number": kept.number, "rubric": wanted.version},
    )
    return kept


def _newest(row: ReportEdition) -> dict[int, EditionRating]:
    found = EditionRating.objects.filter(edition=row, rubric_version=rubric().version).order_by("number")
    return {one.by_id: one for one in found}
