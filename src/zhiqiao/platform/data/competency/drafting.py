"""Editing of a draft version: parts added, named, ordered, moved; skills; weights from a study of weights.

Every edit names the edition it was looked at under, so that of two people the second is told; what is published is
refused here, once for all verbs.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Literal
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from zhiqiao.engines import competency
from zhiqiao.platform.data.competency.editing import said
from zhiqiao.platform.data.competency.frameworks import engine_value, version_row, version_view
from zhiqiao.platform.data.errors import Refused
from zhiqiao.platform.data.models import (
    Dimension,
    FrameworkState,
    FrameworkVersion,
    Indicator,
    IndicatorSkill,
    Skill,
)
from zhiqiao.platform.governance.api import Actor, audit

__all__ = [
    "WeightOrigin",
    "add_dimension",
    "add_indicator",
    "add_skill",
    "move_indicator",
    "move_skill",
    "open_draft",
    "remove_part",
    "remove_skill",
    "rename_part",
    "set_weights",
    "shift_part",
]

_LONGEST = 200


@dataclass(frozen=True)
class WeightOrigin:
    """Where weights are from: quoted, judged or computed, by what; `kind` and `uuid` name the evidence.

    `detail` is kept with each weight: of a study its method, uuid, round, experts and CR or W.

    For weights given as None, `source` is the reason why they are unknown.
    """

    state: Literal["quoted", "judged", "computed"]
    source: str
    kind: str = ""
    uuid: UUID | None = None
    detail: Mapping[str, object] = field(default_factory=dict)


@contextmanager
def open_draft(actor: Actor, uuid: UUID, seen: int | None, verb: str) -> Iterator[FrameworkVersion]:
    """Lock a draft for one edit, raise its edition and leave a trace; Refused when published or edited by another.

    `seen` is the edition the person looked at; None for a caller that writes whatever stands there.
    """
    with transaction.atomic():
        found = version_row(actor, "frameworks.manage", uuid)
        row = FrameworkVersion.objects.select_for_update().filter(pk=found.pk).first()
        if row is None:
            raise Refused(_("这份草稿刚刚被删除，您的修改没有保存。"))
        if row.state != FrameworkState.DRAFT:
            raise Refused(_("已发布的版本不能再改；请建立新的草稿。"))
        if seen is not None and row.edition != seen:
            raise Refused(_("刚才有人改过这份草稿，您的修改没有保存。请看清现在的内容再改。"))
        row.edition += 1
        row.save(update_fields=["edition", "updated_at"])
        yield row
        audit(actor, "frameworks.edited", row, detail={"verb": verb, "edition": row.edition})


def add_dimension(
    actor: Actor, version: UUID, name_zh: str, name_en: str = "", *, seen: int | None
) -> Dimension:
    """Add a dimension at the end."""
    with open_draft(actor, version, seen, "add_dimension") as row:
        return Dimension.objects.create(
            version=row,
            key=_new_key(Dimension, row, "d"),
            sort=_last(Dimension, version=row),
            **_names(name_zh, name_en),
        )


def add_indicator(
    actor: Actor, version: UUID, dimension: UUID, name_zh: str, name_en: str = "", *, seen: int | None
) -> Indicator:
    """Add an indicator at the end of a dimension."""
    with open_draft(actor, version, seen, "add_indicator") as row:
        parent = _dimension(row, dimension)
        return Indicator.objects.create(
            version=row,
            dimension=parent,
            key=_new_key(Indicator, row, "i"),
            sort=_last(Indicator, dimension=parent),
            **_names(name_zh, name_en),
        )


def rename_part(
    actor: Actor, version: UUID, part: UUID, name_zh: str, name_en: str = "", *, seen: int | None
) -> None:
    """Name a dimension or an indicator anew."""
    with open_draft(actor, version, seen, "rename") as row:
        found = _part(row, part)
        type(found).objects.filter(pk=found.pk).update(**_names(name_zh, name_en))


def remove_part(actor: Actor, version: UUID, part: UUID, *, seen: int | None) -> None:
    """Remove an indicator with its skills, or a dimension that has no indicators left."""
    with open_draft(actor, version, seen, "remove") as row:
        found = _part(row, part)
        if isinstance(found, Dimension) and found.indicators.exists():
            raise Refused(_("“%(name)s”下还有指标；请先移走或删除它们。") % {"name": found.name_zh})
        found.delete()


def shift_part(
    actor: Actor, version: UUID, part: UUID, direction: Literal["up", "down"], *, seen: int | None
) -> None:
    """Move a part one place among its neighbours; at the end nothing happens."""
    with open_draft(actor, version, seen, "shift") as row:
        found = _part(row, part)
        siblings = row.dimensions if isinstance(found, Dimension) else found.dimension.indicators
        ordered: list[Dimension | Indicator] = list(siblings.order_by("sort", "id"))
        at = [one.pk for one in ordered].index(found.pk)
        to = at + (-1 if direction == "up" else 1)
        if 0 <= to < len(ordered):
            ordered[at], ordered[to] = ordered[to], ordered[at]
        for place, one in enumerate(ordered, start=1):
            one.sort = place
            one.save(update_fields=["sort", "updated_at"])


def move_indicator(actor: Actor, version: UUID, indicator: UUID, to: UUID, *, seen: int | None) -> None:
    """Move an indicator to the end of another dimension; its weight was among other neighbours and is unknown then."""
    with open_draft(actor, version, seen, "move_indicator") as row:
        found, target = _indicator(row, indicator), _dimension(row, to)
        if found.dimension_id == target.pk:
            raise Refused(_("“%(name)s”已在这个维度中。") % {"name": found.name_zh})
        found.dimension, found.sort = target, _last(Indicator, dimension=target)
        found.weight, found.weight_state = None, "unknown"
        found.weight_source = found.weight_kind = ""
        found.weight_uuid, found.weight_detail = None, {}
        found.save()


def add_skill(actor: Actor, version: UUID, indicator: UUID, skill_key: str, *, seen: int | None) -> None:
    """Put a skill of the catalogue into an indicator."""
    with open_draft(actor, version, seen, "add_skill") as row:
        target = _indicator(row, indicator)
        skill = Skill.objects.filter(key=skill_key, is_active=True).first()
        if skill is None:
            raise Refused(_("目录里没有这个技能，请重新选择。"))
        there = IndicatorSkill.objects.filter(version=row, skill=skill).select_related("indicator").first()
        if there is not None:
            raise Refused(
                _("技能“%(skill)s”已在指标“%(name)s”中；一项技能只放在一处。")
                % {"skill": skill.name_zh, "name": there.indicator.name_zh}
            )
        IndicatorSkill.objects.create(
            version=row, indicator=target, skill=skill, sort=_last(IndicatorSkill, indicator=target)
        )


def remove_skill(actor: Actor, version: UUID, skill_key: str, *, seen: int | None) -> None:
    """Take a skill out of the framework."""
    with open_draft(actor, version, seen, "remove_skill") as row:
        _line(row, skill_key).delete()


def move_skill(actor: Actor, version: UUID, skill_key: str, to: UUID, *, seen: int | None) -> None:
    """Move a skill to the end of another indicator."""
    with open_draft(actor, version, seen, "move_skill") as row:
        line, target = _line(row, skill_key), _indicator(row, to)
        line.indicator, line.sort = target, _last(IndicatorSkill, indicator=target)
        line.weight, line.weight_state, line.weight_source = None, "unknown", ""
        line.weight_kind, line.weight_uuid, line.weight_detail = "", None, {}
        line.save()


def set_weights(
    acting: Actor,
    version_uuid: UUID,
    weights: Mapping[str, float | None],
    origin: WeightOrigin,
    *,
    seen: int | None = None,
) -> None:
    """Write weights into a draft: keys are `dimension`, `dimension/indicator` or `dimension/indicator/skill`.

    None makes a weight unknown. Refused names a key that is not there, a value that is no share, or a sum that can
    not be; then nothing is written.
    """
    if not origin.source.strip():
        raise Refused(_("请写明权重的来源。"))
    with open_draft(acting, version_uuid, seen, "set_weights") as row:
        parts = _paths(row)
        for path, value in weights.items():
            part = parts.get(path)
            if part is None:
                raise Refused(_("能力标准里没有“%(part)s”。") % {"part": path})
            if value is not None and not (math.isfinite(value) and 0 <= value <= 1):
                raise Refused(_("“%(part)s”的权重要在 0 和 1 之间。") % {"part": path})
            part.weight = value
            part.weight_state = "unknown" if value is None else origin.state
            part.weight_source = origin.source.strip()[:500]
            part.weight_kind, part.weight_uuid = origin.kind, origin.uuid
            part.weight_detail = {} if value is None else dict(origin.detail)
            part.save()
        check(row)


def check(row: FrameworkVersion) -> None:
    """Refuse what the engine finds contradictory."""
    try:
        competency.check_framework(engine_value(version_view(row)))
    except competency.FrameworkError as error:
        raise Refused(said(error)) from error


def _paths(row: FrameworkVersion) -> dict[str, Dimension | Indicator | IndicatorSkill]:
    parts: dict[str, Dimension | Indicator | IndicatorSkill] = {}
    for dimension in Dimension.objects.filter(version=row):
        parts[dimension.key] = dimension
    for indicator in Indicator.objects.filter(version=row).select_related("dimension"):
        parts[f"{indicator.dimension.key}/{indicator.key}"] = indicator
    lines = IndicatorSkill.objects.filter(version=row).select_related("skill", "indicator__dimension")
    for line in lines:
        parts[f"{line.indicator.dimension.key}/{line.indicator.key}/{line.skill.key}"] = line
    return parts


def _names(zh: str, en: str) -> dict[str, str]:
    if not zh.strip():
        raise Refused(_("名称不能为空。"))
    if max(len(zh.strip()), len(en.strip())) > _LONGEST:
        raise Refused(_("名称最多 %(most)s 个字。") % {"most": _LONGEST})
    return {"name_zh": zh.strip(), "name_en": en.strip()}


def _new_key(model: type[Dimension] | type[Indicator], row: FrameworkVersion, letter: str) -> str:
    """Return a key that no version of the framework has used: a key that came back would look like a renaming."""
    keys = model.objects.filter(version__framework=row.framework_id).values_list("key", flat=True)
    numbers = [int(key[1:]) for key in keys if key[:1] == letter and key[1:].isdigit()]
    return f"{letter}{max(numbers, default=0) + 1}"


def _last(model: type[Dimension] | type[Indicator] | type[IndicatorSkill], **parent: object) -> int:
    found: int | None = model.objects.filter(**parent).aggregate(most=Max("sort"))["most"]
    return (found or 0) + 1


def _dimension(row: FrameworkVersion, uuid: UUID) -> Dimension:
    found = Dimension.objects.filter(version=row, uuid=uuid).first()
    if found is None:
        raise Refused(_("这个维度已不在草稿里，请看清现在的内容再改。"))
    return found


def _indicator(row: FrameworkVersion, uuid: UUID) -> Indicator:
    found = Indicator.objects.filter(version=row, uuid=uuid).select_related("dimension").first()
    if found is None:
        raise Refused(_("这个指标已不在草稿里，请看清现在的内容再改。"))
    return found


def _part(row: FrameworkVersion, uuid: UUID) -> Dimension | Indicator:
    return Dimension.objects.filter(version=row, uuid=uuid).first() or _indicator(row, uuid)


def _line(row: FrameworkVersion, skill_key: str) -> IndicatorSkill:
    found = IndicatorSkill.objects.filter(version=row, skill__key=skill_key).first()
    if found is None:
        raise Refused(_("这项技能已不在草稿里，请看清现在的内容再改。"))
    return found
