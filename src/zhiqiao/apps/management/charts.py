"""Chart data of the gap pages as plain dictionaries; every chart has its table twin on the page."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from zhiqiao.apps.management.reasons import percent
from zhiqiao.apps.management.selectors import LineView
from zhiqiao.platform.data.api import ProgrammeView

BARS = 15
MATRIX_SKILLS = 40


def demand_bar(lines: Sequence[LineView]) -> dict[str, object]:
    """Return the most asked skills with share, count and interval; each bar opens its evidence."""
    top = sorted((line for line in lines if line.share), key=lambda line: -line.count)[:BARS]
    return {
        "title": _("目标岗位要求最多的技能"),
        "unit": "%",
        "category_title": _("技能"),
        "categories": [str(line.name) for line in top],
        "links": [reverse("evidence", args=["gap_line", line.uuid]) for line in top],
        "series": [
            {
                "name": _("要求该技能的招聘信息占比"),
                "data": [round((line.share or 0) * 100, 1) for line in top],
                "count": [line.count for line in top],
                "low": [round(line.share_low * 100, 1) for line in top],
                "high": [round(line.share_high * 100, 1) for line in top],
            }
        ],
    }


def coverage_matrix(view: ProgrammeView, lines: Sequence[LineView]) -> dict[str, object]:
    """Return hours taught per asked skill (down) and course (across); None where a course does not teach it."""
    asked = [line for line in lines if line.status != "unasked"]
    top = sorted(asked, key=lambda line: -line.count)[:MATRIX_SKILLS]
    hours: dict[tuple[UUID, str], float] = {}
    for course, module in view.modules():
        for skill in module.skills:
            hours[course.uuid, skill.key] = hours.get((course.uuid, skill.key), 0.0) + skill.hours
    courses = [course for course in view.courses if any((course.uuid, line.key) in hours for line in top)]
    return {
        "title": _("技能 × 课程：讲授学时"),
        "unit": _("学时"),
        "x_title": _("课程"),
        "y_title": _("技能（需求占比）"),
        "x": [str(course.name) for course in courses],
        "y": [f"{line.name} {percent(line.share)}" for line in top],
        "values": [[hours.get((course.uuid, line.key), 0) for course in courses] for line in top],
        "links": [[reverse("evidence", args=["gap_line", line.uuid])] * len(courses) for line in top],
    }
