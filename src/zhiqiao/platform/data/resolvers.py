"""Evidence of the industry side: posting, skill, import, demand for a skill, postings of a post."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.db.models import Count, Sum
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhiqiao.infra.db.names import Name
from zhiqiao.platform.data import lake
from zhiqiao.platform.data.competency import evidence as competency_evidence  # noqa: F401 - registers its kinds
from zhiqiao.platform.data.evidence import Hop, Link, SourceText, resolver, results_on, titles
from zhiqiao.platform.data.figures import ALL_POSTINGS, Scope, demand_uuid, read_demand_uuid, scope_roles
from zhiqiao.platform.data.models import (
    ImportState,
    JobPosting,
    JobRole,
    Module,
    PostingImport,
    PostingSkill,
    RoleCount,
    RoleSet,
    Skill,
    SkillCount,
    Source,
)
from zhiqiao.platform.data.selectors.demand import (
    METHOD,
    METHOD_VERSION,
    live_imports,
    skill_totals,
    skill_view,
)
from zhiqiao.platform.data.selectors.postings import posting_detail, sentences
from zhiqiao.platform.governance.api import Actor, can, require, visible

_SENTENCES = 6
_NEIGHBOURS = 20


def _posting_titles(actor: Actor, uuids: Sequence[UUID]) -> Mapping[UUID, str]:
    rows = visible(actor, "postings.read", JobPosting.objects.live()).filter(uuid__in=uuids)
    return {row.uuid: _posting_title(row.title, row.company) for row in rows}


def _posting_title(title: str, company: str) -> str:
    return " · ".join(part for part in (title, company) if part)


@resolver("posting", label=gettext_lazy("招聘信息"), titles=_posting_titles)
def posting_hop(actor: Actor, uuid: UUID) -> Hop:
    """Return a posting: the row of a file it came from, and the skills found in its text."""
    require(actor, "postings.read")
    found = posting_detail(actor, uuid)
    text = tuple((piece, span is not None) for piece, span in found.parts)
    return Hop(
        kind="posting",
        uuid=uuid,
        title=_posting_title(found.title, found.company),
        facts=[
            (_("来源"), found.source),
            (_("文件中的行"), found.row),
            (_("岗位"), found.role or _("未归入任何岗位")),
            (_("地点"), found.city or None),
            (_("发布日期"), found.published),
            (_("合并的重复信息"), len(found.duplicates)),
        ],
        how=_("文件中的一行，清洗并去除联系方式后保存；技能按技能目录在职责与要求部分逐字识别。"),
        method="jobmining",
        method_version=_taxonomy_of(found.import_uuid),
        basis=[Link("posting_import", found.import_uuid, found.file_name, _("来自这次导入"))],
        derived=[Link("skill", skill.uuid, str(skill.name), skill.kind_label) for skill in found.skills],
        sources=[SourceText(text, reverse("data:posting", args=[uuid]))] if text else [],
        url=reverse("data:posting", args=[uuid]),
        is_demo=found.is_demo,
    )


def _taxonomy_of(import_uuid: UUID) -> str:
    return (
        PostingImport.objects.filter(uuid=import_uuid).values_list("taxonomy_version", flat=True).first()
        or ""
    )


def _skill_titles(actor: Actor, uuids: Sequence[UUID]) -> Mapping[UUID, str]:
    if not can(actor, "skills.read"):
        return {}
    return {row.uuid: str(Name(row.name_zh, row.name_en)) for row in Skill.objects.filter(uuid__in=uuids)}


@resolver("skill", label=gettext_lazy("技能"), titles=_skill_titles)
def skill_hop(actor: Actor, uuid: UUID) -> Hop:
    """Return a skill: its demand, sentences that ask for it, modules that teach it."""
    require(actor, "skills.read")
    row = Skill.objects.select_related("category", "broader").filter(uuid=uuid).first()
    if row is None:
        raise Http404
    view = skill_view(row)
    reads_postings = can(actor, "postings.read")
    return Hop(
        kind="skill",
        uuid=uuid,
        title=str(view.name),
        facts=[
            (_("类型"), view.kind_label),
            (_("类别"), view.category_name),
            (_("上位技能"), Name(row.broader.name_zh, row.broader.name_en) if row.broader else _("无")),
            (_("其他写法"), _("、").join(row.aliases) or _("无")),
        ],
        how=_("技能目录中的一项；招聘文本里出现其名称或别名即视为提到。"),
        method="skills",
        at=row.updated_at,
        derived=[*(_demands(actor, row) if reads_postings else []), *_teaching(actor, row)],
        sources=sentences(actor, row.key, limit=_SENTENCES) if reads_postings else [],
        url=reverse("data:skill", args=[row.key]),
    )


def _demands(actor: Actor, skill: Skill) -> list[Link]:
    """Return the skill's demand in all posts, and in each set of posts that a result one may see rests on."""
    name = str(Name(skill.name_zh, skill.name_en))
    scopes = [(Scope.ROLE_SET, pk) for pk in RoleSet.objects.values_list("pk", flat=True)]
    scopes += [(Scope.ROLE, pk) for pk in JobRole.objects.values_list("pk", flat=True)]
    results = results_on("skill_demand", [demand_uuid(skill.pk, scope) for scope in scopes])
    links = [Link("skill_demand", demand_uuid(skill.pk, (Scope.ALL, 0)), name, _("全部岗位的需求"))]
    for uuid, ends in results.items():
        figure = read_demand_uuid(uuid)
        if figure and any(titles(actor, kind, uuids) for kind, uuids in ends.items()):
            links.append(Link("skill_demand", uuid, name, _role_names(scope_roles(figure))))
    return links


