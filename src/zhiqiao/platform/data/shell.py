"""What the shell shows of this package: pages of the industry door, search hits, figures and tasks of home pages."""

from __future__ import annotations

from django.db.models import Case, IntegerField, Q, Value, When
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhiqiao.infra.db.names import Name
from zhiqiao.infra.ui import formats
from zhiqiao.infra.ui.shell_types import Card, Hit, NavItem, Recent, Todo
from zhiqiao.platform.data.figures import ALL_POSTINGS, Scope, demand_uuid
from zhiqiao.platform.data.models import DemandForecast, ForecastState, ImportState, JobRole, Skill
from zhiqiao.platform.data.selectors.demand import skill_totals
from zhiqiao.platform.data.selectors.forecasts import forecasts
from zhiqiao.platform.data.selectors.imports import imports, waiting_imports
from zhiqiao.platform.data.selectors.postings import visible_postings
from zhiqiao.platform.data.selectors.taxonomy import open_proposals
from zhiqiao.platform.data.taxonomy.actions import may_decide
from zhiqiao.platform.governance.api import Actor, can

_DOOR = "industry"
NAVIGATION = [
    NavItem(
        _DOOR,
        gettext_lazy("本企业岗位"),
        "data:vacancies",
        "vacancies.manage",
        "building-2",
        10,
        group="own",
        note=gettext_lazy("填写、发布和关闭本企业要招的岗位。"),
    ),
    NavItem(
        _DOOR,
        gettext_lazy("本企业用人计划"),
        "data:plans",
        "plans.manage",
        "users",
        11,
        group="own",
        note=gettext_lazy("今后几年要用多少人；对外只见三家以上的合计。"),
    ),
    NavItem(
        _DOOR,
        gettext_lazy("技能需求"),
        "data:skills",
        "skills.read",
        "target",
        20,
        group="demand",
        note=gettext_lazy("招聘信息要求哪些技能，各占多少。"),
    ),
    NavItem(
        _DOOR,
        gettext_lazy("岗位需求"),
        "data:roles",
        "postings.read",
        "briefcase",
        21,
        also=("data:heat",),
        group="demand",
        note=gettext_lazy("产业链上各岗位的招聘信息，各要求什么。"),
    ),
    NavItem(
        _DOOR,
        gettext_lazy("需求预测"),
        "data:forecast_overview",
        "forecasts.read",
        "trending-up",
        22,
        group="demand",
        note=gettext_lazy("今后 12 个月哪些岗位和技能上升、下降。"),
    ),
    NavItem(
        _DOOR,
        gettext_lazy("各来源的薪酬"),
        "data:conflicts",
        "postings.read",
        "git-compare",
        23,
        group="demand",
        note=gettext_lazy("同一岗位的薪酬，各来源分开列，看是否矛盾。"),
    ),
    NavItem(
        _DOOR,
        gettext_lazy("岗位调研"),
        "data:surveys",
        "surveys.read",
        "clipboard-list",
        25,
        also=("data:survey_enterprises",),
        group="demand",
        note=gettext_lazy("协会向企业问岗位、任务和能力；至少三家才公布。"),
    ),
    NavItem(
        _DOOR,
        gettext_lazy("企业用人计划合计"),
        "data:plan_sums",
        "plans.sums",
        "users",
        24,
        group="demand",
        note=gettext_lazy("企业上报的用人计划，三家以上才合计。"),
    ),
    NavItem(
        _DOOR,
        gettext_lazy("专业供给"),
        "data:supply_years",
        "supply.read",
        "graduation-cap",
        31,
        group="supply",
        note=gettext_lazy("各专业每年的招生、毕业、就业和办学条件。"),
    ),
    NavItem(
        _DOOR,
        gettext_lazy("能力发现"),
        "data:studies",
        "competency.read",
        "layers",
        50,
        group="standards",
        note=gettext_lazy("从招聘信息里找出常在一起要求的技能，分成组。"),
    ),
    NavItem(
        _DOOR,
        gettext_lazy("能力标准"),
        "data:frameworks",
        "frameworks.read",
        "network",
        51,
        group="standards",
        note=gettext_lazy("行业协会发布的维度、指标、技能和权重。"),
    ),
    NavItem(
        _DOOR,
        gettext_lazy("技能目录维护"),
        "data:taxonomy_proposals",
        "taxonomy.read",
        "tag",
        52,
        group="standards",
        note=gettext_lazy("新词收不收进技能目录，由人决定。"),
    ),
    NavItem(
        _DOOR,
        gettext_lazy("招聘信息"),
        "data:postings",
        "postings.read",
        "file-text",
        60,
        group="data",
        note=gettext_lazy("在库的每一条招聘信息原文和识别出的技能。"),
    ),
    NavItem(
        _DOOR,
        gettext_lazy("没有归入岗位的职位"),
        "data:titles",
        "postings.correct",
        "list-checks",
        61,
        group="data",
        note=gettext_lazy("机器没有把握的职位名称，由人更正。"),
    ),
    NavItem(
        _DOOR,
        gettext_lazy("招聘信息导入"),
        "data:imports",
        "imports.read",
        "upload",
        62,
        group="data",
        note=gettext_lazy("导入文件、看进度、改正隔离的行、撤回。"),
    ),
    NavItem(
        _DOOR,
        gettext_lazy("招商引资项目"),
        "data:projects",
        "projects.read",
        "landmark",
        63,
        group="data",
        note=gettext_lazy("已公布的项目和预计用工，供情景使用。"),
    ),
    NavItem(
        _DOOR,
        gettext_lazy("区域统计"),
        "data:regional",
        "regional.read",
        "chart-column",
        64,
        group="data",
        note=gettext_lazy("统计公报等区域数字，带定义和来源。"),
    ),
    NavItem(
        _DOOR,
        gettext_lazy("专业目录"),
        "data:specialties",
        "specialties.read",
        "list-checks",
        64,
        group="data",
        note=gettext_lazy("国家专业目录的代码和名称，按版本保存。"),
    ),
    NavItem(
        _DOOR,
        gettext_lazy("数据来源登记"),
        "data:sources",
        "sources.read",
        "database",
        65,
        group="data",
        note=gettext_lazy("数据由谁、凭什么许可带来，何时更新。"),
    ),
    NavItem(
        _DOOR,
        gettext_lazy("职业编码"),
        "data:occupations",
        "occupations.manage",
        "target",
        66,
        group="data",
        note=gettext_lazy("上传职业分类，把职位名称编到职业。"),
    ),
]


