"""Evidence of surveys: how response, weights and statistics were computed, and from how many answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhiqiao.infra.ui import formats
from zhiqiao.platform.data.evidence import Hop, resolver
from zhiqiao.platform.data.models import PostSurvey
from zhiqiao.platform.data.survey.counting import METHOD_VERSION, count
from zhiqiao.platform.data.survey.selectors import OUTCOME_LABELS, get_survey
from zhiqiao.platform.governance.api import Actor, visible

__all__ = ["survey_hop"]


def _titles(actor: Actor, uuids: Sequence[UUID]) -> Mapping[UUID, str]:
    rows = visible(actor, "surveys.read", PostSurvey.objects.filter(uuid__in=uuids))
    return {row.uuid: row.title for row in rows}


@resolver("post_survey", label=gettext_lazy("岗位调研"), titles=_titles)
def survey_hop(actor: Actor, uuid: UUID) -> Hop:
    """Return who was asked and answered in a survey, how it was drawn and how its figures are computed."""
    row = get_survey(actor, uuid)
    counted = count(row)
    response, weights = counted.response, counted.weights
    facts: list[tuple[str, object]] = [
        (_("抽样框"), len(counted.units)),
        (_("样本企业"), response.drawn),
        *((str(label), response.counts.get(outcome, 0)) for outcome, label in OUTCOME_LABELS.items()),
        (_("随机种子"), row.draw.get("seed") or None),
        (_("有效样本量"), f"{weights.effective:.1f}" if weights else None),
    ]
    return Hop(
        kind="post_survey",
        uuid=uuid,
        title=row.title,
        facts=facts,
        how=_(
            "按产业、规模、县区分层，层内以种子和企业名称的 SHA-256 为序抽取；回收率 = 答复 / 抽中（撤回的不计），"
            "再用的旧答案不计入回收率。比例用 Wilson 区间，平均数用 t 区间，按事后分层加权，有效样本量按 Kish 计算。"
            "不到三家企业的数字不显示。"
        ),
        method="engines.surveys",
        method_version=METHOD_VERSION,
        at=row.updated_at,
        url=reverse("data:survey_results", args=[uuid]),
        value=formats.percent(response.rate) if response.rate is not None else "",
        is_demo=row.is_demo,
    )
