"""Reads of competency frameworks: the list, one version as values, and the same as the engine compares it."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhiqiao.engines import competency
from zhiqiao.infra.db.names import Name
from zhiqiao.platform.data.models import (
    CompetencyFramework,
    Dimension,
    FrameworkOrigin,
    FrameworkState,
    FrameworkVersion,
    Indicator,
    IndicatorSkill,
    WeightState,
)
from zhiqiao.platform.data.models.competency import Weighted
from zhiqiao.platform.governance.api import Actor, Organisation, get_visible, visible

__all__ = [
    "DimensionView",
    "FrameworkVersionView",
    "FrameworkView",
    "IndicatorView",
    "SkillLine",
    "VersionBrief",
    "WeightView",
    "engine_value",
    "framework_of",
    "framework_version",
    "frameworks",
    "version_row",
    "version_view",
]


#: What the packs' files say of an indicator's state, in the reader's words.
_NOTES = {"house proposal, draft": gettext_lazy("指标和技能由平台拟定，待专家确认")}


@dataclass(frozen=True)
class WeightView:
    """A share of one among neighbours, or unknown (None) with the reason; `source` says where a known one is from."""

    value: float | None
    state: str
    source: str
    reason: str = ""
    evidence: tuple[str, UUID] | None = None
    detail: Mapping[str, Any] = field(default_factory=dict)  # Any: plain JSON

    @property
    def state_label(self) -> str:
        """Return what the state is called."""
        return str(WeightState(self.state).label)


@dataclass(frozen=True)
class SkillLine:
    """A skill of an indicator."""

    id: int
    uuid: UUID
    key: str
    name: Name
    weight: WeightView


@dataclass(frozen=True)
class IndicatorView:
    """An indicator with its skills in order; `cluster_uuid` names the group of a study it was made from."""

    uuid: UUID
    key: str
    name: Name
    weight: WeightView
    skills: tuple[SkillLine, ...]
    note: str
    cluster_uuid: UUID | None

    @property
    def note_text(self) -> str:
        """Return what its source says of its state, in the reader's words where they are known."""
        return str(_NOTES.get(self.note, self.note))


@dataclass(frozen=True)
class DimensionView:
    """A dimension with its indicators in order; `bounds` are what arithmetic alone says of an unknown weight."""

    uuid: UUID
    key: str
    name: Name
    weight: WeightView
    indicators: tuple[IndicatorView, ...]
    bounds: tuple[float, float] | None = None


@dataclass(frozen=True)
class FrameworkVersionView:
    """One version whole."""

    uuid: UUID
    framework_uuid: UUID
    key: str
    name: Name
    owner: Name
    org_root_id: int
    number: int
    state: str
    origin: str
    source: str
    greatest: str
    edition: int
    published_at: dt.datetime | None
    study_uuid: UUID | None
    is_demo: bool
    dimensions: tuple[DimensionView, ...]

    @property
    def state_label(self) -> str:
        """Return what the state is called."""
        return str(FrameworkState(self.state).label)

    @property
    def is_draft(self) -> bool:
        """Tell whether it can still be edited."""
        return self.state == FrameworkState.DRAFT

    @property
    def is_weighted(self) -> bool:
        """Tell whether all weights of dimensions are known, so that an index may be computed."""
        return bool(self.dimensions) and all(one.weight.value is not None for one in self.dimensions)

    @property
    def skills(self) -> int:
        """Return how many skills it names."""
        return sum(len(one.skills) for dimension in self.dimensions for one in dimension.indicators)


@dataclass(frozen=True)
class VersionBrief:
    """A version in a list."""

    uuid: UUID
    number: int
    state: str
    published_at: dt.datetime | None

    @property
    def state_label(self) -> str:
        """Return what the state is called."""
        return str(FrameworkState(self.state).label)


@dataclass(frozen=True)
class FrameworkView:
    """A framework with those of its versions that the reader may see, the newest first."""

    uuid: UUID
    key: str
    name: Name
    owner: Name
    org_root_id: int
    is_demo: bool
    versions: tuple[VersionBrief, ...]

    @property
    def in_force(self) -> VersionBrief | None:
        """Return the published version."""
        return next((one for one in self.versions if one.state == FrameworkState.PUBLISHED), None)

    @property
    def draft(self) -> VersionBrief | None:
        """Return the draft, for those who may see it."""
        return next((one for one in self.versions if one.state == FrameworkState.DRAFT), None)


def frameworks(acting: Actor) -> list[FrameworkView]:
    """Return the frameworks the actor may see: one's organisation's and those that were published."""
    rows = list(visible(acting, "frameworks.read", CompetencyFramework.objects.all()).order_by("id"))
    return _views(acting, rows)


def framework_of(acting: Actor, uuid: UUID) -> FrameworkView:
    """Return one framework; 404 when it may not be seen."""
    row = get_visible(acting, "frameworks.read", CompetencyFramework.objects.all(), uuid=uuid)
    return _views(acting, [row])[0]


def _views(acting: Actor, rows: list[CompetencyFramework]) -> list[FrameworkView]:
    versions: dict[int, list[VersionBrief]] = defaultdict(list)
    own = visible(acting, "frameworks.read", FrameworkVersion.objects.filter(framework__in=rows))
    for row in own.order_by("-number"):
        versions[row.framework_id].append(VersionBrief(row.uuid, row.number, row.state, row.published_at))
    owners = _owners({row.org_root_id for row in rows})
    return [
        FrameworkView(
            uuid=row.uuid,
            key=row.key,
            name=Name(row.name_zh, row.name_en),
            owner=owners.get(row.org_root_id, Name("", "")),
            org_root_id=row.org_root_id,
            is_demo=row.is_demo,
            versions=tuple(versions[row.pk]),
        )
        for row in rows
    ]


