"""A posting's text on a page: parts by what they say, without the markup that the source had."""

from __future__ import annotations

from zhiqiao.platform.data.lake import LakePosting, Span, text_parts
from zhiqiao.platform.data.reading import passages


def test_a_text_with_markup_is_shown_as_words_with_its_skills_marked() -> None:
    text = "<p>岗位职责：</p><p>开发R&amp;D平台</p><p>任职要求：</p><ul><li>熟悉<b>Java</b></li></ul>"
    start = text.index("Java")
    span = Span(start, start + 4, "java", "tool", "required")
    shown = passages(list(text_parts(LakePosting("k", "t", text, (span,)))), {"java": "Java"})
    words = ["".join(piece.text for piece in passage.pieces) for passage in shown]
    assert [word.strip() for word in words] == ["岗位职责：\n开发R&D平台", "任职要求：\n熟悉Java"]
    assert [piece.text for piece in shown[1].pieces if piece.skill_key] == ["Java"]
    assert all("<" not in word and "&amp;" not in word for word in words)
