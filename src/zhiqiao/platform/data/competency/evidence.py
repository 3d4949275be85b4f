"""Evidence of competencies: a group of a study, a skill in one, and an indicator or dimension of a framework."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhiqiao.engines.competency import Group
from zhiqiao.infra.db.names import Name
from zhiqiao.infra.ui import formats
from zhiqiao.platform.data.competency.frameworks import version_view
from zhiqiao.platform.data.competency.gathering import count_naming, scope_of
from zhiqiao.platform.data.competency.groups import read_cluster_uuid, read_grouping, study_skill_uuid
from zhiqiao.platform.data.competency.settings import parameters
from zhiqiao.platform.data.competency.studies import examples_of, read_files
from zhiqiao.platform.data.evidence import Hop, Link, SourceText, resolver, titles
from zhiqiao.platform.data.models import (
    CompetencyStudy,
    Dimension,
    ImportState,
    Indicator,
    IndicatorSkill,
    PostingImport,
    Skill,
)
from zhiqiao.platform.data.selectors.demand import live_imports
from zhiqiao.platform.governance.api import Actor, can, get_visible, visible

__all__ = ["cluster_hop", "dimension_hop", "indicator_hop", "study_skill_hop"]

_NEIGHBOURS = 12


def _study(actor: Actor, uuid: UUID, *, is_skill: bool) -> tuple[CompetencyStudy, int]:
    found = read_cluster_uuid(uuid)
    if found is None or found.is_skill != is_skill:
        raise Http404
    return get_visible(
        actor, "competency.read", CompetencyStudy.objects.all(), pk=found.study_id
    ), found.number


def _cluster(actor: Actor, uuid: UUID) -> tuple[CompetencyStudy, Group]:
    study, number = _study(actor, uuid, is_skill=False)
    for group in read_grouping(study.grouping).groups:
        if int(group.id.removeprefix("c")) == number:
            return study, group
    raise Http404


def _cluster_titles(actor: Actor, uuids: Sequence[UUID]) -> Mapping[UUID, str]:
    found = {}
    for uuid in uuids:
        try:
            study, group = _cluster(actor, uuid)
        except Http404:
            continue
        found[uuid] = f"{group.name} · {study.title}"
    return found


@resolver("competency_cluster", label=gettext_lazy("能力分组"), titles=_cluster_titles)
def cluster_hop(actor: Actor, uuid: UUID) -> Hop:
    """Return a group of a study: its skills, sentences and the run that found it."""
    study, group = _cluster(actor, uuid)
    files = read_files(study)
    skills = Skill.objects.in_bulk(list(group.skills), field_name="key")
    lines = examples_of(actor, study, files, [group], skills)[group.id] if files else ()
    found = files.clusters.get(frozenset(group.skills)) if files else None
    known = [skills[key] for key in group.skills if key in skills]
    count = found["postings"] if found else None
    return Hop(
        kind="competency_cluster",
        uuid=uuid,
        title=group.name,
        facts=[
            (_("技能数"), len(group.skills)),
            (_("名称"), _("由人确定") if group.named else _("系统建议，待人确认")),
            (
                _("一致性（NPMI）"),
                formats.number(round(found["coherence"], 3))
                if found and found["coherence"] is not None
                else None,
            ),
            *_study_facts(study),
        ],
        how=_(
            "按技能在招聘信息里共同出现的情况分组；一致性用没有参与分组的招聘信息计算。"
            "专家可以改名、合并、拆分和移动，每次修改都有记录。"
        ),
        method=f"competency.{study.method}",
        method_version=study.parameters_version,
        at=study.finished_at,
        basis=[
            *_import_links(actor, study),
            *(
                Link("study_skill", study_skill_uuid(study.pk, row.pk), str(Name(row.name_zh, row.name_en)))
                for row in known[:_NEIGHBOURS]
            ),
        ],
        more_basis=max(0, len(known) - _NEIGHBOURS),
        derived=_made_from(actor, uuid),
        sources=[SourceText(line.parts, line.url, line.note) for line in lines],
        url=f"{reverse('data:study', args=[study.uuid])}#{group.id}",
        value=_naming(count, study.postings) if count is not None else "",
        recompute=(lambda: _recount(study, set(group.skills))) if count is not None else None,
        is_demo=study.is_demo,
    )


def _study_facts(study: CompetencyStudy) -> list[tuple[str, object]]:
    return [
        (_("能力发现"), study.title),
        (_("方法"), study.get_method_display()),
        (_("组数"), study.k),
        (_("随机种子"), study.seed),
        (_("语料"), study.corpus_digest),
        (_("技能目录"), study.taxonomy_version),
    ]


def _import_links(actor: Actor, study: CompetencyStudy) -> list[Link]:
    rows = live_imports(actor).filter(uuid__in=list(study.imports))[:5]
    return [Link("posting_import", row.uuid, row.file_name, _("来自这次导入")) for row in rows]


def _made_from(actor: Actor, uuid: UUID) -> list[Link]:
    rows = visible(actor, "frameworks.read", Indicator.objects.filter(cluster_uuid=uuid)).order_by("id")
    return [
        Link("framework_indicator", row.uuid, str(Name(row.name_zh, row.name_en)))
        for row in rows[:_NEIGHBOURS]
    ]


def _naming(count: int, total: int) -> str:
    return _("%(count)s / %(total)s 条") % {"count": formats.number(count), "total": formats.number(total)}


def _recount(study: CompetencyStudy, skills: set[str]) -> str:
    """Count from the imports of the study that are still live; a withdrawn one makes another figure, and rightly."""
    imports = list(
        PostingImport.objects.filter(uuid__in=list(study.imports), state=ImportState.LIVE).order_by("id")
    )
    scope = scope_of(study.industries, study.roles)
    return _naming(*count_naming(imports, scope, skills, line_roles=parameters().corpus.line_roles))


def _skill_titles(actor: Actor, uuids: Sequence[UUID]) -> Mapping[UUID, str]:
    if not can(actor, "competency.read"):
        return {}
    found = {uuid: one for uuid in uuids if (one := read_cluster_uuid(uuid)) and one.is_skill}
    rows = Skill.objects.in_bulk([one.number for one in found.values()])
    studies = visible(actor, "competency.read", CompetencyStudy.objects.all()).in_bulk(
        [one.study_id for one in found.values()]
    )
    return {
        uuid: str(Name(rows[one.number].name_zh, rows[one.number].name_en))
        for uuid, one in found.items()
        if one.number in rows and one.study_id in studies
    }


@resolver("study_skill", label=gettext_lazy("能力发现中的技能"), titles=_skill_titles)
def study_skill_hop(actor: Actor, uuid: UUID) -> Hop:
    """Return how many postings of a study name a skill."""
    study, number = _study(actor, uuid, is_skill=True)
    files, skill = read_files(study), Skill.objects.filter(pk=number).first()
    facts = files.members.get(skill.key) if files and skill else None
    if skill is None or facts is None:
        raise Http404
    name = str(Name(skill.name_zh, skill.name_en))
    return Hop(
        kind="study_skill",
        uuid=uuid,
        title=name,
        facts=_study_facts(study),
        how=_("数职责与要求等计入部分提到这项技能的招聘信息，每条只数一次。"),
        method=f"competency.{study.method}",
        method_version=study.parameters_version,
        at=study.finished_at,
        basis=[*_import_links(actor, study), Link("skill", skill.uuid, name)],
        url=reverse("data:study", args=[study.uuid]),
        value=_naming(facts["postings"], study.postings),
        recompute=lambda: _recount(study, {skill.key}),
        is_demo=study.is_demo,
    )


def _indicator_titles(actor: Actor, uuids: Sequence[UUID]) -> Mapping[UUID, str]:
    rows = visible(actor, "frameworks.read", Indicator.objects.filter(uuid__in=uuids))
    return {row.uuid: str(Name(row.name_zh, row.name_en)) for row in rows}


@resolver("framework_indicator", label=gettext_lazy("能力指标"), titles=_indicator_titles)
def indicator_hop(actor: Actor, uuid: UUID) -> Hop:
    """Return an indicator: its skills, the group it was made from, where its weight is from."""
    rows = Indicator.objects.select_related("version__framework", "dimension")
    row = get_visible(actor, "frameworks.read", rows, uuid=uuid)
    lines = IndicatorSkill.objects.filter(indicator=row).select_related("skill").order_by("sort", "id")
    basis = [Link("skill", one.skill.uuid, str(Name(one.skill.name_zh, one.skill.name_en))) for one in lines]
    if row.cluster_uuid:
        named = titles(actor, "competency_cluster", [row.cluster_uuid])
        basis = [
            Link("competency_cluster", key, text, _("由这个分组建立")) for key, text in named.items()
        ] + basis
    return _part_hop(
        "framework_indicator", row, str(Name(row.dimension.name_zh, row.dimension.name_en)), basis
    )


def _dimension_titles(actor: Actor, uuids: Sequence[UUID]) -> Mapping[UUID, str]:
    rows = visible(actor, "frameworks.read", Dimension.objects.filter(uuid__in=uuids))
    return {row.uuid: str(Name(row.name_zh, row.name_en)) for row in rows}


@resolver("framework_dimension", label=gettext_lazy("能力维度"), titles=_dimension_titles)
def dimension_hop(actor: Actor, uuid: UUID) -> Hop:
    """Return a dimension: its indicators, and where its weight is from."""
    rows = Dimension.objects.select_related("version__framework")
    row = get_visible(actor, "frameworks.read", rows, uuid=uuid)
    basis = [
        Link("framework_indicator", one.uuid, str(Name(one.name_zh, one.name_en)))
        for one in row.indicators.order_by("sort", "id")
    ]
    return _part_hop("framework_dimension", row, "", basis)


def _study_of(detail: Mapping[str, object]) -> list[tuple[str, object]]:
    """Return what a weight keeps of the study it was judged in."""
    labels = {
        "round": _("轮次"),
        "experts": _("专家人数"),
        "cr": _("一致性比率 CR"),
        "w": _("协调系数 W"),
        "p": _("W 的 p 值"),
    }
    return [
        (label, round(value, 4) if isinstance(value, float) else value)
        for name, label in labels.items()
        if (value := detail.get(name)) is not None
    ]


def _part_hop(kind: str, row: Dimension | Indicator, dimension: str, basis: list[Link]) -> Hop:
    framework = row.version.framework
    view = version_view(row.version)
    parts = {one.uuid: one.weight for one in view.dimensions} | {
        item.uuid: item.weight for one in view.dimensions for item in one.indicators
    }
    weight = parts[row.uuid]
    if weight.evidence:
        basis = [Link(*weight.evidence, weight.source, _("权重来自")), *basis]
    return Hop(
        kind=kind,
        uuid=row.uuid,
        title=str(Name(row.name_zh, row.name_en)),
        facts=[
            (_("能力标准"), str(Name(framework.name_zh, framework.name_en))),
            (_("版本"), view.number),
            (_("状态"), view.state_label),
            *([(_("维度"), dimension)] if dimension else []),
            (_("权重"), weight.value if weight.value is not None else None),
            (_("权重的由来"), weight.state_label),
            (_("来源"), weight.source or weight.reason),
            *_study_of(weight.detail),
        ],
        how=_("能力标准由行业协会建立和发布；未知的权重保持未知，不按零或平均计算。"),
        method=f"framework.{view.origin}",
        method_version=str(view.number),
        at=view.published_at,
        basis=basis[: _NEIGHBOURS * 2],
        url=reverse("data:framework_version", args=[view.uuid]),
        value=str(weight.value) if weight.value is not None else "",
        is_demo=framework.is_demo,
    )
