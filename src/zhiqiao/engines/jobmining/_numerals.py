"""Chinese numerals up to ninety-nine to digits, and full-width signs to plain ones; no meaning is read here."""

from __future__ import annotations

import re
import unicodedata

__all__ = ["plain_figures"]

_DIGITS = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
# Only before a unit or a range sign: 一线城市 and 三方 are no figures.
_NUMERAL = re.compile(r"[一二两三四五六七八九十]{1,3}(?=[年至到千万天周日百\-~]|个月|小时)")


def plain_figures(text: str) -> str:
    """Return the text with `三到五年` as `3到5年` and full-width letters, digits and signs made plain."""
    text = unicodedata.normalize("NFKC", text).strip()
    return text if text.isascii() else _NUMERAL.sub(_figure, text)


def _figure(match: re.Match[str]) -> str:
    tens, ten, ones = match[0].rpartition("十")
    if len(tens) > 1 or len(ones) > 1:
        return match[0]
    value = 10 * (_DIGITS[tens] if tens else 1) if ten else 0
    return str(value + (_DIGITS[ones] if ones else 0))
