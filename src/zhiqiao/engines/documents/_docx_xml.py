"""Small pieces of WordprocessingML; text goes in as values, never as markup."""

from __future__ import annotations

from itertools import count

from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement

from zhiqiao.engines.documents._plan_values import Line, Piece

Element = BaseOxmlElement


def element(tag: str, **attributes: str | int) -> Element:
    """Return an element like w:p; attributes are of the same namespace, a trailing underscore is dropped."""
    made: Element = OxmlElement(tag)
    for name, value in attributes.items():
        made.set(qn(f"w:{name.rstrip('_')}"), str(value))
    return made


def add(parent: Element, tag: str, **attributes: str | int) -> Element:
    """Append an element and return it."""
    made = element(tag, **attributes)
    parent.append(made)
    return made


def anchor_name(anchor: str) -> str:
    """Return an anchor as Word allows bookmark names."""
    return anchor.replace("-", "_")


def run(parent: Element, text: str, *, bold: bool = False, raised: bool = False, style: str = "") -> Element:
    """Append a run of text; line ends become breaks."""
    made = add(parent, "w:r")
    if bold or raised or style:
        properties = add(made, "w:rPr")
        if style:
            add(properties, "w:rStyle", val=style)
        if bold:
            add(properties, "w:b")
        if raised:
            add(properties, "w:vertAlign", val="superscript")
    for at, part in enumerate(text.split("\n")):
        if at:
            add(made, "w:br")
        _text(made, part)
    return made


def _text(parent: Element, text: str) -> None:
    made = add(parent, "w:t")
    made.text = text
    made.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")


def field(parent: Element, code: str, shown: str, *, raised: bool = False) -> None:
    """Append a field with what it shows until Word computes it."""
    field_begin(parent, code)
    run(parent, shown, raised=raised)
    field_end(parent)


def field_begin(parent: Element, code: str) -> None:
    """Open a field; what follows until its end is its result."""
    add(add(parent, "w:r"), "w:fldChar", fldCharType="begin")
    instruction = add(add(parent, "w:r"), "w:instrText")
    instruction.text = f" {code} "
    instruction.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    add(add(parent, "w:r"), "w:fldChar", fldCharType="separate")


def field_end(parent: Element) -> None:
    """Close a field."""
    add(add(parent, "w:r"), "w:fldChar", fldCharType="end")


class Writer:
    """Writes lines into paragraphs: counts bookmarks, collects footnotes."""

    def __init__(self) -> None:
        self._ids = count(1)
        self.footnotes: list[tuple[int, str]] = []

    def bookmark(self, parent: Element, anchor: str) -> Element:
        """Open a bookmark; the caller appends what it returns to close it."""
        number = next(self._ids)
        add(parent, "w:bookmarkStart", id=number, name=anchor_name(anchor))
        return element("w:bookmarkEnd", id=number)

    def line(self, parent: Element, line: Line) -> None:
        """Append the pieces of a line."""
        for piece in line:
            self._piece(parent, piece)

    def _piece(self, parent: Element, piece: Piece) -> None:
        match piece.kind:
            case "text" | "strong":
                run(parent, piece.text, bold=piece.kind == "strong")
            case "mark":
                run(parent, piece.text, raised=True)
            case "note":
                self._note(parent, piece)
            case "again":
                field(parent, f"NOTEREF {anchor_name(piece.target)} \\h", piece.text, raised=True)
            case "ref":
                field(parent, f"REF {anchor_name(piece.target)} \\h", piece.text)
            case "cite":
                link = add(parent, "w:hyperlink", anchor=anchor_name(piece.target), history=1)
                run(link, piece.text, raised=True)

    def _note(self, parent: Element, piece: Piece) -> None:
        self.footnotes.append((piece.number, piece.text))
        end = self.bookmark(parent, piece.target)
        made = add(parent, "w:r")
        add(add(made, "w:rPr"), "w:rStyle", val="FootnoteReference")
        add(made, "w:footnoteReference", id=piece.number)
        parent.append(end)
