"""A workbook as grids, a sheet each."""

from __future__ import annotations

import io

from zhiqiao.engines.planfiles._errors import PlanFileError
from zhiqiao.engines.planfiles._grids import Box, Grid, Piece
from zhiqiao.engines.tabular import Limits, TableError, read_sheets

_LIMITS = Limits(max_workbook_bytes=64 * 1024**2, max_workbook_cells=400_000, max_columns=400)


def read_xlsx(data: bytes) -> list[Piece]:
    """Return the sheets that hold anything; raise PlanFileError for a file that is no workbook."""
    try:
        sheets = read_sheets(io.BytesIO(data), limits=_LIMITS)
    except TableError as error:
        raise PlanFileError(error.text("zh"), error.text("en")) from error
    return [
        Grid(
            [list(row) for row in sheet.rows],
            sheet=sheet.name,
            first_row=sheet.first_row,
            boxes=[Box(*corners) for corners in sheet.joined],
        )
        for sheet in sheets
        if any(any(row) for row in sheet.rows)
    ]
