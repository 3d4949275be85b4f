"""The tables of the balance: industries, posts, skills of a post, table 1 as rows, health of programmes."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from zhiqiao.apps.management.balance import wording
from zhiqiao.apps.management.balance.health import HealthView
from zhiqiao.apps.management.balance.selectors import IndustryLine, PostLine, SkillLine
from zhiqiao.engines.balance import EVERYWHERE, Advice, GapKind
from zhiqiao.infra.ui.table import Column, Empty, Table
from zhiqiao.infra.ui.templatetags.zq import chip

#: Skills of a post in table 1, as many as in table 1 of the yearly report.
CORE_SKILLS = 5


def _interval(row: IndustryLine | PostLine) -> str | None:
    found = row.uncovered
    return f"{found.low:.1%} – {found.high:.1%}" if found else None


def _planned(row: IndustryLine | PostLine) -> tuple[str, object]:
    return ("plan_sums", row.planned_uuid)


def _evidence(row: IndustryLine | PostLine | SkillLine) -> tuple[str, object]:
    return ("balance_line", row.uuid)


INDUSTRIES = Table(
    key="balance-industries",
    columns=(
        Column(
            "name",
            _("产业"),
            value=lambda row: str(row.name),
            url=lambda row: reverse("management:balance_industry", args=[row.key]),
            is_head=True,
        ),
        Column("postings", _("招聘信息"), "number", evidence=_evidence),
        Column(
            "uncovered",
            _("未覆盖的需求"),
            "share",
            value=lambda row: row.uncovered.value if row.uncovered else None,
            evidence=_evidence,
            unknown=_("招聘信息太少"),
        ),
        Column("interval", _("区间"), value=_interval, unknown=_("招聘信息太少")),
        Column(
            "planned",
            _("企业计划用人"),
            "number",
            evidence=_planned,
            unknown=_("没有填报，或不足三家、未公开"),
        ),
        Column("survey", _("企业调查"), value=lambda _row: None, unknown=_("尚无调查"), sort=None),
    ),
    page_size=50,
    file_name="balance-industries",
)

POSTS = Table(
    key="balance-posts",
    columns=(
        Column(
            "name",
            _("岗位"),
            value=lambda row: str(row.post.name),
            url=lambda row: reverse("management:balance_post", args=[row.post.key]),
            is_head=True,
        ),
        Column("link", _("产业链关键环节"), value=lambda row: str(row.post.link), is_extra=True),
        Column("postings", _("招聘信息"), "number", evidence=_evidence),
        Column(
            "uncovered",
            _("未覆盖的需求"),
            "share",
            value=lambda row: row.uncovered.value if row.uncovered else None,
            evidence=_evidence,
            unknown=_("招聘信息太少"),
        ),
        Column("interval", _("区间"), value=_interval, unknown=_("招聘信息太少")),
        Column(
            "quantity",
            _("数量指数"),
            "number",
            value=lambda row: round(row.quantity.value, 2) if row.quantity else None,
            evidence=_evidence,
            unknown=_("没有招聘信息，或没有专业填报毕业人数"),
        ),
        Column("graduates", _("对口专业毕业人数"), "number", unknown=_("没有填报，或涉及您不能查看的专业")),
        Column(
            "planned",
            _("企业计划用人"),
            "number",
            is_extra=True,
            evidence=_planned,
            unknown=_("没有填报，或不足三家、未公开"),
        ),
        Column(
            "kinds",
            _("缺口种类"),
            value=lambda row: gettext("、").join(
                dict.fromkeys(str(wording.KIND_LABELS[GapKind(kind.kind)]) for kind in row.kinds)
            ),
        ),
    ),
    page_size=50,
    empty=Empty(_("这个产业还没有岗位"), _("岗位随区域包载入。")),
    file_name="balance-posts",
)

SKILLS = Table(
    key="balance-skills",
    columns=(
        Column(
            "name",
            _("技能"),
            value=lambda row: str(row.skill.name),
            url=lambda row: reverse("data:skill", args=[row.skill.key]),
            is_head=True,
        ),
        Column("rank", _("区域排序"), "number"),
        Column("kind", _("类别"), value=lambda row: row.skill.kind_label),
        Column("share", _("需求占比"), "share", value=lambda row: row.share.value, evidence=_evidence),
        Column(
            "interval",
            _("区间"),
            value=lambda row: f"{row.share.low:.1%} – {row.share.high:.1%}",
            sort=None,
        ),
        Column("count", _("招聘信息"), "number", evidence=_evidence),
        Column("covered", _("讲授覆盖"), "share", evidence=_evidence),
    ),
    search=("skill__name__zh", "skill__name__en"),
    order="rank",
    page_size=50,
    empty=Empty(_("没有可列出的技能"), _("招聘信息太少的岗位不列技能。")),
    file_name="balance-skills",
)


@dataclass(frozen=True)
class TableOneRow:
    """A row of table 1 in words."""

    industry: str
    post: str
    skills: str
    programmes: str
    gaps: str


TABLE_ONE = Table(
    key="balance-table-one",
    columns=(
        Column("industry", _("主导产业"), is_head=True),
        Column("post", _("产业链关键环节及岗位"), "long"),
        Column("skills", _("核心技能需求"), "long"),
        Column("programmes", _("现有对口专业"), "long"),
        Column("gaps", _("供给缺口/错配分析"), "long"),
    ),
    page_size=500,
    file_name="balance-table-1",
)


def table_one_rows(industries: list[IndustryLine]) -> list[TableOneRow]:
    """Return table 1 as rows of plain text, one a post."""
    return [
        TableOneRow(
            industry=str(industry.name),
            post=f"{row.post.link}：{row.post.name}",
            skills=core_skills(row),
            programmes=programme_names(row),
            gaps=" ".join(str(group) for group in wording.post_gaps(row)),
        )
        for industry in industries
        for row in industry.posts
    ]


def core_lines(row: PostLine) -> list[SkillLine]:
    """Return the skills that most postings of a post ask for, without those asked for everywhere."""
    own = [line for line in row.skills if line.skill.kind not in EVERYWHERE]
    return sorted(own, key=lambda line: (-line.count, line.skill.key))[:CORE_SKILLS]


def core_skills(row: PostLine) -> str:
    """Return the skills that most postings of a post ask for, with their shares; unknown where there are too few."""
    top = core_lines(row)
    if not top:
        return gettext("未知：招聘信息太少")
    return gettext("、").join(f"{line.skill.name} {line.share.value:.0%}" for line in top)


def programme_names(row: PostLine) -> str:
    """Return the programmes that train for a post; those one may not read about are only counted."""
    names = [f"{view.school} · {view.name}" for view in row.programmes]
    if row.others:
        names.append(gettext("另有 %(count)s 个外校专业") % {"count": row.others})
    return gettext("；").join(names) or gettext("没有")


HEALTH = Table(
    key="programme-health",
    columns=(
        Column(
            "name",
            _("专业"),
            value=lambda row: str(row.programme.name),
            url=lambda row: reverse("management:health", args=[row.programme.uuid]),
            is_head=True,
        ),
        Column("school", _("学校"), value=lambda row: str(row.programme.school)),
        Column(
            "advice",
            _("系统建议"),
            value=lambda row: str(wording.ADVICE_LABELS[Advice(row.advice)]),
            cell=lambda row: chip(
                wording.ADVICE_LABELS[Advice(row.advice)], wording.ADVICE_TONES[Advice(row.advice)]
            ),
        ),
        Column(
            "quantity",
            _("数量指数"),
            "number",
            value=lambda row: round(row.quantity.value, 2) if row.quantity else None,
            evidence=lambda row: ("programme_health", row.uuid),
            unknown=_("招聘信息太少或毕业人数未知"),
        ),
        Column(
            "uncovered",
            _("未覆盖的需求"),
            "share",
            value=lambda row: row.uncovered.value if row.uncovered else None,
            evidence=lambda row: ("programme_health", row.uuid),
            unknown=_("招聘信息太少"),
        ),
        Column("placement", _("就业率"), "share", unknown=_("没有填报")),
        Column("matching", _("对口率"), "share", unknown=_("没有填报")),
        Column("cost", _("生均成本（元）"), "number", unknown=_("没有填报")),
        Column("firmness", _("稳固程度"), "share"),
        Column(
            "waiting",
            _("决定"),
            value=lambda row: gettext("待审批") if row.waiting else gettext("没有待审批的"),
        ),
    ),
    page_size=50,
    empty=Empty(_("还没有健康档案"), _("教育局计算供需匹配之后，这里会列出各专业的健康档案。")),
    file_name="programme-health",
)


def overlap_rows(row: HealthView) -> list[tuple[str, float]]:
    """Return overlapping programmes, those without a name called an other school's."""
    return [(name or gettext("外校专业"), share) for name, share in row.overlap or ()]
