"""Weights into frameworks: a study of a framework's parts is begun, its owner takes the weights into a draft.

Parts are matched by their keys. Nothing is published from here, and a quoted weight is replaced only where the person
says so.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from zhiqiao.apps.evaluation.actions import StudyText, create_study
from zhiqiao.apps.evaluation.errors import BadStudy, NotNow
from zhiqiao.apps.evaluation.models import StudyItem, StudyKind, WeightStudy
from zhiqiao.apps.evaluation.selectors import FinalWeights, final_weights
from zhiqiao.infra.db.names import Name
from zhiqiao.infra.ui import formats
from zhiqiao.platform.data.api import (
    FrameworkVersionView,
    Refused,
    WeightOrigin,
    framework_version,
    set_weights,
)
from zhiqiao.platform.governance.api import Actor, audit, get_visible, visible

__all__ = ["Siblings", "changes_since", "siblings_of", "start_study", "studies_of", "take_weights"]

_SUM = 1e-9


@dataclass(frozen=True)
class Siblings:
    """Parts that are weighed against each other: the dimensions (`part` empty), or the indicators of a dimension."""

    part: str
    title: str
    names: Mapping[str, Name]
    weights: Mapping[str, tuple[float | None, str]]

    @property
    def quoted(self) -> list[tuple[Name, float]]:
        """Return the parts whose weight is quoted from a source."""
        return [
            (self.names[key], value)
            for key, (value, state) in self.weights.items()
            if state == "quoted" and value is not None
        ]

    @property
    def can_be_weighed(self) -> bool:
        """Tell whether there is anything to compare."""
        return len(self.names) > 1

    def path(self, key: str) -> str:
        """Return what names a part in the whole framework."""
        return f"{self.part}/{key}" if self.part else key


def siblings_of(view: FrameworkVersionView) -> list[Siblings]:
    """Return what can be weighed in a version: its dimensions, and the indicators of each."""
    found = [
        Siblings(
            "",
            _("维度"),
            {one.key: one.name for one in view.dimensions},
            {one.key: (one.weight.value, one.weight.state) for one in view.dimensions},
        )
    ]
    found += [
        Siblings(
            dimension.key,
            _("“%(name)s”的指标") % {"name": dimension.name},
            {one.key: one.name for one in dimension.indicators},
            {one.key: (one.weight.value, one.weight.state) for one in dimension.indicators},
        )
        for dimension in view.dimensions
    ]
    return found


@transaction.atomic
def start_study(acting: Actor, version: UUID, *, part: str, kind: str, highest: int = 5) -> WeightStudy:
    """Begin a study of the dimensions of a version, or of the indicators of one dimension; raises BadStudy."""
    view = framework_version(acting, version)
    group = _group(view, part)
    if kind not in StudyKind.values or not group.can_be_weighed:
        raise BadStudy([_("至少要有两项才能比较轻重。请先在能力标准里补上。")])
    lines = [f"{one.zh.replace('|', '/')} | {one.en}".rstrip(" |") for one in group.names.values()]
    text = StudyText(
        title=_("%(framework)s：%(group)s的权重") % {"framework": view.name, "group": group.title},
        purpose=_("为能力标准“%(name)s”第 %(number)s 版定权重。")
        % {"name": view.name, "number": view.number},
        kind=kind,
        items="\n".join(lines),
        highest=highest,
        framework_key=view.key,
    )
    study = create_study(text, acting=acting, is_demo=view.is_demo)
    items = list(study.items.order_by("position"))
    if len(items) != len(group.names) or any(item.parent_id for item in items):
        raise BadStudy([_("能力标准里有名称不能用作研究条目；名称不要以“-”开头。")])
    for item, key in zip(items, group.names, strict=True):
        item.part_key = key
        item.save(update_fields=["part_key", "updated_at"])
    study.framework_uuid, study.framework_version_uuid = view.framework_uuid, view.uuid
    study.framework_part = part
    study.save()
    audit(acting, "study.from_framework", study, detail={"version": str(view.uuid), "part": part})
    return study


def studies_of(acting: Actor, framework: UUID) -> list[WeightStudy]:
    """Return the studies of a framework's parts that the person may see, the latest first."""
    rows = visible(acting, "studies.read", WeightStudy.objects.filter(framework_uuid=framework))
    return list(rows.order_by("-created_at", "-id"))


