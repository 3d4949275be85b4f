"""What a line is for: duties, requirements, blurb, benefits and tails, and what that says about a mention."""

from __future__ import annotations

from typing import get_args

import pytest

from tests.unit.engines.jobmining.test_matching import found, surfaces
from zhiqiao.engines.jobmining import COUNTING_ROLES, LineRole, Rules, Taxonomy

POSTING = (
    "岗位职责：1、负责Java后台开发；2、参与需求分析和测试；任职要求：1、精通Java，熟悉MySQL、Redis；"
    "2、了解Python，有大数据经验者优先；3、良好的沟通能力和团队合作精神。"
)
BLURB = (
    "公司简介：职桥科技成立于2010年，是一家专注于大数据、云计算的高新技术企业。公司总部位于成都，自主研发的Python平台服务数百家客户，"
    "与Oracle建立了战略合作。公司拥有一支专业的自动化测试团队，秉承诚信、创新的理念，致力于为客户提供领先的数据库解决方案。"
    "公司先后完成A轮、B轮融资，获得多项软件著作权，业务覆盖全国二十多个省市，欢迎加入我们。"
)


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("岗位职责：测试", "duty"),
        ("职位描述岗位职责：1、测试", "duty"),
        ("【工作内容】测试", "duty"),
        ("Responsibilities: 测试", "duty"),
        ("工作内容\n测试", "duty"),
        ("任职要求：测试", "requirement"),
        ("一、任职资格\n1、测试", "requirement"),
        ("以下任职要求 1.测试", "requirement"),
        ("加分项：测试", "requirement"),
        ("要求：测试", "requirement"),
        ("熟悉测试", "other"),
        ("符合岗位要求的测试", "other"),
        ("Requirements:\n测试", "requirement"),
    ],
)
def test_headings_give_the_role_also_within_one_line(text: str, role: str, taxonomy: Taxonomy) -> None:
    assert [row["line_role"] for row in found(text, taxonomy)] == [role]


@pytest.mark.parametrize(
    "text",
    [
        "公司简介：我们是一家做大数据的公司",
        "福利待遇：Java培训、团队合作活动",
        "职能类别：Java",
        "关键字：Java 测试 数据库",
        "微信分享Java",
        "上班地址：大数据产业园",
        "联系方式：测试",
        "我们是一家专注于云计算的高新技术企业",
        "任职要求：1、本科\n职能类别：Java开发\n关键字：测试",
    ],
)
def test_blurb_benefits_and_tails_do_not_count(text: str, taxonomy: Taxonomy) -> None:
    assert surfaces(text, taxonomy) == []


@pytest.mark.parametrize(
    "join", ["{blurb}\n{posting}", "{posting}\n{blurb}", "{blurb}{posting}", "{posting}{blurb}"]
)
def test_pasted_company_blurb_changes_no_skill(join: str, taxonomy: Taxonomy) -> None:
    text = join.format(blurb=BLURB, posting=POSTING)
    assert set(surfaces(text, taxonomy)) == set(surfaces(POSTING, taxonomy))


def test_blurb_without_a_heading_changes_no_skill(taxonomy: Taxonomy) -> None:
    bare = BLURB.removeprefix("公司简介：")
    assert set(surfaces(f"{bare}\n{POSTING}", taxonomy)) == set(surfaces(POSTING, taxonomy))
    assert set(surfaces(f"{POSTING}{bare}", taxonomy)) == set(surfaces(POSTING, taxonomy))


def test_a_section_ends_where_the_next_heading_stands(taxonomy: Taxonomy) -> None:
    text = "福利待遇：五险一金、Java培训。任职要求：熟悉Python。公司介绍：大数据。岗位职责：测试"
    assert [(row["surface"], row["line_role"]) for row in found(text, taxonomy)] == [
        ("Python", "requirement"),
        ("测试", "duty"),
    ]


def test_a_labelled_field_ends_with_its_line(taxonomy: Taxonomy) -> None:
    text = "任职要求：\n学历：本科；\n熟悉Java；\n地址：大数据产业园\n"
    assert surfaces(text, taxonomy) == ["Java"]


