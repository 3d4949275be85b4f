"""What is done for a whole batch is the same as done text by text."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.engines.jobmining.test_duplicates import text_of
from zhiqiao.engines.jobmining import (
    content_hash,
    mask_contacts,
    plain_text,
    read_rules,
    sketch,
)
from zhiqiao.engines.jobmining._fold import END, fold_batch, fold_phrase, portions
from zhiqiao.engines.jobmining._prints import content_hashes, plain_of, sketches
from zhiqiao.engines.jobmining._text import _likely_contacts, mask_texts
from zhiqiao.packs import common_file

RULES = read_rules(common_file("jobmining"))

_PIECES = st.sampled_from(
    ["岗位职责：", "1、", "(2)", "12.5", "数据库", "Ｊava", "㎡", "<p>", "</p>", "<b>", "&amp;", "&#43;", "\0",
     "\u200b", "\r\n", "；", "<PHONE>", "軟體", "😀", "_", "  ", "13812345678", "138-1234-5678", "400-820-8820", "QQ：",
     "12345", "微信：", "abc_1988", "vx", "a@b.cn", "８８８８８", "&#64;", "2019", "<style>x{}</style>", "ﬁ", "…"]
)  # fmt: skip
_TEXTS = st.lists(st.lists(_PIECES, max_size=12).map("".join), min_size=1, max_size=5)


@settings(max_examples=200)
@given(_TEXTS)
def test_folded_texts_stand_apart_and_every_character_has_its_place(texts: list[str]) -> None:
    batch = fold_batch(texts)
    assert batch.text == f"{END}{END.join(fold_batch([text]).text[1:-1] for text in texts)}{END}"
    assert batch.original == f"{END}{END.join(texts)}{END}"
    for number, text in enumerate(texts):
        places = np.arange(batch.bounds[number], batch.bounds[number + 1] - 1)
        begins = batch.origins(places) - batch.origin_bounds[number]
        ends = batch.origin_ends(places + 1) - batch.origin_bounds[number]
        assert (begins >= 0).all()
        assert (begins < ends).all()
        assert (ends <= len(text)).all()
        assert (np.diff(begins) >= 0).all()


def test_what_a_character_folds_to_leads_back_to_it() -> None:
    batch = fold_batch(["x", "C&#43;<b>資</b>㎡"])
    start = int(batch.bounds[1])
    assert batch.text[start:-1] == "c+资m2"
    spans = [
        batch.original[batch.origins(np.array([at]))[0] : batch.origin_ends(np.array([at + 1]))[0]]
        for at in range(start, start + 5)
    ]
    assert spans == ["C", "&#43;", "資", "㎡", "㎡"]
    assert batch.whole(np.array([start, start + 3]), np.array([start + 1, start + 4])).tolist() == [
        True,
        False,
    ]


@given(st.text(max_size=30))
def test_a_vocabulary_entry_folds_like_a_text_without_markup(phrase: str) -> None:
    plain = phrase.replace("<", "").replace("&", "")
    assert fold_phrase(plain) == " ".join(fold_batch([plain]).text[1:-1].split())


@settings(max_examples=200)
@given(_TEXTS)
def test_fingerprints_of_a_batch_are_those_of_each_text_alone(texts: list[str]) -> None:
    whole = [f"{text}{text_of(number)}" if number % 2 else text for number, text in enumerate(texts)]
    plain = plain_of(whole)
    prints, shingles = sketches(plain, thresholds=RULES.thresholds)
    alone = [sketch(text, thresholds=RULES.thresholds) for text in whole]
    assert [(row.tobytes(), int(count)) for row, count in zip(prints, shingles, strict=True)] == alone
    assert content_hashes(texts, texts, plain) == [
        content_hash(title=title, company=title, text=text) for title, text in zip(texts, whole, strict=True)
    ]


@settings(max_examples=300)
@given(_TEXTS)
def test_no_contact_is_missed_by_the_look_at_all_texts_at_once(texts: list[str]) -> None:
    masked, counts = mask_texts(texts, patterns=RULES.contacts)
    alone = [mask_contacts(text, patterns=RULES.contacts) for text in texts]
    assert masked == [text for text, _ in alone]
    assert sum(counts.values()) == sum(sum(found.values()) for _, found in alone)


_CONTACTS = (
    "138", "1234", "5678", "13812345678", "400", "820", "8820", "0827", "5261234", "-", " ", ":", "：", "＠", "@",
    "ＱＱ", "QQ", "qq群", "微信", "微", "信", "薇", "威", "号", "分享", "公众号", "V", "x", "ＶＸ", "We", "W", "e",
    "Chat", "eChat", "hr_2024", "abcde", "example.com", "电话", "1", "１３", "年", "<b>", "</b>", "\u200b", "\0",
    "&nbsp;", "&#49;", "&commat;", "&amp;", "<", "&", "\n", "熟悉Web前端",
)  # fmt: skip


@settings(max_examples=200)
@given(st.lists(st.lists(st.sampled_from(_CONTACTS), max_size=9).map("".join), min_size=1, max_size=3))
def test_no_contact_hides_from_the_look_in_pieces_of_it(texts: list[str]) -> None:
    masked, _ = mask_texts(texts, patterns=RULES.contacts)
    assert masked == [mask_contacts(text, patterns=RULES.contacts)[0] for text in texts]


@pytest.mark.parametrize(
    "text", ["关注微信公众号", "微信分享", "精通Web、WebService", "2019年", "月薪8000元"]
)
def test_what_names_no_account_costs_no_closer_look(text: str) -> None:
    assert _likely_contacts(["岗位", text, "职责"]) == []


def test_markup_hides_no_number_to_call() -> None:
    hidden = ["138<b>1234</b>5678", "138\u200b1234\u200b5678", "&#49;3812345678", "a&#64;b.com"]
    masked, _ = mask_texts(hidden, patterns=RULES.contacts)
    assert masked == ["<PHONE>", "<PHONE>", "<PHONE>", "<EMAIL>"]


def test_plain_text_keeps_spaces_and_plain_signs() -> None:
    assert plain_text(" a <b>c</b> &lt; d ") == " a c < d "
    assert plain_text(" a < b  c ") == " a < b  c "


@given(st.lists(st.integers(0, 400_000), max_size=8))
def test_portions_are_neighbours_and_hold_every_text_once(lengths: list[int]) -> None:
    texts = ["x" * length for length in lengths]
    parts = list(portions(texts))
    assert [number for start, stop in parts for number in range(start, stop)] == list(range(len(texts)))
    assert all(start < stop for start, stop in parts)
