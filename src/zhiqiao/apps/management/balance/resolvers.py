"""Evidence of the balance: the report, its lines, the health of a programme; each recomputed the same way."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhiqiao.apps.management.balance import health, wording
from zhiqiao.apps.management.balance.assessing import assess
from zhiqiao.apps.management.balance.computing import compare, figures_of, lines_of
from zhiqiao.apps.management.balance.inputs import gather, parameters
from zhiqiao.apps.management.balance.selectors import spoken
from zhiqiao.apps.management.balance.tables import overlap_rows
from zhiqiao.apps.management.models import BalanceLine, BalanceReport, LineLevel, ProgrammeHealth
from zhiqiao.engines.balance import Advice, GapKind, Interval
from zhiqiao.infra.db import TenantModel
from zhiqiao.infra.ui import formats
from zhiqiao.platform.data.api import (
    Hop,
    Link,
    condition_names,
    posts,
    programme_brief,
    programmes,
    resolver,
    sentences,
    skills_by_key,
)
from zhiqiao.platform.governance.api import Actor, can, get_visible, visible

__all__ = ["balance_line_hop", "balance_report_hop", "health_hop"]

SENTENCES = 8


@resolver("balance_report", label=gettext_lazy("供需匹配报告"))
def balance_report_hop(actor: Actor, uuid: UUID) -> Hop:
    """Return a report with the imports it counted (stored edges) and its industries."""
    row = get_visible(actor, "balance.read", BalanceReport.objects.all(), uuid=uuid)
    months = row.inputs["months"]
    lines = row.lines.filter(level=LineLevel.INDUSTRY).order_by("rank")
    names = {post.industry_key: post.industry for post in posts()}
    return Hop(
        kind="balance_report",
        uuid=uuid,
        title=_("区域供需匹配"),
        facts=[
            (_("计入的招聘信息"), row.postings),
            (_("月份"), f"{months[0]} – {months[1]}" if months else _("未知")),
            (_("没有日期的"), row.inputs["undated"]),
            (_("没有归入岗位、未计入的"), row.inputs["without_role"]),
            (_("专业数"), len(row.inputs["programmes"])),
            (_("技能目录版本"), row.inputs["taxonomy"] or _("未知")),
            (_("随机种子"), str(row.seed)),
            (_("状态"), row.get_state_display()),
        ],
        how=_(
            "逐条统计共享的招聘信息要求的技能，与各专业课程表的学时、最近一年已知的毕业人数比对；区间由重抽样得出。"
        ),
        method=row.method,
        method_version=row.method_version,
        at=row.computed_at,
        derived=[
            Link("balance_line", line.uuid, str(names[line.industry_key]))
            for line in lines
            if line.industry_key in names
        ],
        url=reverse("management:balance"),
        is_demo=row.inputs["is_demo"],
    )


def _titles(actor: Actor, uuids: Sequence[UUID]) -> Mapping[UUID, str]:
    rows = BalanceLine.objects.filter(uuid__in=uuids).exclude(report__state="superseded")
    return {row.uuid: _title(row) for row in visible(actor, "balance.read", rows)}


def _title(row: BalanceLine) -> str:
    known = {post.key: post for post in posts()}
    post = known.get(row.role_key)
    if row.level == LineLevel.TOTAL:
        industry = next((p.industry for p in known.values() if p.industry_key == row.industry_key), "")
        return f"{industry}：{skills_by_key([row.skill_key])[row.skill_key].name}"
    if row.level == LineLevel.INDUSTRY or post is None:
        return str(next((p.industry for p in known.values() if p.industry_key == row.industry_key), ""))
    if row.level == LineLevel.SKILL:
        return f"{post.name}：{skills_by_key([row.skill_key])[row.skill_key].name}"
    if row.level == LineLevel.KIND:
        return f"{post.name}：{wording.KIND_LABELS[GapKind(row.kind)]}"
    return str(post.name)


@resolver("balance_line", label=gettext_lazy("供需匹配"), titles=_titles)
def balance_line_hop(actor: Actor, uuid: UUID) -> Hop:
    """Return a line: the sentences that ask for the skill, and by stored edges modules and years of programmes."""
    row = get_visible(actor, "balance.read", BalanceLine.objects.select_related("report"), uuid=uuid)
    programme = _programme_of(actor, row)
    known = posts()
    post = next((post for post in known if post.key == row.role_key), None)
    asking = [one.id for one in known if one.key in {row.role_key, *row.facts.get("posts", ())}]
    facts = [
        (wording.FIGURE_LABELS[name], wording.figure(name, Interval(*value)))
        for name, value in row.intervals.items()
        if name != "pressure"
    ]
    quoted = row.level in {LineLevel.SKILL, LineLevel.TOTAL} and can(actor, "postings.read")
    return Hop(
        kind="balance_line",
        uuid=uuid,
        title=_title(row),
        facts=[*facts, (_("招聘信息"), f"{row.count} / {row.total}"), (_("排序"), row.rank)],
        how=_how(row, programme),
        method=row.report.method,
        method_version=row.report.method_version,
        at=row.report.computed_at,
        basis=[Link("balance_report", row.report.uuid, _("区域供需匹配"))],
        sources=sentences(actor, row.skill_key, asking, SENTENCES) if quoted else [],
        url=reverse("management:balance_post", args=[row.role_key])
        if post
        else reverse("management:balance_industry", args=[row.industry_key]),
        value=_value(row.count, row.total, {n: v[0] for n, v in row.intervals.items()}, row.kind),
        recompute=lambda: _recomputed(row),
        is_demo=row.report.inputs["is_demo"],
    )


def _basis(row: BalanceLine) -> Mapping[str, float | str]:
    return spoken(row, condition_names([row.programme_uuid] if row.programme_uuid else []))


def _programme_of(actor: Actor, row: BalanceLine) -> str:
    """Return the programme a kind of gap concerns; 404 when one may not read about that programme."""
    if row.programme_uuid is None:
        return ""
    view = programme_brief(actor, row.programme_uuid)
    return f"{view.school} · {view.name}"


def _how(row: BalanceLine, programme: str) -> str:
    match row.level:
        case LineLevel.INDUSTRY | LineLevel.ROLE:
            return _(
                "未覆盖的需求 = 岗位要求中没有被面向它的专业讲到的部分（按占比与类别加权），"
                "0% 为全部讲到，100% 为全没讲到；数量指数 =（招聘份额 − 毕业生份额）/（两者之和）。"
                "招聘信息是条数，毕业生是人数，只比份额。"
            )
        case LineLevel.SKILL | LineLevel.TOTAL:
            return _(
                "压力 = 岗位份额 × 要求该技能的占比 × 类别权重 × 未讲到的部分，产业为各岗位之和；按区间下限排序。"
            )
        case _kind:
            found = wording.kind_sentence(row.kind, _basis(row), programme)
            limits = _("按参数文件中的界限，由岗位的指数、实训条件和实践学时得出；未知的不作结论。")
            return f"{found} {limits}"


def _value(count: int, total: int, values: Mapping[str, float], kind: str) -> str:
    parts = [_("%(count)s / %(total)s 条") % {"count": formats.number(count), "total": formats.number(total)}]
    parts += [f"{wording.FIGURE_LABELS[name]} {value:.6f}" for name, value in sorted(values.items())]
    return " · ".join([*parts, *([str(wording.KIND_LABELS[GapKind(kind)])] if kind else [])])


def _recomputed(row: BalanceLine) -> str:
    """Return the line's figures computed anew from shared postings, course tables and stated years.

    It is done in the name of the bureau that owns the report: a reader of one school does not see the other schools'
    course tables, and would get another figure. Nothing but the figure that the line already shows comes back.
    """
    inputs = gather(owner_of(row.report))
    result = compare(inputs, parameters(), seed=row.report.seed)
    fresh = BalanceReport(
        org_root_id=row.org_root_id, postings=len(inputs.asked.roles), parameters=row.report.parameters
    )
    wanted = (row.industry_key, row.role_key, row.skill_key, row.kind, row.programme_uuid)
    for line in lines_of(fresh, result):
        key = (line.industry_key, line.role_key, line.skill_key, line.kind, line.programme_uuid)
        if line.level == row.level and key == wanted:
            return _value(line.count, line.total, {n: v[0] for n, v in line.intervals.items()}, line.kind)
    return _("不再列入")


def owner_of(report: TenantModel) -> Actor:
    """Return an actor that sees what the bureau of a report sees."""
    return replace(
        Actor.system(), role="bureau_officer", org_root_id=report.org_root_id, org_kind="government"
    )


def _health_titles(actor: Actor, uuids: Sequence[UUID]) -> Mapping[UUID, str]:
    rows = visible(actor, "health.read", ProgrammeHealth.objects.filter(uuid__in=uuids))
    names = {view.uuid: str(view.name) for view in programmes(actor)}
    return {row.uuid: names[row.programme_uuid] for row in rows if row.programme_uuid in names}


@resolver("programme_health", label=gettext_lazy("专业健康档案"), titles=_health_titles)
def health_hop(actor: Actor, uuid: UUID) -> Hop:
    """Return the health of a programme with the figures its advice rests on."""
    row = get_visible(actor, "health.read", ProgrammeHealth.objects.select_related("report"), uuid=uuid)
    view = health.health(actor, row.programme_uuid)
    found = health.stated_years(actor, view)
    stated = sorted({(view.years[name], uuid) for name, uuid in found.items()}, reverse=True)
    report = (
        [Link("balance_report", row.report.uuid, _("区域供需匹配"))] if can(actor, "balance.read") else []
    )
    return Hop(
        kind="programme_health",
        uuid=uuid,
        title=_("%(programme)s：健康档案") % {"programme": view.programme.name},
        facts=[
            (_("数量指数"), wording.index(view.quantity, signed=True)),
            (_("未覆盖的需求"), wording.share(view.uncovered)),
            (_("目标岗位的招聘信息"), view.postings),
            *_stated(view),
            (
                _("生均成本的区域中位数（元）"),
                None if view.median_cost is None else formats.number(view.median_cost),
            ),
            *(
                (_("与外校专业的重合：%(name)s") % {"name": name}, formats.percent(share, places=0))
                for name, share in overlap_rows(view)
            ),
            (_("稳固程度"), formats.percent(view.firmness, places=0)),
        ],
        how=" ".join(view.reasons),
        method=row.report.method,
        method_version=row.report.method_version,
        at=row.report.computed_at,
        basis=[
            *report,
            Link("programme", row.programme_uuid, str(view.programme.name)),
            *(Link("programme_year", uuid, f"{view.programme.name} {year}") for year, uuid in stated),
        ],
        url=reverse("management:health", args=[row.programme_uuid]),
        value=_health_value(row.advice, row.figures),
        recompute=lambda: _health_again(row),
        is_demo=view.is_demo,
    )


def _stated(view: health.HealthView) -> list[tuple[str, str | None]]:
    """Return what the school stated, each with the year it was stated for."""
    figures: tuple[tuple[str, str, Callable[[float], str], float | None], ...] = (
        (_("毕业人数"), "graduates", formats.number, view.graduates),
        (_("招生人数"), "enrolled", formats.number, view.enrolled),
        (_("就业率"), "placement", formats.percent, view.placement),
        (_("对口率"), "matching", formats.percent, view.matching),
        (_("生均成本（元）"), "cost", formats.number, view.cost),
    )
    return [
        (label, None if value is None else f"{written(value)} ({view.years[name]})")
        for label, name, written, value in figures
    ]


def _health_value(advice: str, figures: Mapping[str, object]) -> str:
    quantity = wording.interval(figures["quantity"])
    return _("%(advice)s · %(postings)s 条招聘信息 · 数量指数 %(quantity)s") % {
        "advice": wording.ADVICE_LABELS[Advice(advice)],
        "postings": figures["postings"],
        "quantity": wording.index(quantity, signed=True),
    }


def _health_again(row: ProgrammeHealth) -> str:
    inputs = gather(owner_of(row.report))
    for item in assess(inputs, parameters(), seed=row.report.seed):
        if item.view.uuid == row.programme_uuid:
            return _health_value(item.advice.advice, figures_of(item))
    return _("不再列入")
