"""What text people may write: no control signs, and no signs that turn or hide what stands around them."""

from __future__ import annotations

import unicodedata

__all__ = ["is_plain"]

#: Unicode bidirectional controls: with them a name can be shown as another one.
_TURNING = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_LINES = frozenset("\n\r\t")


def is_plain(text: str) -> bool:
    """Tell whether a text holds signs to be seen only; PostgreSQL stores no NUL, and nobody sees the others."""
    return not any(
        sign in _TURNING or (unicodedata.category(sign) in {"Cc", "Cs"} and sign not in _LINES)
        for sign in text
    )
