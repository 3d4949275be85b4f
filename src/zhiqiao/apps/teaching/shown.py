"""What pages write of a plan's rows: the same words and forms as in the editor (frontend/src/plan/cells.ts)."""

from __future__ import annotations

from typing import cast

from django.utils.translation import gettext as _

from zhiqiao.apps.teaching.columns import Column
from zhiqiao.apps.teaching.document import Content, Document
from zhiqiao.apps.teaching.operations import value_at
from zhiqiao.engines.kernel import Number
from zhiqiao.engines.rules import number_text

__all__ = ["cell_text", "value_text"]


def cell_text(column: Column, document: Document, table: str, key: str) -> str:
    """Write a field of a row; empty where it is unknown."""
    if column.kind == "key":
        return key
    return value_text(column, value_at(document.rows(table).get(key, {}), column.path), document)


def value_text(column: Column, value: object, document: Document) -> str:
    """Write a value of a field."""
    if value is None:
        return ""
    match column.kind:
        case "enum":
            return _label(column, value)
        case "truth":
            return _("是") if value is True else _("否")
        case "list" if isinstance(value, list):
            return _("、").join(_label(column, one) for one in value)
        case "term" if isinstance(value, list):
            usual = value_at(document.rows("terms").get(column.path[1], {}), ("teaching_weeks",))
            return " + ".join(_entry(entry, usual) for entry in cast("list[Content]", value))
    return number_text(cast("Number", value)) if column.kind == "number" else str(value)


def _label(column: Column, value: object) -> str:
    return next((one.label for one in column.options if one.value == value), str(value))


def _entry(entry: Content, usual: object) -> str:
    if "hours" in entry:
        return f"{_number(entry['hours'])}h"
    weekly, weeks = _number(entry.get("weekly_hours")), entry.get("weeks")
    return weekly if weeks == usual else f"{weekly}×{_number(weeks)}"


def _number(value: object) -> str:
    return "?" if value is None else number_text(cast("Number", value))
