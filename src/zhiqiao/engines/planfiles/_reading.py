"""What is gathered while a file is read: the plan so far, where each part of it stood, and notes."""

from __future__ import annotations

from dataclasses import dataclass, field

from zhiqiao.engines.planfiles._cells import DASHES, UNKNOWN, Codec, Refused, is_full_width
from zhiqiao.engines.planfiles._notes import Notes, Place
from zhiqiao.engines.planfiles._specs import Kind
from zhiqiao.engines.planfiles._tree import Tree
from zhiqiao.engines.planfiles._words import Words


@dataclass
class Reading:
    """The plan so far as JSON values; `names` are those of rows that others refer to."""

    words: Words
    tree: Tree = field(default_factory=dict)
    places: dict[str, Place] = field(default_factory=dict)
    notes: Notes = field(default_factory=Notes)
    names: dict[str, dict[str, str]] = field(default_factory=dict)

    def cell(self, kind: Kind, text: str, place: Place, path: str) -> object:
        """Return the value of a cell, None where it is blank, crossed out or refused; what is met becomes notes."""
        text = text.strip()
        if not text or (kind.name != "text" and (text in DASHES or text == UNKNOWN)):
            return None
        codec = Codec(self.words, self.names)
        try:
            value = codec.read(kind, text)
        except Refused as refused:
            self.notes.add(refused.code, place, path, **refused.values)
            return None
        if kind.name == "codes" and Codec(self.words, {}).write(kind, value) != text:
            self.notes.add("codes_taken", place, path, text=text, value=codec.write(kind, value))
        if kind.name in {"number", "whole", "weeks"} and is_full_width(text):
            self.notes.add("full_width", place, path, text=text, value=value)
        for unknown in codec.unknown_references(kind, value):
            self.notes.add("unknown_reference", place, path, text=unknown)
        self.places[path] = place
        return value

    def place_of(self, path: str) -> Place:
        """Return the place that a part of the plan was read from, or that of what it belongs to."""
        while path:
            if path in self.places:
                return self.places[path]
            path = path[: max(path.rfind("."), path.rfind("["), 0)]
        return Place()
