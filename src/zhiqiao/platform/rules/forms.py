"""Forms of checks and waivers; what they mean is decided in `checking` and `waiving`."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhiqiao.engines import rules
from zhiqiao.platform.governance.api import Actor
from zhiqiao.platform.rules import books, waiving
from zhiqiao.platform.rules.books import said
from zhiqiao.platform.rules.checking import LONGEST
from zhiqiao.platform.rules.models import RuleCheck, WaiverScope
from zhiqiao.platform.rules.showing import set_name
from zhiqiao.platform.rules.waiving import Attached, Wish


def day_field(label: Any, help_text: Any = "") -> forms.DateField:  # Any: a lazy text
    """Return a field for a day of the calendar."""
    return forms.DateField(
        label=label,
        help_text=help_text,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


class CheckForm(forms.Form):
    """The file of a plan, by which rules and for which day it is checked, and whether the check is kept."""

    file = forms.FileField(
        label=gettext_lazy("方案文件"),
        help_text=gettext_lazy("JSON，最多 2 MB；格式见使用指南“方案文件”。只检查，不会建立方案。"),
    )
    sets = forms.MultipleChoiceField(
        label=gettext_lazy("规则集"), widget=forms.CheckboxSelectMultiple, initial=["tp"]
    )
    on = day_field(gettext_lazy("行为日期"), gettext_lazy("按这一天有效的规则判断，例如方案审定的日子。"))
    keep = forms.BooleanField(
        label=gettext_lazy("保存这次检查（连同文件，以后不能修改或删除）"),
        required=False,
        help_text=gettext_lazy("要申请豁免或留作依据时保存。"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # Any: Django's own arguments
        super().__init__(*args, **kwargs)
        choices = [(key, f"{set_name(key)} ({key.upper()})") for key in books.book().sets]
        self.fields["sets"].choices = choices  # type: ignore[attr-defined]

    def clean_file(self) -> str:
        """Return the text of the file."""
        file: UploadedFile[bytes] = self.cleaned_data["file"]
        if (file.size or 0) > LONGEST:
            raise forms.ValidationError(_("文件超过 2 MB，不像是一份方案。"))
        try:
            text: str = file.read().decode("utf-8-sig")
        except UnicodeDecodeError as error:
            told = {"byte": error.start}
            raise forms.ValidationError(_("不是 UTF-8 文字（第 %(byte)s 字节）。") % told) from error
        return text


class WaiverForm(forms.Form):
    """A waiver of one rule as a person asks for it."""

    way = forms.ChoiceField(
        label=gettext_lazy("豁免的种类和机关"), help_text=gettext_lazy("只列出规则允许、您可以代表的。")
    )
    scope = forms.ChoiceField(
        label=gettext_lazy("范围"), choices=WaiverScope.choices, initial=WaiverScope.DOCUMENT
    )
    person = forms.CharField(
        label=gettext_lazy("作出决定的人"),
        required=False,
        max_length=100,
        help_text=gettext_lazy("代其他机关登记时填写，并上传该机关的文件；自己决定时留空。"),
    )
    reason = forms.CharField(
        label=gettext_lazy("理由"), max_length=1000, widget=forms.Textarea(attrs={"rows": 4})
    )
    reference = forms.CharField(
        label=gettext_lazy("文件名称或文号"),
        required=False,
        max_length=300,
        help_text=gettext_lazy("没有上传文件时必填。"),
    )
    file = forms.FileField(
        label=gettext_lazy("文件"),
        required=False,
        help_text=gettext_lazy("PDF、DOCX、PNG 或 JPEG，最多 5 MB。"),
    )
    granted = day_field(gettext_lazy("生效日"))
    expires = day_field(gettext_lazy("到期日"), gettext_lazy("当天仍有效，之后不再计入。"))

    def __init__(
        self, *args: Any, actor: Actor, check: RuleCheck, kinds: tuple[rules.WaiverKind, ...], **kwargs: Any
    ) -> None:  # Any: Django's own arguments
        super().__init__(*args, **kwargs)
        ways = [
            (f"{kind.key}:{office.key}", f"{said(kind.name)} · {said(office.name)}")
            for kind in kinds
            for office in waiving.may_give(actor, check, kind)
        ]
        self.fields["way"].choices = ways  # type: ignore[attr-defined]

    def clean_file(self) -> Attached | None:
        """Return the document; one that is too large is refused before it is read."""
        file: UploadedFile[bytes] | None = self.cleaned_data["file"]
        if file is None:
            return None
        if (file.size or 0) > waiving.LARGEST:
            raise forms.ValidationError(_("文件太大，最多 5 MB。"))
        return Attached(file.name or "file", file.read())

    def wish(self, rule: str) -> Wish:
        """Return what was asked for."""
        data = self.cleaned_data
        kind, _colon, office = data["way"].partition(":")
        return Wish(
            rule=rule,
            kind=kind,
            office=office,
            reason=data["reason"],
            reference=data["reference"],
            granted=data["granted"],
            expires=data["expires"],
            person=data["person"],
            scope=data["scope"],
            file=data["file"],
        )


class WithdrawForm(forms.Form):
    """Why a waiver is withdrawn."""

    reason = forms.CharField(
        label=gettext_lazy("撤回的理由"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )


def a_year_later(day: dt.date) -> dt.date:
    """Return the last day of a year from a day, as the form proposes it."""
    return day + dt.timedelta(days=365)
