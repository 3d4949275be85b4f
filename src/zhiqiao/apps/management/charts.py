"""Chart data of the gap pages as plain dictionaries; every chart has its table twin on the page."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from zhiqiao.apps.management.selectors import LineView
from zhiqiao.platform.data.api import ProgrammeView

BARS = 15
MATRIX_SKILLS = 40


def demand_bar(lines: Sequence[LineView]) -> dict[str, object]:
    """Return the most asked skills with share, count and interval."""
    top = sorted((line for line in lines if line.share), key=lambda line: -line.count)[:BARS]
    return {
        "title": _("目标岗位要求最多的技能"),
        "unit": "%",
        "categories": [str(line.name) for line in top],
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
    """Return hours taught per asked skill and course; null where a course does not teach it."""
    asked = [line for line in lines if line.status != "unasked"]
    top = sorted(asked, key=lambda line: -line.count)[:MATRIX_SKILLS]
    wanted = {line.key: row for row, line in enumerate(top)}
    hours: dict[tuple[int, int], float] = {}
    courses = [course for course in view.courses if course.category != "public_basic"]
    for column, course in enumerate(courses):
        for module in course.modules:
            for skill in module.skills if module.is_active else ():
                if skill.key in wanted:
                    cell = (column, wanted[skill.key])
                    hours[cell] = hours.get(cell, 0.0) + skill.hours
    taught = sorted({column for column, _row in hours})
    return {
        "title": _("技能 × 课程：讲授学时"),
        "unit": _("学时"),
        "x": [str(courses[column].name) for column in taught],
        "y": [f"{line.name}（{round((line.share or 0) * 100)}%）" for line in top],
        "cells": [[taught.index(column), row, value] for (column, row), value in sorted(hours.items())],
    }
