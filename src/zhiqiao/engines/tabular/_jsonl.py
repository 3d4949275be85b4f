"""Records of JSON lines as rows of strings; a key first met later on becomes a new last column."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from itertools import chain, islice

from zhiqiao.engines.tabular._assemble import Item, Row, shorten
from zhiqiao.engines.tabular._encoding import has_bad_bytes, readable
from zhiqiao.engines.tabular._header import Header
from zhiqiao.engines.tabular._lines import CutLine, read_lines
from zhiqiao.engines.tabular._sniff import Layout
from zhiqiao.engines.tabular._source import ByteSource
from zhiqiao.engines.tabular._values import MARK_COLUMNS, Limits, RowError

_HEAD_RECORDS = 100
Json = None | bool | str | list["Json"] | dict[str, "Json"]


class JsonLinesTable:
    """A stream of JSON objects whose first records have named the columns."""

    sheets: tuple[str, ...] = ()
    sheet = ""

    def __init__(self, source: ByteSource, *, layout: Layout, limits: Limits) -> None:
        self._source = source
        self._encoding = layout.encoding
        self._limits = limits
        lines = read_lines(source, encoding=layout.encoding, line_end="\n", limits=limits)
        self._records = self._parse(lines)
        head = list(islice(self._records, _HEAD_RECORDS))
        names = dict.fromkeys(name for item in head if not isinstance(item, RowError) for name in item[1])
        self.header = _header([*names][: limits.max_columns])
        self._head = head

    @property
    def position(self) -> int:
        """Return how many bytes of the file were consumed."""
        return self._source.position

    def items(self) -> Iterator[Item]:
        """Yield the records as rows; blank lines are no records."""
        for item in chain(self._head, self._records):
            if isinstance(item, RowError):
                yield item
                continue
            number, record = item
            new = [name for name in record if name not in self._positions]
            if new and len(self.header.names) + len(new) > self._limits.max_columns:
                detail = f"> {self._limits.max_columns}"
                yield RowError(number, new[0], "too_many_fields", detail, rest=shorten(_dump(record)))
                continue
            if new:
                self.header = _header([*self.header.names, *new])
            yield Row(number, [_text(record.get(name)) for name in self.header.names])

    @property
    def _positions(self) -> frozenset[str]:
        if self._known_for is not self.header:
            self._known_for = self.header
            self._known = frozenset(self.header.names)
        return self._known

    _known_for: Header | None = None
    _known: frozenset[str] = frozenset()

    def _parse(self, lines: Iterator[str]) -> Iterator[tuple[int, dict[str, Json]] | RowError]:
        number = 0
        for line in lines:
            if not line.strip():
                continue
            number += 1
            yield self._record(number, line)

    def _record(self, number: int, line: str) -> tuple[int, dict[str, Json]] | RowError:
        if isinstance(line, CutLine):
            detail = f"> {self._limits.max_record_bytes}"
            return RowError(number, "", "oversized_row", detail, rest=shorten(line))
        if has_bad_bytes(line):
            text = readable(line.rstrip("\r\n"), self._encoding)
            return RowError(number, "", "undecodable", self._encoding, rest=shorten(text))
        try:
            # numbers stay as they are written: 007 is no JSON, but 1.50 and 20-digit ids must not change
            record = json.loads(line, parse_float=str, parse_int=str, parse_constant=str)
        except (ValueError, RecursionError) as error:
            detail = str(error) if isinstance(error, json.JSONDecodeError) else type(error).__name__
            return RowError(number, "", "bad_json", detail, rest=shorten(line.rstrip("\r\n")))
        if not isinstance(record, dict):
            return RowError(number, "", "not_an_object", "", rest=shorten(line.rstrip("\r\n")))
        if "\\u" in line and has_bad_bytes(_dump(record)):
            return RowError(number, "", "undecodable", "\\ud800", rest=shorten(line.rstrip("\r\n")))
        return number, record


def _header(names: Sequence[str]) -> Header:
    quarantine = set(MARK_COLUMNS[:3]) <= set(names)
    kept = tuple(at for at, name in enumerate(names) if not (quarantine and name in MARK_COLUMNS))
    return Header(tuple(names), kept, (), quarantine)


def _text(value: Json) -> str | None:
    """Write a JSON value as a cell; a list of plain words is joined by `|` as tag columns are."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list) and all(isinstance(part, str) for part in value):
        return "|".join(str(part) for part in value)
    return _dump(value)


def _dump(value: Json | dict[str, Json]) -> str:
    return json.dumps(value, ensure_ascii=False)
