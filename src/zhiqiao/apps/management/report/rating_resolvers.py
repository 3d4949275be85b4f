"""Evidence of a report's quality: how many gave which marks; no marks of a single person."""

from __future__ import annotations

from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhiqiao.apps.management.report.rating import rated, rubric
from zhiqiao.apps.management.report.resolvers import edition_title, edition_titles
from zhiqiao.apps.management.report.selectors import edition_row
from zhiqiao.engines.report import Quality
from zhiqiao.infra.ui import formats
from zhiqiao.platform.data.api import Hop, Link, resolver
from zhiqiao.platform.governance.api import Actor


@resolver("report_quality", label=gettext_lazy("报告质量"), titles=edition_titles)
def quality_hop(actor: Actor, uuid: UUID) -> Hop:
    """Return the quality of an edition (its uuid) with the mean of each criterion."""
    row = edition_row(actor, uuid)
    found = rated(actor, row)
    lines = found.quality.criteria if found.quality else ()
    chinese = formats.is_chinese()
    return Hop(
        kind="report_quality",
        uuid=uuid,
        title=edition_title(row),
        facts=[
            (_("评分人数"), found.raters),
            *(
                (one.criterion.zh if chinese else one.criterion.en, f"{one.mean:.1f} / {rubric().top}")
                for one in lines
            ),
        ],
        how=_(
            "取每位评分人最近一次的评分，先求各项平均，再对各项平均，除以满分；至少两人评分才计算。"
            "一致性为二次加权 κ，取各对评分人的平均。"
        ),
        method="report-quality",
        method_version=rubric().version,
        basis=[Link("report_edition", row.uuid, edition_title(row), _("被评的报告"))],
        url=reverse("management:report_quality", args=[uuid]),
        value=_value(found.quality),
        recompute=lambda: _value(rated(actor, row).quality),
        is_demo=row.is_demo,
    )


def _value(found: Quality | None) -> str:
    return formats.percent(found.share) if found else _("未知")
