"""Forms of the taxonomy editor; what may stand in the catalogue is decided in `words` and `actions`."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhiqiao.infra.db.names import Name
from zhiqiao.platform.data.errors import Refused
from zhiqiao.platform.data.models import SkillCategory, SkillKind
from zhiqiao.platform.data.taxonomy.actions import NewSkill
from zhiqiao.platform.data.taxonomy.words import checked, is_risky

__all__ = ["ReasonForm", "SkillForm", "TermForm"]

_REASON = {"required": gettext_lazy("请写明理由，它会留在记录里。")}


class TermForm(forms.Form):
    """A term somebody misses."""

    term = forms.CharField(
        label=gettext_lazy("缺少的技能"),
        help_text=gettext_lazy("照招聘信息里的写法填写技能的名称，例如一种软件、一道工序或一本证书。"),
        max_length=20_000,  # what is too long is said in `checked`, with what to do
    )
    note = forms.CharField(
        label=gettext_lazy("说明"),
        help_text=gettext_lazy("为什么算一项技能、在哪里见到的，供审核的人参考。"),
        max_length=300,
        required=False,
    )


class ReasonForm(forms.Form):
    """Why something is rejected or taken back."""

    reason = forms.CharField(label=gettext_lazy("理由"), max_length=300, error_messages=_REASON)


class SkillForm(forms.Form):
    """A new skill for the catalogue."""

    zh = forms.CharField(label=gettext_lazy("名称（中文或通用写法）"), max_length=200)
    en = forms.CharField(label=gettext_lazy("英文名称"), max_length=200, required=False)
    kind = forms.ChoiceField(
        label=gettext_lazy("类型"), choices=[("", gettext_lazy("请选择")), *SkillKind.choices]
    )
    category = forms.ChoiceField(label=gettext_lazy("类别"))
    aliases = forms.CharField(
        label=gettext_lazy("其他写法"),
        help_text=gettext_lazy("每行一个，例如简称、英文缩写；这些词出现时同样算提到这项技能。"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2000,
    )
    exact = forms.BooleanField(
        label=gettext_lazy("区分大小写"),
        help_text=gettext_lazy("只在小写会是另一个词时勾选，例如编程语言 R、Go。"),
        required=False,
    )
    reason = forms.CharField(
        label=gettext_lazy("说明"),
        help_text=gettext_lazy("会留在改动记录里；提出的人会收到。"),
        max_length=300,
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # Any: Django's signature
        super().__init__(*args, **kwargs)
        field = self.fields["category"]
        assert isinstance(field, forms.ChoiceField)
        rows = SkillCategory.objects.order_by("key")
        field.choices = [("", _("请选择")), *((row.key, str(Name(row.name_zh, row.name_en))) for row in rows)]

    def clean_zh(self) -> str:
        """Check the name."""
        return _checked(self.cleaned_data["zh"])

    def clean_en(self) -> str:
        """Check the English name."""
        return _checked(self.cleaned_data["en"]) if self.cleaned_data["en"].strip() else ""

    def clean_aliases(self) -> tuple[str, ...]:
        """Check every writing."""
        lines = self.cleaned_data["aliases"].splitlines()
        return tuple(_checked(line) for line in lines if line.strip())

    def new_skill(self, broader: str) -> NewSkill:
        """Return what a valid form says."""
        data = self.cleaned_data
        return NewSkill(
            data["zh"],
            data["en"],
            data["kind"],
            data["category"],
            broader,
            data["aliases"],
            exact=data["exact"],
        )

    def risky(self) -> list[str]:
        """Return writings so short that they will be found where nobody means them."""
        data = self.cleaned_data
        return [word for word in (data["zh"], data["en"], *data["aliases"]) if word and is_risky(word)]


def _checked(text: str) -> str:
    try:
        return checked(text)
    except Refused as error:
        raise forms.ValidationError(str(error)) from error