def _teaching(actor: Actor, skill: Skill) -> list[Link]:
    modules = visible(actor, "programmes.read", Module.objects.filter(is_active=True, skills__skill=skill))
    return [
        Link("module", row.uuid, str(Name(row.name_zh, row.name_en)), _("讲授这项技能"))
        for row in modules.order_by("key")[:_NEIGHBOURS]
    ]


def _import_titles(actor: Actor, uuids: Sequence[UUID]) -> Mapping[UUID, str]:
    return {row.uuid: row.file_name for row in _readable_imports(actor).filter(uuid__in=uuids)}


def _readable_imports(actor: Actor):  # type: ignore[no-untyped-def]  # a queryset of PostingImport
    readable = visible(actor, "sources.read", Source.objects.all())
    return PostingImport.objects.filter(source__in=readable).select_related("source")


@resolver("posting_import", label=gettext_lazy("导入"), titles=_import_titles)
def import_hop(actor: Actor, uuid: UUID) -> Hop:
    """Return an import: its counts, who may know where it came from, and that they add up."""
    require(actor, "sources.read")
    row = _readable_imports(actor).filter(uuid=uuid).first()
    if row is None:
        raise Http404
    own = can(actor, "imports.read", row)
    value = _import_value(row.rows_in, row.kept, row.duplicates, row.quarantined)
    return Hop(
        kind="posting_import",
        uuid=uuid,
        title=row.file_name,
        facts=[
            (_("来源"), row.source.name),
            (_("许可说明"), row.source.licence_note or None),
            (_("状态"), row.get_state_display()),
            (_("文件指纹（SHA-256）"), row.file_digest or None),
            (_("技能目录版本"), row.taxonomy_version or None),
            (_("识别的提及"), row.mentions),
        ],
        how=_("读入的行 = 入库 + 重复 + 隔离；重复指与已有招聘信息相同或几乎相同。"),
        method="jobmining",
        method_version=row.taxonomy_version,
        at=row.finished_at,
        url=reverse("data:import", args=[uuid]) if own else "",
        value=value,
        recompute=(lambda: _recounted(row)) if row.state == ImportState.LIVE else None,
        is_demo=row.is_demo,
    )


def _import_value(rows_in: int, kept: int, duplicates: int, quarantined: int) -> str:
    return f"{rows_in} = {kept} + {duplicates} + {quarantined}"


def _recounted(row: PostingImport) -> str:
    """Return the counts of an import as rows and lake files have them now."""
    kept = JobPosting.objects.filter(posting_import=row).count()
    duplicates, quarantined = lake.count_of(row.uuid)
    duplicates = row.duplicates if duplicates is None else duplicates
    return _import_value(kept + duplicates + quarantined, kept, duplicates, quarantined)


