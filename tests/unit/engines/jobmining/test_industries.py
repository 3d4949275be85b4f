"""Industry cells of job sites to sections of GB/T 4754-2017."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from zhiqiao.engines.jobmining import RulesError
from zhiqiao.engines.jobmining._industries import IndustryIndex, read_industries
from zhiqiao.packs import common_file


@pytest.fixture(scope="module")
def index() -> IndustryIndex:
    return IndustryIndex(read_industries(common_file("jobmining", "industries.csv")))


def test_all_twenty_sections_have_labels() -> None:
    industries = read_industries(common_file("jobmining", "industries.csv"))
    assert "".join(item.section for item in industries if item.section != "-") == "ABCDEFGHIJKLMNOPQRST"
    assert all(item.labels and item.zh for item in industries)


def test_no_label_means_two_things() -> None:
    seen: dict[str, str] = {}
    for item in read_industries(common_file("jobmining", "industries.csv")):
        for label in item.labels:
            assert seen.setdefault(label.lower(), item.section) == item.section, label


def test_labelled_cells_get_their_section(index: IndustryIndex) -> None:
    with Path(__file__).with_name("industry_labels.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    wrong = [row["raw"] for row in rows if (index.find(row["raw"]).code or "-") != row["section"]]
    assert len(rows) == 241
    assert len(wrong) <= 0.02 * len(rows), wrong


@pytest.mark.parametrize(
    ("text", "section"),
    [
        ("互联网/电子商务,酒店/餐饮", "I"),  # the first of several decides
        ("多元化业务集团公司 仪器仪表/工业自动化", "C"),  # what names none is passed over
        ("IT服务(//维护)", "I"),
        ("计算机、通信和其他电子设备制造业", "C"),
        ("医疗器械贸易", "F"),  # the head stands last
        ("ＩＴ服务", "I"),
        ("I65", "I"),
        ("Software", "I"),
    ],
)
def test_ways_to_write_an_industry(text: str, section: str, index: IndustryIndex) -> None:
    found = index.find(text)
    assert found.code == section
    assert found.name
    assert found.reason is None


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("跨领域经营", "several industries"),
        ("其他", "other"),
        ("无", "empty"),
        ("", "empty"),
        (None, "empty"),
        ("http://example.org", "not recognised"),
        ("U99", "not recognised"),
    ],
)
def test_no_industry_stays_unknown_with_the_reason(
    text: str | None, reason: str, index: IndustryIndex
) -> None:
    found = index.find(text)
    assert (found.code, found.name, found.reason) == (None, None, reason)


def test_a_broken_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "industries.csv"
    path.write_text("section,zh,en,labels,source\nX,甲,a,乙,s\n", encoding="utf-8")
    with pytest.raises(RulesError, match=r"industries.csv, line 2"):
        read_industries(path)