def search(actor: Actor, query: str, limit: int) -> list[Hit]:
    """Return skills, posts and postings whose name holds the query, names that begin with it first."""
    hits = []
    if can(actor, "skills.read"):
        named = Q(name_zh__icontains=query) | Q(name_en__icontains=query)
        starts = Q(name_zh__istartswith=query) | Q(name_en__istartswith=query)
        rank = Case(When(starts, then=Value(0)), default=Value(1), output_field=IntegerField())
        rows = Skill.objects.filter(named, is_active=True).annotate(rank=rank).order_by("rank", "key")
        hits += [
            Hit(str(Name(row.name_zh, row.name_en)), _("技能"), reverse("data:skill", args=[row.key]))
            for row in rows[:limit]
        ]
    if can(actor, "postings.read"):
        roles = JobRole.objects.filter(Q(name_zh__icontains=query) | Q(name_en__icontains=query)).order_by(
            "key"
        )
        hits += [
            Hit(str(Name(row.name_zh, row.name_en)), _("岗位"), reverse("data:role", args=[row.key]))
            for row in roles[:limit]
        ]
        postings = visible_postings(actor).filter(title__icontains=query).order_by("-id")
        hits += [
            Hit(row.title, _("招聘信息"), reverse("data:posting", args=[row.uuid]), row.company)
            for row in postings[:limit]
        ]
    return hits


def home_cards(actor: Actor) -> list[Card]:
    """Return how many postings one sees and the skill they ask for most."""
    if not can(actor, "postings.read"):
        return []
    counts, total = skill_totals(actor)
    if not total:
        return [Card(_("招聘信息"), None, reverse("data:postings"), hint=_("还没有导入招聘信息"))]
    basis = ("postings_total", str(ALL_POSTINGS))
    cards = [
        Card(_("招聘信息"), formats.number(total), reverse("data:postings"), basis, _("在库、可见的条数"))
    ]
    top = min(counts, key=lambda pk: (-counts[pk], pk), default=None)
    skill = Skill.objects.filter(pk=top).first() if top else None
    if skill is not None:
        name = Name(skill.name_zh, skill.name_en)
        cards.append(
            Card(
                _("要求最多的技能：%(skill)s") % {"skill": name},
                formats.percent(counts[skill.pk] / total),
                reverse("data:skill", args=[skill.key]),
                ("skill_demand", str(demand_uuid(skill.pk, (Scope.ALL, 0)))),
                _("占可见招聘信息的比例"),
            )
        )
    return cards


def todos(actor: Actor) -> list[Todo]:
    """Return what waits for the person: imports not started or failed, terms to decide about, forecasts to publish."""
    return [*_imports_to_do(actor), *_terms_to_do(actor), *_forecasts_to_do(actor)]


def _forecasts_to_do(actor: Actor) -> list[Todo]:
    """Return the draft that waits for publication, or that there is no forecast yet, to those who may publish."""
    if not can(actor, "forecasts.publish", DemandForecast(org_root_id=actor.org_root_id or 0)):
        return []
    newest = forecasts(actor).order_by("-id").first()
    if newest is None:
        return [Todo(_("还没有需求预测，可以开始"), reverse("data:forecast_overview"))]
    if newest.state != ForecastState.DRAFT:
        return []
    return [Todo(_("有一份需求预测草稿等您发布或放弃"), reverse("data:forecast", args=[newest.uuid]))]


def _terms_to_do(actor: Actor) -> list[Todo]:
    count = open_proposals(actor) if may_decide(actor) else 0
    text = _("有 %(count)s 个词等您决定是否收进技能目录") % {"count": count}
    return [Todo(text, reverse("data:taxonomy_proposals"))] if count else []


def _imports_to_do(actor: Actor) -> list[Todo]:
    if not can(actor, "imports.create"):
        return []
    return [
        Todo(
            _("导入失败，可改正后再试：%(file)s") % {"file": item.file_name}
            if item.state == ImportState.FAILED
            else _("导入尚未开始：%(file)s") % {"file": item.file_name},
            reverse("data:import", args=[item.uuid]),
        )
        for item in waiting_imports(actor)
    ]


def recent(actor: Actor, limit: int) -> list[Recent]:
    """Return the newest imports of one's organisation."""
    if not can(actor, "imports.read"):
        return []
    return [
        Recent(item.file_name, _("招聘信息导入"), reverse("data:import", args=[item.uuid]), item.created_at)
        for item in imports(actor, limit=limit)
    ]
