"""Frameworks begun: by hand, from a study, from an example of the pack, or as the next version of a published one."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TypeVar
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from zhiqiao import packs
from zhiqiao.engines import competency
from zhiqiao.infra.text import is_plain
from zhiqiao.platform.data.competency.groups import cluster_uuid, read_grouping
from zhiqiao.platform.data.errors import CatalogueError, Refused
from zhiqiao.platform.data.models import (
    CompetencyFramework,
    CompetencyStudy,
    Dimension,
    FrameworkOrigin,
    FrameworkState,
    FrameworkVersion,
    Indicator,
    IndicatorSkill,
    Skill,
    StudyState,
)
from zhiqiao.platform.governance.api import Actor, Organisation, audit, require

__all__ = ["examples", "from_example", "from_study", "load_frameworks", "next_draft", "start_framework"]

Part = TypeVar("Part", Dimension, Indicator)


@transaction.atomic
def start_framework(actor: Actor, name_zh: str, name_en: str = "") -> FrameworkVersion:
    """Make an empty framework of one's association."""
    require(actor, "frameworks.manage")
    version = _begin(actor, name_zh, name_en, origin=FrameworkOrigin.HAND)
    audit(actor, "frameworks.started", version, detail={"origin": version.origin})
    return version


@transaction.atomic
def from_study(
    actor: Actor, study: CompetencyStudy, name_zh: str, *, groups: Sequence[str], most_skills: int
) -> FrameworkVersion:
    """Make a framework from groups of a study: each a dimension with one indicator and its first skills.

    Experts then bring indicators together under fewer dimensions; weights are unknown.
    """
    require(actor, "frameworks.manage")
    require(actor, "competency.read", study)
    if study.state != StudyState.DONE:
        raise Refused(_("只有已完成的能力发现才能建立能力标准。"))
    chosen = [group for group in read_grouping(study.grouping).groups if group.id in set(groups)]
    if not chosen:
        raise Refused(_("请至少选择一个分组。"))
    source = _("能力发现“%(title)s”：%(method)s，%(postings)s 条招聘信息，语料 %(digest)s") % {
        "title": study.title,
        "method": study.get_method_display(),
        "postings": study.postings,
        "digest": study.corpus_digest,
    }
    version = _begin(actor, name_zh, "", origin=FrameworkOrigin.STUDY, study=study, source=source)
    CompetencyFramework.objects.filter(pk=version.framework_id).update(is_demo=study.is_demo)
    known = Skill.objects.in_bulk([key for group in chosen for key in group.skills], field_name="key")
    for number, group in enumerate(chosen, start=1):
        skills = [known[key] for key in group.skills if key in known][:most_skills]
        dimension = Dimension.objects.create(
            version=version, key=f"d{number}", name_zh=group.name, sort=number
        )
        _indicator(
            dimension,
            f"i{number}",
            (group.name, ""),
            skills,
            cluster=cluster_uuid(study.pk, group.id),
        )
    audit(actor, "frameworks.started", version, detail={"origin": version.origin, "study": str(study.uuid)})
    return version


def examples() -> list[competency.Framework]:
    """Return the example frameworks that ship."""
    return [competency.read_framework(path) for path in sorted(_folder().glob("*.toml"))]


def _folder() -> Path:
    return packs.common_file("competency", "frameworks")


@transaction.atomic
def from_example(actor: Actor, example: competency.Framework) -> FrameworkVersion:
    """Make a framework of one's association from an example; quoted weights are quoted, unknown ones stay unknown."""
    require(actor, "frameworks.manage")
    if CompetencyFramework.objects.filter(org_root_id=actor.org_root_id or 0, key=example.id).exists():
        raise Refused(_("本协会已经有一个由这个示例建立的能力标准。"))
    try:
        with transaction.atomic():
            version = _of_example(actor, example, is_demo=False)
    except IntegrityError as error:  # a colleague was faster
        raise Refused(_("本协会已经有一个由这个示例建立的能力标准。")) from error
    audit(actor, "frameworks.started", version, detail={"origin": version.origin, "example": example.id})
    return version


def _of_example(actor: Actor, example: competency.Framework, *, is_demo: bool) -> FrameworkVersion:
    version = _begin(
        actor,
        example.zh,
        example.en,
        origin=FrameworkOrigin.PACK,
        key=example.id,
        source=example.source,
        greatest=example.greatest,
        is_demo=is_demo,
    )
    wanted = [skill for skill, _dimension, _indicator in example.places()]
    known = Skill.objects.in_bulk(wanted, field_name="key")
    missing = [key for key in wanted if key not in known]
    if missing:
        raise CatalogueError(f"{example.id}: no skill {', '.join(missing)}")
    for number, one in enumerate(example.dimensions, start=1):
        dimension = Dimension.objects.create(
            version=version,
            key=one.id,
            name_zh=one.zh,
            name_en=one.en,
            sort=number,
            weight=one.weight.value,
            weight_state=one.weight.state,
            weight_source=one.weight.source,
        )
        for place, item in enumerate(one.indicators, start=1):
            made = _indicator(
                dimension, item.id, (item.zh, item.en), [known[key] for key in item.skills], sort=place
            )
            Indicator.objects.filter(pk=made.pk).update(
                note=item.state,
                weight=item.weight.value,
                weight_state=item.weight.state,
                weight_source=item.weight.source,
            )
    return version


