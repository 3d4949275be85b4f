"""What the editor page is given, and what the server answers to each change: plain values and one drawn fragment."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from functools import lru_cache
from typing import cast

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from zhiqiao.apps.teaching.columns import Part, parts
from zhiqiao.apps.teaching.document import Document, plan_of
from zhiqiao.apps.teaching.editing import Edited, stacks
from zhiqiao.apps.teaching.judging import FindingView, book, judge
from zhiqiao.apps.teaching.models import PlanChange, PlanVersion
from zhiqiao.apps.teaching.operations import Operation, Outcome
from zhiqiao.apps.teaching.standing import as_it_stands
from zhiqiao.apps.teaching.sums import Sums, sums_of, term_numbers
from zhiqiao.engines.kernel import to_json
from zhiqiao.engines.rules import Language
from zhiqiao.infra.ui import formats
from zhiqiao.platform.governance.api import ActorRequest

__all__ = ["answer", "language_of_page", "parts_of", "rail", "start_values"]


def language_of_page() -> Language:
    """Return the language that the reader chose."""
    return "en" if (get_language() or "").startswith("en") else "zh"


def parts_of(document: Document) -> tuple[Part, ...]:
    """Return the parts of the editor for a plan."""
    return parts(term_numbers(plan_of(document)), language_of_page())


def start_values(request: ActorRequest, version: PlanVersion, document: Document) -> dict[str, object]:
    """Return what the page's script starts with."""
    shown = parts_of(document)
    undoable, redoable = stacks(version, request.actor)
    grids = [grid for part in shown for grid in part.grids]
    return {
        "sequence": version.sequence,
        # Django would write decimals as texts
        "rows": to_json({table: list(rows.items()) for table, rows in document.tables.items()}),
        "grids": [
            {"table": grid.table, "title": grid.title, "columns": [asdict(one) for one in grid.columns]}
            for grid in grids
        ],
        "fields": [asdict(field) for part in shown for field in part.fields],
        "sections": [asdict(section) for part in shown for section in part.sections],
        "words": _words(),
        "urls": {
            "edit": reverse("teaching:operations", args=[version.uuid]),
            "turn": reverse("teaching:turn", args=[version.uuid]),
            "changes": reverse("teaching:changes", args=[version.uuid]),
        },
        "undo": bool(undoable),
        "redo": bool(redoable),
    }


def _words() -> dict[str, str]:
    return {
        "yes": _("是"),
        "no": _("否"),
        "comma": _("、"),
        "fields": _("显示这一行的全部字段"),
        "saved": _("已保存"),
        "saving": _("正在保存（{count}）"),
        "offline": _("网络不通，{count} 处修改还没有保存，会自动重试"),
        "stopped": _("已停止保存，{count} 处修改没有保存"),
        "others": _("{names} 刚改了 {count} 处，已合并"),
        "mine": _("您写的"),
        "theirs": _("现在的"),
        "typed": _("您写的"),
        "blank": _("（空）"),
        "insist": _("改成我写的"),
        "yield": _("保留现在的"),
        "close": _("知道了"),
    }


def answer(request: ActorRequest, edited: Edited, *, with_rail: bool) -> dict[str, object]:
    """Return what the page is told after a request."""
    undoable, redoable = stacks(edited.version, request.actor)
    return {
        "sequence": edited.version.sequence,
        "results": [_result(one, edited.changes) for one in edited.outcomes],
        "changes": [
            {
                "sequence": change.sequence,
                "by": change.by.display_name if change.by else "",
                "own": change.by_id == request.actor.user_id,
                "operations": to_json(change.operations),
            }
            for change in edited.changes
        ],
        "rail": rail(request, edited.version, edited.document) if with_rail else None,
        "undo": bool(undoable),
        "redo": bool(redoable),
    }


def _result(outcome: Outcome, changes: Sequence[PlanChange]) -> dict[str, object]:
    told: dict[str, object] = {
        "status": "done",
        "current": None,
        "gone": False,
        "text": "",
        "by": "",
        "at": "",
    }
    if outcome.refused is not None:
        english = language_of_page() == "en"
        return told | {
            "status": "refused",
            "text": outcome.refused.en if english else outcome.refused.zh,
            "current": to_json(outcome.current),
        }
    if outcome.conflict is not None:
        change = _blame(outcome.asked, changes)
        return told | {
            "status": "conflict",
            "current": to_json(outcome.conflict.current),
            "gone": outcome.conflict.is_gone,
            "text": _("这一行已被删除。")
            if outcome.conflict.is_gone
            else _("别人同时改了这里，两个值都在下面。"),
            "by": change.by.display_name if change and change.by else "",
            "at": formats.moment(change.at) if change else "",
        }
    return told


def _blame(asked: Operation, changes: Sequence[PlanChange]) -> PlanChange | None:
    """Return the last change to the row of an operation that met a conflict."""
    for change in reversed(changes):
        rows = {(one["table"], one["key"]) for one in cast("list[dict[str, str]]", change.operations)}
        if (asked.table, asked.key) in rows:
            return change
    return None


def rail(request: HttpRequest, version: PlanVersion, found: Document, *, leads: bool = True) -> str:
    """Draw the sums and findings that stand beside the table; in the editor they lead to its cells."""
    plan, today = plan_of(found), timezone.localdate()
    sums = sums_of(plan, on=today)
    language = language_of_page()
    judged = judge(as_it_stands(plan, version), found, on=today, language=language)
    context = {
        "version": version,
        "sums": sums,
        "categories": [
            (book().words.text(f"category.{kind}").of(language) if kind else _("未填类别"), line)
            for kind, line in sums.by_category
        ],
        "fill_json": json.dumps(_fill(sums)),
        "judged": judged,
        "findings": [_finding(one, language, leads=leads) for one in judged.findings],
        "leads": leads,
    }
    return render_to_string("teaching/_rail.html", context, request=request)


@lru_cache(maxsize=4096)
def _finding(finding: FindingView, _language: Language, *, leads: bool) -> str:
    """Draw a finding; from one change to the next most of them stay as they are, and drawing costs most."""
    return render_to_string("teaching/_finding.html", {"one": finding, "leads": leads})


def _fill(sums: Sums) -> list[dict[str, object]]:
    """Return the plan's own summary as the course table adds up to it."""
    kinds = {kind: line.hours for kind, line in sums.by_category if kind}
    values: list[tuple[list[str], object]] = [
        (["summary", "hours"], sums.total.hours),
        (["summary", "credits"], sums.total.credits),
        *((["summary", "by_category", str(kind)], hours) for kind, hours in kinds.items()),
    ]
    return [{"path": path, "value": to_json(value)} for path, value in values]
