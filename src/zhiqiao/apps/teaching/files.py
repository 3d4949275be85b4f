"""Plans as files: what people made is read with what was met on the way, a version goes out in three formats."""

from __future__ import annotations

import datetime as dt
from functools import cache

from django.utils.translation import gettext as _

from zhiqiao.apps.teaching.errors import BadStart
from zhiqiao.apps.teaching.points import Point
from zhiqiao.engines import planfiles
from zhiqiao.engines.documents import Label
from zhiqiao.engines.kernel import ShapeError
from zhiqiao.engines.plans import Plan, plan_json
from zhiqiao.infra.ui.formats import is_chinese
from zhiqiao.packs import common_file

__all__ = ["CONTENT_TYPES", "read_file", "written"]

_REFUSED = planfiles.NoteKind.REFUSED
_OFFICE = "application/vnd.openxmlformats-officedocument"
CONTENT_TYPES = {
    "json": "application/json",
    "xlsx": f"{_OFFICE}.spreadsheetml.sheet",
    "docx": f"{_OFFICE}.wordprocessingml.document",
}


def read_file(content: bytes, *, name: str) -> tuple[Plan, tuple[Point, ...]]:
    """Read a plan from JSON, XLSX or DOCX, with a point for each thing that was refused or read in a certain way.

    `name` becomes the key where the file has none. Raises BadStart for a file that can not be read at all.
    """
    if not content:
        raise BadStart(_("请选择方案文件（XLSX、DOCX 或 JSON）。"))
    try:
        found = planfiles.import_plan(content, _words(), name=name)
    except (planfiles.PlanFileError, ShapeError) as error:
        raise BadStart(
            _("文件读不出培养方案：%(why)s") % {"why": error.zh if is_chinese() else error.en}
        ) from error
    points = (
        Point("file", {"zh": note.text("zh"), "en": note.text("en"), "refused": note.kind is _REFUSED})
        for note in sorted(found.notes, key=lambda one: one.kind is not _REFUSED)
        if note.kind is not planfiles.NoteKind.TOLD
    )
    return found.plan, tuple(points)


def written(plan: Plan, kind: str, *, on: dt.date, school: str, is_demo: bool) -> bytes:
    """Return a plan as a file of one of the formats; an office file of the demo says that it is."""
    if kind == "json":
        return plan_json(plan).encode()
    write = {"xlsx": planfiles.plan_xlsx, "docx": planfiles.plan_docx}[kind]
    labels = (Label(_("演示数据"), "DemoData", {"scope": "all"}, watermark=True),) if is_demo else ()
    return write(plan, _words(), on=on, organisation=school, labels=labels)


@cache
def _words() -> planfiles.Words:
    return planfiles.read_words(common_file("curriculum", "plan_format.toml"))
