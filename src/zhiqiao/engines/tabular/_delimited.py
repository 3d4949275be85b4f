"""Records of delimited text (CSV, TSV) with recovery: a stray quotation mark costs its own row, not the file.

A record that does not parse, or that spans lines and comes out wrong, is read again from its second line on
when those lines make rows by themselves; so the row with the stray mark is the only one lost.
"""

from __future__ import annotations

import csv
import sys
from collections import deque
from collections.abc import Iterator, Sequence

from zhiqiao.engines.tabular._assemble import Item, Row, shorten, unescape
from zhiqiao.engines.tabular._encoding import Encoding, has_bad_bytes, readable
from zhiqiao.engines.tabular._errors import EmptyTable
from zhiqiao.engines.tabular._header import Header, make_header
from zhiqiao.engines.tabular._lines import CutLine, read_lines
from zhiqiao.engines.tabular._sniff import Layout
from zhiqiao.engines.tabular._source import ByteSource
from zhiqiao.engines.tabular._values import Limits, RowError

_ROWS_THAT_PROVE = 5


class _OverlongError(Exception):
    """Raised when a record passes the limit of what is held."""


class _Feed:
    """Physical lines for the csv module; remembers those of the record being read and takes lines back."""

    def __init__(self, lines: Iterator[str], *, limit: int) -> None:
        self._lines = lines
        self._returned: deque[str] = deque()
        self._limit = limit
        self._held = 0
        self.taken: list[str] = []

    def __iter__(self) -> _Feed:
        return self

    def __next__(self) -> str:
        line = self._returned.popleft() if self._returned else next(self._lines)
        self.taken.append(line)
        self._held += len(line)
        if isinstance(line, CutLine) or self._held > self._limit:
            raise _OverlongError
        return line

    def start_record(self) -> None:
        """Forget the lines of the last record."""
        self.taken = []
        self._held = 0

    def give_back(self, *, keep: int) -> list[str]:
        """Return the taken lines but the first `keep` to the front of the queue and give those kept."""
        kept, rest = self.taken[:keep], self.taken[keep:]
        self._returned.extendleft(reversed(rest))
        return kept


class DelimitedTable:
    """A delimited text whose header has been read; `items` gives its rows once."""

    sheets: tuple[str, ...] = ()
    sheet = ""

    def __init__(self, source: ByteSource, *, layout: Layout, limits: Limits) -> None:
        csv.field_size_limit(sys.maxsize)  # the module's own limit is per process; ours are in Limits
        self._layout = layout
        self._limits = limits
        self._source = source
        lines = read_lines(source, encoding=layout.encoding, line_end=layout.line_end, limits=limits)
        self._feed = _Feed(lines, limit=limits.max_record_bytes)
        self._reader = self._new_reader()
        self._row = 0
        self._width = 0
        self.header = self._read_header()
        self._width = len(self.header.names)

    @property
    def position(self) -> int:
        """Return how many bytes of the file were consumed."""
        return self._source.position

    def items(self) -> Iterator[Item]:
        """Yield the data rows and row errors; blank lines are numbered but are no rows."""
        while True:
            self._feed.start_record()
            self._row += 1
            try:
                cells = next(self._reader)
            except StopIteration:
                return
            except _OverlongError:
                yield self._overlong()
            except csv.Error as error:
                yield self._broken(error)
            else:
                if cells:
                    yield self._judged(cells)

    def _new_reader(self) -> Iterator[list[str]]:
        return csv.reader(self._feed, delimiter=self._layout.delimiter, strict=True)

    def _read_header(self) -> Header:
        cells: list[str] = []
        while not any(cell.strip() for cell in cells):
            self._feed.start_record()
            self._row += 1
            try:
                cells = next(self._reader)
            except StopIteration as end:
                raise EmptyTable from end
            except _OverlongError:
                self._reader = self._new_reader()
                cells = [str(self._feed.taken[0])]
            except csv.Error:
                cells = self._split_plainly(self._feed.give_back(keep=1)[0])
                self._reader = self._new_reader()
        names = [unescape(readable(cell, self._encoding)) for cell in cells]
        return make_header(names, row=self._row, limits=self._limits)

    def _judged(self, cells: list[str]) -> Item:
        taken = self._feed.taken
        if len(taken) > 1 and self._swallowed_rows(cells):
            self._reader = self._new_reader()
            return self._stray_quote()
        if has_bad_bytes("".join(cells)):
            return self._undecodable(cells)
        return Row(self._row, cells)

    def _swallowed_rows(self, cells: Sequence[str]) -> bool:
        """Tell whether the lines after the first of this record are rows of their own."""
        lines, width = self._feed.taken, self._width
        wrong = len(cells) != width or any(len(cell) > self._limits.max_cell_chars for cell in cells)
        if width < 2 or (not wrong and (width < 3 or len(lines) < 3)):
            return False
        sample = lines[1 : 1 + _ROWS_THAT_PROVE] if wrong else lines
        return all(len(self._split_plainly(line)) == width for line in sample)

    def _broken(self, error: csv.Error) -> RowError:
        self._reader = self._new_reader()
        if "new-line" in str(error):
            kept = "".join(self._feed.taken)
            return self._failed("stray_line_break", self._split_plainly(kept))
        return self._stray_quote()

    def _stray_quote(self) -> RowError:
        line = self._feed.give_back(keep=1)[0]
        cells = self._split_plainly(line)
        where = next((name for name, cell in zip(self.header.names, cells, strict=False) if '"' in cell), "")
        return self._failed("stray_quote", cells, field=where)

    def _overlong(self) -> RowError:
        self._reader = self._new_reader()
        cut = isinstance(self._feed.taken[-1], CutLine)
        if not cut and len(self._feed.taken) > 1:
            return self._stray_quote()
        text = "".join(line[:1000] for line in self._feed.taken[:30])
        return self._failed("oversized_row", self._split_plainly(text))

    def _undecodable(self, cells: Sequence[str]) -> RowError:
        names = self.header.names
        bad = [names[at] for at, cell in enumerate(cells[: len(names)]) if has_bad_bytes(cell)]
        return self._failed("undecodable", cells, field=bad[0] if bad else "", detail=self._encoding)

    @property
    def _encoding(self) -> Encoding:
        return "utf-8" if self._layout.encoding == "ascii" else self._layout.encoding

    def _split_plainly(self, line: str) -> list[str]:
        """Split a line without regard to quotation marks, or with them when that gives the right width."""
        text = line.rstrip("\r\n")
        delimiter = self._layout.delimiter
        plain = text.split(delimiter)
        if len(plain) == self._width or '"' not in text:
            return plain
        try:
            quoted = next(csv.reader([text], delimiter=delimiter), [])
        except csv.Error:
            return plain
        return quoted if len(quoted) == self._width else plain

    def _failed(self, reason: str, cells: Sequence[str], *, field: str = "", detail: str = "") -> RowError:
        shown = [shorten(unescape(readable(cell, self._encoding))) for cell in cells]
        kept = tuple(shown[at] for at in self.header.kept if at < len(shown))
        rest = " | ".join(shown[self._width :])
        return RowError(self._row, field, reason, detail, kept, rest)
