"""The report says what the facts hold and nothing else, in one language at a time."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import fields, is_dataclass, replace
from io import BytesIO

import openpyxl
import pytest

from tests.unit.engines.report import made
from zhiqiao.engines.documents import (
    Block,
    Callout,
    Chart,
    Document,
    Figure,
    Items,
    Language,
    Note,
    Paragraph,
    Signature,
    Table,
    Text,
    Unknown,
    to_docx,
    to_xlsx,
)
from zhiqiao.engines.report import (
    Change,
    Direction,
    Estimate,
    IndustryFacts,
    ReportFacts,
    Words,
    WordsError,
    compose,
    read_words,
)
from zhiqiao.packs import common_file

TEXTS = common_file("report", "demand_report.toml")
CHINESE = re.compile(r"[\u4e00-\u9fff]")
LATIN = re.compile(r"[A-Za-z]{2,}")


def report(language: Language = "zh", facts: ReportFacts | None = None) -> Document:
    return compose(facts or made.facts(), read_words(TEXTS, language), made.limits())


def texts(blocks: Sequence[Block]) -> Iterator[Text]:
    for block in blocks:
        match block:
            case Paragraph():
                yield block.text
            case Items():
                yield from block.items
            case Callout():
                yield block.title
                yield from block.text
            case Table():
                yield from (block.title, *block.notes, *(column.title for column in block.columns))
                yield from (cell for row in block.rows for cell in row if isinstance(cell, str))
                yield from (cell.reason for row in block.rows for cell in row if isinstance(cell, Unknown))
            case Chart():
                yield from (block.title, block.alt, *block.notes, *(series.name for series in block.series))
            case Signature():
                yield from (part for line in block.lines for part in line)
            case _:
                yield getattr(block, "text", getattr(block, "title", ""))


def parts(document: Document) -> Iterator[object]:
    for text in texts(document.blocks):
        yield from [text] if isinstance(text, str) else text


def words_of(document: Document) -> str:
    """Return all running words; figures and notes are left to other tests, except that notes are words too."""
    lines = []
    for text in texts(document.blocks):
        shown = (
            [text]
            if isinstance(text, str)
            else [part.text if isinstance(part, Note) else part for part in text]
        )
        lines.append("".join(part for part in shown if isinstance(part, str)))
    return "\n".join(lines)


def table(document: Document, key: str) -> Table:
    return next(block for block in document.blocks if isinstance(block, Table) and block.key == key)


def numbers(value: object) -> Iterator[float]:
    """Yield every number of the facts, and the shares and differences that the report forms of two of them."""
    if isinstance(value, Change):
        yield from (share for share in (value.share, value.share_before) if share is not None)
    if hasattr(value, "count") and hasattr(value, "total"):
        yield value.count / value.total
    if is_dataclass(value):
        for field in fields(value):
            yield from numbers(getattr(value, field.name))
    elif isinstance(value, dict):
        for item in value.values():
            yield from numbers(item)
    elif isinstance(value, tuple):
        for item in value:
            yield from numbers(item)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield float(value)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_figure_in_the_text_is_in_the_facts(language: Language) -> None:
    facts = made.facts()
    known = {round(value, 6) for value in numbers(facts)}
    known |= {round(1 - 1.37 / 1.43, 6), round(307 / 523, 6)}  # better than naive; share of a diploma
    known |= {1.0, 2.0, 3.0, float(len(facts.months))}  # counts of listed things
    figures = [part for part in parts(report(language, facts)) if isinstance(part, Figure)]
    assert len(figures) > 40
    assert [figure for figure in figures if figure.value is None] == []
    assert [figure for figure in figures if round(float(figure.value or 0), 6) not in known] == []
    assert [figure for figure in figures if not figure.origin] == []
    assert [figure for figure in figures if not figure.evidence and figure.marked is False] == []


def test_each_language_stands_alone() -> None:
    zh, en = words_of(report("zh")), words_of(report("en"))
    assert CHINESE.findall(en) == []
    assert LATIN.findall(zh.replace("abc123", "")) == []


@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_key_and_no_place_is_left_in_a_text(language: Language) -> None:
    shown = words_of(report(language))
    assert "{" not in shown
    assert not re.search(r"[a-z]+_[a-z]+", shown)


def test_what_is_unknown_stays_unknown_with_its_reason() -> None:
    document = report()
    row = table(document, "programmes").rows[0]
    assert row[2] == row[3] == Unknown("没有导入专业的招生与毕业数据")
    shown = words_of(document)
    assert "供给偏多的专业：未知（没有导入专业的招生与毕业数据）。" in shown
    assert "实训条件：未知（没有导入实训条件数据）。" in shown
    assert "减少招生或考虑停办的专业有" not in shown


def _uncompared(item: IndustryFacts) -> IndustryFacts:
    posts = tuple(
        replace(post, change=Change(post.change.now, None, Direction.UNKNOWN)) for post in item.posts
    )
    return replace(item, change=Change(item.change.now, None, Direction.UNKNOWN, 523), posts=posts)


def test_a_year_that_can_not_be_compared_is_not_called_steady() -> None:
    facts = made.facts(
        earlier=(), skills=(), total=Change(523, None, Direction.UNKNOWN), backtest=None,
        missing={**made.facts().missing, "backtest": "short_backtest"},
        industries=tuple(_uncompared(item) for item in made.facts().industries),
    )  # fmt: skip
    document = report(facts=facts)
    shown = words_of(document)
    assert "无明确变化" not in shown.replace("其余一律写“无明确变化”", "")
    assert "变化：未知（可用月份不足，前后两个十二个月不能比较）。" in shown
    assert "回测：未知（可用月份不足，不能留出月份检验）。" in shown
    assert table(document, "industries").rows[0][2] == Unknown("可用月份不足，前后两个十二个月不能比较")


def test_a_forecast_that_is_not_better_is_called_so() -> None:
    facts = made.facts()
    assert facts.backtest is not None
    level = facts.backtest.levels[0]
    worse = type(level)("post", 3, 36, 1.5, {"last": 1.61, "mean3": 1.43}, 0.79)
    tested = type(facts.backtest)("2023-12", facts.backtest.months, True, (worse,))
    shown = words_of(report("en", made.facts(backtest=tested)))
    assert "this forecast is not better" in shown
    assert "not better than the best simple method" in shown
    assert "lower." in words_of(report("en"))


def test_over_supply_is_named_with_its_figures() -> None:
    over = made.programme(
        year=2024, enrolled=120, graduates=110, quantity=Estimate(-0.52, -0.61, -0.44), advice="reduce",
        reasons=("demand_below_graduates",), places=96, firmness=0.9,
    )  # fmt: skip
    document = report("en", made.facts(programmes=(over,)))
    line = next(
        text for text in texts(document.blocks) if not isinstance(text, str) and "Tea production" in text[0:1]
    )
    shown = [part.value for part in line if isinstance(part, Figure)]
    assert shown == [-0.52, -0.61, -0.44, 0.9]
    assert "fewer places" in words_of(document)


def test_demo_data_wear_their_label_and_the_draft_is_not_signed() -> None:
    document = report()
    assert [label.text for label in document.labels if label.watermark] == ["演示数据"]
    assert "草稿，未签发" in words_of(document)
    assert report(facts=made.facts(label=None)).labels == ()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_workbook_holds_the_numbers_of_the_facts(language: Language) -> None:
    facts = made.facts()
    book = openpyxl.load_workbook(BytesIO(to_xlsx(report(language, facts))))
    cells = [[cell.value for cell in row] for sheet in book.worksheets for row in sheet.iter_rows()]
    names = [item.name.zh if language == "zh" else item.name.en for item in facts.industries]
    for name, item in zip(names, facts.industries, strict=True):
        rows = [row for row in cells if row and str(row[0]).rstrip("★") == name and item.change.now in row]
        assert rows, name
        assert {item.change.now, item.change.before, item.outlook.next_year.value} <= set(rows[0])


def test_the_same_facts_give_the_same_bytes() -> None:
    assert to_docx(report()) == to_docx(report())


def test_a_missing_text_is_named() -> None:
    words = Words("zh", {"a.b": "{n} 条"})
    with pytest.raises(WordsError, match=r"a\.c"):
        words.say("a.c")
    with pytest.raises(WordsError, match="wants n"):
        words.say("a.b")


def test_english_counts_one_and_many() -> None:
    words = Words("en", {"a.b": "{n} {n:posting|postings}"})
    assert words.text("a.b", n=1) == "1 posting"
    assert words.text("a.b", n=2) == "2 postings"


def test_both_languages_have_the_same_texts_and_places() -> None:
    zh, en = (read_words(TEXTS, language).texts for language in ("zh", "en"))
    assert zh.keys() == en.keys()
    places = re.compile(r"{(\w+)")
    assert [key for key in zh if set(places.findall(zh[key])) != set(places.findall(en[key]))] == []