def load_frameworks(pack: Path, *, is_demo: bool) -> int:
    """Make the example frameworks that frameworks.csv of a region pack gives to associations; return how many are new.

    The file may be missing. One that is there is left alone. Raises CatalogueError naming row and fault.
    """
    path, new = pack / "frameworks.csv", 0
    by_id = {one.id: one for one in examples()}
    for row in packs.read_rows(path) if path.exists() else ():
        owner = Organisation.objects.filter(key=row["organisation"]).first()
        if owner is None:
            raise CatalogueError(f"frameworks.csv: {row['framework']}: no organisation {row['organisation']}")
        if row["framework"] not in by_id:
            raise CatalogueError(f"frameworks.csv: no example {row['framework']}")
        if not CompetencyFramework.objects.filter(org_root_id=owner.pk, key=row["framework"]).exists():
            acting = Actor(user_id=None, name="system", role="system", org_root_id=owner.pk)
            with transaction.atomic():
                _of_example(acting, by_id[row["framework"]], is_demo=is_demo)
            new += 1
    return new


@transaction.atomic
def next_draft(actor: Actor, framework: CompetencyFramework) -> FrameworkVersion:
    """Copy the newest version into a draft; parts keep their keys, so that versions can be compared."""
    require(actor, "frameworks.manage", framework)
    rows = FrameworkVersion.objects.filter(framework=framework)
    last = rows.order_by("-number").first()
    if last is None or last.state == FrameworkState.DRAFT:
        raise Refused(_("已经有一份草稿，请在草稿上修改。"))
    try:
        with transaction.atomic():
            draft = FrameworkVersion.objects.create(
                org_root_id=framework.org_root_id,
                framework=framework,
                number=last.number + 1,
                origin=FrameworkOrigin.VERSION if last.origin != FrameworkOrigin.PACK else last.origin,
                study=last.study,
                source=last.source,
                greatest=last.greatest,
                edition=1,
                made_by_id=actor.user_id,
            )
    except IntegrityError as error:  # somebody else was faster
        raise Refused(_("已经有一份草稿，请在草稿上修改。")) from error
    _copy(last, draft)
    audit(actor, "frameworks.started", draft, detail={"origin": "version", "number": draft.number})
    return draft


def _copy(old: FrameworkVersion, new: FrameworkVersion) -> None:
    dimensions: dict[int, Dimension] = {}
    for dimension in Dimension.objects.filter(version=old).order_by("sort", "id"):
        before = dimension.pk
        dimensions[before] = _again(dimension, version=new)
    indicators: dict[int, Indicator] = {}
    for indicator in Indicator.objects.filter(version=old).order_by("sort", "id"):
        before = indicator.pk
        indicators[before] = _again(indicator, version=new, dimension=dimensions[indicator.dimension_id])
    lines = []
    for line in IndicatorSkill.objects.filter(version=old).order_by("sort", "id"):
        line.pk, line.version, line.indicator = None, new, indicators[line.indicator_id]
        lines.append(line)
    IndicatorSkill.objects.bulk_create(lines)


def _again(part: Part, **changes: object) -> Part:
    """Save a part as a new row with other parents."""
    part.pk, part.uuid = None, uuid4()
    part._state.adding = True  # see above
    for name, value in changes.items():
        setattr(part, name, value)
    part.save()
    return part


def _begin(
    actor: Actor,
    name_zh: str,
    name_en: str,
    *,
    origin: FrameworkOrigin,
    key: str = "",
    study: CompetencyStudy | None = None,
    source: str = "",
    greatest: str = "",
    is_demo: bool = False,
) -> FrameworkVersion:
    if not name_zh.strip():
        raise Refused(_("请填写能力标准的名称。"))
    if not is_plain(name_zh + name_en):
        raise Refused(_("含有看不见的控制字符，没有保存；请重新输入。"))
    framework = CompetencyFramework.objects.create(
        org_root_id=actor.org_root_id or 0,
        key=key or f"f-{uuid4().hex[:12]}",
        name_zh=name_zh.strip()[:200],
        name_en=name_en.strip()[:200],
        is_demo=is_demo,
    )
    return FrameworkVersion.objects.create(
        org_root_id=framework.org_root_id,
        framework=framework,
        number=1,
        origin=origin,
        study=study,
        source=source[:500],
        greatest=greatest,
        edition=1,
        made_by_id=actor.user_id,
    )


def _indicator(
    dimension: Dimension,
    key: str,
    name: tuple[str, str],
    skills: Sequence[Skill],
    *,
    sort: int = 1,
    cluster: UUID | None = None,
) -> Indicator:
    indicator = Indicator.objects.create(
        version=dimension.version,
        dimension=dimension,
        key=key,
        name_zh=name[0],
        name_en=name[1],
        sort=sort,
        cluster_uuid=cluster,
    )
    IndicatorSkill.objects.bulk_create(
        IndicatorSkill(version=dimension.version, indicator=indicator, skill=skill, sort=place)
        for place, skill in enumerate(skills, start=1)
    )
    return indicator
