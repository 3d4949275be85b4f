"""Chart data of the industry pages as plain dictionaries; shapes are described in `infra.ui.charts`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from zhiqiao.infra.db.names import Name
from zhiqiao.platform.data.selectors.skills import HeatMap, SkillLine, SkillPage, graph_parts

__all__ = ["by_month", "by_role", "heat", "skill_graph", "top_skills"]

Data = dict[str, Any]  # Any: plain JSON
_BARS = 15


def top_skills(lines: Sequence[SkillLine], *, title: str, demo: bool = False) -> Data:
    """Return the most asked skills with share and count."""
    top = [line for line in lines if line.count][:_BARS]
    return {
        "title": title,
        "unit": "%",
        "category_title": _("技能"),
        "categories": [str(line.skill.name) for line in top],
        "series": [_series([line.share or 0 for line in top], [line.count or 0 for line in top])],
        "links": [_evidence("skill_demand", line.figure_uuid) for line in top],
        "demo": demo,
    }


def by_role(page: SkillPage, *, demo: bool = False) -> Data:
    """Return the demand for one skill by post."""
    top = page.roles[:_BARS]
    return {
        "title": _("哪些岗位要求这项技能"),
        "unit": "%",
        "category_title": _("岗位"),
        "categories": [str(item.name) for item in top],
        "series": [_series([item.share for item in top], [item.count for item in top])],
        "links": [_evidence("skill_demand", item.figure_uuid) for item in top],
        "note": _("占该岗位全部招聘信息的比例。"),
        "demo": demo,
    }


def by_month(page: SkillPage, *, demo: bool = False) -> Data:
    """Return the demand for one skill by month of publication."""
    undated = _("另有 %(count)s 条招聘信息没有发布日期，不在图中。") % {"count": page.undated}
    return {
        "title": _("按发布月份"),
        "unit": "%",
        "category_title": _("月份"),
        "categories": [month for month, _asked, _all in page.months],
        "series": [
            _series(
                [asked / every if every else None for _month, asked, every in page.months],
                [asked for _month, asked, _all in page.months],
            )
        ],
        "note": undated if page.undated else "",
        "demo": demo,
    }


def heat(found: HeatMap, *, demo: bool = False) -> Data:
    """Return posts × skills as shares in per cent."""
    return {
        "title": _("岗位 × 技能：要求该技能的招聘信息占比"),
        "unit": "%",
        "x_title": _("技能"),
        "y_title": _("岗位"),
        "x": [str(Name(skill.name_zh, skill.name_en)) for skill in found.skills],
        "y": [f"{Name(role.name_zh, role.name_en)} ({total})" for role, total in found.roles],
        "values": [
            [_percent(found.share(role, total, skill)) for skill in found.skills]
            for role, total in found.roles
        ],
        "counts": [
            [found.counts.get((role.pk, skill.pk), 0) for skill in found.skills] for role, _n in found.roles
        ],
        "links": [
            [_evidence("skill_demand", found.figure(role, skill)) for skill in found.skills]
            for role, _total in found.roles
        ],
        "note": _("括号内为该岗位的招聘信息条数。"),
        "demo": demo,
    }


def skill_graph(page: SkillPage, *, demo: bool = False) -> Data:
    """Return the small graph post – skill – module around one skill."""
    roles, modules = graph_parts(page)
    centre = str(page.line.skill.uuid)
    nodes = [{"id": centre, "label": str(page.line.skill.name), "kind": "skill"}]
    nodes += [
        _node(item.role_uuid, item.name, kind="role", url=reverse("data:role", args=[item.role_key]))
        for item in roles
    ]
    nodes += [_node(item.uuid, item.name, kind="module", url=module_url(item.uuid)) for item in modules]
    edges = [
        {
            "source": str(item.role_uuid),
            "target": centre,
            "label": _("要求（%(share)s%%）") % {"share": _percent(item.share)},
            "weight": round(item.share, 3),
        }
        for item in roles
    ]
    edges += [
        {
            "source": centre,
            "target": str(item.uuid),
            "label": _("讲授（%(hours)s 学时）") % {"hours": f"{item.hours:g}"},
            "weight": item.hours,
        }
        for item in modules
    ]
    kinds = {"role": _("岗位"), "skill": _("技能"), "module": _("模块")}
    return {"title": _("岗位 – 技能 – 模块"), "kinds": kinds, "nodes": nodes, "edges": edges, "demo": demo}


def module_url(uuid: object) -> str:
    """Return the page of a module, or its evidence where no package shows modules."""
    try:
        return reverse("management:module", args=[uuid])
    except NoReverseMatch:
        return _evidence("module", uuid)


def _node(uuid: UUID, name: Name, *, kind: str, url: str) -> dict[str, str]:
    return {"id": str(uuid), "label": str(name), "kind": kind, "url": url}


def _series(shares: Sequence[float | None], counts: Sequence[int]) -> Data:
    return {"name": _("招聘信息占比"), "data": [_percent(share) for share in shares], "count": list(counts)}


def _percent(share: float | None) -> float | None:
    return None if share is None else round(share * 100, 1)


def _evidence(kind: str, uuid: object) -> str:
    return reverse("evidence", args=[kind, uuid])
