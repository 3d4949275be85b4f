"""Input as it really comes: nothing crashes, every row is counted, and what is refused is explained."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.engines.jobmining.conftest import Mine, rejected, table
from zhiqiao.engines import tabular
from zhiqiao.engines.jobmining import Input, Rules, Summary, Taxonomy, run

HTML = "<p>任职要求：</p><ul><li>熟悉&nbsp;<b>Java</b>&#43;MySQL</li><li>了解C&#43;&#43;</li></ul>"


@pytest.mark.parametrize(
    ("text", "surfaces"),
    [
        ("😀熟悉Java😀、👩‍💻Python👍🏽", ["Java", "Python"]),
        ("熟悉數據庫與軟件工程，具備溝通能力", ["數據庫", "軟件工程", "溝通能力"]),
        ("熟悉ＪＡＶＡ、ＭｙＳＱＬ　数据库", ["ＪＡＶＡ", "ＭｙＳＱＬ"]),
        (HTML, ["Java", "MySQL", "C&#43;&#43;"]),
        ("熟悉Ja\u200bva、\x00Python", ["Ja\u200bva", "Python"]),
        ("  熟悉Java  \r\n\r\n", ["Java"]),
        ("熟悉㎡、ﬁ、Java½", ["Java"]),
        ("熟悉List<String>、a<b、Java", ["Java"]),
    ],
)
def test_odd_characters_stay_as_stored_and_skills_are_found(
    mine: Mine, tmp_path: Path, text: str, surfaces: list[str]
) -> None:
    summary = mine([{"id": "a", "title": text, "text": text}, {"id": "b", "text": "熟悉Redis"}])
    assert (summary.rows_in, summary.kept) == (2, 2)
    stored = table(tmp_path / "out", "postings")[0]
    assert (stored["title"], stored["text"]) == (text, text)
    mentions = [row for row in table(tmp_path / "out", "mentions") if row["posting_id"] == "a"]
    assert [row["surface"] for row in mentions] == surfaces
    for row in mentions:
        assert text[row["start"] : row["end"]] == row["surface"]  # type: ignore[misc]


def test_only_contact_data_is_taken_out_of_a_stored_text(mine: Mine, tmp_path: Path) -> None:
    mine([{"title": " 会计&amp;出纳 ", "text": "<p>熟悉Java，电话138<b>1234</b>5678\x00</p> "}])
    stored = table(tmp_path / "out", "postings")[0]
    assert stored["title"] == " 会计&amp;出纳 "
    assert stored["text"] == "<p>熟悉Java，电话<PHONE>\x00</p> "


@pytest.mark.parametrize("text", ["", "   ", "<p></p>", "\x00\u200b", "无", "&nbsp;", "null"])
def test_a_text_that_says_nothing_is_refused_with_the_reason(mine: Mine, tmp_path: Path, text: str) -> None:
    summary = mine([{"title": "甲", "text": text}, {"title": "乙", "text": "熟悉Java"}])
    assert (summary.rows_in, summary.kept, summary.quarantined) == (2, 1, 1)
    assert summary.quarantine_reasons == {"no_text": 1}
    assert rejected(tmp_path / "out")[0]["title"] == "甲"


def test_tags_stand_in_for_a_text_that_says_nothing(mine: Mine, tmp_path: Path) -> None:
    mine([{"text": "<br>", "tags": " Java |數據庫|"}])
    stored = table(tmp_path / "out", "postings")[0]
    assert (stored["text"], stored["text_kind"]) == (" Java |數據庫|", "tags")
    assert [row["surface"] for row in table(tmp_path / "out", "mentions")] == ["Java", "數據庫"]


def test_a_posting_of_ten_megabytes_is_refused_and_the_others_go_on(mine: Mine, tmp_path: Path) -> None:
    summary = mine([{"title": "长", "text": "熟悉Java。" * 1_500_000}, {"title": "乙", "text": "熟悉Java"}])
    assert (summary.rows_in, summary.kept) == (2, 1)
    assert sum(summary.quarantine_reasons.values()) == 1
    assert set(summary.quarantine_reasons) <= {"oversized_cell", "oversized_row"}
    assert "_reason" in rejected(tmp_path / "out")[0]


def test_the_longest_posting_taken_is_mined_to_its_end(mine: Mine, tmp_path: Path, rules: Rules) -> None:
    text = ("负责数据库开发与测试" * rules.thresholds.max_cell_characters)[
        : rules.thresholds.max_cell_characters
    ]
    mine([{"text": text}])
    assert len(table(tmp_path / "out", "mentions")) > len(text) // 20


def _mined(
    tmp_path: Path, content: bytes, rules: Rules, taxonomy: Taxonomy, vocabulary: tabular.Vocabulary
) -> Summary:
    (tmp_path / "mixed.csv").write_bytes(content)
    inputs = [Input(tmp_path / "mixed.csv")]
    return run(inputs, tmp_path / "out", taxonomy=taxonomy, rules=rules, vocabulary=vocabulary)


def test_a_line_in_another_encoding_is_refused_readably(
    tmp_path: Path, rules: Rules, taxonomy: Taxonomy, vocabulary: tabular.Vocabulary
) -> None:
    lines = [f"开发{number},熟悉Java与数据库" for number in range(20)]
    content = "\n".join(["title,text", *lines]).encode() + "\n会计,熟悉会计\n".encode("gb18030")
    summary = _mined(tmp_path, content, rules, taxonomy, vocabulary)
    assert (summary.rows_in, summary.quarantined) == (21, 1)
    assert summary.quarantine_reasons == {"undecodable": 1}
    row = rejected(tmp_path / "out")[0]
    assert (row["title"], row["text"]) == ("会计", "熟悉会计")


def test_nul_bytes_in_a_csv_file_stay_in_the_text(
    tmp_path: Path, rules: Rules, taxonomy: Taxonomy, vocabulary: tabular.Vocabulary
) -> None:
    content = "title,text\n开发,熟悉Ja\0va与Python\n会计,会计\n".encode()
    summary = _mined(tmp_path, content, rules, taxonomy, vocabulary)
    assert (summary.rows_in, summary.kept) == (2, 2)
    assert table(tmp_path / "out", "postings")[0]["text"] == "熟悉Ja\0va与Python"
    assert [row["surface"] for row in table(tmp_path / "out", "mentions")][:2] == ["Ja\0va", "Python"]
