"""Signals that a posting may not be what it says, on written cases and on look-alikes that are in order."""

from __future__ import annotations

import csv
import shutil
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhiqiao.engines.jobmining import RulesError, parse_salary
from zhiqiao.engines.jobmining._fold import fold_batch
from zhiqiao.engines.jobmining._legitimacy import LegitimacyReader, LegitimacyReading
from zhiqiao.engines.jobmining._legitimacy_rules import read_legitimacy
from zhiqiao.packs import folder

EMPLOYER = "华信软件有限公司"


@pytest.fixture(scope="module")
def reader() -> LegitimacyReader:
    return LegitimacyReader(read_legitimacy(folder("common", "jobmining")))


def _cases(*samples: str) -> list[dict[str, str]]:
    with Path(__file__).with_name("legitimacy_cases.csv").open(encoding="utf-8", newline="") as stream:
        return [row for row in csv.DictReader(stream) if row["sample"] in samples]


def _read(reader: LegitimacyReader, row: dict[str, str]) -> LegitimacyReading:
    pay = parse_salary(row["salary"])
    return reader.read(title=row["title"], text=row["text"], company=row["company"], salary=pay)


def _codes(reading: LegitimacyReading) -> set[str]:
    return {signal.code for signal in reading.signals}


@pytest.mark.parametrize("sample", ["tune", "unseen", "tune-2", "unseen-2"])
def test_seeded_fraud_is_flagged_by_its_own_signal(sample: str, reader: LegitimacyReader) -> None:
    rows = _cases(sample)
    missed = [row["title"] for row in rows if row["code"] not in _codes(_read(reader, row))]
    assert len(rows) >= 30
    assert len(missed) <= 0.18 * len(rows), missed


def test_postings_in_order_that_use_the_same_words_are_not_flagged(reader: LegitimacyReader) -> None:
    flagged = [row["title"] for row in _cases("legit") if _read(reader, row).signals]
    assert flagged == []


def test_a_signal_points_at_its_words_in_the_stored_text(reader: LegitimacyReader) -> None:
    text = "①㎡ 任职要求：入职需交押金500元。"
    (signal,) = reader.read(title="普工", text=text, company=EMPLOYER).signals
    assert (signal.start, signal.end) == (text.index("押金"), text.index("押金") + 2)
    assert text[signal.start : signal.end] == "押金"
    assert signal.detail


_WORDS = (
    "入职需交押金500元",
    "有意者请加Ｖ：abc",
    "劳务公司",
    "公司不收取任何费用、押金",
    "㎡",
    "<b>",
    "。",
    "全职",
    "电话",
    "兼职",
)


@settings(max_examples=60)
@given(st.lists(st.lists(st.sampled_from(_WORDS), max_size=5).map("".join), min_size=1, max_size=5))
def test_texts_read_together_say_what_each_says_alone(reader: LegitimacyReader, texts: list[str]) -> None:
    together = reader.find(fold_batch(texts))
    alone = [reader.find(fold_batch([text])).get(0, []) for text in texts]
    assert [together.get(number, []) for number in range(len(texts))] == alone


@pytest.mark.parametrize(
    "text",
    [
        "公司不收取任何费用、押金等",
        "报销外部培训费用500元",
        "无需交服装费",
        "负责酒店押金缴费",
        "非劳务派遣",
        "谢绝猎头岗位",
        "打击刷单，赔付佣金",
    ],
)
def test_what_is_denied_is_no_signal(text: str, reader: LegitimacyReader) -> None:
    assert reader.read(title="专员", text=text, company=EMPLOYER).signals == ()


def test_another_way_to_apply_takes_the_messenger_signal_away(reader: LegitimacyReader) -> None:
    only = reader.read(title="客服", text="请加微信<ID>", company=EMPLOYER)
    both = reader.read(title="客服", text="请加微信<ID>，或投递简历", company=EMPLOYER)
    assert _codes(only) == {"messenger_only"}
    assert _codes(both) == set()


@pytest.mark.parametrize(
    ("company", "text", "flagged"),
    [
        ("", "整理文件", True),
        ("某知名企业", "整理文件", True),
        ("", "甲乙丙有限公司招聘，整理文件", False),
        (EMPLOYER, "整理文件", False),
        (None, "整理文件", False),  # the source has no such column
    ],
)
def test_an_employer_must_be_named(
    company: str | None, text: str, flagged: bool, reader: LegitimacyReader
) -> None:
    assert ("no_employer" in _codes(reader.read(title="文员", text=text, company=company))) is flagged


