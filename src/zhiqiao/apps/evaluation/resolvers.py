"""Evidence of weights: the study, and each item with the judgements behind it, which name nobody."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhiqiao.apps.evaluation import selectors, words
from zhiqiao.apps.evaluation.computing import Asked
from zhiqiao.apps.evaluation.errors import NoResult
from zhiqiao.apps.evaluation.loading import asked_up_to
from zhiqiao.apps.evaluation.models import RoundState, StudyItem, StudyKind, StudyRound, WeightStudy
from zhiqiao.apps.evaluation.parameters import kept
from zhiqiao.apps.evaluation.results import as_weight
from zhiqiao.apps.evaluation.tree import leaves
from zhiqiao.infra.db.names import Name
from zhiqiao.infra.ui import formats
from zhiqiao.platform.data.api import Hop, Link, resolver
from zhiqiao.platform.governance.api import Actor, get_visible, visible

Fact = tuple[str, object]


def _study_titles(actor: Actor, uuids: Sequence[UUID]) -> Mapping[UUID, str]:
    rows = visible(actor, "studies.read", WeightStudy.objects.filter(uuid__in=uuids))
    return dict(rows.values_list("uuid", "title"))


@resolver("weight_study", label=gettext_lazy("权重研究"), titles=_study_titles)
def study_hop(actor: Actor, uuid: UUID) -> Hop:
    """Return a study with its last closed round and the items the weights belong to."""
    view = selectors.study(actor, uuid)
    tree = selectors.items(view)
    last = view.closed_rounds[-1] if view.closed_rounds else None
    row = selectors.closed_round(actor, uuid) if last else None
    facts: list[Fact] = [
        (_("方法"), view.kind_label),
        (_("组织单位"), view.owner),
        (_("状态"), view.state_label),
    ]
    facts += [
        (
            _("第 %(round)s 轮") % {"round": one.number},
            _response(one.progress.submitted, one.progress.invited),
        )
        for one in view.closed_rounds
    ]
    facts += _figures(row, tree) if row else []
    return Hop(
        kind="weight_study",
        uuid=uuid,
        title=view.title,
        facts=facts,
        how=_("由专家的判断计算，只计入已提交的答卷；每一轮的判断都留存。"),
        method=words.method(view.kind, kept(view.row.parameters)),
        at=last.closed_at if last else None,
        basis=[Link("study_item", item.uuid, str(Name(item.name_zh, item.name_en))) for item in leaves(tree)],
        url=reverse("evaluation:results", args=[uuid]),
        value=_listed(row.result["weights"], tree) if row else "",
        recompute=(lambda: _recomputed(row, tree)) if row else None,
        is_demo=view.is_demo,
    )


def _figures(row: StudyRound, tree: Sequence[StudyItem]) -> list[Fact]:
    """Return what the last closed round says beside its weights."""
    try:
        found = selectors.result(row, tree)
    except NoResult as error:
        return [(_("没有可用的权重"), str(error))]
    if found.ahp is not None:
        counted = [
            f"{one.found.cr:.3f}" for one in sorted(found.ahp.consistency, key=lambda one: one.found.cr)
        ]
        return [(_("总体 CR"), f"{found.ahp.whole.cr:.3f}"), (_("各位专家的 CR"), _("、").join(counted))]
    assert found.delphi is not None
    last = found.delphi.rounds[-1]
    facts: list[Fact] = []
    if last.concordance and last.concordance.w is not None and last.concordance.p is not None:
        facts.append((_("协调系数 W"), f"{last.concordance.w:.3f} (p = {last.concordance.p:.4f})"))
    if last.authority.mean is not None:
        facts.append((_("权威程度 Cr"), f"{last.authority.mean:.2f}"))
    return facts


def _response(submitted: int, invited: int) -> str:
    share = formats.percent(submitted / invited) if invited else _("未知")
    return _("提交 %(done)s / %(all)s（%(share)s）") % {"done": submitted, "all": invited, "share": share}


def _listed(found: Mapping[str, float], tree: Sequence[StudyItem]) -> str:
    parts = [
        f"{Name(item.name_zh, item.name_en)} {as_weight(found[str(item.uuid)])}"
        for item in leaves(tree)
        if str(item.uuid) in found
    ]
    return _("、").join(parts) or _("没有可用的权重")


def _recomputed(row: StudyRound, tree: Sequence[StudyItem]) -> str:
    try:
        found = selectors.result(row, tree)
    except NoResult:
        return _listed({}, tree)
    return _listed({str(one.uuid): one.weight for one in found.weights}, tree)


def _item_titles(actor: Actor, uuids: Sequence[UUID]) -> Mapping[UUID, str]:
    rows = visible(actor, "studies.read", StudyItem.objects.filter(uuid__in=uuids))
    return {row.uuid: str(Name(row.name_zh, row.name_en)) for row in rows}


@resolver("study_item", label=gettext_lazy("研究条目"), titles=_item_titles)
def item_hop(actor: Actor, uuid: UUID) -> Hop:
    """Return an item with its weight in every closed round and the judgements, ordered by size and without names."""
    item = get_visible(actor, "studies.read", StudyItem.objects.select_related("study"), uuid=uuid)
    study = item.study
    rounds = list(StudyRound.objects.filter(study=study, state=RoundState.CLOSED).select_related("study"))
    tree = list(study.items.all())
    last = rounds[-1] if rounds else None
    asked = asked_up_to(study, last.number, items=tree) if last else None
    facts: list[Fact] = []
    for row in rounds:
        weight = row.result["weights"].get(str(uuid))
        title = _("第 %(round)s 轮权重") % {"round": row.number}
        facts.append((title, as_weight(weight) if weight is not None else _("没有可用的权重")))
        if asked is not None:
            facts += _judgements(asked, item, row.number)
    return Hop(
        kind="study_item",
        uuid=uuid,
        title=str(Name(item.name_zh, item.name_en)),
        facts=facts,
        how=_how(study, item, tree),
        method=words.method(study.kind, kept(study.parameters)),
        at=last.closed_at if last else None,
        basis=[
            Link("study_item", one.uuid, str(Name(one.name_zh, one.name_en)))
            for one in tree
            if one.parent_id == item.id
        ],
        derived=[Link("weight_study", study.uuid, study.title)],
        url=reverse("evaluation:results", args=[study.uuid]),
        value=_value(last.result["weights"].get(str(uuid))) if last else "",
        recompute=(lambda: _recomputed_item(last, tree, uuid)) if last else None,
        is_demo=study.is_demo,
    )


def _how(study: WeightStudy, item: StudyItem, tree: Sequence[StudyItem]) -> str:
    if study.kind == StudyKind.AHP:
        return _("把各位专家的两两比较取几何平均，求主特征向量；下层条目再乘以上层权重。")
    if any(one.parent_id == item.id for one in tree):
        return _("维度的权重是其下各条目权重之和。")
    return _("条目平均分除以所有条目平均分之和。")


def _value(weight: float | None) -> str:
    return as_weight(weight) if weight is not None else _("没有可用的权重")


def _recomputed_item(row: StudyRound, tree: Sequence[StudyItem], uuid: UUID) -> str:
    try:
        return _value(selectors.result(row, tree).of(uuid))
    except NoResult:
        return _value(None)


def _judgements(asked: Asked, item: StudyItem, number: int) -> list[Fact]:
    """Return the judgements of a round about an item; where too few answered they are withheld."""
    found: dict[str, list[float]] = {}
    for one in asked.given:
        if one.round != number or item.id not in {one.item.id, one.other.id if one.other else None}:
            continue
        if one.other is None:
            found.setdefault(_("评分"), []).append(one.value)
        else:
            is_first = one.item.id == item.id
            other = one.other if is_first else one.item
            title = _("比“%(other)s”") % {"other": Name(other.name_zh, other.name_en)}
            found.setdefault(title, []).append(one.value if is_first else 1 / one.value)
    least = kept(asked.study.parameters).rules.least_answers
    return [(title, _shown(values, least)) for title, values in found.items()]


def _shown(values: Sequence[float], least: int) -> str:
    if len(values) < least:
        return _("作答人数过少，为保护匿名不显示")
    return _("、").join(
        f"{value:g}" if value >= 1 else f"1/{round(1 / value, 2):g}" for value in sorted(values)
    )
