"""The ways in and out: a plan to the bytes of a file, the bytes of a file to a plan with notes."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Sequence
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING

from zhiqiao.engines.planfiles._errors import PlanFileError
from zhiqiao.engines.planfiles._grids import Piece
from zhiqiao.engines.planfiles._layout import differing, lay_out, pieces_of, with_rest
from zhiqiao.engines.planfiles._printed import Layout
from zhiqiao.engines.planfiles._read import Imported, read_pieces, read_tree
from zhiqiao.engines.planfiles._words import Words
from zhiqiao.engines.plans import Plan, read_plan

if TYPE_CHECKING:
    from zhiqiao.engines.documents import Label


class PlanFormat(StrEnum):
    """Kind of file."""

    JSON = "json"
    XLSX = "xlsx"
    DOCX = "docx"


def plan_xlsx(
    plan: Plan, words: Words, *, on: date, organisation: str = "", labels: Sequence[Label] = ()
) -> bytes:
    """Return the plan as a workbook; read again it is equal. `on` is the day inside the file; same plan, same bytes."""
    from zhiqiao.engines.planfiles._xlsx_in import read_xlsx
    from zhiqiao.engines.planfiles._xlsx_out import write_layout

    texts = [label.text for label in labels]
    return _equal(
        plan,
        words,
        lambda layout: write_layout(layout, organisation=organisation, on=on, labels=texts),
        read_xlsx,
    )


def plan_docx(
    plan: Plan, words: Words, *, on: date, organisation: str = "", labels: Sequence[Label] = ()
) -> bytes:
    """Return the plan as a Word file; read again it is equal. `on` is the day on its cover; same plan, same bytes."""
    from zhiqiao.engines.planfiles._docx_in import read_docx
    from zhiqiao.engines.planfiles._docx_out import write_layout

    return _equal(
        plan,
        words,
        lambda layout: write_layout(layout, organisation=organisation, on=on, labels=tuple(labels)),
        read_docx,
    )


def _equal(
    plan: Plan, words: Words, write: Callable[[Layout], bytes], read: Callable[[bytes], list[Piece]]
) -> bytes:
    """Return a file that reads as the plan: what its tables do not give back as it is stands in a table of its own.

    What that is can be told without the file nearly always; the file itself is read to be sure.
    """
    layout = lay_out(plan, words)
    data = write(with_rest(layout, differing(plan, read_tree(pieces_of(layout), words)[0]), words))
    pieces = read(data)
    if not differing(plan, read_tree(pieces, words)[0]):
        return data
    alone, _ = read_tree(pieces, words, with_rest=False)
    data = write(with_rest(layout, differing(plan, alone), words))
    if left := differing(plan, read_tree(read(data), words)[0]):
        places = "、".join(path for path, _, _ in left[:5])
        raise PlanFileError(
            f"这些内容写入文件后读不回来：{places}", f"the file would not give back: {places}"
        )
    return data


def import_plan(data: bytes, words: Words, *, name: str) -> Imported:
    """Read a plan from JSON, XLSX or DOCX, told by the content; `name` becomes the key where there is none.

    Raise PlanFileError for a file that can not be read at all, `kernel.ShapeError` for JSON of another shape. What
    is refused, read with a reason or only told stands in the notes, each with its place.
    """
    match format_of(data):
        case PlanFormat.XLSX:
            from zhiqiao.engines.planfiles._xlsx_in import read_xlsx

            return read_pieces(read_xlsx(data), words, name=name)
        case PlanFormat.DOCX:
            from zhiqiao.engines.planfiles._docx_in import read_docx

            return read_pieces(read_docx(data), words, name=name)
        case PlanFormat.JSON:
            try:
                text = data.decode("utf-8-sig")
            except UnicodeDecodeError as error:
                raise PlanFileError(
                    f"不是 UTF-8 文字（第 {error.start} 字节）", f"is not UTF-8 text (byte {error.start})"
                ) from error
            return Imported(read_plan(text), ())


def format_of(data: bytes) -> PlanFormat:
    """Tell a file's format by its content; raise PlanFileError for other office files."""
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise PlanFileError(
            "是旧格式或有密码的文件（.xls、.doc）；请另存为 .xlsx 或 .docx",
            "is a file of an old format (.xls, .doc) or has a password; save it as .xlsx or .docx",
        )
    if data.startswith(b"%PDF"):
        raise PlanFileError(
            "PDF 不能导入；请提供 XLSX 或 DOCX", "a PDF can not be imported; give XLSX or DOCX"
        )
    if not data.startswith(b"PK"):
        return PlanFormat.JSON
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
    except zipfile.BadZipFile as error:
        raise PlanFileError("文件不完整或已损坏", "the file is cut off or damaged") from error
    if "xl/workbook.xml" in names:
        return PlanFormat.XLSX
    if "word/document.xml" in names:
        return PlanFormat.DOCX
    raise PlanFileError("不是 XLSX 或 DOCX 文件", "is neither XLSX nor DOCX")