@pytest.mark.parametrize(
    ("salary", "experience", "diploma", "text", "flagged"),
    [
        ("2千-10万", None, None, "", True),
        ("100-200万", None, None, "", True),
        ("300-500元", None, None, "", True),
        ("3-5万", 0.0, "any", "无需经验", True),
        ("6-8万", 0.0, "any", "", True),
        ("3-5万", 5.0, "any", "", False),
        ("3-5万", None, "master", "能力突出者学历不限", False),
        ("1-2万", 0.0, "any", "无需经验，学历不限", False),
        ("面议", None, None, "", False),
    ],
)
def test_pay_against_what_is_asked(
    salary: str,
    experience: float | None,
    diploma: str | None,
    text: str,
    flagged: bool,
    reader: LegitimacyReader,
) -> None:
    reading = reader.read(
        title="专员",
        text=text,
        company=EMPLOYER,
        salary=parse_salary(salary),
        experience_min=experience,
        diploma=diploma,
    )
    assert ("impossible_pay" in _codes(reading)) is flagged


def test_high_pay_settled_daily_needs_the_amount(reader: LegitimacyReader) -> None:
    assert "impossible_pay" in _codes(reader.read(title="助理", text="日结800元", company=EMPLOYER))
    assert _codes(reader.read(title="助理", text="日结120元", company=EMPLOYER)) == set()


def test_a_posting_of_last_year_is_stale(reader: LegitimacyReader) -> None:
    old, today = date(2025, 1, 1), date(2026, 1, 1)
    kept = {"title": "文员", "text": "", "company": EMPLOYER}
    assert _codes(reader.read(**kept, published=old, reference_date=today)) == {"stale"}
    assert _codes(reader.read(**kept, published=today, reference_date=today)) == set()
    assert _codes(reader.read(**kept, published=old)) == set()


def test_a_school_that_seeks_a_teacher_is_in_order(reader: LegitimacyReader) -> None:
    text = "辅导零基础学员"
    school = "创想教育有限公司"
    assert _codes(reader.read(title="Python讲师", text=text, company=school)) == set()
    assert _codes(reader.read(title="Python助理", text="零基础可学", company=school)) == {"training_loan"}


@pytest.mark.parametrize(
    ("title", "text", "salary", "form"),
    [
        ("Java实习生", "", "", "internship"),
        ("英语老师（兼职）", "", "", "part_time"),
        ("全职客服", "", "", "full_time"),
        ("骑手", "众包配送", "", "flexible"),
        ("客服", "要求有实习经历者优先", "", None),
        ("客服", "提供实习证明", "", "internship"),
        ("客服", "本岗位为兼职", "", "part_time"),
        ("客服", "不接受兼职人员", "", None),
        ("服务员", "", "20元/小时", "part_time"),
        ("客服", "", "5-8千", None),
        ("International sales", "", "", None),
    ],
)
def test_form_of_work(title: str, text: str, salary: str, form: str | None, reader: LegitimacyReader) -> None:
    reading = reader.read(title=title, text=text, company=EMPLOYER, salary=parse_salary(salary))
    assert reading.work_form == form


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("legitimacy.csv", "code,pattern,zh,en,severity,least,needs,negations,source\n,押金,,,1,,,,s\n"),
        ("legitimacy.csv", "code,pattern,zh,en,severity,least,needs,negations,source\na,押金,,,x,,,,s\n"),
        ("legitimacy_bounds.json", "{}"),
    ],
)
def test_a_broken_vocabulary_is_named(tmp_path: Path, name: str, content: str) -> None:
    copy = tmp_path / "rules"
    shutil.copytree(folder("common", "jobmining"), copy)
    (copy / name).write_text(content, encoding="utf-8")
    with pytest.raises(RulesError, match=name):
        read_legitimacy(copy)


def test_a_signal_has_its_reason_in_both_languages_and_the_grade_of_its_words(
    reader: LegitimacyReader,
) -> None:
    found = reader.read(title="文员", text="入职需交押金500元。", company="")
    by_code = {signal.code: signal for signal in found.signals}
    assert by_code["fees_asked"].detail_en == "A deposit is asked"
    assert by_code["fees_asked"].severity == 3
    assert by_code["no_employer"].detail_en == "No employer is named"
    assert by_code["no_employer"].severity is None


@pytest.mark.parametrize(
    "company", ["江苏某劳务公司", "巴中市诚信劳务公司", "四川锦程人力资源公司", "前途人力公司人才服务部"]
)
def test_an_agency_is_known_by_its_name_whatever_longer_word_stands_there(
    company: str, reader: LegitimacyReader
) -> None:
    """劳务公司 needs 签 beside it in a text; in a name the 劳务 inside it counts all the same."""
    assert "agency" in _codes(reader.read(title="普工", text="负责装配。", company=company))


@pytest.mark.parametrize(
    "text", ["负责与劳务公司对接", "服务人力资源公司客户", "公司为人力资源公司，主营培训"]
)
def test_an_agency_that_is_only_spoken_of_is_no_signal(text: str, reader: LegitimacyReader) -> None:
    assert "agency" not in _codes(reader.read(title="普工", text=text, company=EMPLOYER))
