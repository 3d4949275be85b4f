"""Texts that people rewrite: figures stay what they are, nothing else of the report can be touched."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.engines.report import made
from zhiqiao.engines.documents import Callout, Document, Figure, Items, Language, Note, Paragraph, plan
from zhiqiao.engines.report import (
    carried,
    compose,
    facts_from_text,
    facts_to_text,
    read_words,
    strange_figures,
    texts,
    with_texts,
)
from zhiqiao.packs import common_file

KEY = "summary.total"
FIGURE = re.compile("⟦[^⟦⟧]*⟧")


def document(language: Language = "zh") -> Document:
    words = read_words(common_file("report", "demand_report.toml"), language)
    return compose(made.facts(), words, made.limits())


CHINESE = document()
TEXTS = {block.key: block.text for block in texts(CHINESE)}


def printed(value: Document) -> list[list[str]]:
    lines = []
    for block in plan(value).blocks:
        found = [block.line] if hasattr(block, "line") else getattr(block, "lines", ())
        if hasattr(block, "line") or hasattr(block, "numbered") or hasattr(block, "tone"):
            lines.append(["".join(piece.text for piece in line if piece.kind != "cite") for line in found])
    return lines


@pytest.mark.parametrize("language", ["zh", "en"])
def test_texts_put_back_unchanged_print_the_same(language: Language) -> None:
    made_now = document(language)
    same = with_texts(made_now, {block.key: block.text for block in texts(made_now)})
    assert printed(same) == printed(made_now)


def test_keys_are_the_same_in_both_languages_and_never_twice() -> None:
    chinese, english = ([block.key for block in texts(document(one))] for one in ("zh", "en"))
    assert chinese == english
    assert len(set(chinese)) == len(chinese)


def test_method_and_warnings_are_no_texts_to_rewrite() -> None:
    boxes = [block for block in CHINESE.blocks if isinstance(block, Callout)]
    assert [block.key for block in boxes if block.key] == ["summary.findings"]


def test_a_moved_figure_keeps_its_evidence() -> None:
    first = FIGURE.findall(TEXTS[KEY])[0]
    changed = with_texts(CHINESE, {KEY: f"共 {first} 条。\n说明。"})
    paragraphs = [block for block in changed.blocks if isinstance(block, Paragraph) and block.key == KEY]
    assert [len(paragraphs), paragraphs[1].text] == [2, ("说明。",)]
    figure = next(part for part in paragraphs[0].text if isinstance(part, Figure))
    assert figure.evidence == next(part.text for part in paragraphs[0].text if isinstance(part, Note))


def test_lines_of_a_list_may_be_added_and_left_out() -> None:
    key = "conclusions.goals"
    changed = with_texts(CHINESE, {key: "一\n\n 二 \n三"})
    (block,) = [one for one in changed.blocks if isinstance(one, Items) and one.key == key]
    assert list(block.items) == [("一",), ("二",), ("三",)]


def test_a_figure_of_nowhere_is_named() -> None:
    assert strange_figures(TEXTS[KEY], f"{TEXTS[KEY]} ⟦999⟧ ⟦999⟧ ⟦⟧") == ["999", ""]
    assert strange_figures(TEXTS[KEY], TEXTS[KEY]) == []


def test_a_key_that_is_gone_changes_nothing() -> None:
    assert with_texts(CHINESE, {"no.such": "x"}) == CHINESE


@given(
    st.text(alphabet=st.characters(exclude_categories=("Cs",)), max_size=60), st.sampled_from(sorted(TEXTS))
)
def test_any_text_is_taken_and_never_makes_a_figure(text: str, key: str) -> None:
    changed = with_texts(CHINESE, {key: text})
    generated = [part for block in CHINESE.blocks for part in _parts(block) if isinstance(part, Figure)]
    after = [part for block in changed.blocks for part in _parts(block) if isinstance(part, Figure)]
    assert all(figure in generated for figure in after)
    plan(changed)


def _parts(block: object) -> list[object]:
    found: list[object] = []
    for line in (getattr(block, "text", ()), *getattr(block, "items", ())):
        for part in () if isinstance(line, str) else line:
            found += list(part) if isinstance(part, tuple | list) else [part]
    return found


@pytest.mark.parametrize(
    ("before", "now", "text", "wanted"),
    [
        ("共 ⟦5⟧ 条", "共 ⟦7⟧ 条", "有 ⟦5⟧ 条，不多。", "有 ⟦7⟧ 条，不多。"),
        ("共 ⟦5⟧ 条", "计 ⟦7⟧ 条", "有 ⟦5⟧ 条", None),
        ("⟦5⟧ 与 ⟦5⟧", "⟦5⟧ 与 ⟦7⟧", "⟦5⟧", None),
        ("⟦5⟧ 与 ⟦5⟧", "⟦7⟧ 与 ⟦7⟧", "⟦5⟧", "⟦7⟧"),
        ("⟦5⟧", "⟦7⟧", "没有数字", "没有数字"),
        ("⟦5⟧", "⟦5⟧ 与 ⟦7⟧", "⟦5⟧", None),
    ],
)
def test_new_figures_are_carried_where_it_is_certain(
    before: str, now: str, text: str, wanted: str | None
) -> None:
    assert carried(before, now, text) == wanted


def test_facts_are_read_back_as_they_were() -> None:
    facts = made.facts()
    text = facts_to_text(facts)
    assert facts_from_text(text) == facts
    assert facts_to_text(facts_from_text(text)) == text
