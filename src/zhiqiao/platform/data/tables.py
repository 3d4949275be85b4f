"""Tables of the industry pages, and words for what imports store as codes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Literal

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from zhiqiao.engines import tabular
from zhiqiao.infra.db.names import Name
from zhiqiao.infra.ui.table import Column, Empty, Filter, Table
from zhiqiao.infra.ui.templatetags.zq import chip
from zhiqiao.platform.data import signals
from zhiqiao.platform.data.forms import FIELD_LABELS
from zhiqiao.platform.data.lake import Span
from zhiqiao.platform.data.models import ImportState, JobPosting, SkillKind
from zhiqiao.platform.data.selectors.codes import SEVERE, SHARED, only
from zhiqiao.platform.data.selectors.demand import live
from zhiqiao.platform.data.selectors.imports import ImportView
from zhiqiao.platform.data.selectors.postings import RoleLine, asking_for, postings
from zhiqiao.platform.data.selectors.skills import SkillLine
from zhiqiao.platform.governance.access import Actor

__all__ = [
    "LINE_ROLES",
    "ROLES",
    "imports_table",
    "listed_postings",
    "mention_hint",
    "named_columns",
    "named_reasons",
    "postings_table",
    "skills_table",
]

_NO_DATE = _("来源没有给出发布日期")
_NOT_STATED = _("招聘信息没有写明")
_NOT_SEEN = _("还没有可统计的招聘信息")


def _empty(*, title: object, text: object, may_import: bool) -> Empty:
    """Say that there is nothing yet, and to those who may import, how to change that."""
    if not may_import:
        return Empty(title, text)  # type: ignore[arg-type]  # lazy strings
    return Empty(title, text, reverse("data:import_new"), _("导入招聘信息"))  # type: ignore[arg-type]


def imports_table(*, may_import: bool) -> Table:
    """Return the imports of an organisation."""

    def page(row: ImportView) -> str:
        return reverse("data:import", args=[row.uuid])

    def basis(row: ImportView) -> tuple[str, object] | None:
        return ("posting_import", row.uuid) if row.is_live else None

    return Table(
        key="imports",
        caption=_("招聘信息导入"),
        columns=(
            Column("file_name", _("文件"), url=page, is_head=True),
            Column("source", _("来源")),
            Column("imported_by", _("导入人")),
            Column("created_at", _("时间"), "moment"),
            Column("state_label", _("状态")),
            Column("rows_in", _("读入的行"), "number", evidence=basis),
            Column("kept", _("入库"), "number", evidence=basis),
            Column("duplicates", _("重复"), "number", evidence=basis),
            Column("quarantined", _("隔离"), "number", evidence=basis),
        ),
        filters=(Filter("state", _("状态"), choices=ImportState.choices),),
        search=("file_name", "source"),
        empty=_empty(
            title=_("还没有导入"),
            text=_("导入一份招聘信息文件，就能看到岗位要求哪些技能。"),
            may_import=may_import,
        ),
        file_name="imports",
    )


def postings_table(choices: Mapping[str, Sequence[tuple[str, str]]], *, may_import: bool) -> Table:
    """Return the list of postings with the filters' choices."""
    return Table(
        key="postings",
        demo_key="posting_import__is_demo",
        caption=_("招聘信息"),
        columns=(
            Column(
                "title", _("职位名称"), url=lambda row: reverse("data:posting", args=[row.uuid]), is_head=True
            ),
            Column("company", _("公司"), unknown=_NOT_STATED),
            Column("role", _("岗位"), value=_role_name, sort=None, unknown=_("职位名称不含任何岗位的词")),
            Column("city", _("城市"), unknown=_NOT_STATED),
            Column("salary_min", _("月薪下限（元）"), "number", unknown=_NOT_STATED),
            Column("salary_max", _("月薪上限（元）"), "number", unknown=_NOT_STATED),
            Column("published", _("发布日期"), "day", unknown=_NO_DATE),
            Column(
                "signals",
                _("请核实"),
                value=_signal_names,
                cell=_signal_chips,
                sort=None,
                unknown=_("导入时还没有这项编码"),
            ),
            Column("industry", _("行业门类"), value=_section, sort=None, unknown=_NOT_STATED, is_extra=True),
            Column("work_form", _("工作形式"), value=_form, sort=None, unknown=_NOT_STATED, is_extra=True),
            Column("source", _("来源"), value=lambda row: row.posting_import.source.name, sort=None),
            Column("row", _("文件中的行"), "number", is_extra=True),
        ),
        filters=(
            Filter("role", _("岗位"), choices=choices["role"], lookup="role__key"),
            Filter("city", _("城市"), choices=choices["city"]),
            Filter("month", _("月份"), choices=choices["month"]),
            Filter("since", _("从月份"), choices=choices["span"], lookup="month__gte"),
            Filter("until", _("到月份"), choices=choices["span"], lookup="month__lte"),
            Filter("chain", _("产业"), choices=choices["chain"], lookup="role__link__industry__key"),
            Filter("source", _("来源"), choices=choices["source"], lookup="posting_import__source__uuid"),
            Filter("skill", _("技能"), choices=choices["skill"], apply=asking_for),
            Filter("signal", _("请核实"), choices=choices["signal"], apply=_with_signal),
            Filter("industry", _("行业门类"), choices=choices["industry"], lookup="industry_code"),
            Filter("form", _("工作形式"), choices=choices["form"], lookup="work_form"),
            Filter("decided", _("人的判断"), choices=choices["decided"], apply=_decided),
            Filter("counted", _("计入统计"), choices=choices["counted"], apply=_counted_in),
        ),
        search=("title", "company"),
        empty=_empty(
            title=_("还没有招聘信息"),
            text=_("导入一份招聘信息文件，这里会逐条列出，并标出每条要求的技能。"),
            may_import=may_import,
        ),
        file_name="postings",
    )


