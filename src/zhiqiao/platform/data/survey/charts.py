"""Charts of survey results as plain dictionaries; shapes are described in `infra.ui.charts`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from zhiqiao.engines.surveys import Bias, Kind, Question, QuestionResult, Text
from zhiqiao.platform.data.survey.selectors import StratumWords

__all__ = ["bias_chart", "question_chart", "text_of"]

Data = dict[str, Any]  # Any: plain JSON


def text_of(text: Text | None) -> str:
    """Return a text in the reader's language."""
    if text is None:
        return ""
    return text.en if (get_language() or "").startswith("en") else text.zh


def question_chart(result: QuestionResult, *, demo: bool) -> Data | None:
    """Return the chart of a question; None for open answers and where nothing may be shown."""
    one = result.question
    if result.hidden or one.kind is Kind.TEXT:
        return None
    if result.shares:
        return {
            "title": text_of(one.text),
            "unit": "%",
            "category_title": _("选项"),
            "categories": [_option(one, share.key) for share in result.shares],
            "series": [
                {
                    "name": _("加权后的比例"),
                    "data": [round(share.weighted * 100, 1) for share in result.shares],
                    "low": [round(share.low * 100, 1) for share in result.shares],
                    "high": [round(share.high * 100, 1) for share in result.shares],
                    "count": [share.count for share in result.shares],
                }
            ],
            "note": _note(result),
            "demo": demo,
        }
    if not result.amounts:
        return None
    return {
        "title": text_of(one.text),
        "unit": text_of(one.unit),
        "category_title": _("名称"),
        "categories": [_option(one, row.key) if row.key else text_of(one.text) for row in result.amounts],
        "series": [
            {
                "name": _("每家平均（加权）"),
                "data": [round(row.mean, 2) for row in result.amounts],
                "low": [round(row.low, 2) for row in result.amounts],
                "high": [round(row.high, 2) for row in result.amounts],
                "count": [row.count for row in result.amounts],
            }
        ],
        "note": _note(result),
        "demo": demo,
    }


def bias_chart(found: Bias, words: StratumWords, *, demo: bool, hide: Mapping[str, bool]) -> Data:
    """Return frame and answers side by side; `hide` names classes whose answers are too few to show."""
    titles = {"industry": _("按产业"), "size": _("按规模"), "place": _("按县区")}
    return {
        "title": titles[found.margin],
        "unit": "%",
        "category_title": titles[found.margin],
        "categories": [words.of(found.margin, one.name) for one in found.classes],
        "series": [
            {"name": _("抽样框"), "data": [round(one.frame_share * 100, 1) for one in found.classes]},
            {
                "name": _("答复"),
                "data": [None if hide.get(one.name) else round(one.share * 100, 1) for one in found.classes],
            },
        ],
        "note": _("不相似指数 %(value)s：答复里有这么多要换到别的类别，才与抽样框一样。")
        % {"value": f"{found.dissimilarity:.0%}"},
        "demo": demo,
    }


def _option(one: Question, key: str) -> str:
    return next((text_of(option.text) for option in one.options if option.key == key), key)


def _note(result: QuestionResult) -> str:
    parts: Sequence[str] = [
        _("问到 %(asked)s 家，答 %(answered)s 家") % {"asked": result.asked, "answered": result.answered},
        _("有效样本量 %(size)s") % {"size": f"{result.effective:.1f}"},
        _("区间 95%"),
    ]
    return _("；").join(parts)
