"""Copies of a posting: edited ones are found, different ones are not, and the order decides who stays."""

from __future__ import annotations

import random

import pyarrow as pa
import pytest

from zhiqiao.engines.jobmining import (
    Rules,
    company_key,
    content_hash,
    deduplicate,
    find_duplicates,
    normalised,
    sketch,
    sketch_schema,
    title_bits,
)
from zhiqiao.engines.jobmining._title_words import level_bits

WORDS = [
    "负责公司核心系统的设计与开发",
    "参与需求评审和技术方案讨论",
    "编写高质量代码与技术文档",
    "配合测试人员完成缺陷修复",
    "熟悉关系型数据库与缓存",
    "具备良好的沟通表达和团队协作精神",
    "了解微服务与容器化部署",
    "持续优化系统性能和稳定性",
    "跟踪业界新技术并在团队内分享",
    "掌握常用设计模式",
    "承担模块的单元测试",
    "有大型项目经验者优先",
    "热爱编程并乐于钻研",
    "对代码质量有追求",
    "能够独立解决线上问题",
    "熟练使用版本管理工具",
    "种植养护各类花卉苗木",
    "制定年度培训计划",
    "维护客户关系并跟进回款",
    "编制财务报表及税务申报",
    "操作高效液相色谱仪进行含量测定",
    "管理仓库收发货与盘点",
]


def text_of(seed: int, *, sentences: int = 12) -> str:
    """A posting of its own: the sentences differ by numbers and order."""
    chance = random.Random(seed)
    picked = [
        chance.choice(WORDS) + chance.choice(WORDS)[:6] + str(chance.randrange(1000))
        for _ in range(sentences)
    ]
    return "；".join(picked)


def prints(rows: list[tuple[str, str, str, str | None]], rules: Rules, *, prefix: str = "p") -> pa.Table:
    """Fingerprints of (title, company, text, city code)."""
    sketches = [sketch(normalised(text), thresholds=rules.thresholds) for _, _, text, _ in rows]
    return pa.table(
        {
            "posting_id": [f"{prefix}{number}" for number in range(len(rows))],
            "content_hash": [content_hash(title=t, company=c, text=normalised(x)) for t, c, x, _ in rows],
            "company_key": [company_key(company) for _, company, _, _ in rows],
            "title_bits": [title_bits(title) for title, _, _, _ in rows],
            "title_level": [level_bits(title, rules.title_words.levels) for title, _, _, _ in rows],
            "city_key": pa.array([city for *_, city in rows], type=pa.string()),
            "shingles": [count for _, count in sketches],
            "sketch": [data for data, _ in sketches],
        },
        schema=sketch_schema(rules.thresholds.sketch_size),
    )


def edits(text: str, seed: int) -> dict[str, str]:
    """The ways a posting comes back."""
    parts = text.split("；")
    shuffled = parts[:]
    random.Random(seed).shuffle(shuffled)
    return {
        "other contact line": f"{text}；联系人王经理，电话<PHONE>",
        "reordered": "；".join(shuffled),
        "spaces and punctuation": text.replace("；", "。\r\n "),
        "numbered": "".join(f"{number}、{part}；" for number, part in enumerate(parts, start=1)),
        "one sentence less": "；".join(parts[:-1]),
        "a word changed": text.replace("公司", "集团", 1).replace("负责", "主导", 1),
    }


@pytest.mark.parametrize("kind", list(edits("", 0)))
def test_edited_copies_are_found(kind: str, rules: Rules) -> None:
    originals = [("开发工程师", f"公司{seed}", text_of(seed), "510100") for seed in range(60)]
    copies = [
        (title, company, edits(text, n)[kind], city)
        for n, (title, company, text, city) in enumerate(originals)
    ]
    found = find_duplicates(prints(originals + copies, rules), thresholds=rules.thresholds)
    right = [item for item in found if item.duplicate_of == f"p{item.row - 60}"]
    assert len(found) == len(right)
    assert len(right) >= 57


def test_different_postings_are_kept(rules: Rules) -> None:
    rows = [("会计", "甲公司", text_of(seed), "510100") for seed in range(200)]
    kept, duplicates = deduplicate(prints(rows, rules), thresholds=rules.thresholds)
    assert duplicates == []
    assert kept == list(range(200))


def test_an_exact_copy_with_other_case_and_width_is_exact(rules: Rules) -> None:
    rows = [("JAVA", "甲公司", "熟悉Java", None), ("Ｊａｖａ", "甲 公司", "熟悉 JAVA。", None)]
    (found,) = find_duplicates(prints(rows, rules), thresholds=rules.thresholds)
    assert (found.row, found.duplicate_of, found.similarity, found.kind) == (1, "p0", 1.0, "exact")


def test_one_vacancy_in_two_cities_is_two_postings_but_an_unknown_place_may_be_either(rules: Rules) -> None:
    text = text_of(1)
    two = [("会计", "甲", text, "510100"), ("会计", "甲", text, "511900")]
    assert find_duplicates(prints(two, rules), thresholds=rules.thresholds) == []
    unknown = [*two, ("会计", "甲", text, None)]
    assert [
        item.duplicate_of for item in find_duplicates(prints(unknown, rules), thresholds=rules.thresholds)
    ] == ["p0"]


def test_an_agency_repeats_the_text_under_another_name(rules: Rules) -> None:
    rows = [("开发", "甲公司", text_of(3), None), ("急聘开发", "人才中介", f"{text_of(3)}；急", None)]
    (found,) = find_duplicates(prints(rows, rules), thresholds=rules.thresholds)
    assert found.kind == "near"
    half = text_of(3).split("；")[:6] + text_of(4).split("；")[:6]
    other = [rows[0], ("开发", "乙公司", "；".join(half), None)]
    assert find_duplicates(prints(other, rules), thresholds=rules.thresholds) == []


