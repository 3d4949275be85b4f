"""Reasons in words, from the numbers that a line or a proposal holds; the same in pages, drawer and exports."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from zhiqiao.apps.management.selectors import LineView, ProposalView
from zhiqiao.infra.db.names import Name
from zhiqiao.infra.ui import formats


def percent(share: float | None) -> str:
    """Return a share as per cent with one decimal; unknown stays unknown."""
    return _("未知") if share is None else formats.percent(share)


def hours(value: float) -> str:
    """Return hours without a needless decimal."""
    return formats.number(round(value, 1))


def line_reason(line: LineView) -> str:
    """Say why a line stands where it stands."""
    values = {
        "count": formats.number(line.count),
        "total": formats.number(line.total),
        "share": percent(line.share),
        "taught": hours(line.taught_hours),
        "target": hours(line.target_hours),
    }
    match line.status:
        case "missing":
            text = _(
                "目标岗位的 %(total)s 条招聘信息中有 %(count)s 条（%(share)s）要求该技能，课程中没有任何模块讲授。"
            )
        case "thin":
            text = _(
                "目标岗位的 %(total)s 条招聘信息中有 %(count)s 条（%(share)s）要求该技能，现讲授 %(taught)s 学时，"
                "按需求强度宜有 %(target)s 学时。"
            )
        case "covered":
            text = _("%(share)s 的招聘信息要求该技能，现讲授 %(taught)s 学时，已达到宜有的 %(target)s 学时。")
        case _other:
            text = _("现讲授 %(taught)s 学时，%(total)s 条招聘信息中仅 %(count)s 条（%(share)s）提到该技能。")
    reason = text % values
    return f"{reason}{trend_reason(line)}" if line.rising else reason


def short_reason(line: LineView) -> str:
    """Say the same in a few words, for a list whose other columns hold the figures."""
    match line.status:
        case "missing":
            text = _("岗位要求，无模块讲授")
        case "thin":
            text = _("还差 %(hours)s 学时") % {"hours": hours(line.target_hours - line.taught_hours)}
        case "covered":
            text = _("学时已够")
        case _other:
            text = _("有讲授，岗位很少要求")
    return _("%(reason)s；%(trend)s") % {"reason": text, "trend": trend_reason(line)} if line.rising else text


def trend_reason(line: LineView) -> str:
    """Say how a rising skill has risen."""
    trend = line.trend
    if not trend:
        return ""
    return _("近月需求明显上升：由 %(before)s 升至 %(recent)s。") % {
        "before": percent(_share(trend["before_count"], trend["before_total"])),
        "recent": percent(_share(trend["recent_count"], trend["recent_total"])),
    }


def _share(count: float, total: float) -> float | None:
    return count / total if total else None


def proposal_title(item: ProposalView) -> str:
    """Return the proposal in one line, with the name of what it changes."""
    place = item.module.name if item.module else item.course.name if item.course else ""
    return title_of(item.change, place=str(place), names=[skill.name for skill in item.skills])


def title_of(change: str, *, place: str, names: Sequence[Name]) -> str:
    """Return a change in one line: what is done where with which skills."""
    skills = _("、").join(map(str, names))
    match change:
        case "add":
            return _("在课程《%(place)s》中新增模块：%(skills)s") % {"place": place, "skills": skills}
        case "extend":
            return _("为模块“%(place)s”增加学时：%(skills)s") % {"place": place, "skills": skills}
        case "update":
            return _("在模块“%(place)s”中加入：%(skills)s") % {"place": place, "skills": skills}
        case _other:
            return _("停开模块“%(place)s”") % {"place": place}


def proposal_reason(item: ProposalView) -> str:
    """Say why this module, or why a new one."""
    match item.change:
        case "update":
            return _(
                "这些技能与该模块已讲授的技能常在同一条招聘信息中出现，或在技能目录中相邻（相近度 %(near)s）。"
            ) % {"near": formats.number(item.affinity, places=2)}
        case "add":
            return _(
                "这些技能常一同被要求，而现有模块与它们相距较远，或学时已满、加不下，因此建议单独成一个模块。"
            )
        case "extend":
            return _("该模块讲授这些技能的学时低于需求强度对应的学时。")
        case _other:
            return _("该模块讲授的技能在目标岗位的招聘信息中几乎不被要求；请结合升学与通用能力要求再作决定。")


def new_module_name(item: ProposalView) -> tuple[str, str]:
    """Suggest a name for a new module in Chinese and English: its strongest skills."""
    names = [skill.name for skill in item.skills[:2]]
    return "与".join(name.zh for name in names), " and ".join(name.en for name in names)
