"""From the description to the plan that every format follows: one numbering, one wording of each value."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable, Sequence

from zhiqiao.engines.documents._chart_values import Chart
from zhiqiao.engines.documents._check import check_chart, check_table
from zhiqiao.engines.documents._errors import BadBlock
from zhiqiao.engines.documents._lines import LineMaker, Marks, Notes
from zhiqiao.engines.documents._plan_tables import CellMaker
from zhiqiao.engines.documents._plan_values import (
    AnnexPlan,
    BlockPlan,
    CalloutPlan,
    ChartPlan,
    ContentsPlan,
    HeadingPlan,
    ItemsPlan,
    PageBreakPlan,
    ParagraphPlan,
    Plan,
    SignaturePlan,
    SourcesPlan,
    TablePlan,
)
from zhiqiao.engines.documents._text import chinese_number, clean, is_known, long_date
from zhiqiao.engines.documents._values import (
    Annex,
    Block,
    Callout,
    Contents,
    Document,
    Heading,
    Items,
    Label,
    PageBreak,
    Paragraph,
    Signature,
    Source,
    Sources,
    Table,
)
from zhiqiao.engines.documents._words import Words, words_of


def plan(document: Document) -> Plan:
    """Return the plan of a document; raise BadBlock or UnknownTarget when it contradicts itself."""
    return _Planner(document).plan()


class _Planner:
    def __init__(self, document: Document) -> None:
        self._document = _cleaned(document)
        self._words = words_of(document.language)
        self._chinese = document.language == "zh"
        self._labels = _captions(document.blocks, self._words, chinese=self._chinese)
        self._numbers = {source.key: at for at, source in enumerate(document.sources, 1)}
        if len(self._numbers) < len(document.sources):
            raise BadBlock(self._words.sources, "two sources have the same key")
        keyed = {key: (label, anchor) for key, label, anchor, _ in self._labels if key}
        self._lines = LineMaker(self._words, keyed, self._numbers)
        self._notes = Notes()
        self._levels = [0, 0, 0]
        self._headings = self._annex = self._captioned = 0

    def plan(self) -> Plan:
        blocks = [self._block(block) for block in self._document.blocks]
        return Plan(self._document, self._words, blocks, _facts(self._document, self._words))

    def _block(self, block: Block) -> BlockPlan:  # noqa: PLR0911  one line per kind of block
        match block:
            case Heading():
                return self._heading(block)
            case Paragraph():
                return ParagraphPlan(self._lines.line(block.text, self._notes))
            case Items():
                lines = [self._lines.line(item, self._notes) for item in block.items]
                return ItemsPlan(lines, block.numbered)
            case Table():
                return self._table(block)
            case Chart():
                return self._chart(block)
            case Callout():
                lines = [self._lines.line(text, self._notes) for text in block.text]
                return CalloutPlan(clean(block.title), lines, block.tone)
            case Contents():
                return ContentsPlan(block.depth)
            case Sources():
                return SourcesPlan([self._source(source) for source in self._document.sources])
            case Signature():
                pairs = [(clean(role), clean(name)) for role, name in block.lines]
                return SignaturePlan(pairs, self._words.seal if block.seal else "")
            case PageBreak():
                return PageBreakPlan()
            case Annex():
                return self._begin_annex(block)

    def _heading(self, block: Heading) -> HeadingPlan:
        if block.level not in {1, 2, 3}:
            raise BadBlock(block.text, f"a heading of level {block.level}; there are 1, 2 and 3")
        self._headings += 1
        anchor = f"heading-{self._headings}"
        if not block.numbered:
            return HeadingPlan(clean(block.text), "", block.level, anchor, self._annex, numbered=False)
        if 0 in self._levels[: block.level - 1]:
            raise BadBlock(block.text, f"a numbered heading of level {block.level} without one above it")
        self._levels[block.level - 1] += 1
        self._levels[block.level :] = [0] * (3 - block.level)
        number = _heading_number(self._levels[: block.level], chinese=self._chinese)
        return HeadingPlan(clean(block.text), number, block.level, anchor, self._annex, numbered=True)

    def _begin_annex(self, block: Annex) -> AnnexPlan:
        self._annex += 1
        self._levels = [0, 0, 0]
        label = _label(self._words.annex, self._annex, chinese=self._chinese)
        return AnnexPlan(label, clean(block.title), f"annex-{self._annex}", self._annex)

    def _next_caption(self) -> tuple[str, str, int]:
        _, label, anchor, number = self._labels[self._captioned]
        self._captioned += 1
        return label, anchor, number

    def _table(self, block: Table) -> TablePlan:
        check_table(block)
        label, anchor, number = self._next_caption()
        marks = Marks()
        maker = CellMaker(self._lines, self._words, marks)
        heads, rows = maker.heads(block), maker.rows(block)
        notes = [self._lines.line(note, marks) for note in block.notes]
        source = self._lines.line(block.source, marks)
        return TablePlan(
            label=label,
            title=clean(block.title),
            anchor=anchor,
            number=number,
            notes=[*marks.lines, *notes],
            source=source,
            empty="" if block.rows else clean(block.empty_reason),
            heads=heads,
            rows=rows,
            landscape=block.landscape,
        )

    def _chart(self, block: Chart) -> ChartPlan:
        check_chart(block)
        label, anchor, number = self._next_caption()
        marks = Marks()
        chart = _cleaned_chart(block)
        is_empty = not any(value is not None for series in chart.series for value in series.values)
        notes = [self._lines.line(note, marks) for note in block.notes]
        source = self._lines.line(block.source, marks)
        return ChartPlan(
            label=label,
            title=chart.title,
            anchor=anchor,
            number=number,
            notes=[*marks.lines, *notes],
            source=source,
            empty=clean(block.empty_reason) if is_empty else "",
            chart=chart,
        )

    def _source(self, source: Source) -> tuple[int, str, str]:
        number = self._numbers[source.key]
        head = [part for part in (source.organisation, source.title, source.year) if part]
        joined = self._words.comma.join(head)
        rest = [part for part in (source.definition, source.url) if part]
        stop = "。" if self._chinese else ". "
        return number, f"source-{number}", clean(stop.join([joined, *rest]))


def _captions(blocks: Iterable[Block], words: Words, *, chinese: bool) -> list[tuple[str, str, str, int]]:
    """Return key, label, anchor and number of tables and charts in order: references may point forwards."""
    found: list[tuple[str, str, str, int]] = []
    counts = {words.table: 0, words.chart: 0}
    for block in blocks:
        if isinstance(block, (Table, Chart)):
            word = words.table if isinstance(block, Table) else words.chart
            counts[word] += 1
            kind = "table" if isinstance(block, Table) else "chart"
            label = _label(word, counts[word], chinese=chinese)
            found.append((block.key, label, f"{kind}-{counts[word]}", counts[word]))
    keys = [key for key, *_ in found if key]
    if twice := {key for key in keys if keys.count(key) > 1}:
        raise BadBlock(min(twice), "two tables or charts have this key")
    return found


def _label(word: str, number: int, *, chinese: bool) -> str:
    return f"{word}{number}" if chinese else f"{word} {number}"


def _heading_number(levels: Sequence[int], *, chinese: bool) -> str:
    if not chinese:
        return ".".join(map(str, levels))
    match levels:
        case [first]:
            return f"{chinese_number(first)}、"
        case [_, second]:
            return f"（{chinese_number(second)}）"
        case _:
            return f"{levels[-1]}."


def _facts(document: Document, words: Words) -> list[tuple[str, str]]:
    """Return what identifies the document; empty ones left out."""
    pairs = [
        *((document.cover.lines) if document.cover else ()),
        (words.edition, document.edition),
        (words.version, document.version),
        (words.digest, document.digest),
    ]
    return [(name, value) for name, value in pairs if value]


def _cleaned(document: Document) -> Document:
    """Return the document with everything cleaned but its blocks."""
    cover = document.cover and dataclasses.replace(
        document.cover, lines=[(clean(name), clean(value)) for name, value in document.cover.lines]
    )
    labels = [
        Label(
            clean(label.text),
            clean(label.key),
            {clean(key): clean(value) for key, value in label.facts.items()},
            label.watermark,
        )
        for label in document.labels
    ]
    return dataclasses.replace(
        document,
        title=clean(document.title),
        subtitle=clean(document.subtitle),
        organisation=clean(document.organisation),
        edition=clean(document.edition),
        version=clean(document.version),
        digest=clean(document.digest),
        keywords=[clean(word) for word in document.keywords],
        labels=labels,
        cover=cover,
    )


def _cleaned_chart(chart: Chart) -> Chart:
    series = [
        dataclasses.replace(
            one,
            name=clean(one.name),
            values=_known(one.values),
            bands=[
                dataclasses.replace(band, name=clean(band.name), low=_known(band.low), high=_known(band.high))
                for band in one.bands
            ],
        )
        for one in chart.series
    ]
    return dataclasses.replace(
        chart,
        title=clean(chart.title),
        categories=[clean(name) for name in chart.categories],
        series=series,
        alt=clean(chart.alt),
        unit=clean(chart.unit),
        category_title=clean(chart.category_title),
        marks=[(at, clean(text)) for at, text in chart.marks],
    )


def _known(values: Iterable[float | int | None]) -> list[float | int | None]:
    return [value if is_known(value) else None for value in values]


def day_text(document: Document) -> str:
    """Return the document's day as its cover prints it."""
    day: dt.date = document.date
    return long_date(day, document.language)