def listed_postings(actor: Actor, query: Mapping[str, str]) -> QuerySet[JobPosting]:
    """Return what the list of postings shows this person with these filters in its address."""
    rows = postings(live(actor))
    for one in postings_table(defaultdict(tuple), may_import=False).filters:
        wanted = query.get(one.key)
        if wanted:
            rows = one.apply(rows, wanted) if one.apply else rows.filter(**{one.lookup or one.key: wanted})
    return rows


def _signal_names(row: JobPosting) -> str | None:
    """Return the signals as an export writes them; None where the import was not coded."""
    if not row.is_coded:
        return None
    return gettext("、").join(str(signals.kinds()[code].name) for code in row.signals) or gettext("无")


def _signal_chips(row: JobPosting) -> object:
    marks = [chip(gettext("不计入统计"), "accent")] if row.is_excluded else []
    for code in row.signals:
        kind = signals.kinds()[code]
        marks.append(chip(kind.name, "error" if kind.is_severe else "warning", "triangle-alert"))
    return format_html_join(" ", "{}", ((mark,) for mark in marks)) if marks else _signal_names(row)


def _section(row: JobPosting) -> str | None:
    name = signals.sections().get(row.industry_code)
    return f"{row.industry_code} {name}" if name else None


def _form(row: JobPosting) -> str | None:
    return row.get_work_form_display() if row.work_form else None


def _with_signal(rows: QuerySet[JobPosting], code: str) -> QuerySet[JobPosting]:
    return signals.with_severe_signal(rows) if code == SEVERE else signals.with_signal(rows, code)


def _decided(rows: QuerySet[JobPosting], value: str) -> QuerySet[JobPosting]:
    return rows.filter(only(value))


def _counted_in(rows: QuerySet[JobPosting], value: str) -> QuerySet[JobPosting]:
    """Keep what figures count: with a post, not taken out; those of the region's results are of shared sources."""
    rows = rows.filter(is_excluded=False, role__isnull=False)
    return rows.filter(posting_import__source__is_shared=True) if value == SHARED else rows


def _role_name(row: JobPosting) -> str | None:
    return str(Name(row.role.name_zh, row.role.name_en)) if row.role else None


def _role_basis(row: RoleLine) -> tuple[str, object]:
    return "role_postings", row.uuid


ROLES = Table(
    key="roles",
    caption=_("岗位"),
    columns=(
        Column(
            "name",
            _("岗位"),
            value=lambda row: str(row.name),
            url=lambda row: reverse("data:role", args=[row.key]),
            is_head=True,
        ),
        Column("industry", _("产业"), value=lambda row: str(row.industry)),
        Column("link", _("产业链环节"), value=lambda row: str(row.link)),
        Column("occupation", _("职业分类"), unknown=_("未对应到职业分类")),
        Column("postings", _("招聘信息"), "number", evidence=_role_basis),
    ),
    search=("name", "industry", "link", "occupation"),
    file_name="roles",
)


def skills_table(lines: Sequence[SkillLine]) -> Table:
    """Return the skills with demand; categories to choose from are those that occur."""
    categories = {line.skill.category: str(line.skill.category_name) for line in lines}
    choices = sorted(categories.items(), key=lambda item: item[1])
    return Table(
        key="skills",
        caption=_("技能需求"),
        columns=(
            Column(
                "name",
                _("技能"),
                value=lambda line: str(line.skill.name),
                url=lambda line: reverse("data:skill", args=[line.skill.key]),
                is_head=True,
            ),
            Column("kind", _("类型"), value=lambda line: line.skill.kind_label),
            Column("category", _("类别"), value=lambda line: str(line.skill.category_name)),
            Column("count", _("要求的招聘信息"), "number", evidence=_demand_basis, unknown=_NOT_SEEN),
            Column("share", _("占比"), "share", evidence=_demand_basis, unknown=_NOT_SEEN),
            Column("aliases", _("其他写法"), value=_aliases, sort=None, is_extra=True),
        ),
        filters=(
            Filter("kind", _("类型"), choices=SkillKind.choices, lookup="skill__kind"),
            Filter("category", _("类别"), choices=choices, lookup="skill__category"),
        ),
        search=("skill__name__zh", "skill__name__en", "aliases"),
        file_name="skills",
    )


def _aliases(line: SkillLine) -> str:
    return gettext("、").join(line.aliases)


def _demand_basis(line: SkillLine) -> tuple[str, object] | None:
    return ("skill_demand", line.figure_uuid) if line.total else None


#: What a line of a posting is, as the engine tells it.
LINE_ROLES = {
    "duty": _("职责"),
    "requirement": _("要求"),
    "company": _("公司介绍"),
    "benefit": _("福利"),
    "tail": _("结尾信息"),
    "other": _("正文"),
}


def mention_hint(names: Mapping[str, str], span: Span) -> str:
    """Return what stands over a highlighted word: the skill it means and the kind of line it stands in."""
    role = LINE_ROLES.get(span.line_role, span.line_role)
    return gettext("%(skill)s（%(line)s）") % {
        "skill": names.get(span.skill_key, span.skill_key),
        "line": role,
    }


def named_columns(columns: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return what each field is called and the column that holds it."""
    return [(str(label), columns[field]) for field, label in FIELD_LABELS.items() if field in columns]


def named_reasons(reasons: Mapping[str, int]) -> list[tuple[str, int]]:
    """Return the reasons of quarantined rows in the reader's language with their counts."""
    locale: Literal["zh", "en"] = "en" if (get_language() or "").startswith("en") else "zh"
    return [(tabular.text_of_reason(code, locale), count) for code, count in reasons.items()]
