"""The JSON API of competency: frameworks with versions and their differences, and the runs that discover groups."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.http import Http404, HttpRequest
from ninja import Router, Schema

from zhiqiao.engines.competency import compare_frameworks
from zhiqiao.infra.rest import READS, NameOut, Number, PageOut, Size, level_of, named, part
from zhiqiao.platform.data.competency import frameworks, studies
from zhiqiao.platform.data.models import CompetencyFramework, CompetencyStudy
from zhiqiao.platform.governance.api import action, api_actor

router = Router(tags=["competency"])


class VersionOut(Schema):
    """A version in a list."""

    uuid: UUID
    number: int
    state: str
    published_at: dt.datetime | None


class FrameworkOut(Schema):
    """A framework with those of its versions that one may see, the newest first."""

    uuid: UUID
    key: str
    name: NameOut
    owner: NameOut
    in_force: UUID | None
    versions: list[VersionOut]
    is_demo: bool


class FrameworksOut(PageOut):
    """A page of frameworks."""

    items: list[FrameworkOut]


class WeightOut(Schema):
    """A share of one among neighbours, null where unknown; `source` says where a known one is from."""

    value: float | None
    state: str
    source: str


class FrameworkSkillOut(Schema):
    """A skill of an indicator."""

    key: str
    name: NameOut
    weight: WeightOut


class IndicatorOut(Schema):
    """An indicator with its skills."""

    key: str
    name: NameOut
    weight: WeightOut
    skills: list[FrameworkSkillOut]


class DimensionOut(Schema):
    """A dimension with its indicators; `bounds` are what arithmetic alone says of an unknown weight."""

    key: str
    name: NameOut
    weight: WeightOut
    bounds: tuple[float, float] | None
    indicators: list[IndicatorOut]


class FrameworkVersionOut(VersionOut):
    """One version whole."""

    framework: UUID
    key: str
    name: NameOut
    owner: NameOut
    origin: str
    source: str
    is_weighted: bool
    is_demo: bool
    dimensions: list[DimensionOut]


class RenamedOut(Schema):
    """A part under another name."""

    key: str
    old: str
    new: str


class MovedOut(Schema):
    """A skill elsewhere: places are dimension/indicator, empty where it was not or is no more."""

    skill: str
    old: str
    new: str


class WeighedOut(Schema):
    """A weight that changed; null is unknown."""

    key: str
    old: float | None
    new: float | None


class DifferencesOut(Schema):
    """What changed from an older version to a newer one, by keys."""

    old: UUID
    new: UUID
    parts_added: list[str]
    parts_removed: list[str]
    renamed: list[RenamedOut]
    skills: list[MovedOut]
    weights: list[WeighedOut]


class StudyOut(Schema):
    """A run of discovery: `coherence` is mean NPMI on held-out postings, `agreement` the mean adjusted Rand index."""

    uuid: UUID
    title: str
    method: str
    k: int | None
    seed: int
    state: str
    postings: int
    held_out: int
    coherence: float | None
    agreement: float | None
    seeds: int
    taxonomy_version: str
    edition: int
    finished_at: dt.datetime | None
    is_demo: bool


class StudiesOut(PageOut):
    """A page of runs."""

    items: list[StudyOut]


class GroupSkillOut(Schema):
    """A skill of a group and how many postings of the run name it."""

    key: str
    name: NameOut
    postings: int | None


class GroupOut(Schema):
    """A group as experts have it now; its coherence holds only while nobody changed its skills."""

    id: str
    uuid: UUID
    name: str
    is_edited: bool
    coherence: float | None
    skills: list[GroupSkillOut]


class StudyGroupsOut(StudyOut):
    """A run with its groups."""

    groups: list[GroupOut]


@router.get(
    "/frameworks",
    response={200: FrameworksOut, **READS},
    summary="Competency frameworks: published ones, and those of one's organisation",
    openapi_extra=level_of(CompetencyFramework),
)
@action("frameworks.read")
def framework_list(request: HttpRequest, page: Number = 1, size: Size = 50) -> FrameworksOut:
    """Return frameworks with the versions one may see."""
    rows = frameworks.frameworks(api_actor(request))
    items = [_framework(row) for row in part(rows, page=page, size=size)]
    return FrameworksOut(total=len(rows), page=page, size=size, items=items)


@router.get(
    "/frameworks/{uuid}",
    response={200: FrameworkOut, **READS},
    summary="One framework with its versions",
    openapi_extra=level_of(CompetencyFramework),
)
@action("frameworks.read")
def framework_one(request: HttpRequest, uuid: UUID) -> FrameworkOut:
    """Return one framework."""
    return _framework(frameworks.framework_of(api_actor(request), uuid))


@router.get(
    "/frameworks/versions/{uuid}",
    response={200: FrameworkVersionOut, **READS},
    summary="One version whole: dimensions, indicators, skills, weights",
    openapi_extra=level_of(CompetencyFramework),
)
@action("frameworks.read")
def version_one(request: HttpRequest, uuid: UUID) -> FrameworkVersionOut:
    """Return one version; a draft is there for its association only."""
    return _version(frameworks.framework_version(api_actor(request), uuid))


@router.get(
    "/frameworks/versions/{uuid}/differences/{old}",
    response={200: DifferencesOut, **READS},
    summary="What changed from an older version of the same framework",
    openapi_extra=level_of(CompetencyFramework),
)
@action("frameworks.read")
def version_differences(request: HttpRequest, uuid: UUID, old: UUID) -> DifferencesOut:
    """Return the differences of two versions one may both see."""
    actor = api_actor(request)
    newer, older = frameworks.framework_version(actor, uuid), frameworks.framework_version(actor, old)
    if newer.framework_uuid != older.framework_uuid or older.number >= newer.number:
        raise Http404
    found = compare_frameworks(frameworks.engine_value(older), frameworks.engine_value(newer))
    moved = [
        *(MovedOut(skill=key, old="", new="/".join(to)) for key, to in found.added),
        *(MovedOut(skill=key, old="/".join(was), new="") for key, was in found.removed),
        *(MovedOut(skill=key, old="/".join(was), new="/".join(to)) for key, was, to in found.moved),
    ]
    return DifferencesOut(
        old=older.uuid,
        new=newer.uuid,
        parts_added=list(found.parts_added),
        parts_removed=list(found.parts_removed),
        renamed=[RenamedOut(key=key, old=was, new=now) for key, was, now in found.renamed],
        skills=moved,
        weights=[WeighedOut(key=key, old=was, new=now) for key, was, now in found.weights],
    )


@router.get(
    "/competency/studies",
    response={200: StudiesOut, **READS},
    summary="Runs of competency discovery of one's organisation",
    openapi_extra=level_of(CompetencyStudy),
)
@action("competency.read")
def study_list(request: HttpRequest, page: Number = 1, size: Size = 50) -> StudiesOut:
    """Return runs, the newest first."""
    rows = studies.studies(api_actor(request))
    items = [_study(row) for row in rows[(page - 1) * size : page * size]]
    return StudiesOut(total=rows.count(), page=page, size=size, items=items)


@router.get(
    "/competency/studies/{uuid}",
    response={200: StudyGroupsOut, **READS},
    summary="One run with its groups of skills",
    openapi_extra=level_of(CompetencyStudy),
)
@action("competency.read")
def study_one(request: HttpRequest, uuid: UUID) -> StudyGroupsOut:
    """Return one run; groups are there once it is done."""
    actor = api_actor(request)
    row = studies.get_study(actor, "competency.read", uuid)
    groups = [
        GroupOut(
            id=group.id,
            uuid=group.uuid,
            name=group.name,
            is_edited=group.is_edited,
            coherence=group.coherence,
            skills=[
                GroupSkillOut(key=one.key, name=named(one.name), postings=one.postings)
                for one in group.skills
            ],
        )
        for group in (studies.groups_of(actor, row) if row.grouping else [])
    ]
    return StudyGroupsOut(**_study(row).model_dump(), groups=groups)


def _framework(row: frameworks.FrameworkView) -> FrameworkOut:
    versions = [
        VersionOut(uuid=one.uuid, number=one.number, state=one.state, published_at=one.published_at)
        for one in row.versions
    ]
    return FrameworkOut(
        uuid=row.uuid,
        key=row.key,
        name=named(row.name),
        owner=named(row.owner),
        in_force=row.in_force.uuid if row.in_force else None,
        versions=versions,
        is_demo=row.is_demo,
    )


def _version(view: frameworks.FrameworkVersionView) -> FrameworkVersionOut:
    return FrameworkVersionOut(
        uuid=view.uuid,
        number=view.number,
        state=view.state,
        published_at=view.published_at,
        framework=view.framework_uuid,
        key=view.key,
        name=named(view.name),
        owner=named(view.owner),
        origin=view.origin,
        source=view.source,
        is_weighted=view.is_weighted,
        is_demo=view.is_demo,
        dimensions=[_dimension(one) for one in view.dimensions],
    )


def _dimension(one: frameworks.DimensionView) -> DimensionOut:
    indicators = [
        IndicatorOut(
            key=item.key,
            name=named(item.name),
            weight=_weight(item.weight),
            skills=[
                FrameworkSkillOut(key=line.key, name=named(line.name), weight=_weight(line.weight))
                for line in item.skills
            ],
        )
        for item in one.indicators
    ]
    return DimensionOut(
        key=one.key,
        name=named(one.name),
        weight=_weight(one.weight),
        bounds=one.bounds,
        indicators=indicators,
    )


def _weight(weight: frameworks.WeightView) -> WeightOut:
    return WeightOut(value=weight.value, state=weight.state, source=weight.source)


def _study(row: CompetencyStudy) -> StudyOut:
    return StudyOut(**{name: getattr(row, name) for name in StudyOut.model_fields})