def _demand_titles(actor: Actor, uuids: Sequence[UUID]) -> Mapping[UUID, str]:
    if not can(actor, "postings.read"):
        return {}
    figures = {uuid: figure for uuid in uuids if (figure := read_demand_uuid(uuid))}
    skills = Skill.objects.in_bulk([figure.skill_id for figure in figures.values()])
    return {
        uuid: _("%(skill)s 的需求") % {"skill": Name(skills[pk].name_zh, skills[pk].name_en)}
        for uuid, figure in figures.items()
        if (pk := figure.skill_id) in skills
    }


@resolver("skill_demand", label=gettext_lazy("技能需求"), titles=_demand_titles)
def demand_hop(actor: Actor, uuid: UUID) -> Hop:
    """Return the demand for a skill in some posts: n of N postings, the imports and sentences behind it."""
    require(actor, "postings.read")
    figure = read_demand_uuid(uuid)
    row = Skill.objects.filter(pk=figure.skill_id).first() if figure else None
    if figure is None or row is None:
        raise Http404
    roles = scope_roles(figure)
    counts, total = skill_totals(actor, roles, skill_ids=[row.pk])
    count = counts.get(row.pk, 0)
    name = Name(row.name_zh, row.name_en)
    imports = _imports_behind(actor, row, roles)
    return Hop(
        kind="skill_demand",
        uuid=uuid,
        title=_("%(skill)s 的需求") % {"skill": name},
        facts=[
            (_("要求该技能的招聘信息"), count),
            (_("统计的招聘信息"), total),
            (_("岗位范围"), _role_names(roles)),
            (_("技能目录版本"), _versions_of(actor) or None),
        ],
        how=_("在统计范围内，要求该技能的招聘信息条数除以全部招聘信息条数；一条信息多次提到只计一次。"),
        method=METHOD,
        method_version=METHOD_VERSION,
        basis=[
            Link("skill", row.uuid, str(name), _("这项技能")),
            *imports,
            *_postings_behind(actor, row, roles),
        ],
        more_basis=max(0, count - _NEIGHBOURS),
        sources=sentences(actor, row.key, roles, _SENTENCES),
        url=reverse("data:skill", args=[row.key]),
        value=_share(count, total),
        recompute=lambda: _recount_demand(actor, row, roles),
        is_demo=live_imports(actor).filter(is_demo=True).exists(),
    )


def _versions_of(actor: Actor) -> str:
    """Return the versions of the catalogue that the counted imports were read with."""
    found = live_imports(actor).exclude(taxonomy_version="").values_list("taxonomy_version", flat=True)
    return _("、").join(sorted(set(found)))


def _share(count: int, total: int) -> str:
    return f"{count} / {total} = {count / total:.1%}" if total else _("未知：没有可统计的招聘信息")


def _recount_demand(actor: Actor, skill: Skill, roles: Sequence[int] | None) -> str:
    """Count again from the single postings instead of the stored counts."""
    rows = visible(actor, "postings.read", JobPosting.objects.counted())
    if roles is not None:
        rows = rows.filter(role__in=roles)
    return _share(PostingSkill.objects.filter(skill=skill, posting__in=rows).count(), rows.count())


def _role_names(roles: Sequence[int] | None) -> str:
    if roles is None:
        return _("全部岗位")
    rows = JobRole.objects.filter(id__in=roles).order_by("key")
    return _("、").join(str(Name(row.name_zh, row.name_en)) for row in rows)


def _imports_behind(actor: Actor, skill: Skill, roles: Sequence[int] | None) -> list[Link]:
    rows = SkillCount.objects.filter(skill=skill, posting_import__in=live_imports(actor).order_by())
    if roles is not None:
        rows = rows.filter(role__in=roles)
    columns = ("uuid", "file_name", "source__name", "source__trust")
    counts = rows.values_list(*(f"posting_import__{name}" for name in columns)).annotate(n=Sum("postings"))
    return [
        Link("posting_import", uuid, f"{source} · {name}", _share_of_source(count, trust))
        for uuid, name, source, trust, count in counts.order_by("-n")[:5]
    ]


