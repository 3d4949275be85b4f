"""Evidence of the programme side: programme, course, module, gap report, gap line, proposal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhiqiao.apps.management import reasons, selectors
from zhiqiao.apps.management.gap import compare
from zhiqiao.apps.management.models import GapLine, GapReport, Proposal
from zhiqiao.infra.ui import formats
from zhiqiao.platform.data.api import (
    Hop,
    Link,
    ModuleView,
    demand,
    names_of,
    programme,
    programme_brief,
    programme_of_course,
    programme_of_module,
    resolver,
    sentences,
)
from zhiqiao.platform.governance.api import Actor, get_visible, visible

SENTENCES = 8


@resolver("programme", label=gettext_lazy("专业"))
def programme_hop(actor: Actor, uuid: UUID) -> Hop:
    """Return a programme with its target posts and its report."""
    view = programme_brief(actor, uuid)
    report = selectors.report_of(actor, uuid)
    return Hop(
        kind="programme",
        uuid=uuid,
        title=str(view.name),
        facts=[
            (_("学校"), view.school),
            (_("专业代码"), view.code),
            (_("目标岗位"), _("、").join(str(role.name) for role in view.roles)),
        ],
        derived=[Link("gap_report", report.uuid, _("差距报告"))] if report else [],
        url=reverse("management:gap", args=[uuid]),
        is_demo=view.is_demo,
    )


def _names(actor: Actor, uuids: Sequence[UUID]) -> Mapping[UUID, str]:
    return {uuid: str(name) for uuid, name in names_of(actor, uuids).items()}


@resolver("module", label=gettext_lazy("模块"), titles=_names)
def module_hop(actor: Actor, uuid: UUID) -> Hop:
    """Return a module with the skills it teaches."""
    view = programme_of_module(actor, uuid)
    course, found = next(
        (course, item) for course in view.courses for item in course.modules if item.uuid == uuid
    )
    return Hop(
        kind="module",
        uuid=uuid,
        title=str(found.name),
        facts=[
            (_("课程"), course.name),
            (_("专业"), view.name),
            (_("学时"), _("%(all)s（理论 %(theory)s，实践 %(practice)s）") % _hours(found)),
            (
                _("讲授技能"),
                _("、").join(f"{skill.name} {reasons.hours(skill.hours)}" for skill in found.skills),
            ),
        ],
        basis=[Link("skill", skill.uuid, str(skill.name), _("讲授")) for skill in found.skills],
        url=reverse("management:module", args=[uuid]),
        is_demo=view.is_demo,
    )


def _hours(module: ModuleView) -> dict[str, int]:
    return {"all": module.hours, "theory": module.theory_hours, "practice": module.practice_hours}


@resolver("course", label=gettext_lazy("课程"), titles=_names)
def course_hop(actor: Actor, uuid: UUID) -> Hop:
    """Return a course with its modules."""
    view = programme_of_course(actor, uuid)
    course = next(item for item in view.courses if item.uuid == uuid)
    return Hop(
        kind="course",
        uuid=uuid,
        title=str(course.name),
        facts=[(_("专业"), view.name), (_("课程类别"), course.category_label), (_("学时"), course.hours)],
        basis=[Link("module", item.uuid, str(item.name)) for item in course.modules if item.is_active],
        url=reverse("management:courses", args=[view.uuid]),
        is_demo=view.is_demo,
    )


@resolver("gap_report", label=gettext_lazy("差距报告"))
def report_hop(actor: Actor, uuid: UUID) -> Hop:
    """Return a report with the imports it counted."""
    row = get_visible(actor, "gaps.read", GapReport.objects.all(), uuid=uuid)
    view = programme_brief(actor, row.programme_uuid)
    top = selectors.lines_of(row.lines.order_by("rank")[:10])
    return Hop(
        kind="gap_report",
        uuid=uuid,
        title=_("%(programme)s：专业与岗位需求的差距") % {"programme": view.name},
        facts=[
            (_("计入的招聘信息"), row.postings),
            (_("目标岗位"), _("、").join(str(role.name) for role in view.roles)),
            (_("技能目录版本"), row.inputs["taxonomy"] or _("未知")),
            (_("状态"), row.get_state_display()),
        ],
        how=_("统计目标岗位的全部在库招聘信息，逐项技能与课程表的讲授学时比对。"),
        method=row.method,
        method_version=row.method_version,
        at=row.computed_at,
        derived=[Link("gap_line", line.uuid, str(line.name), line.status_label) for line in top],
        url=reverse("management:gap", args=[view.uuid]),
        is_demo=row.inputs["is_demo"],
    )


def _line_titles(actor: Actor, uuids: Sequence[UUID]) -> Mapping[UUID, str]:
    rows = visible(
        actor, "gaps.read", GapLine.objects.filter(uuid__in=uuids).exclude(report__state="superseded")
    )
    return {
        line.uuid: f"{line.name}（{line.status_label}）" for line in selectors.lines_of(rows.order_by("rank"))
    }


@resolver("gap_line", label=gettext_lazy("差距"), titles=_line_titles)
def line_hop(actor: Actor, uuid: UUID) -> Hop:
    """Return a line of the gap list: demand against hours, with sentences that ask for the skill."""
    row = get_visible(actor, "gaps.read", GapLine.objects.select_related("report"), uuid=uuid)
    (line,) = selectors.lines_of([row])
    view = programme_brief(actor, row.report.programme_uuid)
    return Hop(
        kind="gap_line",
        uuid=uuid,
        title=_("%(skill)s：%(status)s") % {"skill": line.name, "status": line.status_label},
        facts=[
            (_("需求占比"), reasons.percent(line.share)),
            (_("95% 区间"), f"{reasons.percent(line.share_low)} – {reasons.percent(line.share_high)}"),
            (_("现讲授学时"), reasons.hours(line.taught_hours)),
            (_("宜有学时"), reasons.hours(line.target_hours)),
            (_("排序"), line.rank),
        ],
        how=reasons.line_reason(line),
        method=row.report.method,
        method_version=row.report.method_version,
        at=row.report.computed_at,
        basis=[Link("gap_report", row.report.uuid, _("差距报告"))],
        sources=sentences(actor, line.key, [role.id for role in view.roles], SENTENCES),
        url=reverse("management:gap", args=[view.uuid]),
        value=_value(line.count, line.total, line.taught_hours),
        recompute=lambda: _recomputed(actor, view.uuid, line.key),
        is_demo=row.report.inputs["is_demo"],
    )


def _value(count: int, total: int, hours: float) -> str:
    return _("%(count)s / %(total)s 条，讲授 %(hours)s 学时") % {
        "count": formats.number(count),
        "total": formats.number(total),
        "hours": reasons.hours(hours),
    }


def _recomputed(actor: Actor, programme_uuid: UUID, key: str) -> str:
    """Return the line's figures computed anew from postings and course table."""
    view = programme(actor, programme_uuid)
    _parameters, lines, _proposals = compare(view, demand(actor, [role.id for role in view.roles]))
    found = next((line for line in lines if line.skill.key == key), None)
    return _value(found.count, found.total, found.taught_hours) if found else _("不再列入")


