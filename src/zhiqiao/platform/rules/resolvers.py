"""Evidence of checks: a check with its document and rules, and each finding with its inputs and the rule's text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhiqiao.platform.data.api import Hop, Link, SourceText, resolver
from zhiqiao.platform.governance.api import Actor
from zhiqiao.platform.rules import checking, selectors
from zhiqiao.platform.rules.books import said
from zhiqiao.platform.rules.errors import Damaged
from zhiqiao.platform.rules.models import RuleCheck, RuleFinding
from zhiqiao.platform.rules.showing import finding_view, set_name

__all__ = ["check_hop", "finding_hop"]

METHOD = "rules"
_INPUTS_SHOWN = 40


def _title(row: RuleCheck) -> str:
    return _("%(title)s，%(day)s 的检查") % {"title": row.title, "day": row.on}


def _check_titles(actor: Actor, uuids: Sequence[UUID]) -> Mapping[UUID, str]:
    return {row.uuid: _title(row) for row in selectors.checks(actor).filter(uuid__in=uuids)}


@resolver("rule_check", label=gettext_lazy("规则检查"), titles=_check_titles)
def check_hop(actor: Actor, uuid: UUID) -> Hop:
    """Return a kept check; recomputing checks the kept document once more by the kept rules."""
    row = selectors.check_row(actor, uuid)
    told = {"a": row.blocking, "b": row.failing, "c": row.missing}
    return Hop(
        kind="rule_check",
        uuid=uuid,
        title=_title(row),
        value=_("阻止 %(a)s，不符合 %(b)s，缺数据 %(c)s") % told,
        facts=[
            (_("行为日期"), row.on.isoformat()),
            (_("区域"), row.region or None),
            *((set_name(name), version) for name, version in sorted(row.versions.items()) if name != "book"),
            (_("文件 SHA-256"), row.document_digest),
            (_("规则文本 SHA-256"), row.rules.digest),
        ],
        how=_(
            "按行为日期当天有效的规则逐条判断；文件、规则文本、参数和查到的目录条目都在检查时保存，不再改变。豁免另行注明。"
        ),
        method=METHOD,
        method_version=row.versions.get("book", "")[:12],
        at=row.at,
        url=reverse("rules:check", args=[uuid]),
        recompute=lambda: _again(row),
        is_demo=row.is_demo,
    )


@resolver("rule_finding", label=gettext_lazy("检查结果"))
def finding_hop(actor: Actor, uuid: UUID) -> Hop:
    """Return one finding: what was computed from which inputs, by which text, and whether it is waived today."""
    found = RuleFinding.objects.filter(uuid=uuid).select_related("check_row").first()
    if found is None:
        raise Http404
    row = selectors.check_row(actor, found.check_row.uuid)
    try:
        one = checking.report_of(row).findings[found.number]
        judged = [rule for rule in checking.rules_of(row).judged if rule.id == one.rule]
        marked = selectors.marked_views(row, on=timezone.localdate())[1][found.number]
    except Damaged as error:
        return Hop(kind="rule_finding", uuid=uuid, title=found.rule, how=str(error))
    view = finding_view(one, found.number)
    text = said(judged[0].text) if judged else ""
    where = " · ".join(part for part in (view.source.document, view.source.article, view.source.note) if part)
    return Hop(
        kind="rule_finding",
        uuid=uuid,
        title=f"{view.rule} {view.title}",
        value=str(view.outcome_label),
        facts=[
            (_("结果"), view.message),
            (_("今天"), str(marked.outcome_label)),
            (_("改法"), view.fix),
            (_("规则有效期"), view.valid or _("一直有效")),
            *(
                (name, None if value is None else f"{value} · {at}")
                for name, at, value in view.inputs[:_INPUTS_SHOWN]
            ),
        ],
        how=_("由文件中的 %(count)s 个数据算出。") % {"count": len(view.inputs)},
        method=f"{METHOD}.{judged[0].predicate}" if judged else METHOD,
        method_version=one.version,
        at=row.at,
        basis=[Link("rule_check", row.uuid, _title(row))],
        sources=[SourceText(((text, False),), url=view.source.url, note=where)],
        url=f"{reverse('rules:check', args=[row.uuid])}#finding-{found.number}",
        recompute=lambda: _again(row),
        is_demo=row.is_demo,
    )


def _again(row: RuleCheck) -> str:
    try:
        same = checking.again(row)
    except (Damaged, KeyError) as error:
        return _("不能重新计算：%(why)s") % {"why": error}
    return _("重新检查，结果相同") if same else _("重新检查，结果不同")
