"""Where a skill may stand, and that features are the same whichever way they are read."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from tests.unit.engines.jobmining.conftest import together
from zhiqiao.engines.jobmining import RulesError
from zhiqiao.engines.jobmining._candidates import (
    TABLE,
    CandidateReader,
    Features,
    Field,
    Spans,
    WeightTable,
    WordUses,
    read_candidate_words,
)
from zhiqiao.engines.jobmining._second_stage import Shown, show
from zhiqiao.packs import folder


@pytest.fixture(scope="module")
def words() -> WordUses:
    return read_candidate_words(folder("common", "jobmining") / "learned" / "candidate_words.csv")


@pytest.fixture(scope="module")
def reader(words: WordUses) -> CandidateReader:
    return CandidateReader(words)


def field_of(reader: CandidateReader, *shown: Shown) -> Field:
    everything = together(*shown)
    return reader.field(everything, np.arange(len(shown)))


def item(text: str, *taken: str) -> Shown:
    hits = sorted((text.index(hit), text.index(hit) + len(hit)) for hit in taken)
    return show(text, [(0, len(text), "requirement")], hits)


def surfaces(reader: CandidateReader, *texts: Shown) -> list[set[str]]:
    everything, field = together(*texts), field_of(reader, *texts)
    spans = reader.spans(field)
    found: list[set[str]] = [set() for _ in texts]
    for start, end in zip(field.shown(spans.start), field.shown(spans.end), strict=True):
        number = np.searchsorted(everything.bounds, start, side="right") - 1
        found[number].add(everything.text[start:end])
    return found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("熟悉流式计算、数据湖", {"流式计算", "数据湖"}),
        ("1.负责无菌灌装操作", {"无菌灌装操作"}),
        ("熟练使用flink进行开发", {"flink"}),
        ("具有良好的应变能力", {"应变能力"}),
        ("熟悉spring boot框架", {"spring boot", "spring boot框架"}),
        ("图片的处理和新媒体的运营", {"图片的处理", "新媒体的运营"}),
        ("精通水性漆,油性漆的调色", {"水性漆", "油性漆", "油性漆的调色"}),
    ],
)
def test_skills_are_among_the_candidates(reader: CandidateReader, text: str, expected: set[str]) -> None:
    assert expected <= surfaces(reader, item(text))[0]


def test_a_hit_is_neither_proposed_again_nor_cut(reader: CandidateReader) -> None:
    found = surfaces(reader, item("熟悉自动化测试框架", "自动化测试"))[0]

    assert "自动化测试" not in found
    assert not any(each in "自动化测试" for each in found)


def test_a_longer_string_around_a_hit_is_proposed(reader: CandidateReader) -> None:
    text = "负责接口自动化测试"
    field = field_of(reader, item(text, "自动化测试"))
    spans = reader.spans(field)
    covering = [
        text[start:end]
        for start, end, covers in zip(
            field.shown(spans.start), field.shown(spans.end), spans.covers, strict=True
        )
        if covers
    ]

    assert "接口自动化测试" in covering


def test_nothing_is_proposed_outside_the_items_that_count(reader: CandidateReader) -> None:
    text = "公司福利很好;熟悉流式计算"

    found = surfaces(reader, show(text, [(7, len(text), "requirement")], []))[0]

    assert found
    assert all(each in text[7:] for each in found)


def test_a_candidate_never_reaches_over_a_sign_or_a_leading_verb(reader: CandidateReader) -> None:
    found = surfaces(reader, item("数据湖;流式计算熟悉容器编排"))[0]

    assert not any(";" in each or "熟悉" in each for each in found)


def test_postings_beside_each_other_do_not_touch(reader: CandidateReader) -> None:
    items = [item("熟悉数据湖"), item("流式计算"), item("精通容器编排", "容器编排")]

    assert surfaces(reader, *items) == [surfaces(reader, each)[0] for each in items]


@pytest.mark.parametrize(
    "text", ["", "\n", "\x00\ud800", "😀熟悉😀", "a" * 500, "、" * 50, "的" * 90, "1234567890"]
)
def test_odd_text_is_no_error(reader: CandidateReader, text: str) -> None:
    field = field_of(reader, item(text))

    assert len(reader.spans(field).start) >= 0


@pytest.mark.parametrize("spans", [CandidateReader.spans, CandidateReader.hits])
def test_sums_are_the_sums_of_the_listed_features(
    reader: CandidateReader, spans: Callable[[CandidateReader, Field], Spans]
) -> None:
    field = field_of(
        reader,
        item("熟悉流式计算、spring boot框架和数据湖、" + "abc" * 15, "数据湖", "abc" * 15),
        item("负责接口自动化测试", "测试"),
    )
    features = Features(field, spans(reader, field))
    table = np.random.default_rng(1).integers(-127, 127, TABLE, dtype=np.int8)

    assert features.sums(WeightTable(table)).tolist() == [
        int(table[row].astype(np.int64).sum()) for row in features.indexes()
    ]


def test_sums_of_a_surface_do_not_depend_on_what_stands_around(reader: CandidateReader) -> None:
    tables = np.random.default_rng(1).integers(-127, 127, (TABLE, 2), dtype=np.int8)
    sums = set()
    for text in ("熟悉flink", "精通java、flink等", "flink"):
        field = field_of(reader, item(text))
        spans = reader.spans(field)
        row = [
            text[start:end]
            for start, end in zip(field.shown(spans.start), field.shown(spans.end), strict=True)
        ].index("flink")
        sums.add(tuple(Features(field, spans).surface_sums(tables)[row].tolist()))

    assert len(sums) == 1


@pytest.mark.parametrize("row", ["熟悉,beside", "一二三四五,lead", ",lead"])
def test_a_faulty_vocabulary_names_the_file(tmp_path: Path, row: str) -> None:
    path = tmp_path / "candidate_words.csv"
    path.write_text(f"text,use\n{row}\n", encoding="utf-8")

    with pytest.raises(RulesError, match=r"candidate_words\.csv"):
        read_candidate_words(path)


def test_a_word_may_have_several_uses(words: WordUses) -> None:
    assert words["的"] & words["和"]