def _proposal_titles(actor: Actor, uuids: Sequence[UUID]) -> Mapping[UUID, str]:
    return {
        item.uuid: reasons.title_of(item.change, place=item.place, names=item.skills)
        for item in selectors.proposal_labels(actor, uuids)
    }


@resolver("proposal", label=gettext_lazy("调整建议"), titles=_proposal_titles)
def proposal_hop(actor: Actor, uuid: UUID) -> Hop:
    """Return a proposal with the gap lines it closes."""
    row = get_visible(actor, "proposals.read", Proposal.objects.select_related("report"), uuid=uuid)
    item, view = selectors.proposal(actor, uuid)
    facts = [(_("状态"), item.state_label), (_("学时变化"), f"{item.hours:+g}")]
    if item.decided_by:
        facts += [(_("处理人"), item.decided_by), (_("理由"), item.decision_reason or _("未填写"))]
    return Hop(
        kind="proposal",
        uuid=uuid,
        title=reasons.proposal_title(item),
        facts=facts,
        how=reasons.proposal_reason(item),
        method=row.report.method,
        method_version=row.report.method_version,
        at=row.report.computed_at,
        derived=[Link("module", item.decided_module.uuid, str(item.decided_module.name))]
        if item.decided_module
        else [],
        url=reverse("management:proposal", args=[uuid]),
        is_demo=view.is_demo,
    )
