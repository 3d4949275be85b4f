"""Cleaning of one text: markup, control characters, masks over contact data; not what it means."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from zhiqiao.engines.jobmining._characters import Codes, Kind, kinds_of
from zhiqiao.engines.jobmining._fold import END, codes_of, portions
from zhiqiao.engines.jobmining._markup import edits, has_tags
from zhiqiao.engines.jobmining._rules import ContactPattern

__all__ = ["clean_text", "mask_contacts", "mask_texts", "plain_text"]

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b-\u200d\u2060\ufeff\ud800-\udfff]")
_LINE_RUN = re.compile(r" ?\n(?: ?\n)+ ?")
_WIDE = re.compile("[！-～]")
_NARROW = {code: code - 0xFEE0 for code in range(ord("！"), ord("～") + 1)}
_MAYBE_CONTACT = re.compile(r"\d{4}|[@＠]|[Vv][Xx]|微信|[薇威]信|[Ww]e[Cc]hat|[\d０-９]{5}")


def plain_text(text: str) -> str:
    """Turn markup into plain text and drop control characters; a text without either comes back unchanged."""
    if "<" in text or "&" in text:
        pieces: list[str] = []
        last = 0
        for start, end, meant in edits(text):
            pieces += (text[last:start], meant)
            last = end
        tagged = has_tags(text)
        text = "".join((*pieces, text[last:]))
        text = _LINE_RUN.sub("\n", text.replace("\r\n", "\n")) if tagged else text
    return _CONTROL.sub("", text) if _CONTROL.search(text) else text


def clean_text(text: str) -> str:
    """Return the plain text without spaces around it."""
    return plain_text(text).strip()


def mask_contacts(text: str, *, patterns: Sequence[ContactPattern]) -> tuple[str, Counter[str]]:
    """Replace phones, e-mails, messenger ids and identity numbers by masks; also return how many of each.

    Patterns look through markup and zero-width characters: 138<b>1234</b>5678 is a number to call.
    """
    counts: Counter[str] = Counter()
    seen = _seen(text)
    if not _MAYBE_CONTACT.search(seen.text):
        return text, counts
    for pattern in patterns:
        pieces: list[str] = []
        last = 0
        for match in pattern.pattern.finditer(seen.text):
            start = match.end("keep") if "keep" in pattern.pattern.groupindex else match.start()
            pieces += (text[last : seen.origin(start)], pattern.mask)
            last = seen.origin_end(match.end())
        if pieces:
            counts[pattern.name] += len(pieces) // 2
            text = "".join((*pieces, text[last:]))
            seen = _seen(text)
    return text, counts


class _Seen(NamedTuple):
    """A text as the contact patterns see it, and the place of each of its characters in the text itself."""

    text: str
    places: Sequence[tuple[int, int]]

    def origin(self, start: int) -> int:
        return self.places[start][0] if self.places else start

    def origin_end(self, end: int) -> int:
        return self.places[end - 1][1] if self.places else end


def _seen(text: str) -> _Seen:
    """Make full-width letters and digits narrow and leave out what a reader does not see."""
    narrow = text.translate(_NARROW) if _WIDE.search(text) else text
    hidden = [(*match.span(), "") for match in _CONTROL.finditer(text)]
    if "<" in text or "&" in text:
        hidden = sorted([*hidden, *edits(text)])
    if not hidden:
        return _Seen(narrow, ())
    signs: list[str] = []
    places: list[tuple[int, int]] = []
    last = 0
    for start, end, meant in [*hidden, (len(text), len(text), "")]:
        if start >= last:  # a control character inside a tag is gone with it
            signs += (narrow[last:start], meant)
            places += ((at, at + 1) for at in range(last, start))
            places += [(start, end)] * len(meant)
            last = end
    return _Seen("".join(signs), places)


def mask_texts(texts: Sequence[str], *, patterns: Sequence[ContactPattern]) -> tuple[list[str], Counter[str]]:
    """Mask contact data in many texts; most hold none, and are told by a look at all characters at once."""
    counts: Counter[str] = Counter()
    masked = list(texts)
    for start, stop in portions(texts):
        for number in _likely_contacts(texts[start:stop]):
            masked[start + number], found = mask_contacts(texts[start + number], patterns=patterns)
            counts.update(found)
    return masked, counts


def _likely_contacts(texts: Sequence[str]) -> list[int]:
    """Return the numbers of the texts in which a contact pattern may match, through what hides it too.

    Four digits alone are a year or a pay: a number to call has five in a row, or two groups of four with a sign
    between, or follows 400 or 800. 微信 before another Chinese word (公众号, 分享) names no account.
    """
    codes = codes_of(END.join((*texts, END * 8)))
    kinds = kinds_of(codes)
    ends = np.cumsum([len(text) + 1 for text in texts])
    decimal, hiding = (kinds & Kind.DECIMAL) != 0, (kinds & Kind.HIDING) != 0
    hiding[ends - 1] = False  # a text that ends hides nothing
    hiding[ends[-1] :] = False
    pairs = decimal[:-1] & decimal[1:]
    four = pairs[:-2] & pairs[2:]
    hundreds = _before(codes, "48４８", "0０")
    hundreds = hundreds[_one_of(codes[hundreds + 2], "0０")]
    hundreds = hundreds[hundreds + 8 < len(four)]
    wechat = _before(codes, "WwＷｗ", "eｅ")
    wechat = wechat[_one_of(codes[wechat + 2], "CcＣｃ") | hiding[wechat + 2]]
    weixin = _before(codes, "微薇威", "信")
    weixin = weixin[((kinds[weixin + 2] & Kind.HAN) == 0) | _one_of(codes[weixin + 2], "号同")]
    hidden = np.flatnonzero(hiding[2:]) + 2
    letters = hidden[_one_of(codes[hidden - 1], "VvＶｖWwＷｗ微薇威")]
    signs = np.concatenate(
        (
            np.flatnonzero(four[:-1] & four[1:]),
            np.flatnonzero(four[:-5] & four[5:]),
            hundreds[four[hundreds + 4] | four[hundreds + 8]],
            np.flatnonzero(_one_of(codes, "@＠")),
            _before(codes, "VvＶｖ", "XxＸｘ"),
            weixin,
            wechat,
            letters - 1,
            _before(codes, "&", "#c"),
            hidden[decimal[hidden - 1]] - 1,
            hidden[decimal[hidden - 2]] - 2,
        )
    )
    numbers: list[int] = np.unique(np.searchsorted(ends, signs, "right")).tolist()
    return numbers


def _one_of(codes: Codes, letters: str) -> NDArray[np.bool_]:
    """Say which characters are one of a few."""
    found: NDArray[np.bool_] = np.logical_or.reduce([codes == ord(letter) for letter in letters])
    return found


def _before(codes: Codes, first: str, second: str) -> NDArray[np.int64]:
    """Return where one of some characters stands before one of others."""
    at = np.flatnonzero(_one_of(codes[1:], second))
    return at[_one_of(codes[at], first)]
