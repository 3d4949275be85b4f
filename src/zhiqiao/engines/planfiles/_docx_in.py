"""A Word file as lines and grids, in the order of its body; untrusted, so its container is checked first."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any

from lxml import etree

from zhiqiao.engines.planfiles._errors import PlanFileError
from zhiqiao.engines.planfiles._grids import Box, Grid, Line, Piece
from zhiqiao.engines.planfiles._notes import Place
from zhiqiao.engines.tabular import Limits, TableError, check_container

_LIMITS = Limits(max_workbook_bytes=64 * 1024**2)
_DOCUMENT = "word/document.xml"
_ZIP_FAULTS = (zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError, RuntimeError)
_WIDEST = 200
_MOST_CELLS = 200_000
#: Styles of what is no text of the plan: contents, and the cover that we write.
_NOT_TEXT = ("toc", "zhiqiaocover", "zhiqiaolabel", "subtitle")
_Element = Any  # an element of lxml, which has no types


def read_docx(data: bytes) -> list[Piece]:
    """Return the body's paragraphs and tables; raise PlanFileError for a file that is no Word file."""
    try:
        check_container(io.BytesIO(data), limits=_LIMITS)
    except TableError as error:
        raise PlanFileError(error.text("zh"), error.text("en")) from error
    # only the body is read, and not by python-docx, which trusts what the container says of its parts
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            root = etree.fromstring(archive.read(_DOCUMENT), _parser())
    except (KeyError, ValueError, etree.XMLSyntaxError, *_ZIP_FAULTS) as error:
        raise PlanFileError("不是完整的 DOCX 文件", "not a complete DOCX file") from error
    body = _child(root, "body")
    if body is None:
        raise PlanFileError("DOCX 文件没有正文", "the DOCX file has no body")
    return list(_Body().pieces(body))


def _parser() -> etree.XMLParser:
    """Return a parser that follows no entity and no address."""
    return etree.XMLParser(resolve_entities=False, no_network=True)


class _Body:
    def __init__(self) -> None:
        self._tables = 0
        self._cells = 0

    def pieces(self, holder: _Element) -> Iterator[Piece]:
        for element in holder:
            match _name(element):
                case "p":
                    yield from _lines(element)
                case "tbl":
                    self._tables += 1
                    yield self._grid(element)
                case "sdt" | "sdtContent" | "smartTag" | "ins":
                    yield from self.pieces(element)

    def _grid(self, table: _Element) -> Grid:
        cells: list[list[str]] = []
        boxes: list[Box] = []
        open_: dict[int, Box] = {}  # joined downwards so far, by their left column
        for number, row in enumerate(_children(table, "tr")):
            texts: list[str] = []
            below: dict[int, Box] = {}
            texts += [""] * _value(_child(row, "trPr"), "gridBefore", 0)
            for cell in _children(row, "tc"):
                left = len(texts)
                properties = _child(cell, "tcPr")
                span = _value(properties, "gridSpan", 1)
                self._cells += span
                if left + span > _WIDEST or self._cells > _MOST_CELLS:
                    raise PlanFileError("表格过大", "a table is too large")
                merge = _child(properties, "vMerge")
                box = Box(number, left, number, left + span - 1)
                if (
                    merge is not None
                    and merge.get(merge.tag[: merge.tag.index("}") + 1] + "val") != "restart"
                ):
                    above = open_.get(left)
                    if above is not None:
                        box = Box(above.top, left, number, above.right)
                if merge is not None:
                    below[left] = box
                elif span > 1:
                    boxes.append(box)
                covered = box.top < number
                texts += ["" if covered else _text(cell), *[""] * (span - 1)]
            boxes += [box for left, box in open_.items() if left not in below or below[left].top != box.top]
            open_ = below
            cells.append(texts)
        boxes += open_.values()
        return Grid(cells, table=self._tables, boxes=[box for box in boxes if _is_range(box)])


def _is_range(box: Box) -> bool:
    return box.bottom > box.top or box.right > box.left


def _name(element: _Element) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _children(element: _Element, name: str) -> Iterator[_Element]:
    """Yield children of a name, also inside content controls."""
    for child in element:
        if _name(child) == name:
            yield child
        elif _name(child) in {"sdt", "sdtContent", "ins"}:
            yield from _children(child, name)


def _child(element: _Element, name: str) -> _Element:
    return None if element is None else next(_children(element, name), None)


def _value(element: _Element, name: str, without: int) -> int:
    child = _child(element, name)
    found = "" if child is None else str(next((v for k, v in child.attrib.items() if k.endswith("}val")), ""))
    return min(int(found), _WIDEST + 1) if found.isdigit() else without


def _text(element: _Element) -> str:
    """Return the text of a cell, its paragraphs one under the other; of a table inside, its texts."""
    parts = [_paragraph(child) for child in element.iter() if _name(child) == "p"]
    return "\n".join(parts)


def _paragraph(element: _Element) -> str:
    text = ""
    for part in element.iter():
        match _name(part):
            case "t":
                text += part.text or ""
            case "br" | "cr":
                text += "\n"
            case "tab" if _name(part.getparent()) == "r":
                text += " "
    return text


def _lines(paragraph: _Element) -> Iterator[Line]:
    style = _child(_child(paragraph, "pPr"), "pStyle")
    name = "" if style is None else "".join(style.attrib.values()).casefold()
    text = _paragraph(paragraph).strip()
    if text and not name.startswith(_NOT_TEXT):
        yield Line(text, Place(), heading=name.startswith(("heading", "标题")) or name in {"1", "2", "3"})
