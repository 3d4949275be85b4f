"""Forms of studies, invitations and answers; what they mean is decided in `actions`, `inviting` and `answering`."""

from __future__ import annotations

from collections.abc import Mapping

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhiqiao.apps.evaluation.actions import StudyText
from zhiqiao.apps.evaluation.answering import Key, Questions, Reply, field_of
from zhiqiao.apps.evaluation.errors import BadAnswers
from zhiqiao.apps.evaluation.models import StudyKind

_LONGEST_TEXT = 20_000
HIGHEST = (("5", "1–5"), ("9", "1–9"))


class StudyForm(forms.Form):
    """A study as written by the association."""

    title = forms.CharField(label=gettext_lazy("研究名称"), max_length=150)
    purpose = forms.CharField(
        label=gettext_lazy("用途"),
        help_text=gettext_lazy("专家会看到：这些权重用来做什么。"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("方法"),
        choices=StudyKind.choices,
        widget=forms.RadioSelect,
        help_text=gettext_lazy("两两比较适合少量条目；多轮评分适合条目较多、需要筛选的情况。"),
    )
    highest = forms.ChoiceField(
        label=gettext_lazy("评分范围（德尔菲）"), choices=HIGHEST, initial="5", required=False
    )
    items = forms.CharField(
        label=gettext_lazy("条目"),
        help_text=gettext_lazy(
            "每行一项。先写维度，下面以“-”开头写它的指标；没有指标就只写维度。可写“中文 | English”。"
        ),
        max_length=_LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 10}),
        strip=False,
    )

    def text(self) -> StudyText:
        """Return what was written."""
        data = self.cleaned_data
        return StudyText(
            title=data["title"],
            purpose=data["purpose"],
            kind=data["kind"],
            items=data["items"],
            highest=int(data["highest"] or HIGHEST[0][0]),
        )


class GuestsForm(forms.Form):
    """Experts to invite, one a line."""

    guests = forms.CharField(
        label=gettext_lazy("邀请专家"),
        help_text=gettext_lazy(
            "每行一位：姓名，单位，邮箱（后两项可不填）。平台上的人可写“@用户名”。链接只显示一次，请转交本人。"
        ),
        max_length=_LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 5}),
    )


class TableForm(forms.Form):
    """Examples with a score per item, pasted from a spreadsheet."""

    table = forms.CharField(
        label=gettext_lazy("示例与分数"),
        help_text=gettext_lazy(
            "从表格软件复制粘贴：第一行是“名称”和各条目，下面每行一个示例（岗位或学生，可匿名）及其分数。"
        ),
        max_length=_LONGEST_TEXT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        strip=False,
    )


def read_answers(data: QueryDict, found: Questions) -> tuple[int, Mapping[Key, Reply]]:
    """Return the version the page showed and the answers chosen; raises BadAnswers for what can not be read."""
    problems: dict[str, str] = {}
    replies: dict[Key, Reply] = {}
    for key in found.keys:
        name = field_of(key)
        value = data.get(name, "")
        if not value:
            continue
        try:
            basis, familiarity = (_number(data.get(f"{part}-{key[0]}", "")) for part in ("b", "f"))
            replies[key] = (
                Reply(ratio(value)) if key[1] is not None else Reply(float(value), basis, familiarity)
            )
        except (ValueError, ZeroDivisionError):
            problems[name] = _("请从列表中选一项。")
    version = data.get("version", "")
    if problems or not version.isascii() or not version.isdigit():
        raise BadAnswers(
            _("有 %(count)s 处需要改，填好的内容都还在。") % {"count": len(problems) or 1}, problems
        )
    return int(version[:9]), replies


def ratio(text: str) -> float:
    """Return a judgement written as 3 or 1/3."""
    first, _bar, second = text.partition("/")
    return float(first) / float(second) if second else float(first)


def _number(text: str) -> float | None:
    return float(text) if text else None
