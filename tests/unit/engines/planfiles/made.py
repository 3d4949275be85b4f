"""Plan files as people make them, written by code: all synthetic (合成), with the faults that their tests name."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from datetime import date
from functools import cache
from typing import Any  # Any: elements of python-docx

import docx
from openpyxl import Workbook

from zhiqiao.engines import planfiles
from zhiqiao.packs import common_file

ON = date(2026, 11, 1)
Rows = Sequence[Sequence[object]]


@cache
def words() -> planfiles.Words:
    """Return the shipped wordings."""
    return planfiles.read_words(common_file("curriculum", "plan_format.toml"))


def workbook(sheets: dict[str, Rows], joined: dict[str, Iterable[str]] | None = None) -> bytes:
    """Return a workbook of sheets with cells as they are typed."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
        for area in (joined or {}).get(name, ()):
            sheet.merge_cells(area)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def word(*parts: str | Rows, joined: dict[int, Iterable[tuple[int, int, int, int]]] | None = None) -> bytes:
    """Return a Word file of paragraphs and tables; `joined` are areas by the number of the table, from 1."""
    file: Any = docx.Document()
    tables = 0
    for part in parts:
        if isinstance(part, str):
            file.add_paragraph(part)
            continue
        tables += 1
        table = file.add_table(len(part), max(map(len, part)))
        for at, row in enumerate(part):
            for column, value in enumerate(row):
                if value is not None:
                    table.cell(at, column).text = str(value)
        for top, left, bottom, right in (joined or {}).get(tables, ()):
            table.cell(top, left).merge(table.cell(bottom, right))
    target = io.BytesIO()
    file.save(target)
    return target.getvalue()


def read(data: bytes, name: str = "方案") -> planfiles.Imported:
    """Import with the shipped wordings."""
    return planfiles.import_plan(data, words(), name=name)


def said(found: planfiles.Imported) -> dict[str, list[str]]:
    """Return the Chinese notes by code."""
    notes: dict[str, list[str]] = {}
    for note in found.notes:
        notes.setdefault(note.code, []).append(note.text("zh"))
    return notes


#: A table as vocational schools print it: two heading rows joined, categories joined downwards, weekly hours by
#: term with the weeks below, subtotals, a total, shares, a remark.
USUAL: Rows = [
    ["2026级软件技术专业人才培养方案教学进程表（合成）"],
    [
        "课程类别",
        "序号",
        "课程编码",
        "课程名称",
        "学分",
        "学时",
        None,
        None,
        "考核方式",
        None,
        "周学时分配",
        None,
        None,
        None,
    ],
    [None, None, None, None, None, "总课时", "讲授", "实训", "考试", "考查", "一", "二", "三", "四"],
    [None, None, None, None, None, None, None, None, None, None, "16周", "18周", "18周", "18周"],
    ["公共基础课", 1, "G01", "思想政治", 4, 64, 48, 16, "√", None, 4, None, None, None],
    [None, 2, "G02", "体育与健康", 4, "６８", 8, 60, None, "√", 2, 2, None, None],
    ["小计", None, None, None, 8, 132, 56, 76, None, None, 6, 2, None, None],
    ["专业核心课", 3, "H01", "程序设计", 6, 108, 54, 54, "√", None, None, "6×18", None, None],
    [None, 4, "H02", "数据库", 4, 72, 36, 30, "√", None, None, None, 4, None],
    ["小计", None, None, None, 10, 190, 90, 84, None, None, None, 6, 4, None],
    ["专业（技能）课", 5, None, "网站制作", 4, 72, 20, None, None, "√", None, None, None, "4"],
    ["合计", None, None, None, 22, 384, 166, 160, None, None, 6, 8, 4, 4],
    ["占总学时比例", None, None, None, None, "100%", "43%"],
    ["备注：军训两周另计（合成示例）"],
]
USUAL_JOINED = [
    "A1:N1", "A2:A4", "B2:B4", "C2:C4", "D2:D4", "E2:E4", "F2:H2", "F3:F4", "G3:G4", "H3:H4", "I2:J2", "I3:I4", "J3:J4",
    "K2:N2", "A5:A6", "A7:D7", "A8:A9", "A10:D10", "A12:D12", "A14:N14",
]  # fmt: skip