@pytest.mark.parametrize(
    ("text", "aspect"),
    [
        ("任职要求：熟悉Java", "required"),
        ("任职要求：有Java经验者优先", "preferred"),
        ("加分项：Java", "preferred"),
        ("任职要求：熟悉Java，有海外经历者优先", "required"),
        ("岗位职责：用Java开发", "duty"),
        ("负责Java开发", "duty"),
        ("熟悉Java", "required"),
        ("任职要求：1、Java；2、有证书者优先", "required"),
        ("任职要求：Java、会计优先考虑", "preferred"),
        ("岗位职责：1、参与Java开发", "duty"),
        ("岗位职责：4、具备良好的Java基础", "required"),
        ("岗位职责：参与Java开发，熟悉业务", "duty"),
    ],
)
def test_aspect_tells_required_preferred_and_duty(text: str, aspect: str, taxonomy: Taxonomy) -> None:
    assert found(text, taxonomy)[0]["aspect"] == aspect


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("任职要求：精通Java", "精通"),
        ("熟练掌握Java", "掌握"),
        ("熟悉Spring、Java", "熟悉"),
        ("了解Java", "了解"),
        ("对Java有深入了解", "了解"),
        ("使用Java", None),
        ("精通Spring，了解Java", "了解"),
        ("精通office；用Java", None),
        ("熟练使用Java", "掌握"),
        ("深入理解Java", "精通"),
        ("了解流程，有Java经验", None),
        ("3年Java经验，熟悉算法", None),
        ("对Java熟悉", "熟悉"),
    ],
)
def test_level_is_the_nearest_degree_word_of_the_item(
    text: str, level: str | None, taxonomy: Taxonomy
) -> None:
    rows = {row["surface"]: row["level"] for row in found(text, taxonomy)}
    assert rows["Java"] == level


def test_a_field_of_study_is_no_skill_but_the_same_words_elsewhere_are(taxonomy: Taxonomy) -> None:
    assert surfaces("任职要求：1、软件工程、会计等相关专业本科", taxonomy) == []
    assert surfaces("任职要求：1、熟悉软件工程；2、计算机相关专业", taxonomy) == ["软件工程"]


@pytest.mark.parametrize(
    "text", ["", " ", "\r\n\r\n", "；；；", "1、2、3、", "：", "【】", "岗位职责：任职要求："]
)
def test_texts_with_nothing_in_them_give_nothing(text: str, taxonomy: Taxonomy) -> None:
    assert found(text, taxonomy) == []


def test_one_endless_item_is_judged_by_what_is_near(taxonomy: Taxonomy) -> None:
    rows = found("精通Java，有Python经验者优先，" * 500, taxonomy)
    assert len(rows) == 1000
    assert {(row["surface"], row["aspect"], row["level"]) for row in rows[:-2]} == {
        ("Java", "required", "精通"),
        ("Python", "preferred", None),
    }


def test_every_heading_names_a_known_role_and_stands_once(rules: Rules) -> None:
    assert {heading.role for heading in rules.headings} == {*get_args(LineRole)}
    assert {heading.place for heading in rules.headings} == {"loose", "strict"}
    texts = [heading.text for heading in rules.headings]
    assert len(texts) == len(set(texts))
    assert {role for role in get_args(LineRole) if role in COUNTING_ROLES} == {"duty", "requirement", "other"}


@pytest.mark.parametrize(
    "posting",
    [
        "1、精通Java，熟悉MySQL；\n2、了解Python",
        "1、Java和MySQL的开发\n2、Python脚本",
        "熟悉Java、MySQL，会Python",
        "负责Java、MySQL和Python的开发",
    ],
)
def test_a_company_part_without_an_end_is_over_where_something_is_asked(
    posting: str, taxonomy: Taxonomy
) -> None:
    assert {"Java", "MySQL", "Python"} <= set(surfaces(f"{BLURB}\n{posting}", taxonomy))


def test_a_company_part_goes_on_over_lines_that_ask_nothing(taxonomy: Taxonomy) -> None:
    assert (
        surfaces(f"{BLURB}\n公司主要产品有Java平台\n熟悉我们的人都知道，公司始终坚持Python", taxonomy) == []
    )


@pytest.mark.parametrize(
    "story", ["我们的故事从Python开始", "我们相信Java改变世界", "团队平均年龄二十八岁，都会MySQL"]
)
def test_a_story_told_by_the_company_does_not_count(story: str, taxonomy: Taxonomy) -> None:
    assert surfaces(f"任职要求：1、熟悉Oracle；\n{story}", taxonomy) == ["Oracle"]
