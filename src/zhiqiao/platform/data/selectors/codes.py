"""What a posting's page and the lists say of its codes: post, industry, form of work, signals to check."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cache

from django.db.models import Q
from django.utils.translation import gettext as _

from zhiqiao.engines import jobmining
from zhiqiao.infra.db.names import Name
from zhiqiao.platform.data import signals
from zhiqiao.platform.data.lake import LakePosting
from zhiqiao.platform.data.mined_with import current_rules
from zhiqiao.platform.data.models import JobPosting, PostingExclusion, WorkForm
from zhiqiao.platform.data.selectors.demand import Live

__all__ = ["Doubted", "PersonSaid", "PostingCodes", "code_choices", "codes_of", "doubted", "only"]

#: Choices of the filter on what a person decided.
EXCLUDED, CORRECTED, SEVERE = "excluded", "corrected", "severe"
#: Choices of the filter on what figures count: all that one sees, or those of the region's results.
COUNTED, SHARED = "counted", "shared"


@dataclass(frozen=True)
class PersonSaid:
    """What a person decided: who, when, why."""

    person: str
    at: dt.datetime
    reason: str


@dataclass(frozen=True)
class PostingCodes:
    """The codes of one posting; what is not known says why."""

    confidence: float | None
    corrected: PersonSaid | None
    no_role: str
    industry: Name | None
    no_industry: str
    work_form: str
    no_work_form: str
    doubts: tuple[signals.Doubt, ...]
    excluded: PersonSaid | None


@dataclass(frozen=True)
class Doubted:
    """How many postings behind a page carry severe signals, and how many people took out of the figures."""

    severe: int
    excluded: int


def codes_of(row: JobPosting, found: LakePosting | None) -> PostingCodes:
    """Return the codes of a posting that came with its import and its correction."""
    link = getattr(row, "corrected", None)
    correction = link.correction if link else None
    return PostingCodes(
        confidence=row.role_confidence,
        corrected=PersonSaid(str(correction.person or ""), correction.created_at, correction.reason)
        if correction
        else None,
        no_role=_("有人判断没有对应岗位") if correction else _("职位名称不足以归入某个岗位"),
        industry=signals.sections().get(row.industry_code),
        no_industry=_why_no_industry(row, found),
        work_form=str(WorkForm(row.work_form).label) if row.work_form else "",
        no_work_form=_("招聘信息没有写明") if row.is_coded else _("导入时还没有这项编码"),
        doubts=tuple(signals.doubts_of(row, found)),
        excluded=_excluded(row),
    )


def doubted(among: Live) -> Doubted:
    """Count the postings with severe signals that count, and those that do not count."""
    rows = JobPosting.objects.filter(posting_import__in=among.ids)
    out = rows.filter(is_excluded=True, uuid__in=PostingExclusion.objects.values("posting_uuid"))
    return Doubted(signals.with_severe_signal(rows.filter(is_excluded=False)).count(), out.count())


def code_choices() -> dict[str, list[tuple[str, str]]]:
    """Return what the filters of codes offer."""
    return {
        "signal": [
            (SEVERE, _("任何严重信号")),
            *((code, str(kind.name)) for code, kind in signals.kinds().items()),
        ],
        "industry": [(letter, f"{letter} {name}") for letter, name in signals.sections().items()],
        "form": [(str(value), str(label)) for value, label in WorkForm.choices],
        "counted": [(COUNTED, _("计入岗位统计")), (SHARED, _("计入区域统计"))],
        "decided": [(EXCLUDED, _("不计入统计")), (CORRECTED, _("岗位由人更正"))],
    }


def only(value: str) -> Q:
    """Return which postings a choice of the filter on what people decided means."""
    return Q(is_excluded=True) if value == EXCLUDED else Q(corrected__isnull=False)


def _excluded(row: JobPosting) -> PersonSaid | None:
    if not row.is_excluded:
        return None
    said = PostingExclusion.objects.select_related("person").filter(posting_uuid=row.uuid).first()
    return PersonSaid(str(said.person or ""), said.created_at, said.reason) if said else None


def _why_no_industry(row: JobPosting, found: LakePosting | None) -> str:
    if not row.is_coded:
        return _("导入时还没有这项编码")
    written = found.industry.strip() if found else ""
    if not written or _industries().find(written).reason == "empty":
        return _("招聘信息没有写明行业")
    return _("写的是“%(written)s”，归不到某个门类") % {"written": written[:60]}


@cache
def _industries() -> jobmining.IndustryIndex:
    return jobmining.IndustryIndex(current_rules().industries)
