"""Forms of correcting a post and of counting a posting or not; what they mean is decided in `correcting`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhiqiao.platform.data.models import JobRole
from zhiqiao.platform.data.selectors.titles import find_role

__all__ = ["ONLY_THIS", "CountForm", "TitleForm"]

ONLY_THIS, ALL_TITLES = "one", "all"


class TitleForm(forms.Form):
    """Which post titles mean, for one posting or all with the title."""

    unmarked = ("role",)

    role = forms.CharField(
        label=gettext_lazy("正确的岗位"),
        help_text=gettext_lazy("输入几个字，从列表中选；没有合适的就勾选下一项。"),
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"list": "role-options", "autocomplete": "off"}),
    )
    no_role = forms.BooleanField(label=gettext_lazy("没有对应岗位"), required=False)
    reach = forms.ChoiceField(label=gettext_lazy("更正哪些"), widget=forms.RadioSelect)
    near = forms.MultipleChoiceField(
        label=gettext_lazy("已导入的近似名称，一并更正"),
        help_text=gettext_lazy("词相同，只差职级、福利或次序。没有勾选的不动；只更正一条时都不动。"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    reason = forms.CharField(
        label=gettext_lazy("理由"),
        help_text=gettext_lazy("会留在更正记录和审计记录里。"),
        max_length=300,
        required=False,
    )
    seen = forms.CharField(widget=forms.HiddenInput, max_length=60)

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,  # Any: Django's posted data
        *,
        reaches: Sequence[tuple[str, str]],
        near: Sequence[tuple[str, str]],
        seen: str,
    ) -> None:
        initial = {"seen": seen, "reach": reaches[-1][0], "near": [title for title, _label in near]}
        super().__init__(data, initial=initial)
        titles = self.fields["near"]
        assert isinstance(titles, forms.MultipleChoiceField)
        titles.choices = near
        field = self.fields["reach"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = reaches
        self.found: JobRole | None = None
        if len(reaches) == 1:
            field.widget = forms.HiddenInput()

    def clean(self) -> dict[str, Any]:  # Any: Django's cleaned data
        """Ask for a post or for the word that there is none, not both."""
        data = super().clean() or {}
        name, none = (data.get("role") or "").strip(), data.get("no_role")
        if name and none:
            self.add_error("role", _("选了岗位，又勾选了“没有对应岗位”；请只留一个。"))
        elif name:
            self.found = find_role(name)
            if self.found is None:
                self.add_error("role", _("没有叫“%(name)s”的岗位，请从列表中选。") % {"name": name})
        elif not none:
            self.add_error("role", _("请选一个岗位，或勾选“没有对应岗位”。"))
        return data


class CountForm(forms.Form):
    """Why a posting counts no more, or again."""

    reason = forms.CharField(
        label=gettext_lazy("原因"),
        help_text=gettext_lazy("会留在审计记录里，例如“电话核实，入职要交押金”。"),
        max_length=300,
        error_messages={"required": gettext_lazy("请写明原因，它会留在审计记录里。")},
    )