def _owners(ids: Iterable[int]) -> dict[int, Name]:
    rows = Organisation.objects.filter(pk__in=set(ids)).values_list("pk", "name_zh", "name_en")
    return {pk: Name(zh, en) for pk, zh, en in rows}


def framework_version(acting: Actor, uuid: UUID) -> FrameworkVersionView:
    """Return one version with dimensions, indicators, skills and weights; 404 when it may not be seen."""
    return version_view(version_row(acting, "frameworks.read", uuid))


def version_row(acting: Actor, action: str, uuid: UUID) -> FrameworkVersion:
    """Return the row of a version on which the actor may do `action`; 404 otherwise."""
    rows = FrameworkVersion.objects.select_related("framework", "study")
    return get_visible(acting, action, rows, uuid=uuid)


def version_view(row: FrameworkVersion) -> FrameworkVersionView:
    """Return a version as values; the caller has asked whether it may be seen."""
    skills: dict[int, list[SkillLine]] = defaultdict(list)
    lines = IndicatorSkill.objects.filter(version=row).select_related("skill").order_by("sort", "id")
    for line in lines:
        name = Name(line.skill.name_zh, line.skill.name_en)
        skills[line.indicator_id].append(
            SkillLine(line.skill.pk, line.skill.uuid, line.skill.key, name, _weight(line, row))
        )
    indicators: dict[int, list[IndicatorView]] = defaultdict(list)
    for one in Indicator.objects.filter(version=row).order_by("sort", "id"):
        indicators[one.dimension_id].append(
            IndicatorView(
                one.uuid,
                one.key,
                Name(one.name_zh, one.name_en),
                _weight(one, row),
                tuple(skills[one.pk]),
                one.note,
                one.cluster_uuid,
            )
        )
    dimensions = list(Dimension.objects.filter(version=row).order_by("sort", "id"))
    bounds = _bounds(dimensions, row.greatest)
    return FrameworkVersionView(
        uuid=row.uuid,
        framework_uuid=row.framework.uuid,
        key=row.framework.key,
        name=Name(row.framework.name_zh, row.framework.name_en),
        owner=_owners([row.org_root_id]).get(row.org_root_id, Name("", "")),
        org_root_id=row.org_root_id,
        number=row.number,
        state=row.state,
        origin=row.origin,
        source=row.source,
        greatest=row.greatest,
        edition=row.edition,
        published_at=row.published_at,
        study_uuid=row.study.uuid if row.study else None,
        is_demo=row.framework.is_demo,
        dimensions=tuple(
            DimensionView(
                one.uuid,
                one.key,
                Name(one.name_zh, one.name_en),
                _weight(one, row),
                tuple(indicators[one.pk]),
                bounds.get(one.key),
            )
            for one in dimensions
        ),
    )


def _weight(part: Weighted, version: FrameworkVersion) -> WeightView:
    reason = ""
    if part.weight is None:
        told = (
            _("来源没有公布这个权重；不估计。")
            if version.origin == FrameworkOrigin.PACK
            else _("还没有做权重研究。")
        )
        reason = part.weight_source or told
    evidence = (part.weight_kind, part.weight_uuid) if part.weight_kind and part.weight_uuid else None
    return WeightView(
        part.weight, part.weight_state, part.weight_source, reason, evidence, part.weight_detail
    )


def _bounds(dimensions: list[Dimension], greatest: str) -> dict[str, tuple[float, float]]:
    """Return between which values unknown weights lie, where at least one weight is known."""
    known = {one.key for one in dimensions if one.weight is not None}
    if not known or len(known) == len(dimensions):
        return {}
    parts = tuple(
        competency.Dimension(
            one.key,
            one.name_zh,
            one.name_en,
            (),
            competency.Weight(one.weight, one.weight_state),  # type: ignore[arg-type]  # choices of the column
        )
        for one in dimensions
    )
    value = competency.Framework("", "", "", "", "", "", parts, greatest)
    return {key: pair for key, pair in competency.weight_bounds(value).items() if key not in known}


def engine_value(view: FrameworkVersionView) -> competency.Framework:
    """Return a version as the engine checks and compares it."""
    return competency.Framework(
        id=view.key,
        zh=view.name.zh,
        en=view.name.en,
        version=str(view.number),
        state=view.state,
        source=view.source,
        dimensions=tuple(
            competency.Dimension(
                one.key,
                one.name.zh,
                one.name.en,
                tuple(
                    competency.Indicator(
                        item.key,
                        item.name.zh,
                        item.name.en,
                        tuple(line.key for line in item.skills),
                        _engine_weight(item.weight),
                        item.note,
                    )
                    for item in one.indicators
                ),
                _engine_weight(one.weight),
            )
            for one in view.dimensions
        ),
        greatest=view.greatest if any(one.key == view.greatest for one in view.dimensions) else "",
    )


def _engine_weight(weight: WeightView) -> competency.Weight:
    return competency.Weight(weight.value, weight.state, weight.source)  # type: ignore[arg-type]  # see above