def test_short_texts_are_never_near_duplicates(rules: Rules) -> None:
    rows = [
        ("会计", "甲", "负责会计工作，熟悉税务", None),
        ("会计", "甲", "负责会计工作，熟悉税务。有证", None),
    ]
    assert find_duplicates(prints(rows, rules), thresholds=rules.thresholds) == []


def test_the_earliest_stays_and_a_chain_does_not_drift(rules: Rules) -> None:
    base = text_of(9, sentences=40).split("；")
    fresh = text_of(10, sentences=40).split("；")
    rows = [("x", "甲", "；".join(fresh[:step] + base[step:]), None) for step in range(0, 40, 2)]
    kept, duplicates = deduplicate(prints(rows, rules), thresholds=rules.thresholds)
    assert kept[0] == 0
    assert len(kept) >= 3
    assert {item.duplicate_of for item in duplicates} <= {f"p{row}" for row in kept}


def test_a_second_import_finds_copies_of_the_first(rules: Rules) -> None:
    first = prints([("会计", "甲", text_of(seed), None) for seed in range(20)], rules, prefix="old")
    second = prints(
        [
            ("会计", "甲", text_of(3), None),
            ("会计", "甲", edits(text_of(5), 1)["reordered"], None),
            ("会计", "甲", text_of(99), None),
        ],
        rules,
        prefix="new",
    )
    found = find_duplicates(second, thresholds=rules.thresholds, known=first)
    assert [(item.row, item.duplicate_of, item.kind) for item in found] == [
        (0, "old3", "exact"),
        (1, "old5", "near"),
    ]


def test_an_exact_copy_of_a_near_copy_points_to_a_kept_row(rules: Rules) -> None:
    near = edits(text_of(2), 7)["reordered"]
    rows = [("a", "甲", text_of(2), None), ("b", "甲", near, None), ("b", "甲", near, None)]
    found = find_duplicates(prints(rows, rules), thresholds=rules.thresholds)
    assert [item.duplicate_of for item in found] == ["p0", "p0"]


def test_no_rows_have_no_duplicates(rules: Rules) -> None:
    assert find_duplicates(prints([], rules), thresholds=rules.thresholds) == []
    assert sketch("", thresholds=rules.thresholds) == (bytes(2 * rules.thresholds.sketch_size), 0)


def test_the_sketch_estimates_the_share_of_common_shingles(rules: Rules) -> None:
    width = rules.thresholds.shingle_characters
    left, right = (
        normalised(text_of(1, sentences=30)),
        normalised(edits(text_of(1, sentences=30), 3)["one sentence less"]),
    )

    def shingles(text: str) -> set[str]:
        pieces = text.split("\n")
        return {piece[at : at + width] for piece in pieces for at in range(len(piece) - width + 1)}

    exact = len(shingles(left) & shingles(right)) / len(shingles(left) | shingles(right))
    first, second = (sketch(text, thresholds=rules.thresholds)[0] for text in (left, right))
    same = sum(first[at : at + 2] == second[at : at + 2] for at in range(0, len(first), 2))
    assert abs(same / rules.thresholds.sketch_size - exact) < 0.12
    assert sketch(left, thresholds=rules.thresholds)[1] == len(shingles(left))


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Java开发工程师", "高级Java开发工程师", False),
        ("初级Java开发工程师", "资深Java开发工程师", False),
        ("Java开发工程师", "Java开发工程师（实习）", False),
        ("Senior Java开发工程师", "Java开发工程师", False),
        ("中高级Java开发工程师", "高级Java开发工程师", True),
        ("高级Java开发工程师", "急聘高级Java开发工程师", True),
        ("Java开发工程师", "急聘Java开发工程师", True),
    ],
)
def test_another_level_at_another_employer_is_another_posting(
    one: str, other: str, same: bool, rules: Rules
) -> None:
    text = text_of(7, sentences=20)
    for first, second in ((one, other), (other, one)):
        rows = [(first, "甲公司", text, "510100"), (second, "乙公司", text, "510100")]
        assert bool(find_duplicates(prints(rows, rules), thresholds=rules.thresholds)) is same
        rows = [(first, "甲公司", text, "510100"), (second, "甲公司", text, "510100")]
        assert find_duplicates(prints(rows, rules), thresholds=rules.thresholds)


def test_prints_of_before_levels_were_kept_are_of_any_level(rules: Rules) -> None:
    text = text_of(7, sentences=20)
    old = prints([("Java开发工程师", "甲公司", text, "510100")], rules, prefix="old")
    new = prints([("高级Java开发工程师", "乙公司", text, "510100")], rules)
    without = old.drop_columns(["title_level"])
    assert find_duplicates(new, thresholds=rules.thresholds, known=without)
    mixed = pa.concat_tables([old, without], promote_options="default")
    assert find_duplicates(new, thresholds=rules.thresholds, known=mixed)
    assert not find_duplicates(new, thresholds=rules.thresholds, known=old)


def test_old_prints_alone_can_be_searched(rules: Rules) -> None:
    text = text_of(7, sentences=20)
    rows = [("会计", "甲公司", text, "510100"), ("会计", "甲公司", text, "510100")]
    old = prints(rows, rules).drop_columns(["title_level"])
    assert find_duplicates(old, thresholds=rules.thresholds)
