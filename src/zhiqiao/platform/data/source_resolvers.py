"""Evidence of pay figures: the postings of one source that state it, or the row of the guideline it stands in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.db.models import Q
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhiqiao.infra.db.names import Name
from zhiqiao.infra.ui import formats
from zhiqiao.platform.data.evidence import Hop, Link, resolver
from zhiqiao.platform.data.figures import read_pay_uuid
from zhiqiao.platform.data.merging import merging_rules
from zhiqiao.platform.data.models import GuidelineWage, JobPosting, JobRole, Source
from zhiqiao.platform.data.pay import PayFigure, quantile
from zhiqiao.platform.data.selectors.demand import Live, live_imports
from zhiqiao.platform.data.selectors.pay import posting_pay
from zhiqiao.platform.governance.api import Actor, can, get_visible, require, visible

__all__ = ["guideline_hop", "pay_hop"]

_NEIGHBOURS = 10


def _pay_titles(actor: Actor, uuids: Sequence[UUID]) -> Mapping[UUID, str]:
    if not can(actor, "postings.read"):
        return {}
    figures = {uuid: found for uuid in uuids if (found := read_pay_uuid(uuid))}
    roles = JobRole.objects.in_bulk([role for role, _source in figures.values()])
    sources = visible(actor, "sources.read", Source.objects.all()).in_bulk(
        [source for _role, source in figures.values()]
    )
    return {
        uuid: _title(roles[role], sources[source])
        for uuid, (role, source) in figures.items()
        if role in roles and source in sources
    }


def _title(role: JobRole, source: Source) -> str:
    return _("%(role)s 的月薪（%(source)s）") % {
        "role": Name(role.name_zh, role.name_en),
        "source": source.name,
    }


@resolver("source_pay", label=gettext_lazy("来源所说的薪酬"), titles=_pay_titles)
def pay_hop(actor: Actor, uuid: UUID) -> Hop:
    """Return quartiles of the pay that the postings of one source state for a post, and some of the postings."""
    require(actor, "postings.read")
    pair = read_pay_uuid(uuid)
    role = JobRole.objects.filter(pk=pair[0]).first() if pair else None
    if pair is None or role is None:
        raise Http404
    imports = tuple(live_imports(actor).filter(source=pair[1]).select_related("source"))
    figures = posting_pay(Live(imports), [role.pk])[role.pk]
    if not figures:
        raise Http404
    figure, source = figures[0], imports[0].source
    rows = _stating(actor, role.pk, source.pk)
    return Hop(
        kind="source_pay",
        uuid=uuid,
        title=_title(role, source),
        facts=[
            (_("写明月薪的招聘信息"), figure.postings),
            (_("来源的可信等级"), figure.trust or _("未评定")),
            (_("时段"), " – ".join(figure.period) if figure.period else None),
            (_("下四分位"), formats.number(figure.low or 0)),
            (_("上四分位"), formats.number(figure.high or 0)),
        ],
        how=_("取每条招聘信息所写月薪范围的中点，只在这个来源之内求四分位数；不同来源不合并。"),
        method="data.pay",
        method_version=merging_rules().version,
        basis=[
            *(Link("posting_import", row.uuid, row.file_name, _("来自这次导入")) for row in imports[:5]),
            *(Link("posting", row.uuid, row.title, row.company) for row in rows[:_NEIGHBOURS]),
        ],
        more_basis=max(0, (figure.postings or 0) - _NEIGHBOURS),
        url=f"{reverse('data:postings')}?role={role.key}&source={source.uuid}",
        value=_money(figure),
        recompute=lambda: _recount(actor, role.pk, source.pk),
        is_demo=source.is_demo,
    )


def _guideline_titles(actor: Actor, uuids: Sequence[UUID]) -> Mapping[UUID, str]:
    if not can(actor, "postings.read"):
        return {}
    rows = visible(actor, "postings.read", GuidelineWage.objects.filter(uuid__in=uuids))
    return {row.uuid: f"{row.title} · {row.place} {row.year}" for row in rows}


@resolver("guideline_wage", label=gettext_lazy("工资指导价位"), titles=_guideline_titles)
def guideline_hop(actor: Actor, uuid: UUID) -> Hop:
    """Return one published wage with the file and row it stands in."""
    rows = GuidelineWage.objects.select_related("table__source", "role")
    row = get_visible(actor, "postings.read", rows, uuid=uuid)
    return Hop(
        kind="guideline_wage",
        uuid=uuid,
        title=f"{row.title} · {row.place} {row.year}",
        facts=[
            (_("来源"), row.table.source.name),
            (_("来源的可信等级"), row.table.source.trust or _("未评定")),
            (_("文件"), row.table.file_name),
            (_("文件中的行"), row.row),
            (_("低位"), row.low),
            (_("中位"), row.median),
            (_("高位"), row.high),
            (_("单位"), row.get_unit_display()),
        ],
        how=_("按公布的表逐行读入，没有计算；与招聘信息比较时，年薪除以十二。"),
        method="data.wages",
        method_version=merging_rules().version,
        at=row.created_at,
        url=reverse("data:wages", args=[row.table.uuid]),
        value=f"{row.median} {row.get_unit_display()}",
        is_demo=row.table.source.is_demo,
    )


def _stating(actor: Actor, role: int, source: int) -> list[JobPosting]:
    rows = visible(actor, "postings.read", JobPosting.objects.live()).filter(
        role=role, posting_import__source=source
    )
    return list(rows.filter(Q(salary_min__isnull=False) | Q(salary_max__isnull=False)).order_by("id"))


def _recount(actor: Actor, role: int, source: int) -> str:
    """Compute the median again from the single postings instead of the stored counts."""
    counts: dict[int, int] = {}
    for row in _stating(actor, role, source):
        low = row.salary_min if row.salary_min is not None else row.salary_max
        high = row.salary_max if row.salary_max is not None else row.salary_min
        middle = ((low or 0) + (high or 0)) // 2
        counts[middle] = counts.get(middle, 0) + 1
    return _("%(pay)s 元/月") % {"pay": formats.number(quantile(counts, 0.5))}


def _money(figure: PayFigure) -> str:
    return _("%(pay)s 元/月") % {"pay": formats.number(figure.median or 0)}
