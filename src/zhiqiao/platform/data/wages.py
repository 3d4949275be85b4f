"""Brings a table of guideline wages (工资指导价位) in: good rows go in, bad rows are named with field and reason."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from zhiqiao import packs
from zhiqiao.engines import tabular
from zhiqiao.platform.data.errors import Refused
from zhiqiao.platform.data.merging import merging_rules
from zhiqiao.platform.data.models import GuidelineWage, JobRole, Source, SourceKind, WageTable, WageUnit
from zhiqiao.platform.data.uploads import Upload
from zhiqiao.platform.governance.api import Actor, audit, require

__all__ = ["COLUMNS", "import_table", "rejected_rows", "remove_table"]

#: Fields of a row and whether a file without the column can be read.
COLUMNS = {
    "title": True,
    "code": False,
    "place": False,
    "year": True,
    "low": False,
    "median": True,
    "high": False,
    "unit": True,
}
_NO_TITLE = gettext_noop("没有写职业或岗位的名称")
_NO_MEDIAN = gettext_noop("没有写中位数")
_NOT_MONEY = gettext_noop("不是金额，请写成数字，例如 5200")
_NOT_YEAR = gettext_noop("不是年份，请写成四位数字，例如 2025")
_NOT_ORDERED = gettext_noop("低位、中位、高位的大小顺序不对")
_UNKNOWN_UNIT = gettext_noop("单位不明，请写“元/月”或“元/年”")
_TWICE = gettext_noop("与本表前面的一行是同一职业、地区和年份")
_UNREADABLE = gettext_noop("这一行无法读取")
_UNITS = {
    "元/月": WageUnit.MONTH,
    "月": WageUnit.MONTH,
    "month": WageUnit.MONTH,
    "元/人月": WageUnit.MONTH,
    "元/年": WageUnit.YEAR,
    "年": WageUnit.YEAR,
    "year": WageUnit.YEAR,
    "元/人年": WageUnit.YEAR,
}
_MONEY = re.compile(r"(\d{1,9})(?:\.\d{1,4})?")


class _BadRow(Exception):  # noqa: N818 - an outcome of one row, not of the program
    def __init__(self, field: str, reason: str) -> None:
        super().__init__(reason)
        self.field, self.reason = field, reason


@dataclass(frozen=True)
class _Wage:
    title: str
    code: str
    place: str
    year: int
    low: int | None
    median: int
    high: int | None
    unit: WageUnit


@transaction.atomic
def import_table(actor: Actor, source: Source, upload: Upload) -> WageTable:
    """Read a small table into a source of guideline wages; raises Refused or TableError when it is none.

    The same file again gives the table that is there; nothing is added.
    """
    require(actor, "sources.manage", source)
    if source.kind != SourceKind.WAGE_GUIDELINE:
        raise Refused(_("这个来源不是工资指导价位，不能读入工资表。"))
    same = source.wage_tables.filter(file_digest=upload.digest).first()
    if same is not None:
        return same
    rules = merging_rules().wages
    if upload.size > rules.max_megabytes * 1024**2:
        raise Refused(_("工资表太大，请只保留职业、地区、年份和金额各列。"))
    columns = _columns(upload)
    table = WageTable.objects.create(
        org_root_id=source.org_root_id,
        source=source,
        imported_by_id=actor.user_id,
        file_name=upload.name,
        file_digest=upload.digest,
    )
    _read(table, upload, columns)
    if not table.kept:
        raise Refused(
            _("没有一行可以读入，请核对各列的写法：职业、四位数年份、数字金额、单位“元/月”或“元/年”。")
        )
    table.save()
    Source.objects.filter(pk=source.pk).update(refreshed_on=timezone.localdate())
    detail = {"file": upload.name, "rows_in": table.rows_in, "kept": table.kept}
    audit(actor, "wages.imported", source, detail=detail)
    return table


@transaction.atomic
def remove_table(actor: Actor, table: WageTable) -> None:
    """Take a table of wages out again; the trail stays."""
    require(actor, "sources.manage", table.source)
    audit(actor, "wages.removed", table.source, detail={"file": table.file_name, "kept": table.kept})
    table.delete()


def rejected_rows(table: WageTable) -> list[tuple[int, str, str, list[str]]]:
    """Return the rows that did not go in: number, field, reason (a msgid), the cells of COLUMNS and the raw text.

    A row that could not be read has no cells, only its raw text.
    """
    blank = [""] * len(COLUMNS)
    found = []
    for item in table.rejected:
        cells = item["cells"]
        is_raw = item["reason"] == _UNREADABLE or len(cells) != len(COLUMNS)
        texts = [*blank, " | ".join(cells)] if is_raw else [*cells, ""]
        found.append((item["row"], item["field"], item["reason"], texts))
    return found


def _columns(upload: Upload) -> Mapping[str, str]:
    info = tabular.inspect(upload.path, name=upload.name)
    vocabulary = tabular.read_vocabulary(packs.common_file("intake", "wage_columns.csv"))
    found = tabular.recognise(info.columns, info.preview, vocabulary)
    columns = {field: match.source for field, match in found.items() if field in COLUMNS}
    missing = [field for field, is_needed in COLUMNS.items() if is_needed and field not in columns]
    if missing:
        raise Refused(_("没有找到必需的列。工资表要有职业（或岗位）、年份、中位数、单位四列。"))
    return columns


def _read(table: WageTable, upload: Upload, columns: Mapping[str, str]) -> None:
    most = merging_rules().wages.max_rows
    roles = _roles()
    seen: set[tuple[str, str, str, int]] = set()
    wages = []
    for chunk in tabular.read(upload.path, name=upload.name):
        table.rows_in += chunk.rows.num_rows + len(chunk.errors)
        if table.rows_in > most:
            raise Refused(_("工资表的行数太多，请拆分后再导入。"))
        table.rejected += [
            _rejection(error.row, error.field, _UNREADABLE, error.raw) for error in chunk.errors
        ]
        for number, cells in zip(chunk.row_numbers.to_pylist(), chunk.rows.to_pylist(), strict=True):
            values = {field: str(cells.get(column) or "").strip() for field, column in columns.items()}
            try:
                wage = _wage(values)
                key = (wage.title, wage.code, wage.place, wage.year)
                if key in seen:
                    raise _BadRow("title", _TWICE)
            except _BadRow as fault:
                fields = tuple(values.get(field, "") for field in COLUMNS)
                table.rejected.append(_rejection(number, fault.field, fault.reason, fields))
                continue
            seen.add(key)
            role = roles.get(_folded(wage.code)) or roles.get(_folded(wage.title))
            wages.append(
                GuidelineWage(
                    org_root_id=table.org_root_id, table=table, row=number, role_id=role, **wage.__dict__
                )
            )
    table.kept = len(wages)
    GuidelineWage.objects.bulk_create(wages, batch_size=500)


def _wage(values: Mapping[str, str]) -> _Wage:
    title = _folded(values.get("title", ""))[:200]
    if not title:
        raise _BadRow("title", _NO_TITLE)
    year = re.sub(r"年度?$", "", _folded(values.get("year", "")))
    if not re.fullmatch(r"(19|20)\d{2}", year):
        raise _BadRow("year", _NOT_YEAR)
    low, median, high = (_money(values, field) for field in ("low", "median", "high"))
    if median is None:
        raise _BadRow("median", _NO_MEDIAN)
    if (low or median) > median or (high or median) < median:
        raise _BadRow("median", _NOT_ORDERED)
    return _Wage(
        title=values["title"].strip()[:200],
        code=values.get("code", "")[:20],
        place=values.get("place", "")[:60],
        year=int(year),
        low=low,
        median=median,
        high=high,
        unit=_unit(values.get("unit", "")),
    )


def _money(values: Mapping[str, str], field: str) -> int | None:
    text = _folded(values.get(field, "")).replace(",", "").removesuffix("元")
    if not text or text in {"-", "—", "--", "/"}:
        return None
    found = _MONEY.fullmatch(text)
    if found is None:
        raise _BadRow(field, _NOT_MONEY)
    return round(float(text))


def _unit(text: str) -> WageUnit:
    folded = _folded(text).replace("人民币", "")
    if folded not in _UNITS:
        raise _BadRow("unit", _UNKNOWN_UNIT)
    return _UNITS[folded]


def _roles() -> dict[str, int]:
    """Return posts by what a guideline may call them: the post's name or its occupation's code or name."""
    found: dict[str, int] = {}
    for role in JobRole.objects.order_by("key"):
        for text in (role.occupation_code, role.occupation_name, role.name_en, role.name_zh):
            if text:
                found[_folded(text)] = role.pk
    return found


def _folded(text: str) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).casefold()


def _rejection(row: int, field: str, reason: str, cells: tuple[str, ...]) -> dict[str, object]:
    return {"row": row, "field": field, "reason": reason, "cells": [cell[:100] for cell in cells]}
