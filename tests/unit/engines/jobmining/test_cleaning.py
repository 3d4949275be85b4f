"""Markup, control characters and masks over contact data."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhiqiao.engines.jobmining import Rules, clean_text, mask_contacts, read_rules
from zhiqiao.packs import folder

RULES = read_rules(folder("common", "jobmining"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<p>岗位职责：</p><ul><li>1、Java</li><li>2、Spring</li></ul>", "岗位职责：\n1、Java\n2、Spring"),
        ("熟悉Java<br/>熟悉C&#43;&#43;&nbsp;优先", "熟悉Java\n熟悉C++\xa0优先"),
        ("<style>p{color:red}</style><div>会计</div>", "会计"),
        ("List<String> 泛型, a < b", "List<String> 泛型, a < b"),
        ("含\x00零字节\u200b", "含零字节"),
        ("R&D 岗位；A&B", "R&D 岗位；A&B"),
        ("第一行\r\n第二行  两格", "第一行\r\n第二行  两格"),
    ],
)
def test_markup_becomes_text_and_plain_text_stays(text: str, expected: str) -> None:
    assert clean_text(text) == expected


@given(st.text(alphabet=st.characters(exclude_categories=["C"], exclude_characters="<>&"), min_size=1))
def test_text_without_markup_or_control_characters_is_only_stripped(text: str) -> None:
    assert clean_text(text) == text.strip()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("电话13812345678张女士", "电话<PHONE>张女士"),
        ("手机：138-1234-5678", "手机：<PHONE>"),
        ("+86 13812345678", "<PHONE>"),
        ("联系１３８１２３４５６７８", "联系<PHONE>"),
        ("座机0827-5261234", "座机<TEL>"),
        ("(028) 85123456转801", "<TEL>"),
        ("400-820-8820", "<TEL>"),
        ("电话：5261234", "电话：<TEL>"),
        ("简历发hr.zhang@example.com.cn。", "简历发<EMAIL>。"),
        ("hr＠example.com", "<EMAIL>"),
        ("QQ：123456789", "QQ：<ID>"),
        ("加qq群12345678咨询", "加qq群<ID>咨询"),
        ("微信：zhangsan_88", "微信：<ID>"),
        ("加微信zhang1988", "加微信<ID>"),
        ("VX:hr_2024xx", "VX:<ID>"),
        ("身份证513701199001011234", "身份证<ID>"),
    ],
)
def test_contact_data_is_masked(text: str, expected: str) -> None:
    assert mask_contacts(text, patterns=RULES.contacts)[0] == expected


@pytest.mark.parametrize(
    "text",
    [
        "薪资8000-12000元，13薪",
        "2019年3月至2024年12月",
        "注册资本1.38亿元",
        "TCP端口8080、3306，IP 192.168.10.254",
        "JDK1.8.0_202，Spring 5.3.20",
        "ISO9001:2015、GB/T 19001-2016",
        "微信公众号运营、微信小程序开发，熟悉微信支付",
        "QQ音乐产品经验，熟悉QQ空间",
        "官网 https://www.example.com/jobs/12345678",
        "熟悉@Component、@Autowired注解",
        "股票代码：600519，成立于2010年",
        "编号：J20240503001",
        "日处理数据100000000条",
        "3D MAX2014，vxworks实时系统",
        "电话销售经验3年以上",
        "13.812345678",
    ],
)
def test_other_numbers_and_names_are_not_masked(text: str) -> None:
    masked, counts = mask_contacts(text, patterns=RULES.contacts)
    assert masked == text
    assert not counts


def test_masks_are_counted_by_pattern_and_not_masked_again(rules: Rules) -> None:
    once, counts = mask_contacts("13812345678，13912345678，a@b.com", patterns=rules.contacts)
    assert once == "<PHONE>，<PHONE>，<EMAIL>"
    assert counts == {"phone": 2, "email": 1}
    assert mask_contacts(once, patterns=rules.contacts)[0] == once
