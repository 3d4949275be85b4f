"""Running text made ready: figures written out, notes numbered, references resolved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeVar

from zhiqiao.engines.documents._errors import UnknownTarget
from zhiqiao.engines.documents._inline import Cite, Figure, Inline, Note, Reference, Strong, Text
from zhiqiao.engines.documents._plan_values import Line, Piece
from zhiqiao.engines.documents._text import clean, formatted, is_known
from zhiqiao.engines.documents._values import Language
from zhiqiao.engines.documents._words import Words, words_of

V = TypeVar("V")


class Notes:
    """Counts footnotes of the running text; evidence that was given before is pointed at, not printed again."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._count = 0

    def note(self, text: str, *, once: bool) -> Piece:
        """Return the piece of a footnote."""
        if once and text in self._numbers:
            return Piece(
                "again", str(self._numbers[text]), f"note-{self._numbers[text]}", self._numbers[text]
            )
        self._count += 1
        if once:
            self._numbers[text] = self._count
        return Piece("note", text, f"note-{self._count}", self._count)


class Marks:
    """Counts the raised letters within one table; what they say is printed under it."""

    def __init__(self) -> None:
        self._letters: dict[str, str] = {}

    def note(self, text: str, *, once: bool = True) -> Piece:  # noqa: ARG002  the signature of Notes
        """Return the piece of a mark; the same words have the same letter."""
        return Piece("mark", self._letters.setdefault(text, _letter(len(self._letters))))

    @property
    def lines(self) -> list[Line]:
        """Return what the letters mean, a line each."""
        return [(Piece("mark", letter), Piece("text", f" {text}")) for text, letter in self._letters.items()]


class LineMaker:
    """Makes lines, knowing what references and citations may lead to."""

    def __init__(
        self, words: Words, labels: Mapping[str, tuple[str, str]], sources: Mapping[str, int]
    ) -> None:
        self._words = words
        self._labels = labels  # key -> (label, anchor)
        self._sources = sources

    def line(self, text: Text, notes: Notes | Marks) -> Line:
        """Return the pieces of a text; raise UnknownTarget for a key that nothing carries."""
        parts: Sequence[Inline] = [text] if isinstance(text, str) else text
        pieces: list[Piece] = []
        for part in parts:
            pieces.extend(self._pieces(part, notes))
        return tuple(piece for piece in pieces if piece.text)

    def _pieces(self, part: Inline, notes: Notes | Marks) -> list[Piece]:
        match part:
            case str():
                return [Piece("text", clean(part))]
            case Strong():
                return [Piece("strong", clean(part.text))]
            case Note():
                return [notes.note(clean(part.text), once=part.once)]
            case Figure():
                shown = Piece("text", self.figure(part), is_figure=True, origin=part.origin)
                marked = bool(part.evidence) and part.marked
                return [shown, notes.note(clean(part.evidence), once=True)] if marked else [shown]
            case Cite():
                number = _found(part.key, self._sources)
                return [Piece("cite", f"[{number}]", f"source-{number}")]
            case Reference():
                label, anchor = _found(part.key, self._labels)
                return [Piece("ref", label, anchor)]

    def figure(self, figure: Figure) -> str:
        """Return a figure as printed; unknown when there is none."""
        return _figure(figure, self._words)


def figure_text(figure: Figure, language: Language) -> str:
    """Return a figure as a document in this language prints it."""
    return _figure(figure, words_of(language))


def _figure(figure: Figure, words: Words) -> str:
    if figure.value is None or not is_known(figure.value):
        return words.unknown
    return formatted(figure.value, figure.kind, places=figure.places, unit=clean(figure.unit))


def with_note(notes: Sequence[Line], words: Words) -> list[Line]:
    """Return the notes under a table or chart, the first one introduced as such."""
    if not notes:
        return []
    return [(Piece("text", words.note + words.colon), *notes[0]), *notes[1:]]


def plain(line: Line) -> str:
    """Return a line as plain text; footnotes follow in brackets."""
    return "".join(f"[{piece.text}]" if piece.kind == "note" else piece.text for piece in line)


def _found(key: str, known: Mapping[str, V]) -> V:
    if key not in known:
        raise UnknownTarget(key, list(known))
    return known[key]


def _letter(at: int) -> str:
    more, rest = divmod(at, 26)
    return (_letter(more - 1) if more else "") + chr(ord("a") + rest)