def changes_since(group: Siblings, items: Sequence[StudyItem], weighed: Collection[str]) -> list[str]:
    """Return what of a group is no longer what the study asked about; empty where its weights fit."""
    asked = {item.part_key: item.name_zh for item in items}
    found = [_("新增了“%(name)s”") % {"name": name} for key, name in group.names.items() if key not in asked]
    found += [_("少了“%(name)s”") % {"name": name} for key, name in asked.items() if key not in group.names]
    found += [
        _("“%(old)s”改名为“%(new)s”") % {"old": name, "new": group.names[key].zh}
        for key, name in asked.items()
        if key in group.names and group.names[key].zh.replace("|", "/").strip() != name
    ]
    found += [
        _("专家删去了“%(name)s”，它没有权重") % {"name": name}
        for key, name in asked.items()
        if key in group.names and key not in weighed
    ]
    return found


@transaction.atomic
def take_weights(
    acting: Actor, study_uuid: UUID, draft: UUID, *, seen: int, replace_quoted: bool = False
) -> FinalWeights:
    """Write the final weights of a closed study into a draft of its framework; the draft stays a draft.

    Raises NoResult while the study has no final weights, NotNow when the draft is another framework's, has
    changed since the study asked, or holds quoted weights and `replace_quoted` is not said. 404 for who may not edit
    the framework.
    """
    study = get_visible(acting, "studies.read", WeightStudy.objects.all(), uuid=study_uuid)
    view = framework_version(acting, draft)
    if study.framework_uuid is None or study.framework_uuid != view.framework_uuid:
        raise NotNow(_("这项研究不是为这个能力标准做的。"))
    final = final_weights(acting, study_uuid)
    group, items = _group(view, study.framework_part), list(study.items.all())
    keys = {item.uuid: item.part_key for item in items}
    weighed = {keys[one.uuid]: one.local for one in final.weights if keys.get(one.uuid)}
    changed = changes_since(group, items, weighed)
    if changed:
        text = _("；").join(changed)
        raise NotNow(
            _("研究开始之后能力标准变了，不能采用：%(changes)s。请另做一项研究。") % {"changes": text}
        )
    if abs(sum(weighed.values()) - 1) > _SUM:
        raise NotNow(_("这组权重之和不为 1，不能采用。"))
    if group.quoted and not replace_quoted:
        named = _("、").join(f"{name} {formats.number(value, places=4)}" for name, value in group.quoted)
        raise NotNow(
            _("草稿里有引用的权重（%(names)s）。要用研究的结果替换它们，请勾选后再采用。") % {"names": named}
        )
    origin = WeightOrigin(
        "judged", said(final), kind="weight_study", uuid=final.study_uuid, detail=detail_of(final)
    )
    paths = {group.path(key): weight for key, weight in weighed.items()}
    try:
        set_weights(acting, draft, paths, origin, seen=seen)
    except Refused as error:
        raise NotNow(str(error)) from error
    audit(acting, "study.weights_taken", study, detail={"version": str(draft), "weights": paths})
    return final


def said(final: FinalWeights) -> str:
    """Say in one line where weights are from."""
    method = StudyKind(final.kind).label
    parts = [
        _("%(method)s“%(title)s”") % {"method": method, "title": final.title},
        _("第 %(round)s 轮，%(count)s 位专家") % {"round": final.round, "count": final.experts},
    ]
    if final.cr is not None:
        parts.append(f"CR {final.cr:.3f}")
    if final.w is not None:
        parts.append(f"W {final.w:.3f}")
    if final.is_demo:
        parts.append(_("演示数据"))
    return _("，").join(parts)


def detail_of(final: FinalWeights) -> dict[str, object]:
    """Return what each weight keeps of its study."""
    return {
        "method": final.kind,
        "study": str(final.study_uuid),
        "round": final.round,
        "experts": final.experts,
        "cr": final.cr,
        "w": final.w,
        "p": final.p,
    }


def _group(view: FrameworkVersionView, part: str) -> Siblings:
    for group in siblings_of(view):
        if group.part == part:
            return group
    raise NotNow(_("能力标准里已没有这个维度。"))