def _share_of_source(count: int, trust: str) -> str:
    """Say how many postings of a figure one import gave, and how far its source is trusted."""
    if not trust:
        return _("其中 %(count)s 条，来源未评可信等级") % {"count": count}
    return _("其中 %(count)s 条，来源可信等级 %(trust)s") % {"count": count, "trust": trust}


def _postings_behind(actor: Actor, skill: Skill, roles: Sequence[int] | None) -> list[Link]:
    rows = visible(actor, "postings.read", JobPosting.objects.counted())
    if roles is not None:
        rows = rows.filter(role__in=roles)
    rows = rows.filter(id__in=PostingSkill.objects.filter(skill=skill).values("posting_id")).order_by("id")
    return [Link("posting", row.uuid, _posting_title(row.title, row.company)) for row in rows[:_NEIGHBOURS]]


@resolver("role_postings", label=gettext_lazy("岗位的招聘信息"))
def role_hop(actor: Actor, uuid: UUID) -> Hop:
    """Return how many live postings a post has, and from which imports."""
    require(actor, "postings.read")
    role = JobRole.objects.select_related("link__industry").filter(uuid=uuid).first()
    if role is None:
        raise Http404
    rows = RoleCount.objects.filter(role=role, posting_import__in=live_imports(actor).order_by())
    counts = rows.values_list("posting_import__uuid", "posting_import__file_name").annotate(n=Sum("postings"))
    by_import = list(counts.order_by("-n"))
    top = (
        SkillCount.objects.filter(role=role, posting_import__in=live_imports(actor).order_by())
        .values_list("skill_id", "skill__name_zh", "skill__name_en")
        .annotate(n=Sum("postings"))
        .order_by("-n")[:10]
    )
    return Hop(
        kind="role_postings",
        uuid=uuid,
        title=str(Name(role.name_zh, role.name_en)),
        facts=[
            (_("产业"), Name(role.link.industry.name_zh, role.link.industry.name_en)),
            (_("职位名称中的词"), _("、").join(role.title_patterns) or None),
        ],
        how=_("职位名称含有这些词、且把握够大的招聘信息归入该岗位；有人更正过的，以更正为准。"),
        method="jobmining.roles",
        method_version=METHOD_VERSION,
        basis=[
            Link("posting_import", pk, name, _("其中 %(count)s 条") % {"count": count})
            for pk, name, count in by_import
        ],
        derived=[
            Link("skill_demand", demand_uuid(pk, (Scope.ROLE, role.pk)), str(Name(zh, en)), str(count))
            for pk, zh, en, count in top
        ],
        url=reverse("data:role", args=[role.key]),
        value=str(sum(count for _uuid, _name, count in by_import)),
        recompute=lambda: str(
            visible(actor, "postings.read", JobPosting.objects.counted())
            .filter(role=role)
            .aggregate(n=Count("id"))["n"]
        ),
    )


@resolver("postings_total", label=gettext_lazy("招聘信息总数"))
def total_hop(actor: Actor, uuid: UUID) -> Hop:
    """Return how many postings the actor sees and from which imports."""
    require(actor, "postings.read")
    if uuid != ALL_POSTINGS:
        raise Http404
    rows = list(live_imports(actor))
    counts = dict(
        RoleCount.objects.filter(posting_import__in=[row.pk for row in rows])
        .order_by()
        .values_list("posting_import_id")
        .annotate(n=Sum("postings"))
    )
    return Hop(
        kind="postings_total",
        uuid=uuid,
        title=_("在库、可见的招聘信息"),
        how=_("本机构与区域共享的、已入库且未撤回的导入，各自计入统计的条数之和；有人标为不计入的除外。"),
        method=METHOD,
        method_version=METHOD_VERSION,
        basis=[
            Link(
                "posting_import",
                row.uuid,
                row.file_name,
                _("其中 %(count)s 条") % {"count": counts.get(row.pk, 0)},
            )
            for row in sorted(rows, key=lambda row: -counts.get(row.pk, 0))
        ],
        url=reverse("data:postings"),
        value=str(sum(counts.values())),
        recompute=lambda: str(visible(actor, "postings.read", JobPosting.objects.counted()).count()),
        is_demo=any(row.is_demo for row in rows),
    )
