"""Where the font of printed documents lies, and which characters it lacks."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from zhiqiao.engines.documents._errors import FontMissing

FAMILY = "Noto Sans S Chinese"
#: Printed in place of a character the font lacks: the geta mark, which printers use for a missing sort.
MISSING = "〓"
_FOLDER = Path(__file__).parent / "fonts"
_JOINERS = frozenset("\u200c\u200d\ufe0e\ufe0f\u2060\ufeff")
_BREAKS = frozenset("\n\u00ad\u200b")


class Fonts(NamedTuple):
    """The two files of the font."""

    regular: Path
    bold: Path


def find_fonts(folder: Path = _FOLDER) -> Fonts:
    """Return the font files, which the front-end build copies; raise FontMissing when one is absent."""
    fonts = Fonts(folder / "NotoSansHans-Regular.otf", folder / "NotoSansHans-Bold.otf")
    for path in fonts:
        if not path.is_file():
            raise FontMissing(path)
    return fonts


@lru_cache(maxsize=4)
def covered(path: Path) -> frozenset[int]:
    """Return the code points a font file draws."""
    from matplotlib.ft2font import FT2Font

    return frozenset(FT2Font(str(path)).get_charmap())


def missing_letters(text: str, fonts: Fonts) -> list[str]:
    """Return the characters of a text that the font does not draw, by code point; joiners do not count."""
    known = covered(fonts.regular)
    return sorted(x for x in set(text) if ord(x) not in known and x not in _BREAKS and not _is_joiner(x))


def printable(text: str, fonts: Fonts) -> str:
    """Return the text as the font can print it: the geta mark for what is missing, joiners of emoji left out."""
    if text.isascii():
        return text
    table: dict[str, str | int | None] = {x: "" for x in set(text) if _is_joiner(x)}
    table |= dict.fromkeys(missing_letters(text, fonts), MISSING)
    return text.translate(str.maketrans(table)) if table else text


def _is_joiner(letter: str) -> bool:
    return letter in _JOINERS or "\U0001f3fb" <= letter <= "\U0001f3ff"


def name_characters(letters: Iterable[str]) -> str:
    """Return characters with their code points, as a note lists them."""
    return " ".join(f"U+{ord(letter):04X}" for letter in letters)
