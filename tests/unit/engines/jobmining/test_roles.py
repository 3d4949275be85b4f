"""Titles to posts with a confidence, and corrections by people."""

from __future__ import annotations

import pickle
import shutil
from pathlib import Path

import pytest

from zhiqiao.engines.jobmining import JobRolePattern, RoleBook, RulesError, read_roles
from zhiqiao.engines.jobmining._title_words import WordFinder, read_title_words
from zhiqiao.packs import folder


@pytest.fixture(scope="module")
def book() -> RoleBook:
    words = read_title_words(folder("common", "jobmining"))
    return read_roles(folder("bazhong", "job_roles.csv"), words=words)


@pytest.mark.parametrize(
    ("title", "role"),
    [
        ("高级Java开发工程师", "java-developer"),
        ("Java初中级开发工程师/程序员", "java-developer"),
        ("嵌入式应用软件工程师", "embedded-developer"),
        ("HTML5开发工程师", "frontend-developer"),
        ("JavaScript", "frontend-developer"),
        ("小红书客服", "ecommerce-service"),
        ("央企客服文员/六险一金+带薪培训", "ecommerce-service"),
        ("Python实习生", "python-developer"),
        ("芯片封装工程师", "ceramic-packaging-technician"),
        ("幼教老师（光谷校区）", "early-educator"),
        ("急聘淘宝美工(包吃住)", "graphic-designer"),
    ],
)
def test_titles_of_the_region_get_their_post(title: str, role: str, book: RoleBook) -> None:
    found = book.assign_with_confidence(title)
    assert found is not None
    assert found.role_id == role
    assert 0.5 <= found.confidence <= 1
    assert book.assign(title) == role


@pytest.mark.parametrize(
    "title",
    ["Java讲师", "销售（软件）", "机械销售工程师", "UI设计讲师", "光伏销售工程师", "大数据讲师", "幼儿园招生老师",
     "园艺销售", "高级销售工程师（PLC）", "数控编程老师", "中药材采购", "会计", "", "！！！"],
)  # fmt: skip
def test_a_title_that_only_names_a_trade_stays_unknown(title: str, book: RoleBook) -> None:
    assert book.assign_with_confidence(title) is None
    assert book.assign(title) is None


def test_an_uncertain_post_can_still_be_shown_to_a_person(book: RoleBook) -> None:
    found = book.judge("Java讲师")
    assert found is not None
    assert found.role_id == "java-developer"
    assert found.confidence < 0.5
    assert found.why == "java"


def test_the_whole_title_is_surer_than_a_part(book: RoleBook) -> None:
    whole, part = book.judge("测试工程师"), book.judge("星云项目驻点测试工程师")
    assert whole is not None
    assert part is not None
    assert whole.confidence > part.confidence


def test_two_posts_in_one_title_are_less_sure(book: RoleBook) -> None:
    one, two = book.judge("平面设计师"), book.judge("平面设计师/仓库管理员")
    assert one is not None
    assert two is not None
    assert two.confidence < one.confidence


def test_a_corrected_title_is_certain(book: RoleBook) -> None:
    taught = book.with_corrections({"外贸业务员": "ecommerce-operator", "Java开发": None})
    found = taught.judge("外贸业务员")
    assert found is not None
    assert (found.role_id, found.confidence, found.why) == ("ecommerce-operator", 1.0, "corrected")
    assert taught.judge("ＪＡＶＡ开发") is None
    assert book.judge("外贸业务员") is None


def test_a_correction_reaches_titles_of_the_same_words_with_less_confidence(book: RoleBook) -> None:
    taught = book.with_corrections({"外贸业务员": "ecommerce-operator", "Java讲师": None})
    found = taught.judge("急聘高级外贸业务员（双休）")
    assert found is not None
    assert found.role_id == "ecommerce-operator"
    assert found.confidence == 0.85
    assert taught.judge("资深Java讲师") is None


def test_corrections_that_contradict_each_other_reach_no_other_title() -> None:
    book = RoleBook((JobRolePattern("a", "会计", "", ("会计",)),))
    taught = book.with_corrections({"会计(甲)": "a", "会计(乙)": "b"})
    assert taught.assign("会计(甲)") == "a"
    assert taught.assign("会计(乙)") == "b"
    assert taught.assign("会计(丙)") is None


def test_a_later_correction_wins(book: RoleBook) -> None:
    taught = book.with_corrections({"甲岗": "gardener"}).with_corrections({"甲岗": "brewer"})
    assert taught.assign("甲岗") == "brewer"


def test_a_book_travels_to_a_worker(book: RoleBook) -> None:
    taught = book.with_corrections({"甲岗": "gardener"})
    assert taught.assign("甲岗") == "gardener"
    copy = pickle.loads(pickle.dumps(taught))
    assert copy == taught
    assert copy.assign("甲岗") == "gardener"


def test_a_latin_word_counts_only_whole() -> None:
    finder = WordFinder({"hr", "培训", "带薪培训"})
    assert [word for _, _, word in finder.find("hr 三小时hrs 带薪培训")] == ["hr", "带薪培训"]
    assert finder.blank("带薪培训生") == "    生"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("title_words.csv", "text,kind\n销售,unknown\n"),
        ("title_thresholds.json", '{"source": "x"}'),
        ("title_thresholds.json", "["),
    ],
)
def test_a_broken_word_file_is_named(tmp_path: Path, name: str, content: str) -> None:
    copy = tmp_path / "rules"
    shutil.copytree(folder("common", "jobmining"), copy)
    (copy / name).write_text(content, encoding="utf-8")
    with pytest.raises(RulesError, match=name):
        read_title_words(copy)


@pytest.mark.parametrize(
    ("title", "other", "same"),
    [
        ("码农", "【急聘】高级码农", True),
        ("Java 程序员", "程序员 / JAVA", True),
        ("码农", "码工", False),
    ],
)
def test_titles_of_the_same_words_are_near(book: RoleBook, title: str, other: str, same: bool) -> None:
    assert (book.words_of(title) == book.words_of(other)) is same


@pytest.mark.parametrize(
    "title", ["电话客服专员", "呼叫中心客服代表", "热线客服专员", "电话客服+五险+有假期"]
)
def test_those_who_answer_telephones_are_no_shop_assistants_online(title: str, book: RoleBook) -> None:
    assert book.assign(title) != "ecommerce-service"
