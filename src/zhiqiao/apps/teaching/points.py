"""Open points of a plan copied from an earlier year or read from a file: what has to be looked at, and why."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from zhiqiao.engines.plans import Plan
from zhiqiao.infra.ui.formats import is_chinese

__all__ = ["Point", "point_text", "points_of_copy"]


@dataclass(frozen=True)
class Point:
    """One thing to look at; `detail` holds what its sentence names."""

    kind: str
    detail: dict[str, object] = field(default_factory=dict)


def points_of_copy(before: Plan, copied: Plan) -> tuple[Point, ...]:
    """Return what has to be looked at in a copy, by what the earlier plan holds."""
    found = [Point("survey", {"year": copied.entry_year})]
    if before.procedure is not None:
        found.append(Point("procedure"))
    edition = before.programme.edition if before.programme else None
    if edition:
        found.append(Point("directory", {"edition": edition}))
    ended = [
        one.key
        for one in before.substitutions or ()
        if one.valid_to is not None and copied.entry_year and one.valid_to.year < copied.entry_year
    ]
    if ended:
        found.append(Point("substitutions", {"keys": ended}))
    if before.placements:
        found.append(Point("placements", {"count": len(before.placements)}))
    if before.certificates:
        found.append(Point("certificates", {"count": len(before.certificates)}))
    if before.sections and any(str(before.entry_year) in text for text in before.sections.values()):
        found.append(Point("year_in_text", {"year": before.entry_year}))
    return tuple(found)


def point_text(kind: str, detail: dict[str, object]) -> str:
    """Write an open point in the active language."""
    if kind == "file":
        said = str(detail["zh"] if is_chinese() else detail["en"])
        return (_("文件里没有采用：%(said)s") if detail["refused"] else _("从文件读入，请核对：%(said)s")) % {
            "said": said
        }
    keys = detail.get("keys")
    values = {**detail, "keys": _("、").join(map(str, keys))} if isinstance(keys, list) else detail
    texts = {
        "survey": _("%(year)s 级的岗位调研是否仍能说明需求；若不能，请更新岗位、目标与规格。"),
        "procedure": _("调研报告、论证纪要和审定决议没有复制：请补上本年度的。"),
        "directory": _("专业目录 %(edition)s 版是否仍为现行版本。"),
        "substitutions": _("这些替代关系在新入学年份之前已结束：%(keys)s。请删去或更新日期。"),
        "placements": _("%(count)s 项岗位实习安排：单位和时间是否仍可行。"),
        "certificates": _("%(count)s 个证书：是否仍在颁发，标准是否更新。"),
        "year_in_text": _("文字中仍写着 %(year)s：请逐处核对。"),
    }
    return texts[kind] % values
