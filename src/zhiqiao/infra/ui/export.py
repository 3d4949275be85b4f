"""Tables as files people take away: CSV and XLSX by the writers that let no cell become a formula."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Iterable, Sequence
from decimal import Decimal
from enum import StrEnum
from io import BytesIO
from pathlib import Path
from urllib.parse import quote

from django.http import HttpResponse
from django.utils.translation import gettext as _

from zhiqiao.engines.tabular import CsvWriter, write_xlsx
from zhiqiao.infra.ui import formats

CellValue = str | int | float | bool | None


class ExportFormat(StrEnum):
    """The formats of an export."""

    CSV = "csv"
    XLSX = "xlsx"


CONTENT_TYPES = {
    ExportFormat.CSV: "text/csv; charset=utf-8",
    ExportFormat.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def export_response(
    kind: ExportFormat,
    *,
    columns: Sequence[str],
    rows: Iterable[tuple[Sequence[object], bool]],
    name: str,
    title: str,
    demo: bool,
    notes: Sequence[str] = (),
) -> HttpResponse:
    """Return a file of the rows, each with whether it is demo data, and what must be known about them.

    Where there may be demo data, the file's name and a note say so, and a column marks the rows that are.
    """
    label = _("演示数据")
    heads = [*columns, _("说明")] if demo else list(columns)
    cells = ([*map(plain, row), *([label if is_demo else ""] if demo else [])] for row, is_demo in rows)
    if kind is ExportFormat.CSV:
        body = _csv(heads, cells, notes)
    else:
        body = _xlsx(heads, cells, title=title, note="\n".join([*([label] if demo else []), *notes]))
    file_name = f"{name}{'-' + label if demo else ''}.{kind}"
    response = HttpResponse(body, content_type=CONTENT_TYPES[kind])
    response["Content-Disposition"] = (
        f"attachment; filename=\"export.{kind}\"; filename*=UTF-8''{quote(file_name)}"
    )
    return response


def plain(value: object) -> CellValue:
    """Return a value as a spreadsheet holds it: figures stay figures, days become 2026-11-20."""
    if isinstance(value, (bool, int, float)) or value is None:
        return value
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, dt.datetime):
        return formats.moment(value)
    if isinstance(value, dt.date):
        return formats.date(value)
    return str(value)


def _csv(columns: Sequence[str], rows: Iterable[Sequence[CellValue]], notes: Sequence[str]) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "export.csv"
        with CsvWriter(path, columns) as writer:
            for row in rows:
                writer.write(row)
            # below the table: a program that reads the rows meets a first cell it can tell from them
            for note in notes:
                writer.write([f"# {note}", *[None] * (len(columns) - 1)])
        return path.read_bytes()


def _xlsx(columns: Sequence[str], rows: Iterable[Sequence[CellValue]], *, title: str, note: str) -> bytes:
    target = BytesIO()
    write_xlsx(target, columns, rows, title=title, note=note)
    return target.getvalue()
